# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _pages
from ansible_collections.webops.apache.plugins.module_utils._host.access_logs import Visits
from ansible_collections.webops.apache.plugins.module_utils._model import (
    Answer,
    AskedSite,
    LeftOut,
    PageResult,
    Probe,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

SITE = AskedSite('a.example', 80, 'http', None)
NAMED = [Answer('http://named/', 200, False, True, None)]
PIPED = LeftOut('|/bin/x', 'it is piped to a program')


def answer(url, status=200, kind='text/html'):
    return Answer(url, status, False, True, None, kind)


@pytest.fixture
def asked(monkeypatch):
    """What is asked, in words; each page answers well but for /odd."""
    calls = []

    def read_visits(logs, queries, most, _now):
        calls.append((len(logs), queries, most))
        return Visits({SITE: {'/a': 9, '/b': 8, '/odd': 7}}, [PIPED])

    def ask_twice(probes, _addresses):
        calls.append([probe.url for probe in probes])
        odd = [LeftOut(probe.url, 'it changes by itself') for probe in probes if 'odd' in probe.url]
        return [answer(probe.url) for probe in probes if 'odd' not in probe.url], odd

    monkeypatch.setattr(_pages, 'read_visits', read_visits)
    monkeypatch.setattr(_pages, 'ask_twice', ask_twice)
    return calls


def plan_of(state, mpm='worker', probe_list=(), **wishes):
    wanted = hosts.wanted(mpm, probes=probe_list)._replace(**wishes)
    answers = NAMED * len(probe_list)
    return _pages.add_pages(
        wanted, state, lambda more: planner.build_plan(state, wanted, answers + more, 't0k')
    )


URLS = ['http://a.example/%s' % name for name in ('a', 'b', 'odd')]


class TestAddPages:
    def test_pages_are_carried_in_the_plan_as_answers(self, asked):
        plan = plan_of(hosts.el6_host(), probe_pages=3, probe_queries=True)
        assert [page.url for page in plan.pages] == URLS[:2]
        (proof,) = [step for step in plan.steps if step.action == 'prove']
        assert [one.url for one in proof.order.answers] == URLS[:2]
        assert asked[0][1:] == (True, 3) and asked[1] == URLS
        assert [finding.rule for finding in plan.findings if 'odd' in finding.reason] == [
            'pages_not_asked'
        ]

    def test_pages_come_behind_those_that_the_user_names_and_only_once(self, asked):
        probe_list = [Probe(URLS[0], 200, None)]
        plan = plan_of(hosts.el6_host(), probe_list=probe_list, probe_pages=2)
        (proof,) = [step for step in plan.steps if step.action == 'prove']
        assert [one.url for one in proof.order.answers] == ['http://named/', URLS[1]]
        assert len(proof.order.probes) == 1 and asked[1] == URLS[1:2]

    @pytest.mark.parametrize(
        'state, mpm, wishes',
        [
            (hosts.el6_host(), 'worker', {}),
            (hosts.el6_host(), 'prefork', {'probe_pages': 5}),
            (hosts.el6_host(running=None), 'worker', {'probe_pages': 5}),
            (hosts.el6_host(), 'worker', {'probe_pages': 5, 'directives': {'Listen': 1}}),
        ],
        ids=['not wanted', 'nothing to do', 'stopped', 'refused'],
    )
    def test_no_page_is_asked_where_nothing_is_to_be_proved(self, asked, state, mpm, wishes):
        plan = plan_of(state, mpm, **wishes)
        assert asked == [] and plan.pages == ()
        assert 'pages_not_asked' not in [finding.rule for finding in plan.findings]


@pytest.mark.parametrize(
    'now, after, same',
    [
        ({}, None, False),
        ({'http://a/': answer('http://a/')}, 200, True),
        ({'http://a/': answer('http://a/', 503)}, 503, False),
        ({'http://a/': answer('http://a/', 200, 'text/plain')}, 200, False),
        ({'http://a/': answer('http://a/', None, None)}, None, False),
    ],
)
def test_a_page_is_told_as_it_was_and_as_the_new_server_answered(now, after, same):
    plan = planner.build_plan(hosts.el6_host(), hosts.wanted('worker'), [], 't0k')
    plan = plan._replace(pages=[answer('http://a/')])
    assert _pages.compare_pages(plan, now) == [
        PageResult('http://a/', 200, after, 'text/html', same)
    ]
