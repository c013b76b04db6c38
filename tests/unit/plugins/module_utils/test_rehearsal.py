# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _rehearsal
from ansible_collections.webops.apache.plugins.module_utils._model import Rehearsal
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


def wanted(rehearse, mpm='worker', state='present'):
    return hosts.wanted(mpm)._replace(rehearse=rehearse, state=state)


class TestJudgeRehearsal:
    @pytest.mark.parametrize(
        'state, rehearse, expected',
        [
            ('passed', 'auto', []),
            ('passed', 'required', []),
            ('failed', 'auto', [('rehearsal_failed', 'refuse', False)]),
            ('failed', 'required', [('rehearsal_failed', 'refuse', False)]),
            ('unavailable', 'auto', [('rehearsal_unavailable', 'warn', False)]),
            ('unavailable', 'required', [('rehearsal_unavailable', 'refuse', False)]),
        ],
    )
    def test_by_what_was_asked_for(self, state, rehearse, expected):
        found = _rehearsal.judge_rehearsal(
            wanted(rehearse), Rehearsal(state, 'AH00072: could not bind.')
        )
        assert [(finding.rule, finding.level, finding.acceptable) for finding in found] == expected
        assert all(
            'AH00072: could not bind.' in finding.reason and '..' not in finding.reason
            for finding in found
        )

    def test_a_call_for_a_rehearsal_alone_is_refused_without_one(self):
        found = _rehearsal.judge_rehearsal(
            wanted('auto', state='rehearsed'), Rehearsal('unavailable', 'no namespaces.')
        )
        assert [(finding.rule, finding.level) for finding in found] == [
            ('rehearsal_unavailable', 'refuse')
        ]


class TestTryOut:
    @pytest.mark.parametrize(
        'check, refused', [(False, ['rehearsal_unavailable']), (True, [])], ids=['run', 'check']
    )
    def test_a_stopped_server_has_no_rehearsal(self, check, refused):
        state, asked = hosts.el6_host(running=None), wanted('auto', state='rehearsed')
        plan = _rehearsal.try_out(asked, state, planner.build_plan(state, asked), check, '/nowhere')
        found = [finding for finding in plan.findings if finding.level == 'refuse']
        assert [finding.rule for finding in found] == refused
        assert all('the server is stopped' in finding.reason for finding in found)

    @pytest.mark.parametrize(
        'check, rehearse, reason',
        [
            (True, 'auto', 'check mode starts nothing'),
            (True, 'required', 'check mode starts nothing'),
            (False, 'never', 'rehearse: never'),
        ],
    )
    def test_is_left_out(self, check, rehearse, reason):
        state, asked = hosts.el6_host(), wanted(rehearse)
        plan = _rehearsal.try_out(asked, state, planner.build_plan(state, asked), check, '/nowhere')
        assert (plan.rehearsal.state, plan.rehearsal.reason) == ('skipped', reason)

    @pytest.mark.parametrize(
        'state, mpm',
        [(hosts.el6_host(running=None), 'worker'), (hosts.el6_host(), 'prefork')],
        ids=['stopped', 'unchanged'],
    )
    def test_has_nothing_to_try_where_no_server_is_started(self, state, mpm):
        asked = wanted('required', mpm)
        plan = planner.build_plan(state, asked)
        assert _rehearsal.try_out(asked, state, plan, False, '/nowhere') == plan

    def test_has_nothing_to_try_where_the_switch_is_refused(self):
        state, asked = hosts.el6_host(mpms=('prefork',)), wanted('required')
        plan = planner.build_plan(state, asked)
        assert (
            planner.refused(plan)
            and _rehearsal.try_out(asked, state, plan, False, '/nowhere') == plan
        )
