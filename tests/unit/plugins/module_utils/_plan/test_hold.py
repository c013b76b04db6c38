# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order of the rung `hold`, and of a stop after which the old server still finishes what it has begun."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

import pytest

from ansible_collections.webops.apache.plugins.module_utils._model import Ability, Listener
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

QUEUE, DROP = 'nfqueue by nft', 'drop by iptables'
HOLD, RELEASE, AGAIN = ('hold_connections', 'release_connections'), ('release_connections', 'hold_again'), ('start_server', 'stop_whatever_runs')
STOP, LISTENING = ('stop_server', 'ensure_started'), ('stop_listening', 'start_beside_drained')


def steps_of(state, means=QUEUE, **seconds):
    state = state._replace(abilities={'hold': Ability(means, None)})
    return planner.build_plan(state, hosts.wanted('worker', **seconds)._replace(strategy='hold'), token='t0k').steps


def after_staging(steps):
    found = [(step.action, step.undo) for step in steps if step.action != 'swap_file']
    return found[found.index(HOLD):]


@pytest.mark.parametrize('state, seconds, order', [
    (hosts.el9_host(), {}, [HOLD, STOP, AGAIN, RELEASE, ('prove', None)]),
    (hosts.el6_host(), {}, [HOLD, LISTENING, AGAIN, RELEASE, ('end_drained', None), ('prove', None)]),
    (hosts.el6_host(), {'drain_timeout': 0}, [HOLD, STOP, AGAIN, RELEASE, ('prove', None)]),
], ids=['systemd', 'init', 'init, and nothing is drained'])
def test_connections_wait_from_before_the_stop_until_the_new_server_listens(state, seconds, order):
    steps = steps_of(state, **seconds)
    assert after_staging(steps) == order
    assert json.loads(json.dumps([step.args for step in steps]))


def named(steps, name):
    return [step for step in steps if step.name == name][0]


@pytest.mark.parametrize('means, drain_timeout, longest', [(QUEUE, 5, 45), (QUEUE, 3600, 120), (DROP, 5, 15), (DROP, 0, 15)])
def test_a_hold_ends_by_itself(means, drain_timeout, longest):
    steps = steps_of(hosts.el9_host(), means, drain_timeout=drain_timeout)
    args = named(steps, 'hold').args
    assert args == {'means': means, 'ports': [80], 'addresses': [], 'longest': longest, 'token': 't0k'}
    assert args == named(steps, 'hold').undo_args == named(steps, 'release').args == named(steps, 'release').undo_args


@pytest.mark.parametrize('places, ports, addresses', [
    ([('0.0.0.0', 80), ('192.0.2.1', 443)], [80, 443], []), ([('::', 80)], [80], []),
    ([('192.0.2.2', 443), ('192.0.2.1', 443)], [443], ['192.0.2.1', '192.0.2.2'])])
def test_only_connections_to_this_server_are_held(places, ports, addresses):
    state = hosts.el9_host()
    running = state.servers.running._replace(listeners=[Listener(4, address, port, number) for number, (address, port) in enumerate(places)])
    args = named(steps_of(state._replace(servers=state.servers._replace(running=running))), 'hold').args
    assert (args['ports'], args['addresses']) == (ports, addresses)


def test_whom_the_new_server_serves_already_is_not_cut_off_on_the_way_back():
    steps = steps_of(hosts.el9_host(), drain_timeout=7)
    assert named(steps, 'start').undo_args['drain_timeout'] == 7
    assert 'drain_timeout' not in named(steps, 'start').args


def test_the_old_server_is_spared_while_it_finishes_and_ended_afterwards():
    steps = steps_of(hosts.el6_host())
    stop, start, drained = [named(steps, name) for name in ('stop', 'start', 'drain')]
    pid = hosts.el6_host().servers.running.main.pid
    assert pid in start.args['spare'] and pid in start.undo_args['spare'] and pid not in stop.undo_args['spare']
    assert drained.args == stop.args == stop.undo_args['old'] and stop.args['pid_file'] == start.args['pid_file']
