# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import CommandError
from ansible_collections.webops.apache.plugins.module_utils._host import perl
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

LOADED = hosts.conf_tree(u'LoadModule perl_module modules/mod_perl.so\n', None)
PATH = '/usr/bin/perl'


@pytest.mark.parametrize(
    'out, threads',
    [
        (u"useithreads='define';\n", True),
        (u"useithreads='undef';\n", False),
        (u"useithreads='UNKNOWN';\n", False),
        (u'', None),
        (u'no such\n', None),
    ],
)
def test_perl_says_whether_it_has_threads(out, threads):
    asked = []

    def run(argv):
        asked.append(argv)
        return CommandResult(argv, 0, out, u'')

    assert perl.read_perl_threads(run, LOADED, lambda name: PATH) is threads
    assert asked == [[PATH, '-V:useithreads']]


@pytest.mark.parametrize(
    'tree, path',
    [
        (hosts.conf_tree(), PATH),
        (hosts.conf_tree(u'#LoadModule perl_module modules/mod_perl.so\n', None), PATH),
        (LOADED, None),
    ],
    ids=['not loaded', 'in a comment', 'no perl'],
)
def test_perl_is_asked_only_where_it_matters(tree, path):
    assert perl.read_perl_threads(None, tree, lambda name: path) is None


def test_a_perl_that_does_not_answer_is_not_known():
    def run(argv):
        raise CommandError('no')

    assert perl.read_perl_threads(run, LOADED, lambda name: PATH) is None
