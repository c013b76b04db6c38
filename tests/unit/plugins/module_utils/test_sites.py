# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _sites, _words
from ansible_collections.webops.apache.plugins.module_utils._model import (
    Ability,
    Answer,
    LeftOut,
    SiteAnswer,
    SiteRequest,
    SiteResult,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


@pytest.fixture
def asked(monkeypatch):
    """What is asked, as URLs; every site answers well but for one that wants a login."""
    calls = []

    def ask_twice(requests, _addresses, _pause):
        calls.extend(one.url for one in requests)
        answers = [SiteAnswer(*(tuple(one) + (200, False))) for one in requests]
        return answers, [LeftOut('b:80', 'login')]

    monkeypatch.setattr(_sites.sites, 'ask_twice', ask_twice)
    return calls


def plan_of(state, mpm='worker', probe_sites=True, **wishes):
    wanted = hosts.wanted(mpm)._replace(probe_sites=probe_sites, **wishes)
    plan = planner.build_plan(state, wanted, [], 't0k')
    return _sites.add_sites(wanted, state, plan, 't0k')


def orders_of(plan, action):
    """Return what the steps, and their ways back, with this action are told."""
    return [step.order for step in plan.steps if step.action == action] + [
        step.undo_order for step in plan.steps if step.undo == action
    ]


class TestAddSites:
    def test_the_answers_are_in_the_plan_and_in_its_proofs(self, asked):
        plan = plan_of(hosts.el6_host())
        assert asked[0] == 'http://localhost/'
        assert [one.url for one in plan.sites] == asked
        for action in ('prove', 'prove_restored'):
            (order,) = orders_of(plan, action)
            assert (order.sites, order.site_pause) == (plan.sites, 0.01)
        assert plan.sites_left == [LeftOut('b:80', 'login')]
        assert 'sites_not_proved' in [finding.rule for finding in plan.findings]

    def test_of_several_proofs_the_first_asks(self, asked):
        way = {'overlap': Ability('a way', None, hosts.BESIDE_UNIT)}
        plan = plan_of(hosts.el9_host(abilities=way), 'prefork', strategy='overlap')
        first, second, third = orders_of(plan, 'prove')
        assert first.own_ports and first.sites == plan.sites
        assert second.sites == third.sites == []

    @pytest.mark.parametrize(
        'state, mpm, wishes',
        [
            (hosts.el6_host(), 'worker', {'probe_sites': False}),
            (hosts.el6_host(), 'prefork', {}),
            (hosts.el6_host(running=None), 'worker', {}),
            (hosts.el6_host(), 'worker', {'directives': {'Listen': 1}}),
        ],
        ids=['not wanted', 'nothing to do', 'stopped', 'refused'],
    )
    def test_no_site_is_asked_where_nothing_is_to_be_proved(self, asked, state, mpm, wishes):
        plan = plan_of(state, mpm, **wishes)
        assert asked == [] and plan.sites == plan.sites_left == ()


LISTENERS = [('0.0.0.0', 80), ('192.0.2.1', 81)]


@pytest.mark.parametrize(
    'url, address, page, page_address, known',
    [
        ('http://localhost/', None, 'http://localhost:80/', None, True),
        ('http://localhost/', None, 'http://localhost/', None, True),
        ('http://localhost:81/', '192.0.2.1', 'http://localhost:81/', None, True),
        ('http://localhost/', '192.0.2.9', 'http://localhost:80/', None, False),
        ('http://a/', '192.0.2.9', 'http://a/', '192.0.2.9', True),
        ('http://a/', None, 'http://a/', '192.0.2.9', False),
        ('https://localhost/', None, 'http://localhost:443/', None, False),
        ('http://a/', None, 'http://a/b', None, False),
        ('http://a/', None, 'http://b/', None, False),
    ],
)
def test_a_page_that_is_compared_anyway_is_known(url, address, page, page_address, known):
    request = SiteRequest('a:80', url, address, None)
    answers = [Answer(page, 200, False, True, None, None, page_address)]
    assert _sites._is_asked(request, answers, LISTENERS) is known


SITES = [
    SiteAnswer('a:80', 'http://a/', None, None, 200, False),
    SiteAnswer('a:80', 'http://a/x', None, None, 404, False),
    SiteAnswer('b:80', 'http://b/', '::1', None, 301, False),
]


@pytest.fixture
def plan():
    found = planner.build_plan(hosts.el6_host(), hosts.wanted('worker'), [], 't0k')
    return found._replace(sites=SITES)


def test_a_site_is_told_as_it_was_and_as_the_new_server_answered(plan):
    answers = {('http://a/', None): Answer('http://a/', 503, False, True, None)}
    assert _sites.compare_sites(plan, answers) == [
        SiteResult('a:80', 'http://a/', 200, 503),
        SiteResult('a:80', 'http://a/x', 404, None),
        SiteResult('b:80', 'http://b/', 301, None),
    ]
    assert [item.what for item in _sites.not_asked_again(plan, answers)] == ['a:80', 'b:80']


@pytest.mark.parametrize(
    'count, words', [(0, None), (1, ': s0.'), (20, ', s19.'), (22, ', s19 and 2 more.')]
)
def test_sites_that_were_not_asked_again_are_a_warning(count, words):
    found = _words.warn_of_sites([LeftOut('s%d' % number, 'why') for number in range(count)])
    assert found == ([found[0]] if words else []) and ''.join(found).endswith(words or '')
