# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order of the strategy `hold`, and of a stop after which the old server still finishes what it
has begun.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Ability, Listener
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    HoldOrder,
    plain_order,
    read_order,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

QUEUE, DROP = 'nfqueue by nft', 'drop by iptables'
PROVE = ('prove', None)
HOLD, RELEASE, AGAIN = (
    ('hold_connections', 'release_connections'),
    ('release_connections', 'hold_again'),
    ('start_server', 'stop_whatever_runs'),
)
STOP, LISTENING = ('stop_server', 'ensure_started'), ('stop_listening', 'start_beside_drained')
BACK, DRAIN = ('keep_way_back', 'end_drained'), ('end_drained', None)
# Under systemd, where the unit is understood.
TELL, OFF, RELOAD = (
    ('tell_manager', 'leave_unit'),
    ('stop_listening', 'start_again_by_reload'),
    ('start_by_reload', 'end_started'),
)
AFTER = [('end_followed', None), ('hand_unit_back', None)]
DETAILS = hosts.BESIDE_UNIT
CAN, CANNOT = Ability('a drop-in', None, DETAILS), Ability(None, 'the unit is not understood')


def steps_of(state, means=QUEUE, beside=CANNOT, strategy='hold', **seconds):
    hold = Ability(means, None, {'queues': means == QUEUE})
    state = state._replace(abilities={'hold': hold, 'beside': beside})
    return planner.build_plan(
        state, hosts.wanted('worker', **seconds)._replace(strategy=strategy), token='t0k'
    ).steps


def after_staging(steps):
    found = [(step.action, step.undo) for step in steps if step.action != 'swap_file']
    return found[found.index(('demand_unchanged', None)) + 1 :]


@pytest.mark.parametrize(
    'state, beside, seconds, order',
    [
        (hosts.el9_host(), CANNOT, {}, [HOLD, STOP, AGAIN, RELEASE, PROVE]),
        (hosts.el9_host(), CAN, {}, [TELL, HOLD, OFF, RELOAD, RELEASE, PROVE] + AFTER),
        (hosts.el9_host(), CAN, {'drain_timeout': 0}, [HOLD, STOP, AGAIN, RELEASE, PROVE]),
        (hosts.el6_host(), CANNOT, {}, [BACK, HOLD, LISTENING, AGAIN, RELEASE, PROVE, DRAIN]),
        (hosts.el6_host(), CANNOT, {'drain_timeout': 0}, [HOLD, STOP, AGAIN, RELEASE, PROVE]),
    ],
    ids=[
        'systemd',
        'a unit that is understood',
        'one, and nothing is drained',
        'init',
        'init, and nothing is drained',
    ],
)
def test_connections_wait_from_before_the_stop_until_the_new_server_listens(
    state, beside, seconds, order
):
    steps = steps_of(state, beside=beside, **seconds)
    assert after_staging(steps) == order
    for step in steps:
        plain = json.loads(json.dumps(plain_order(step.order)))
        assert read_order(step.action, plain) == step.order
    # Where nothing is held it is the same but for that.
    assert after_staging(steps_of(state, beside=beside, strategy='stop', **seconds)) == [
        each for each in order if each not in (HOLD, RELEASE)
    ]


def test_a_socket_unit_needs_no_server_beside_another():
    state = hosts.el9_host()
    steps = steps_of(
        state._replace(service=state.service._replace(socket='httpd.socket')),
        beside=CAN,
        strategy='stop',
    )
    assert after_staging(steps)[-3:] == [('stop_server', None), ('start_server', None), PROVE]


def named(steps, name):
    return [step for step in steps if step.name == name][0]


@pytest.mark.parametrize(
    'means, drain_timeout, longest',
    [(QUEUE, 5, 45), (QUEUE, 3600, 120), (DROP, 5, 15), (DROP, 0, 15)],
)
def test_a_hold_ends_by_itself(means, drain_timeout, longest):
    steps = steps_of(hosts.el9_host(), means, drain_timeout=drain_timeout)
    order = named(steps, 'hold').order
    assert order == HoldOrder(means, ports=[80], addresses=[], longest=longest, token='t0k')
    assert (
        order
        == named(steps, 'hold').undo_order
        == named(steps, 'release').order
        == named(steps, 'release').undo_order
    )


@pytest.mark.parametrize(
    'places, ports, addresses',
    [
        ([('0.0.0.0', 80), ('192.0.2.1', 443)], [80, 443], []),
        ([('::', 80)], [80], []),
        ([('192.0.2.2', 443), ('192.0.2.1', 443)], [443], ['192.0.2.1', '192.0.2.2']),
    ],
)
def test_only_connections_to_this_server_are_held(places, ports, addresses):
    state = hosts.el9_host()
    running = state.servers.running._replace(
        listeners=[
            Listener(4, address, port, number) for number, (address, port) in enumerate(places)
        ]
    )
    order = named(
        steps_of(state._replace(servers=state.servers._replace(running=running))), 'hold'
    ).order
    assert (order.ports, order.addresses) == (ports, addresses)


def test_whom_the_new_server_serves_already_is_not_cut_off_on_the_way_back():
    steps = steps_of(hosts.el9_host(), drain_timeout=7)
    assert named(steps, 'start').undo_order.drain_timeout == 7
    assert named(steps, 'start').order.drain_timeout == 0


def test_the_new_server_is_started_in_the_unit_and_so_is_the_old_one_on_the_way_back():
    steps = steps_of(hosts.el9_host(), beside=CAN, drain_timeout=7)
    tell, stop, start, drained = [
        named(steps, name) for name in ('tell systemd', 'stop', 'start', 'drain')
    ]
    pid = hosts.el9_host().servers.running.main.pid
    assert tell.order.pid == pid and 'RemainAfterExit=yes' in tell.order.text
    assert start.order.start.loaded != stop.undo_order.start.loaded
    assert (
        pid in start.order.start.evidence.spare
        and pid in start.undo_order.stop_all.evidence.spare
        and pid in stop.undo_order.start.evidence.spare
    )
    assert pid not in stop.undo_order.afresh.evidence.spare
    assert start.undo_order.stop_all.drain_timeout == 7
    assert (
        stop.order
        == start.order.old
        == stop.undo_order.old
        == tell.undo_order.old
        == drained.order.old
    )


def test_the_old_server_is_spared_while_it_finishes_and_ended_afterwards():
    steps = steps_of(hosts.el6_host())
    stop, start, drained = [named(steps, name) for name in ('stop', 'start', 'drain')]
    pid = hosts.el6_host().servers.running.main.pid
    assert (
        pid in start.order.evidence.spare
        and pid in start.undo_order.evidence.spare
        and pid not in stop.undo_order.start.evidence.spare
    )
    assert (
        drained.order == stop.order == stop.undo_order.old
        and stop.order.pid_file == start.order.pid_file
    )
