# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask apt-get what it would do, and read its answer: lines that begin with Inst, Remv or Purg."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .foreseen import make_foreseen

# -y: it must not ask, even if it only simulates. Without a lock it neither waits for another apt
# nor blocks one.
COMMAND = ('apt-get', '--simulate', '-y', '-o', 'Debug::NoLocking=1', 'install', '--')
# A version in brackets is the installed one; other brackets, about dependencies, are at the end of
# the line.
_LINE = re.compile(r'^(Inst|Remv|Purg) ([^\s:]+)(?::\S+)?( \[[^\]\n]+\] \()?', re.MULTILINE)


def ask(run, names):
    """Ask about installing `names`, which may be paths of .deb files; return a CommandResult."""
    return run(list(COMMAND) + list(names))


def parse(answer):
    """Return the Foreseen of a CommandResult, None where apt-get does not say what it would do."""
    if answer.rc != 0:
        return None
    found = _LINE.findall(answer.out)
    return make_foreseen(
        'apt',
        answer.argv,
        [name for word, name, old in found if word == 'Inst' and not old],
        [name for word, name, old in found if word == 'Inst' and old],
        [name for word, name, _old in found if word != 'Inst'],
    )
