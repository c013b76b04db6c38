# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import MPMS, Finding
from ansible_collections.webops.apache.plugins.module_utils._plan import advice, planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import fpm_hosts, hosts


def plan_refused_by(*rules, **options):
    """Return a Plan that these rules refuse. level: of their findings."""
    level = options.get('level', 'refuse')
    plan = planner.build_plan(hosts.el9_host(), hosts.wanted('event'))
    return plan._replace(findings=[Finding(rule, level, False, 'why', 'fix', []) for rule in rules])


def advised(state, event=(), worker=(), fpm=None):
    """Return the Advice where these rules refuse the MPMs, and these event with `php: fpm`."""
    plans = {
        'prefork': plan_refused_by(),
        'worker': plan_refused_by(*worker),
        'event': plan_refused_by(*event),
    }
    by_fpm = {} if fpm is None else {'event': plan_refused_by(*fpm)}
    return advice.advise(state, plans, by_fpm)


class TestTheAdvice:
    @pytest.mark.parametrize(
        'event, worker, fpm, mpm, php',
        [
            ((), (), None, 'event', None),
            (('old_event',), (), None, 'worker', None),
            (('php_not_threadsafe',), ('php_not_threadsafe',), (), 'event', 'fpm'),
            (('php_not_threadsafe',), (), ('fpm_missing',), 'worker', None),
            (('php_not_threadsafe',), ('php_not_threadsafe',), ('fpm_missing',), 'prefork', None),
            (('plesk',), ('plesk',), None, 'prefork', None),
        ],
    )
    def test_is_the_best_that_is_not_refused(self, event, worker, fpm, mpm, php):
        found = advised(hosts.el6_host(), event, worker, fpm)
        assert (found.mpm, found.php) == (mpm, php)

    def test_names_what_refuses_the_better_ones(self):
        found = advised(hosts.el6_host(), ['fpm_missing', 'plesk', 'plesk'], ['plesk'])
        assert found.reasons == (
            'event is refused: fpm_missing, plesk.',
            'worker is refused: plesk.',
        )

    def test_takes_no_warning_for_a_refusal(self):
        plans = dict((mpm, plan_refused_by('fewer_workers', level='warn')) for mpm in MPMS)
        assert advice.advise(hosts.el6_host(), plans, {}).mpm == 'event'

    def test_says_that_the_mpm_runs_already(self):
        found = advised(hosts.el9_host())
        assert (found.mpm, found.reasons) == ('event', ('Event runs already.',))

    def test_says_what_the_old_server_was_measured_to_use(self):
        state = hosts.el6_host()
        running = state.servers.running._replace(memory=90 * 1024, processes=9)
        state = state._replace(servers=state.servers._replace(running=running))
        assert any('9 processes of prefork use 90 MiB' in why for why in advised(state).reasons)

    def test_of_a_stopped_server_is_by_what_is_configured(self):
        found = advised(hosts.el6_host(running=None), ['plesk'], ['plesk'])
        assert found.mpm == 'prefork'


class TestPhpByFpm:
    @pytest.mark.parametrize(
        'rules, level, needed',
        [
            (['php_not_threadsafe'], 'refuse', True),
            (['php_moves'], 'warn', False),
            (['plesk'], 'refuse', False),
        ],
    )
    def test_is_tried_where_a_rule_of_php_refuses(self, rules, level, needed):
        assert advice.needs_another_php(plan_refused_by(*rules, level=level)) is needed

    def test_is_advised_on_a_host_that_has_it(self):
        state = fpm_hosts.debian_with_fpm()
        plans = dict((mpm, planner.build_plan(state, hosts.wanted(mpm))) for mpm in MPMS)
        fpm = planner.build_plan(state, hosts.wanted('event', php='fpm'))
        found = advice.advise(state, plans, {'event': fpm})
        assert advice.needs_another_php(plans['event'])
        assert (found.mpm, found.php) == ('event', 'fpm')
        assert 'Its PHP moves from mod_php to FPM in the same switch.' in found.reasons
