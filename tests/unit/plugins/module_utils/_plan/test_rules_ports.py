# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whether another program that listens on a port of ours keeps us from it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


@pytest.mark.parametrize(
    'configured, ours, theirs, refused',
    [
        (u'80', '0.0.0.0', '127.0.0.1', True),
        (u'10.0.0.1:80', '10.0.0.1', '127.0.0.1', False),
        (u'10.0.0.1:80', '10.0.0.9', '10.0.0.1', True),
        # Of the other family of addresses; `::` takes IPv4 too, unless ours is seen to listen
        # beside it.
        (u'10.0.0.1:80', '10.0.0.1', '::', False),
        (u'0.0.0.0:80', '0.0.0.0', '::', False),
        (u'[::]:80', '::', '0.0.0.0', False),
        (u'10.0.0.1:80', '10.0.0.9', '::', True),
        (u'[2001:db8::1]:80', '10.0.0.9', '0.0.0.0', False),
        (u'[::]:80', '10.0.0.9', '0.0.0.0', True),
        (u'[2001:db8::1]:80', '10.0.0.9', '::', True),
        (u'[2001:db8::1]:80', '2001:db8::1', '2001:db8::2', False),
        (u'[2001:db8::1]:80', '2001:db8::1', '2001:db8::1', True),
        (u'80', '10.0.0.9', '2001:db8::1', True),
    ],
)
def test_a_port_is_held_by_another_program(configured, ours, theirs, refused):
    state = hosts.el6_host(
        httpd_conf=hosts.STOCK_HTTPD.replace(u'Listen 80\n', u'Listen %s\n' % configured)
    )
    running = state.servers.running._replace(listeners=[model.Listener(4, ours, 80, 1)])
    state = hosts.changed(
        state,
        servers=state.servers._replace(running=running),
        port_holders=[(theirs, 80, 'process 7 (nginx)')],
    )
    findings = planner.build_plan(state, hosts.wanted('worker'), token='t').findings
    assert [
        'is held by' in finding.reason for finding in findings if finding.rule == 'not_ours'
    ] == [True] * refused
