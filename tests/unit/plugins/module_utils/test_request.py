# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _request
from ansible_collections.webops.apache.plugins.module_utils._errors import InputError
from ansible_collections.webops.apache.plugins.module_utils._model import Probe


def options(**changes):
    defaults = {
        'name': 'worker',
        'php': None,
        'directives': {},
        'probes': [],
        'drain_timeout': 5,
        'stop_timeout': 10,
        'soak': 2,
        'accept': [],
    }
    return dict(defaults, **changes)


class TestReadRequest:
    def test_gives_what_is_wanted(self):
        wanted = _request.read_request(
            options(
                php='zts',
                directives={'MaxClients': '400'},
                probes=[{'url': 'http://a/', 'status': 200, 'contains': None}],
                accept=['old_event'],
            )
        )
        assert (wanted.mpm, wanted.php, wanted.accept) == ('worker', 'zts', ['old_event'])
        assert wanted.probes == [Probe('http://a/', 200, None)]

    def test_seconds_that_come_as_text_are_numbers(self):
        wanted = _request.read_request(options(drain_timeout='0', stop_timeout='3', soak=u'7'))
        assert (wanted.drain_timeout, wanted.stop_timeout, wanted.soak) == (0, 3, 7)

    @pytest.mark.parametrize(
        'changes, wanted_pages',
        [
            ({}, (0, False)),
            ({'probe_pages': '20'}, (20, False)),
            ({'probe_pages': 200, 'probe_queries': True}, (200, True)),
        ],
    )
    def test_pages_of_the_access_logs_are_asked_where_that_is_wanted(self, changes, wanted_pages):
        wanted = _request.read_request(options(**changes))
        assert (wanted.probe_pages, wanted.probe_queries) == wanted_pages

    @pytest.mark.parametrize('changes, asked', [({}, True), ({'probe_sites': False}, False)])
    def test_each_site_is_asked_unless_nobody_wants_it(self, changes, asked):
        assert _request.read_request(options(**changes)).probe_sites is asked

    def test_names_everything_at_once(self):
        with pytest.raises(InputError) as caught:
            _request.read_request(
                options(
                    php='cgi',
                    directives={'MinSpareServers': 1, 'MaxClients': 'x'},
                    probes=[{'url': 'ftp://a/'}, {'url': 'http://a/', 'status': 99}],
                    drain_timeout=-1,
                    stop_timeout=0,
                    soak=3601,
                    accept=['plesk', 'no_such_rule', 'old_event'],
                )
            )
        problems = caught.value.details['problems']
        assert [problem.split(':')[0] for problem in problems] == [
            'directives',
            'directives',
            'php',
            'drain_timeout',
            'soak',
            'stop_timeout',
            'accept',
            'accept',
            'probes',
            'probes',
        ]
        assert all(problem in caught.value.message for problem in problems)


class TestCheckRequest:
    @pytest.mark.parametrize(
        'changes, words',
        [
            ({'name': 'itk'}, "name: 'itk' is not a valid MPM"),
            ({'name': None}, 'name: None is not a valid MPM'),
            ({'php': 'cgi'}, "php: 'cgi' is not one of auto, keep, zts, fpm, none"),
            ({'name': 'prefork', 'php': 'zts'}, 'php: zts is for worker and event'),
            (
                {'directives': {'Listen': 80}},
                'directives: Listen is not a directive of the worker MPM',
            ),
            (
                {'directives': {'ThreadsPerChild': 0}},
                'directives: ThreadsPerChild: 0 is out of range',
            ),
            ({'directives': {8: 1}}, 'directives: 8 is not a directive'),
            (
                {'drain_timeout': 3601},
                'drain_timeout: 3601 is not a number of seconds from 0 to 3600',
            ),
            ({'drain_timeout': 'soon'}, "drain_timeout: 'soon' is not a number"),
            ({'drain_timeout': True}, 'drain_timeout: True is not a number'),
            ({'stop_timeout': 0}, 'stop_timeout: 0 is not a number of seconds from 1 to 3600'),
            ({'soak': -1}, 'soak: -1 is not a number'),
            ({'soak': None}, 'soak: None is not a number'),
            ({'probe_pages': 201}, 'probe_pages: 201 is not a number of pages from 0 to 200'),
            ({'probe_pages': -1}, 'probe_pages: -1 is not a number'),
            ({'probe_pages': 'all'}, "probe_pages: 'all' is not a number"),
            ({'accept': ['plesk']}, 'accept: the rule plesk cannot be accepted'),
            ({'accept': ['nonsense']}, 'accept: nonsense is not a rule'),
            (
                {'probes': [{'url': 'example.com'}]},
                "probes: 'example.com' is not an http or https URL",
            ),
            ({'probes': ['http://a/', '']}, "probes: '' is not an http or https URL"),
            (
                {'probes': [{'url': 'http://a/', 'status': 600}]},
                'probes: http://a/: status 600 is not an HTTP status',
            ),
        ],
    )
    def test_each_wrong_option_is_named(self, changes, words):
        problems = _request.check_request(options(**changes))
        assert len(problems) == 1
        assert problems[0].replace("u'", "'").startswith(words)

    @pytest.mark.parametrize(
        'changes',
        [
            {},
            {'php': 'zts'},
            {'name': 'prefork', 'php': 'keep'},
            {'directives': {'maxclients': '300'}},
            {'drain_timeout': 0},
            {'stop_timeout': 1},
            {'soak': 3600},
            {'probe_pages': 0},
            {'probe_pages': '200', 'probe_queries': True},
            {'accept': ['old_event', 'not_ours', 'not_utf8']},
            {'probes': ['http://a/']},
            {'probes': None, 'directives': None},
        ],
    )
    def test_nothing_is_wrong_with_what_can_be_meant(self, changes):
        assert _request.check_request(options(**changes)) == []

    def test_only_the_name_is_needed(self):
        assert _request.check_request({'name': 'event'}) == []
