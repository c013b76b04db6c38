# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.filter.mpm_request_problems import (
    mpm_request_problems,
)

GOOD = {
    'name': 'worker',
    'php': '',
    'directives': {'ThreadsPerChild': '50'},
    'probes': [],
    'drain_timeout': '5',
    'stop_timeout': 10,
    'soak': 0,
    'accept': [],
}


class TestMpmRequestProblems(object):
    def test_a_good_request_has_none(self):
        assert mpm_request_problems(GOOD) == []

    @pytest.mark.parametrize(
        'change, words',
        [
            ({'name': ''}, 'mpm is required'),
            ({'name': 'workr'}, "'workr' is not a valid MPM"),
            (
                {'directives': {'MinSpareServers': 5}},
                'MinSpareServers is not a directive of the worker MPM',
            ),
            ({'directives': {'ThreadsPerChild': 99999}}, '99999 is out of range'),
            ({'drain_timeout': -1}, 'drain_timeout'),
            ({'php': 'maybe'}, 'php'),
            ({'accept': ['plesk']}, 'plesk cannot be accepted'),
            ({'probes': [{'url': 'ftp://x/'}]}, 'not an http or https URL'),
            ({'probes': [{'url': 'http://x/', 'status': '700'}]}, 'not an HTTP status'),
        ],
    )
    def test_what_is_wrong_is_named(self, change, words):
        problems = mpm_request_problems(dict(GOOD, **change))
        assert len(problems) == 1
        assert words in problems[0]

    def test_everything_is_named_at_once(self):
        assert (
            len(
                mpm_request_problems(
                    dict(GOOD, drain_timeout=-1, accept=['plesk']), ['switch_mpm_drian']
                )
            )
            == 3
        )

    def test_a_misspelt_variable_is_named(self):
        assert mpm_request_problems(GOOD, ['switch_mpm_drian']) == [
            'switch_mpm_drian is not an option.'
        ]

    @pytest.mark.parametrize(
        'fact', ['switch_mpm_before_tasks', '__switch_mpm', 'mpm', 'mpm_failure', 'switch_mpm']
    )
    def test_a_fact_that_is_named_like_an_option_is_named(self, fact):
        problems = mpm_request_problems(GOOD, [], ['distribution', fact])
        assert len(problems) == 1 and problems[0].startswith(
            fact + ' is among the facts of this host.'
        )

    @pytest.mark.parametrize('fact', ['distribution', 'local', 'mpmx', 'switch', 'a_mpm', 'mpm2'])
    def test_other_facts_are_no_problem(self, fact):
        assert mpm_request_problems(GOOD, [], [fact]) == []

    def test_what_a_host_named_is_clean_and_short(self):
        problems = mpm_request_problems(GOOD, ['switch_mpm_\x1b[2J'], ['mpm_\u202e' + 'x' * 999])
        assert '\x1b' not in ''.join(problems) and max(len(problem) for problem in problems) < 300
