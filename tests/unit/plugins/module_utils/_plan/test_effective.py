# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._plan import effective

OLD, BUCKETS, NEWEST = '2.2.15', '2.4.57', '2.4.68'
FACTOR = 'AsyncRequestWorkerFactor'


class TestEffectiveNumbers:
    @pytest.mark.parametrize(
        'mpm, version, settings, expected',
        [
            ('prefork', NEWEST, {}, {'MaxRequestWorkers': 256, 'StartServers': 5}),
            ('prefork', NEWEST, {'MaxRequestWorkers': 700}, {'MaxRequestWorkers': 256}),
            (
                'prefork',
                NEWEST,
                {'MaxRequestWorkers': 700, 'ServerLimit': 800},
                {'MaxRequestWorkers': 700, 'ServerLimit': 800},
            ),
            ('prefork', NEWEST, {'ServerLimit': 900000}, {'ServerLimit': 200000}),
            ('prefork', NEWEST, {'MaxRequestWorkers': 3}, {'StartServers': 3}),
            (
                'prefork',
                NEWEST,
                {'MinSpareServers': 20, 'MaxSpareServers': 20},
                {'MinSpareServers': 20, 'MaxSpareServers': 21},
            ),
            ('prefork', NEWEST, {'MinSpareServers': 0}, {'MinSpareServers': 1}),
            ('worker', NEWEST, {}, {'MaxRequestWorkers': 400, 'MaxSpareThreads': 250}),
            ('worker', NEWEST, {'MaxRequestWorkers': 410}, {'MaxRequestWorkers': 400}),
            ('worker', NEWEST, {'MaxRequestWorkers': 10}, {'MaxRequestWorkers': 25}),
            (
                'worker',
                NEWEST,
                {'ThreadsPerChild': 100},
                {'ThreadsPerChild': 64, 'MaxRequestWorkers': 384},
            ),
            ('worker', NEWEST, {'ServerLimit': 2}, {'MaxRequestWorkers': 50, 'StartServers': 2}),
            ('worker', NEWEST, {'ThreadLimit': 50000}, {'ThreadLimit': 20000}),
            ('event', NEWEST, {'ThreadLimit': 50000}, {'ThreadLimit': 50000}),
            ('worker', NEWEST, {'MaxSpareThreads': 75}, {'MaxSpareThreads': 101}),
            ('worker', OLD, {'MaxSpareThreads': 75}, {'MaxSpareThreads': 100}),
            ('event', NEWEST, {FACTOR: 1.3}, {FACTOR: 1.25}),
            ('event', BUCKETS, {FACTOR: 0.5}, {FACTOR: 0.5}),
            ('event', NEWEST, {FACTOR: 0.5}, {FACTOR: 1}),
            ('event', BUCKETS, {FACTOR: 0}, {FACTOR: 0.0625}),
            ('event', NEWEST, {'MaxConnectionsPerChild': 7}, {'MaxConnectionsPerChild': 7}),
        ],
    )
    def test_are_what_httpd_goes_on_with(self, mpm, version, settings, expected):
        found = effective.effective_numbers(mpm, version, settings)
        assert dict((name, found[name]) for name in expected) == expected

    @pytest.mark.parametrize('mpm', ['prefork', 'worker', 'event'])
    def test_of_what_is_compiled_in_are_the_same(self, mpm):
        found = effective.effective_numbers(mpm, NEWEST, {})
        assert found == effective.DEFAULTS[mpm]

    def test_of_what_is_set_are_named_where_they_change(self):
        settings = {'ThreadsPerChild': 100, 'MaxRequestWorkers': 384}
        assert effective.changed_numbers('event', NEWEST, settings) == [
            effective.Changed('ThreadsPerChild', 100, 64)
        ]


class TestUnexplained:
    @pytest.mark.parametrize(
        'settings, expected',
        [
            (
                {'MaxSpareThreads': 90},
                [('MaxSpareThreads', 'httpd takes MaxSpareThreads 101 for 90.')],
            ),
            # A sentence of its own says why.
            ({'MaxRequestWorkers': 410}, []),
            ({}, []),
        ],
    )
    def test_is_what_no_sentence_names(self, settings, expected):
        assert effective.unexplained('worker', NEWEST, settings) == expected


