# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What other users run, and what else holds the sockets of a server."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import servers
from ansible_collections.webops.apache.plugins.module_utils._model import Listener, Unowned
from ansible_collections.webops.apache.plugins.module_utils._system import (
    family,
    processes,
    sockets,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._host.noted import (
    MPMS,
    WORKER,
    noted,
)


class TestOtherUsers:
    """Processes that run the same program, and that another user than root has started."""

    ROWS = [
        (1, 0, '/sbin/init'),
        (20, 1, WORKER),
        (21, 20, WORKER),
        (22, 20, WORKER),
        (30, 1, WORKER),
        (31, 30, WORKER),
        (40, 1, None),
    ]
    APACHE, MALLORY = 48, 1001

    def test_do_not_count(self, table, tmp_path):
        rows = table(
            *self.ROWS,
            users={
                21: self.APACHE,
                22: self.APACHE,
                30: self.MALLORY,
                31: self.MALLORY,
                40: self.MALLORY,
            }
        )
        found = servers.read_servers(MPMS, noted(tmp_path, b'20'))
        assert (found.running.main, found.strangers) == (rows[1], [])
        assert found.unowned == Unowned(2, [family.describe(rows[4]), family.describe(rows[6])])

    def test_are_not_taken_for_the_server_where_that_is_stopped(self, table, tmp_path):
        table(*self.ROWS[4:], users=dict((pid, self.MALLORY) for pid in (30, 31, 40)))
        assert servers.read_servers(MPMS, noted(tmp_path, None))[:3] == (None, [], 'absent')

    def test_are_named_up_to_a_number(self, table, tmp_path):
        table(
            *[(100 + number, 1, WORKER) for number in range(1000)],
            users=dict((100 + number, self.MALLORY) for number in range(1000))
        )
        unowned = servers.read_servers(MPMS, noted(tmp_path, None)).unowned
        assert (unowned.count, len(unowned.examples)) == (1000, servers.EXAMPLES)

    def test_are_the_servers_own_where_it_runs_as_one_of_them(self, table, tmp_path):
        rows = table(
            *self.ROWS[:-1], users=dict((pid, self.APACHE) for pid in (20, 21, 22, 30, 31))
        )
        found = servers.read_servers(MPMS, noted(tmp_path, b'20'))
        assert (found.running.owners, found.running.users) == (set([self.APACHE]), set())
        assert found.strangers == [rows[4]]

    def test_tell_whom_the_children_run_as(self, table, tmp_path):
        table(*self.ROWS, users={21: self.APACHE, 22: self.APACHE})
        running = servers.read_servers(MPMS, noted(tmp_path, b'20')).running
        assert (running.owners, running.users) == (set([0]), set([self.APACHE]))


class TestGroups:
    @pytest.mark.parametrize(
        'main_pid, ends_all, groups',
        [
            (20, True, ['/system.slice/httpd.service']),
            (20, False, []),
            (21, True, []),
            (None, True, []),
        ],
    )
    def test_are_those_whose_members_the_manager_ends(
        self, table, tmp_path, monkeypatch, main_pid, ends_all, groups
    ):
        table((20, 1, WORKER))
        monkeypatch.setattr(
            processes,
            'control_groups',
            lambda pid: set(['/', '/system.slice/httpd.service', '/user.slice/user-0.slice']),
        )
        service = noted(tmp_path, b'20')._replace(main_pid=main_pid, ends_all=ends_all)
        assert servers.read_servers(MPMS, service).running.groups == set(groups)


class TestWhatPassesBy:
    @pytest.mark.parametrize(
        'words, passes',
        [
            (['-t'], True),
            (['-D', 'X', '-t', '-D', 'DUMP_VHOSTS'], True),
            (['-V'], True),
            (['-tDDUMP_VHOSTS'], True),
            (['-Xt'], True),
            (['-f', '/srv/a.conf', '-S'], True),
            (['-D', '-t'], False),
            (['-D-t'], False),
            (['-f', '-v'], False),
            (['-kgraceful'], True),
            (['-k', 'graceful'], True),
            (['-k', 'stop'], True),
            (['-k', 'start'], False),
            ([], False),
            (['-DFOREGROUND'], False),
            (['-f', '/srv/graceful'], False),
        ],
        ids=repr,
    )
    @pytest.mark.parametrize('listens', [False, True])
    def test_is_no_second_server(self, table, tmp_path, monkeypatch, words, passes, listens):
        rows = table((20, 1, WORKER), (30, 1, WORKER))
        monkeypatch.setattr(processes, 'command_line', lambda pid: [WORKER] + words)
        monkeypatch.setattr(sockets, 'listening_inodes', lambda: set([7]))
        monkeypatch.setattr(
            sockets, 'socket_inodes', lambda pid: set([7] if listens and pid == 30 else [])
        )
        # After a graceful start of a stopped server this is the command line of a main process.
        assert servers.read_servers(MPMS, noted(tmp_path, b'20')).strangers == (
            [] if passes and not listens else [rows[1]]
        )

    @pytest.mark.parametrize('later', ['gone', 'another', 'still there'])
    def test_has_ended_since_the_table_was_read(self, table, tmp_path, monkeypatch, later):
        rows = table((20, 1, WORKER), (30, 1, WORKER))
        found = {
            'gone': None,
            'another': rows[1]._replace(start_time=5000),
            'still there': rows[1],
        }[later]
        monkeypatch.setattr(
            processes, 'read_process', lambda pid: found if pid == 30 else rows[0]
        )
        monkeypatch.setattr(processes, 'command_line', lambda pid: [])
        assert servers.read_servers(MPMS, noted(tmp_path, b'20')).strangers == (
            [rows[1]] if later == 'still there' else []
        )


class TestOutsiders:
    @pytest.fixture
    def holding(self, table, monkeypatch):
        """The server (20, its child 21) listens on 80 and 443; others hold some of that, too."""
        rows = table(
            (1, 0, '/sbin/init'),
            (5, 1, '/usr/bin/supervise'),
            (20, 5, WORKER),
            (21, 20, WORKER),
            (22, 21, '/bin/sh'),
            (23, 1, '/usr/bin/python3'),
            (24, 1, '/bin/sleep'),
        )
        held = {
            5: set(),
            20: set([7080, 7443]),
            21: set([7080, 7443, 99]),
            22: set([99]),
            23: set([7443, 7080]),
            24: None,
        }
        monkeypatch.setattr(sockets, 'held_sockets', lambda pid: held.get(pid, set()))
        monkeypatch.setattr(
            sockets,
            'read_listeners',
            lambda: [Listener(4, '0.0.0.0', port, 7000 + port) for port in (22, 80, 443)],
        )
        return rows, held

    def test_are_those_who_hold_a_listening_socket_and_are_no_part_of_the_server(
        self, holding, tmp_path
    ):
        outsiders = servers.read_servers(MPMS, noted(tmp_path, b'20')).running.outsiders
        assert outsiders == [(holding[0][5], family.describe(holding[0][5]), [80, 443], False)]

    def test_may_be_what_started_the_server(self, holding, tmp_path):
        holding[1].update({5: set([7080]), 23: set()})
        outsiders = servers.read_servers(MPMS, noted(tmp_path, b'20')).running.outsiders
        assert outsiders == [(holding[0][1], family.describe(holding[0][1]), [80], True)]

    def test_are_started_by_a_child_that_runs_the_same_program_too(
        self, holding, tmp_path, monkeypatch
    ):
        # A page may start it: what the main process has not forked is no part of the server.
        rows = holding[0]
        rows[4] = rows[4]._replace(exe=WORKER)
        holding[1].update({22: set([7080]), 23: set()})
        assert [
            item.process.pid
            for item in servers.read_servers(MPMS, noted(tmp_path, b'20')).running.outsiders
        ] == [22]

    @pytest.mark.parametrize('socket, pids', [('httpd.socket', []), (None, [1])])
    def test_are_not_the_manager_that_listens_for_it(self, holding, tmp_path, socket, pids):
        holding[1].update({1: set([7080]), 23: set()})
        outsiders = servers.read_servers(MPMS, noted(tmp_path, b'20', socket)).running.outsiders
        assert [item.process.pid for item in outsiders] == pids
