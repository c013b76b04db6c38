# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands against an overlap before anything is tried."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host.strategies import overlap
from ansible_collections.webops.apache.plugins.module_utils._model import (
    Listener,
    Outsider,
    Process,
)
from ansible_collections.webops.apache.plugins.module_utils._system import memory
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


@pytest.mark.parametrize(
    'version, conf, reason',
    [
        ('2.4.6', u'', 'cannot share'),
        ('2.2.15', u'', '2.4.17 and newer can'),
        ('2.4.62', u'ListenCoresBucketsRatio 8\n', 'sets ListenCoresBucketsRatio'),
        (
            '2.4.62',
            u'<IfModule worker.c>\nlistencoresbucketsratio 2\n</IfModule>\n',
            'sets ListenCoresBucketsRatio',
        ),
    ],
)
def test_httpd_has_to_be_able_to(version, conf, reason):
    state = hosts.el9_host(version=version, httpd_conf=hosts.EL_HTTPD + conf)
    ability = overlap.try_overlap(None, state)
    assert ability.means is None and reason in ability.problem


@pytest.mark.parametrize(
    'count, reason',
    [(0, 'no listening socket'), (1, 'no listening socket'), (2, 'more than one socket')],
)
def test_each_address_has_one_socket(monkeypatch, count, reason):
    state = hosts.el9_host()
    running = state.servers.running._replace(
        listeners=[Listener(4, '127.0.0.1', 80, 1)] if count > 1 else []
    )
    state = state._replace(servers=state.servers._replace(running=running))
    monkeypatch.setattr(
        overlap.sockets,
        'read_listeners',
        lambda: [Listener(4, '127.0.0.1', 80, number) for number in range(count)],
    )
    assert reason in overlap.try_overlap(None, state).problem


def test_nothing_else_may_hold_its_sockets(monkeypatch):
    state = hosts.el9_host()
    sleeper = Process(30, 1, 5, 'sleep', '/bin/sleep')
    outsider = Outsider(sleeper, 'process 30 (/bin/sleep, user www-data)', [80, 443], False)
    running = state.servers.running._replace(outsiders=[outsider])
    state = state._replace(servers=state.servers._replace(running=running))
    monkeypatch.setattr(overlap.sockets, 'read_listeners', lambda: running.listeners)
    assert overlap.try_overlap(None, state).problem == (
        'process 30 (/bin/sleep, user www-data) holds the listening socket of port 80, 443, too'
    )


def test_two_servers_have_to_find_room(monkeypatch):
    state = hosts.el9_host()
    monkeypatch.setattr(overlap.sockets, 'read_listeners', lambda: state.servers.running.listeners)
    monkeypatch.setattr(overlap.memory, 'used_by', lambda pids: 2048 * 1024)
    monkeypatch.setattr(memory, 'available', lambda: 1024 * 1024)
    assert (
        overlap.try_overlap(None, state).problem
        == 'two servers at a time need about 2048 MiB more, and 1024 MiB are free'
    )


@pytest.mark.skipif(os.geteuid() != 0, reason='only root has the ports that we come from')
def test_steering_is_tried_with_sockets_of_our_own():
    assert overlap._try_steering(set([4, 6])) is None
