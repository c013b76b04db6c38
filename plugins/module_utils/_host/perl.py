# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Return whether the perl that mod_perl brings into the server has threads; without them it ends
a threaded one at its start.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._errors import CommandError
from .._syntax.httpd_conf import DIRECTIVE, parse_lines
from .._system.command import find_program


def read_perl_threads(run, tree, find=find_program):
    """Return True or False; None where no line loads mod_perl, or perl cannot be asked."""
    lines = [
        line for text in tree.files.values() if u'perl_module' in text for line in parse_lines(text)
    ]
    perl = find('perl')
    if perl is None or not any(
        line.kind == DIRECTIVE and line.name == 'loadmodule' and line.args[:1] == [u'perl_module']
        for line in lines
    ):
        return None
    try:
        return parse_threads(run([perl, '-V:useithreads']).out)
    except CommandError:
        return None


def parse_threads(out):
    """What `perl -V:useithreads` says: useithreads='define'; or 'undef' or UNKNOWN."""
    value = out.strip().partition('=')[2].strip(';\'" ')
    return {'define': True, 'undef': False, 'UNKNOWN': False}.get(value)
