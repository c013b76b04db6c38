# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import contextlib
import os
import socket
import subprocess

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import servers
from ansible_collections.webops.apache.plugins.module_utils._model import Listener, Unowned
from ansible_collections.webops.apache.plugins.module_utils._system import (
    family,
    processes,
    sockets,
)
from ansible_collections.webops.apache.plugins.module_utils._system.clock import wait_until
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._host.noted import (
    MPMS,
    PREFORK,
    WORKER,
    noted,
    service_at,
)


@contextlib.contextmanager
def listening():
    server = socket.socket()
    try:
        server.bind(('127.0.0.1', 0))
        server.listen(1)
        yield server.getsockname()[1], os.fstat(server.fileno()).st_ino
    finally:
        server.close()


class TestReadServers:
    ROWS = [
        (1, 0, '/sbin/init'),
        (20, 1, WORKER),
        (21, 20, WORKER),
        (22, 20, WORKER),
        (23, 22, '/bin/sh'),
        (30, 1, PREFORK),
        (31, 30, PREFORK),
    ]

    def test_tells_ours_from_strangers_by_the_pid_file(self, table, tmp_path):
        rows = table(*self.ROWS)
        found = servers.read_servers(MPMS, noted(tmp_path, b'20\n'))
        assert found.pid_file_state == 'ok'
        assert (
            found.running.main,
            found.running.mpm,
            found.running.processes,
            found.running.threads,
        ) == (rows[1], 'worker', 4, 40)
        assert found.strangers == [rows[5]]

    @pytest.mark.parametrize(
        'content, state',
        [
            (None, 'absent'),
            (b'', 'stale'),
            (b'\n', 'stale'),
            (b'x', 'stale'),
            (b'12x', 'stale'),
            (b'\xff', 'stale'),
            (b'99\n', 'stale'),
            (b'0\n', 'stale'),
            (b'-20', 'stale'),
            (b'1\n', 'reused'),
            (b'23\n', 'reused'),
            (b'21\n', 'reused'),
        ],
        ids=repr,
    )
    def test_tells_what_is_wrong_with_the_pid_file(self, table, tmp_path, content, state):
        rows = table(*self.ROWS)
        assert servers.read_servers(MPMS, noted(tmp_path, content)) == (
            None,
            [rows[1], rows[5]],
            state,
            Unowned(0, []),
            None,
        )

    @pytest.mark.parametrize(
        'content, moved',
        [(b'20', True), (b'21', True), (b'22', False), (b'7', False), (b'x', False), (None, False)],
    )
    def test_tells_where_the_configuration_has_the_pid_file(self, table, tmp_path, content, moved):
        table((20, 1, WORKER), (21, 1, WORKER), (22, 21, WORKER), (7, 1, '/bin/sh'))
        configured = str(tmp_path / 'web.pid')
        if content is not None:
            (tmp_path / 'web.pid').write_bytes(content)
        found = servers.read_servers(MPMS, noted(tmp_path, None), configured)
        assert found.running is None and found.moved == (configured if moved else None)

    def test_where_the_service_finds_its_server_no_pid_file_has_moved(self, table, tmp_path):
        table((20, 1, WORKER), (21, 1, WORKER))
        (tmp_path / 'web.pid').write_bytes(b'21')
        found = servers.read_servers(MPMS, noted(tmp_path, b'20'), str(tmp_path / 'web.pid'))
        assert found.running.main.pid == 20 and found.moved is None

    def test_takes_a_folder_for_no_pid_file(self, table, tmp_path):
        table(*self.ROWS)
        assert servers.read_servers(MPMS, service_at(tmp_path)).pid_file_state == 'absent'

    def test_names_no_mpm_for_a_program_that_has_none_of_ours(self, table, tmp_path):
        table((20, 1, '/usr/sbin/httpd.itk'))
        assert servers.read_servers(MPMS, noted(tmp_path, b'20')).running.mpm is None

    def test_names_no_mpm_where_the_program_cannot_be_seen(self, table, tmp_path):
        table((20, 1, None))
        assert servers.read_servers(MPMS, noted(tmp_path, b'20')).running.mpm is None

    def test_takes_orphans_for_strangers(self, table, tmp_path):
        rows = table((21, 1, WORKER), (22, 1, WORKER))
        assert servers.read_servers(MPMS, noted(tmp_path, b'20')) == (
            None,
            rows,
            'stale',
            Unowned(0, []),
            None,
        )

    def test_reads_a_real_process_and_its_sockets(self, tmp_path):
        me = processes.read_process(os.getpid())
        with listening() as (port, inode):
            found = servers.read_servers(
                {me.exe: 'event'},
                noted(tmp_path, b'%d' % me.pid if bytes is str else str(me.pid).encode('ascii')),
            )
            if found.running is None:
                pytest.skip('a parent of this process runs the same program')
            assert (found.running.main.pid, found.running.mpm) == (me.pid, 'event')
            assert Listener(4, '127.0.0.1', port, inode, os.geteuid()) in found.running.listeners


