# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.filter.mpm_request_problems import mpm_request_problems

GOOD = {'name': 'worker', 'php': '', 'directives': {'ThreadsPerChild': '50'}, 'probes': [], 'drain_timeout': '5', 'stop_timeout': 10, 'soak': 0,
        'accept': []}


class TestMpmRequestProblems(object):
    def test_a_good_request_has_none(self):
        assert mpm_request_problems(GOOD) == []

    @pytest.mark.parametrize('change, words', [
        ({'name': ''}, 'mpm is required'),
        ({'name': 'workr'}, "'workr' is no MPM"),
        ({'directives': {'MinSpareServers': 5}}, 'MinSpareServers is no directive of the worker MPM'),
        ({'directives': {'ThreadsPerChild': 99999}}, '99999 is out of range'),
        ({'drain_timeout': -1}, 'drain_timeout'),
        ({'php': 'maybe'}, 'php'),
        ({'accept': ['plesk']}, 'plesk cannot be accepted'),
        ({'probes': [{'url': 'ftp://x/'}]}, 'no http or https URL'),
        ({'probes': [{'url': 'http://x/', 'status': '700'}]}, 'no HTTP status'),
    ])
    def test_what_is_wrong_is_named(self, change, words):
        problems = mpm_request_problems(dict(GOOD, **change))
        assert len(problems) == 1
        assert words in problems[0]

    def test_everything_is_named_at_once(self):
        assert len(mpm_request_problems(dict(GOOD, drain_timeout=-1, accept=['plesk']), ['switch_mpm_drian'])) == 3

    def test_a_misspelt_variable_is_named(self):
        assert mpm_request_problems(GOOD, ['switch_mpm_drian']) == ['switch_mpm_drian is no option.']
