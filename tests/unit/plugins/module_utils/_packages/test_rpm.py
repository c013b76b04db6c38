# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._packages import rpm
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._packages.recordings import (
    changes,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

FILES = ['/a.rpm', '/b.rpm']
TEST = ['rpm', '-U', '--test', '--'] + FILES
FINE = CommandResult(TEST, 0, u'', u'')


class TestAsk:
    def test_tests_and_looks_for_what_would_be_replaced(self):
        run = ScriptedRunner(
            (TEST, FINE),
            (['rpm', '-qp', '--queryformat', '%{NAME}\\n', '--'] + FILES, u'a\nb\n'),
            (
                ['rpm', '-qp', '--queryformat', '[%{OBSOLETENAME}\\n]', '--'] + FILES,
                u'psa\nold-a\n',
            ),
            (
                ['rpm', '-q', '--queryformat', '%{NAME}\\n', '--', 'a', 'b', 'old-a', 'psa'],
                u'package a is not installed\nb\npackage old-a is not installed\npsa\n',
            ),
        )
        assert rpm.ask(run, FILES) == (FINE, ['a', 'b'], ['psa', 'old-a'], ['b', 'psa'])
        assert run.left == []

    def test_asks_no_more_once_the_test_failed(self):
        failed = FINE._replace(rc=1, err=u'error: Failed dependencies:\n\tpsa conflicts with a-1\n')
        run = ScriptedRunner((TEST, failed))
        assert rpm.judge(*rpm.ask(run, FILES)) is None
        assert run.left == []


class TestJudge:
    @pytest.mark.parametrize(
        'names, obsoleted, there, found',
        [
            (['a', 'b'], ['psa', 'old-a'], ['b', 'psa'], (['a'], ['b'], ['psa'])),
            (['a'], [], [], (['a'], [], [])),
            # A package that says that it replaces older ones of its own name does not remove
            # itself.
            (['a'], ['a'], ['a'], ([], ['a'], [])),
        ],
    )
    def test_sorts_them(self, names, obsoleted, there, found):
        assert changes(rpm.judge(FINE, names, obsoleted, there)) == found


class TestInstalled:
    def test_asks_nothing_about_nothing(self):
        assert rpm.installed(ScriptedRunner(), []) == []