class TestPassingCommands:
    """A command of httpd that only asks something or sends a signal is not counted as a server."""

    @pytest.fixture
    def find(self, table, tmp_path, monkeypatch):
        """Return the pids of the strangers, where process 30 shows these command lines in turn.

        None: it has ended. The last one stays.
        """
        monkeypatch.setattr(servers, 'WORDS_SECONDS', 0.2)
        table((20, 1, WORKER), (30, 1, WORKER))
        read = processes.read_process

        def run(*shown):
            left = list(shown)

            def command_line(pid):
                if pid == 30 and len(left) > 1:
                    return left.pop(0) or []
                return (left[0] or []) if pid == 30 else [WORKER]

            monkeypatch.setattr(processes, 'command_line', command_line)
            monkeypatch.setattr(
                processes, 'read_process', lambda pid: None if left == [None] else read(pid)
            )
            found = servers.read_servers(MPMS, noted(tmp_path, b'20'))
            return [process.pid for process in found.strangers]

        return run

    @pytest.mark.parametrize(
        'shown',
        [
            ([WORKER, '-k', 'graceful'],),
            ([WORKER, '-t'],),
            # The kernel loads the program.
            ([], [], [WORKER, '-k', 'graceful']),
            # It ends: before it is looked at, and afterwards.
            (None,),
            ([], [], None),
        ],
        ids=['signal', 'question', 'begins', 'has ended', 'ends'],
    )
    def test_pass_by(self, find, shown):
        assert find(*shown) == []

    @pytest.mark.parametrize(
        'shown',
        [
            ([WORKER],),
            ([WORKER, '-k', 'start'],),
            ([], [], [WORKER, '-f', '/etc/other.conf']),
            # Of another user's process nothing is read.
            ([],),
        ],
        ids=['plain', 'start', 'begins', 'without words'],
    )
    def test_a_server_that_does_not_listen_yet_stays(self, find, shown):
        assert find(*shown) == [30]


class TestReadPortHolders:
    def test_names_who_holds_a_port(self):
        with listening() as (port, _inode):
            assert servers.read_port_holders([port], None, service_at('/none')) == [
                ('127.0.0.1', port, family.describe(processes.read_process(os.getpid())))
            ]

    def test_leaves_out_what_our_server_holds(self, table, tmp_path):
        with listening() as (port, inode):
            table((20, 1, WORKER))
            running = servers.read_servers(MPMS, noted(tmp_path, b'20')).running
            ours = running._replace(listeners=[Listener(4, '127.0.0.1', port, inode)])
            assert servers.read_port_holders([port], ours, service_at('/none')) == []

    def test_leaves_out_other_ports(self):
        with listening():
            assert servers.read_port_holders([], None, service_at('/none')) == []


class TestRealServer:
    def test_is_seen_with_its_children(self, tmp_path):
        shell = os.path.realpath('/bin/sh')
        process = subprocess.Popen(['/bin/sh', '-c', 'sleep 60; :'], preexec_fn=os.setpgrp)
        try:
            path = noted(tmp_path, str(process.pid).encode('ascii'))
            assert wait_until(
                lambda: (servers.read_servers({shell: 'worker'}, path).running or [0] * 5)[2] == 2,
                5,
            )
        finally:
            os.killpg(process.pid, 9)
            process.wait()


