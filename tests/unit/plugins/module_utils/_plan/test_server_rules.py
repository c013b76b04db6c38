# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules about processes of others: which of them stand in the way, and which are only told."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

SLEEPER = model.Process(30, 1, 5, 'sleep', '/bin/sleep')


def findings(**changes):
    """Return [(level, acceptable, reason)] of `not_ours` on a host whose Servers are changed."""
    state = hosts.el6_host()
    state = state._replace(servers=state.servers._replace(**changes))
    plan = planner.build_plan(state, hosts.wanted('worker'))
    return [
        (found.level, found.acceptable, found.reason)
        for found in plan.findings
        if found.rule == 'not_ours'
    ]


def running(*outsiders):
    return hosts.server('prefork')._replace(outsiders=list(outsiders))


class TestBesideByOthers:
    @pytest.mark.parametrize(
        'unowned, words',
        [
            (
                model.Unowned(1, ['process 7 (/usr/sbin/httpd, user mallory)']),
                'too: process 7 (/usr/sbin/httpd, user mallory). These',
            ),
            (
                model.Unowned(3, ['process 7 (a)', 'process 8 (b)']),
                'too: process 7 (a), process 8 (b) and 1 more. These',
            ),
        ],
    )
    def test_is_told_and_stands_in_no_way(self, unowned, words):
        ((level, _acceptable, reason),) = findings(unowned=unowned)
        assert level == model.WARN and words in reason

    def test_is_nothing_where_nobody_else_runs_it(self):
        assert findings() == []


class TestHeldByOthers:
    def test_is_told_of_what_is_ended_with_the_server(self):
        ((level, _acceptable, reason),) = findings(
            running=running(
                model.Outsider(SLEEPER, 'process 30 (/bin/sleep, user apache)', [80], False)
            )
        )
        assert level == model.WARN
        assert (
            reason.startswith(
                'Process 30 (/bin/sleep, user apache) holds the listening socket of port 80, too'
            )
            and 'is ended' in reason
        )

    def test_is_refused_where_the_server_has_its_socket_from_it(self):
        ((level, acceptable, reason),) = findings(
            running=running(model.Outsider(SLEEPER, 'process 30 (/x, user root)', [80, 443], True))
        )
        assert (level, acceptable) == (model.REFUSE, False) and 'port 80, 443' in reason


class TestAnotherServer:
    @pytest.mark.parametrize('mpm, refused', [('worker', True), ('event', False)])
    def test_may_read_what_would_change_where_that_is_not_known(self, mpm, refused):
        other = model.Other(SLEEPER, '/root/blue.conf', None, None, '/root/blue.conf is too large.')
        state = hosts.changed(hosts.el9_host(), others=[other])

        plan = planner.build_plan(state, hosts.wanted(mpm))

        found = [one for one in plan.findings if one.rule == 'shared_files']
        assert [(one.level, one.acceptable) for one in found] == [('refuse', True)] * refused
        assert all('not known (/root/blue.conf is too large.)' in one.reason for one in found)
