# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order of an overlap, and what systemd is told for its time."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

from ansible_collections.webops.apache.plugins.module_utils._model import Ability
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    CommandOrder,
    plain_order,
    read_order,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._proof import prove
from ansible_collections.webops.apache.plugins.module_utils._transaction import actions
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

DETAILS = hosts.OVERLAP_UNIT
ORDER = [
    ('keep_way_back', 'ensure_started'),
    ('steer_to_old', 'release_listeners'),
    ('tell_manager', 'untell_manager'),
    ('lay_pid_file_aside', 'put_pid_file_back'),
    ('swap_file', 'put_back'),
    ('start_beside', 'end_beside'),
    ('prove', None),
    ('steer_to_new', 'steer_to_old'),
    ('prove', None),
    ('empty_queues', None),
    ('retire_server', 'note_outage'),
    ('hand_back', None),
    ('prove', None),
]


def plan_of(state, mpm='prefork', details=None):
    state = state._replace(abilities={'overlap': Ability('a way', None, details or DETAILS)})
    return planner.build_plan(state, hosts.wanted(mpm, soak=7), token='t0k')


def steps_of(plan):
    """(action, undo) of each step from the way back on, swaps once."""
    found = [(step.action, step.undo) for step in plan.steps]
    found = found[[action for action, _undo in found].index('keep_way_back') :]
    return [
        pair
        for number, pair in enumerate(found)
        if pair != ('swap_file', 'put_back') or found[number - 1] != pair
    ]


def test_nobody_reaches_the_new_server_before_it_is_proved():
    plan = plan_of(hosts.el9_host())
    assert plan.strategy.name == 'overlap'
    assert steps_of(plan) == ORDER


def test_what_a_start_writes_itself_has_a_way_back_too():
    plan = plan_of(
        hosts.suse_host(), 'event', dict(DETAILS, start=['/usr/sbin/start_apache2', '-k', 'start'])
    )
    assert steps_of(plan) == ORDER[:4] + [('keep_way_back', 'run_quietly')] + ORDER[4:]
    assert [step.undo_order for step in plan.steps if step.undo == 'run_quietly'] == [
        CommandOrder(argv=['/usr/sbin/start_apache2', '-t'])
    ]


def test_it_is_proved_where_only_we_reach_it_then_watched_then_asked_once_more():
    beside, soak, last = [
        step.order for step in plan_of(hosts.el9_host()).steps if step.action == 'prove'
    ]
    assert [(order.own_ports, order.soak) for order in (beside, soak, last)] == [
        (True, 0),
        (False, 7),
        (False, 0),
    ]
    assert beside.expected == soak.expected == last.expected


def test_every_step_can_be_noted_and_run():
    table = dict(actions.ACTIONS, **prove.ACTIONS)
    for step in plan_of(hosts.el9_host()).steps:
        plain = json.loads(json.dumps(plain_order(step.order)))
        assert read_order(step.action, plain) == step.order
        assert step.action in table and (step.undo is None or step.undo in table)
