# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import MPMS
from ansible_collections.webops.apache.plugins.module_utils._plan import (
    module_facts,
    planner,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

WARNINGS = ('modules_not_judged', 'module_wants_threads')


def found(now, then, *symbols):
    """Return the Findings about modules of a switch on a host with these modules loaded."""
    lines = u''.join(
        u'LoadModule %s modules/%s.so\n' % (symbol, symbol[: -len('_module')])
        for symbol in symbols
    )
    choice = u''.join(
        u'%sLoadModule mpm_%s_module modules/mod_mpm_%s.so\n' % ('#' * (mpm != now), mpm, mpm)
        for mpm in MPMS
    )
    state = hosts.el9_host(
        mpm_conf=choice,
        more=[('/etc/httpd/conf.modules.d/20-others.conf', lines)],
    )
    plan = planner.build_plan(state, hosts.wanted(then))
    return [
        finding
        for finding in plan.findings
        if finding.rule in WARNINGS or finding.rule == 'module_needs_prefork'
    ]


def names(now, then, *symbols):
    return [(item.rule, item.level) for item in found(now, then, *symbols)]


class TestModulesThatNobodyHasJudged:
    @pytest.mark.parametrize(
        'now, then, named',
        [
            ('prefork', 'worker', True),
            ('prefork', 'event', True),
            ('event', 'worker', False),
            ('worker', 'prefork', False),
        ],
    )
    def test_are_named_where_they_get_threads(self, now, then, named):
        expected = [('modules_not_judged', 'warn')] if named else []
        assert names(now, then, 'homemade_module') == expected

    def test_are_those_of_others_alone(self):
        (finding,) = found(
            'prefork', 'event', 'ssl_module', 'wsgi_module', 'geoip_module', 'ours_module'
        )
        assert finding.reason.endswith(': geoip_module, ours_module.')

    def test_are_cut_with_the_number_of_the_others(self):
        many = ['m%02d_module' % number for number in range(30)]
        (finding,) = found('prefork', 'event', *many)
        assert 'm19_module and 10 more' in finding.reason and 'm20' not in finding.reason


class TestAModuleThatWasMadeForThreads:
    @pytest.mark.parametrize(
        'now, then, named',
        [('event', 'prefork', True), ('event', 'worker', False), ('prefork', 'worker', False)],
    )
    def test_is_named_where_it_loses_them(self, now, then, named):
        expected = [('module_wants_threads', 'warn')] if named else []
        assert names(now, then, 'qos_module') == expected


class TestAModuleThatNeedsPrefork:
    @pytest.mark.parametrize(
        'symbol',
        [
            fact.symbol
            for fact in module_facts.FACTS
            if fact.stands == module_facts.NEEDS_PREFORK
        ],
    )
    def test_is_refused_with_its_line_and_the_reason(self, symbol):
        (finding,) = found('prefork', 'event', symbol)
        assert (finding.rule, finding.level) == ('module_needs_prefork', 'refuse')
        assert '20-others.conf line 1' in finding.reason
        assert module_facts.fact_of(symbol).why in finding.reason

    def test_stays_with_prefork(self):
        assert names('event', 'prefork', 'ruid2_module') == []


class TestTheFacts:
    def test_name_each_module_once_with_a_source(self):
        symbols = [fact.symbol for fact in module_facts.FACTS]
        assert len(set(symbols)) == len(symbols)
        assert not [symbol for symbol in symbols if module_facts.is_own(symbol)]
        assert all(fact.source.startswith('http') for fact in module_facts.FACTS)