class TestCheckTogether:
    """What httpd itself says to `-t`: AH00180, AH00310, AH00314, AH00316 (AH00513 of event),
    AH00318 (AH00515).
    """

    @pytest.mark.parametrize(
        'mpm, numbers, words',
        [
            ('prefork', {}, []),
            ('prefork', {'MaxRequestWorkers': 256}, []),
            ('prefork', {'MaxRequestWorkers': 300}, ['more than ServerLimit 256']),
            (
                'prefork',
                {'ServerLimit': 200},
                ['MaxRequestWorkers 256 is more than ServerLimit 200'],
            ),
            ('prefork', {'ServerLimit': 300, 'MaxRequestWorkers': 300}, []),
            (
                'prefork',
                {'MinSpareServers': 20, 'MaxSpareServers': 10},
                ['MinSpareServers 20 is more than MaxSpareServers 10'],
            ),
            ('prefork', {'MinSpareServers': 20}, ['MinSpareServers 20 is more than']),
            ('prefork', {'MinSpareServers': 20, 'MaxSpareServers': 20}, []),
            (
                'prefork',
                {'StartServers': 50, 'MaxRequestWorkers': 40},
                ['StartServers 50 is more than the 40 processes'],
            ),
            ('prefork', {'StartServers': 50}, []),
            (
                'event',
                {'MinSpareThreads': 200, 'MaxSpareThreads': 50},
                ['MinSpareThreads 200 is more than MaxSpareThreads 50'],
            ),
            ('worker', {'MaxSpareThreads': 50}, ['MinSpareThreads 75 is more than']),
            (
                'event',
                {'StartServers': 50, 'ServerLimit': 4, 'MaxRequestWorkers': 100},
                ['StartServers 50 is more than the 4 processes'],
            ),
            (
                'worker',
                {'StartServers': 5, 'MaxRequestWorkers': 100},
                ['StartServers 5 is more than the 4 processes'],
            ),
            ('worker', {'StartServers': 4, 'MaxRequestWorkers': 100}, []),
            ('worker', {}, []),
            ('worker', {'MaxRequestWorkers': 300}, []),
            ('worker', {'ThreadsPerChild': 64}, ['400 is not a multiple of ThreadsPerChild 64']),
            ('event', {'ThreadsPerChild': 64}, ['400 is not a multiple of ThreadsPerChild 64']),
            (
                'worker',
                {'ThreadsPerChild': 100, 'MaxRequestWorkers': 400},
                [
                    'ThreadsPerChild 100 is more than ThreadLimit 64',
                    '400 is not a multiple of ThreadsPerChild 64',
                ],
            ),
            ('worker', {'ThreadsPerChild': 100, 'ThreadLimit': 100, 'MaxRequestWorkers': 400}, []),
            ('worker', {'MaxRequestWorkers': 410}, ['410 is not a multiple of ThreadsPerChild 25']),
            (
                'worker',
                {'MaxRequestWorkers': 425},
                ['425 is more than ServerLimit 16 times ThreadsPerChild 25 (400)'],
            ),
            ('worker', {'MaxRequestWorkers': 430}, ['not a multiple', 'more than ServerLimit 16']),
            ('worker', {'MaxRequestWorkers': 10}, ['10 is less than ThreadsPerChild 25']),
            ('worker', {'MaxRequestWorkers': 0}, ['0 is less than ThreadsPerChild 25']),
            ('worker', {'ServerLimit': 4}, ['400 is more than ServerLimit 4']),
            (
                'worker',
                {'ThreadLimit': 20},
                [
                    'ThreadsPerChild 25 is more than ThreadLimit 20',
                    'ServerLimit 16 times ThreadsPerChild 20',
                ],
            ),
            (
                'worker',
                {'ThreadsPerChild': 0},
                ['more than ServerLimit 16 times ThreadsPerChild 1'],
            ),
            ('event', {'ServerLimit': 32, 'MaxRequestWorkers': 800}, []),
        ],
    )
    def test_says_what_httpd_would_clamp(self, mpm, numbers, words):
        problems = effective.check_together(mpm, numbers)
        assert len(problems) == len(words)
        for problem, word in zip(problems, words):
            assert word in problem


class TestFirstWorkers:
    @pytest.mark.parametrize(
        'mpm, settings, expected',
        [
            ('prefork', {}, (1, 0)),
            ('prefork', {'StartServers': 8}, (8, 0)),
            ('prefork', {'StartServers': 8, 'MaxRequestWorkers': 4}, (4, 0)),
            ('prefork', {'StartServers': 8, 'ServerLimit': 3}, (3, 0)),
            ('worker', {}, (1, 25)),
            ('worker', {'StartServers': 4}, (4, 25)),
            ('worker', {'StartServers': 4, 'ThreadsPerChild': 200}, (4, 64)),
            (
                'event',
                {'StartServers': 4, 'ThreadsPerChild': 50, 'MaxRequestWorkers': 100},
                (2, 50),
            ),
            ('event', {'StartServers': 4, 'MaxRequestWorkers': 10}, (1, 25)),
            ('event', {'ThreadsPerChild': 0}, (1, 1)),
        ],
    )
    def test_are_what_is_left_of_what_is_set(self, mpm, settings, expected):
        assert effective.first_workers(mpm, settings) == expected