class TestLoadedMpm:
    @pytest.mark.parametrize(
        'paths, mpm',
        [
            ([], None),
            (
                [
                    '/usr/sbin/httpd',
                    '/usr/lib64/httpd/modules/mod_mpm_event.so',
                    '/usr/lib64/libc.so.6',
                ],
                'event',
            ),
            (['/opt/rh/httpd24/root/usr/lib64/httpd/modules/mod_mpm_prefork.so'] * 3, 'prefork'),
            (['/a/mod_mpm_worker.so', '/b/mod_mpm_worker.so'], 'worker'),
            (['/a/mod_mpm_worker.so', '/a/mod_mpm_event.so'], None),
            (['/a/mod_mpm_itk.so'], None),
            (
                ['/a/xmod_mpm_worker.so', '/a/mod_mpm_worker.so.rpmnew', '/mod_mpm_worker.so/x'],
                None,
            ),
        ],
        ids=[
            'nothing',
            'one',
            'the same thrice',
            'in two folders',
            'two',
            'a foreign one',
            'other names',
        ],
    )
    def test_is_told_by_what_is_mapped(self, paths, mpm):
        assert servers.loaded_mpm(paths) == mpm

    def test_is_told_even_after_the_file_was_replaced(self):
        assert (
            servers.loaded_mpm(['/usr/lib64/httpd/modules/mod_mpm_event.so (deleted)']) == 'event'
        )

    @pytest.mark.parametrize(
        'linked_in, mapped, mpm',
        [
            (None, ['/m/mod_mpm_event.so'], 'event'),
            ('worker', [], 'worker'),
            ('worker', ['/m/mod_mpm_event.so'], 'worker'),
            (None, [], None),
        ],
    )
    def test_counts_where_none_is_linked_in(
        self, table, tmp_path, monkeypatch, linked_in, mapped, mpm
    ):
        table((20, 1, '/usr/sbin/httpd'))
        monkeypatch.setattr(
            processes, 'mapped_files', lambda pid: set(mapped) if pid == 20 else set()
        )
        assert (
            servers.read_servers({'/usr/sbin/httpd': linked_in}, noted(tmp_path, b'20')).running.mpm
            == mpm
        )


class TestInheritedSockets:
    @pytest.fixture
    def held(self, table, monkeypatch):
        """The server (20) holds two listening sockets; the first process holds one of them, and
        one more.
        """
        table((1, 0, '/sbin/init'), (20, 1, WORKER))
        held = {1: set([7080, 7022]), 20: set([7080, 7443, 99])}
        listeners = [Listener(4, '0.0.0.0', port, 7000 + port) for port in (22, 80, 443)]
        monkeypatch.setattr(sockets, 'socket_inodes', lambda pid: held.get(pid, set()))
        monkeypatch.setattr(sockets, 'read_listeners', lambda: listeners)

    @pytest.mark.parametrize('socket, inherited', [('httpd.socket', [7080]), (None, [])])
    def test_are_those_that_the_service_manager_holds_for_it(
        self, held, tmp_path, socket, inherited
    ):
        running = servers.read_servers(MPMS, noted(tmp_path, b'20', socket)).running
        assert running.inherited == frozenset(inherited)
        assert [listener.port for listener in running.listeners] == [80, 443]

    @pytest.mark.parametrize(
        'socket, running, ports',
        [
            ('httpd.socket', True, []),
            ('httpd.socket', False, [443]),
            (None, True, [22]),
            (None, False, [22, 80, 443]),
        ],
    )
    def test_are_not_held_by_another(self, held, tmp_path, socket, running, ports):
        service = noted(tmp_path, b'20', socket)
        ours = servers.read_servers(MPMS, service).running if running else None
        assert [
            port for _address, port, _who in servers.read_port_holders([22, 80, 443], ours, service)
        ] == ports
