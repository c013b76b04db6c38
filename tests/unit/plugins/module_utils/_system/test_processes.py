# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import mmap
import os
import resource
import signal
import subprocess

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Process
from ansible_collections.webops.apache.plugins.module_utils._system import family, processes
from ansible_collections.webops.apache.plugins.module_utils._system.clock import wait_until

# From the test host.
MASTER = (
    u'21 (httpd) S 1 21 21 0 -1 4194624 573 0 0 0 2 9 0 0 20 0 1 0 307137 20086784 2333 '
    u'18446744073709551615 94424190447616 94424190877017 '
    u'140727785674912 0 0 0 0 16781312 134235883 1 0 0 17 1 0 0 0 0 0 94424191006736 '
    u'94424191033968 94424806100992 140727785680678 140727785680694 '
    u'140727785680694 140727785680872 0\n'
)
PR_SET_NAME = 15


@pytest.fixture
def sleeper():
    """A process that sleeps, and is gone afterwards."""
    process = subprocess.Popen(['sleep', '60'])
    yield process
    if process.poll() is None:
        process.kill()
        process.wait()


class TestParseStat:
    def test_reads_the_line_of_a_server(self):
        assert processes.parse_stat(MASTER) == Process(21, 1, 307137, u'httpd', None)

    @pytest.mark.parametrize(
        'name', [u'a b', u'a) S 7 (b', u')', u'((', u'', u'httpd.worker', u'1) Z 1'], ids=repr
    )
    def test_is_not_misled_by_a_name(self, name):
        assert processes.parse_stat(MASTER.replace(u'(httpd)', u'(%s)' % name)) == Process(
            21, 1, 307137, name, None
        )

    @pytest.mark.parametrize('state', [u'Z', u'X', u'x'])
    def test_gives_none_for_the_dead(self, state):
        assert processes.parse_stat(MASTER.replace(u') S', u') ' + state)) is None

    @pytest.mark.parametrize('state', [u'R', u'D', u'T', u't', u'I'])
    def test_gives_all_others(self, state):
        assert processes.parse_stat(MASTER.replace(u') S', u') ' + state)).pid == 21

    @pytest.mark.parametrize(
        'text', [u'', u'21', u'21 (a', u'21 (a)', u'21 (a) S 1', u'x (a) S 1'], ids=repr
    )
    def test_gives_none_for_what_it_cannot_read(self, text):
        assert processes.parse_stat(text) is None


class TestReadPid:
    @pytest.mark.parametrize('content', [b'20', b'20\n', b' 20 x', b'20\n' + b'x' * 100000])
    def test_is_the_first_number(self, tmp_path, content):
        (tmp_path / 'pid').write_bytes(content)
        assert processes.read_pid(str(tmp_path / 'pid')) == 20

    @pytest.mark.parametrize('content', [b'', b'x', b'\n', b'\xff', b'2' * 31 + b'x'])
    def test_is_not_read_from_anything_else(self, tmp_path, content):
        (tmp_path / 'pid').write_bytes(content)
        with pytest.raises(ValueError):
            processes.read_pid(str(tmp_path / 'pid'))
        assert processes.noted_process(str(tmp_path / 'pid')) is None

    @pytest.mark.parametrize(
        'make', [os.mkfifo, os.mkdir, lambda path: os.symlink('/dev/tty', path)]
    )
    def test_waits_for_nobody(self, tmp_path, make):
        make(str(tmp_path / 'pid'))
        assert processes.noted_process(str(tmp_path / 'pid')) is None

    def test_of_no_file_is_an_error_of_its_own(self, tmp_path):
        with pytest.raises(OSError):
            processes.read_pid(str(tmp_path / 'pid'))


class TestUsers:
    def test_are_all_that_a_process_has(self, sleeper):
        assert processes.users_of(sleeper.pid) == set([os.getuid()])

    @pytest.mark.parametrize(
        'line, expected',
        [
            (u'Uid:\t0\t0\t0\t0', True),
            (u'Uid:\t0\t33\t0\t33', False),
            (u'Uid:\t33\t33\t33\t33', False),
            (u'', False),
            # A name that a process may give itself.
            (u'Name:\tx\x85Uid:\t0\t0\t0\t0\nUid:\t33\t33\t33\t33', False),
        ],
    )
    def test_are_root_only_where_all_are(self, monkeypatch, line, expected):
        status = u'Name:\tUid: 0\n%s\nGid:\t33\n' % line
        monkeypatch.setattr(processes, 'read_about', lambda pid, name: status)
        process = Process(1, 0, 5, u'httpd', None)
        assert family.is_owned(process, family.ROOT) is expected


class TestWhatAProcessWasStartedWith:
    def test_is_read_of_a_real_one(self):
        process = subprocess.Popen(['/bin/sleep', '60'], env={'A': 'b=c', 'EMPTY': ''})
        try:
            assert wait_until(lambda: processes.command_line(process.pid)[:1] == ['/bin/sleep'], 5)
            assert processes.command_line(process.pid) == ['/bin/sleep', '60']
            assert processes.environment_of(process.pid) == {'A': 'b=c', 'EMPTY': ''}
            assert processes.control_groups(process.pid) == processes.control_groups(os.getpid())
            assert all(path.startswith('/') for path in processes.control_groups(process.pid))
        finally:
            process.kill()
            process.wait()
        assert (
            processes.command_line(process.pid),
            processes.environment_of(process.pid),
            processes.control_groups(process.pid),
        ) == ([], {}, set())

    @pytest.mark.skipif(os.geteuid() != 0, reason='only root can start a process of somebody else')
    def test_is_not_read_of_another_users(self):
        process = subprocess.Popen(
            ['/bin/sleep', '60'], env={'A': 'b'}, preexec_fn=lambda: os.setuid(12345)
        )
        try:
            assert wait_until(lambda: processes.users_of(process.pid) == set([12345]), 5)
            assert (processes.command_line(process.pid), processes.environment_of(process.pid)) == (
                [],
                {},
            )
        finally:
            process.kill()
            process.wait()


class TestReadProcess:
    def test_reads_this_very_process(self):
        found = processes.read_process(os.getpid())
        assert (found.pid, found.parent, found.exe) == (
            os.getpid(),
            os.getppid(),
            os.readlink('/proc/self/exe'),
        )

    def test_gives_none_for_a_process_that_is_not_there(self):
        assert processes.read_process(2**22 + 5) is None
        assert processes.read_process(0) is None

    def test_gives_none_for_a_zombie(self, sleeper):
        sleeper.send_signal(signal.SIGKILL)
        assert wait_until(lambda: processes.read_process(sleeper.pid) is None, 5)

    def test_reads_a_name_with_blanks_and_brackets(self):
        libc = ctypes.CDLL(None)
        before = processes.read_process(os.getpid()).name
        libc.prctl(PR_SET_NAME, b'a) S 1 (b', 0, 0, 0)
        try:
            assert processes.read_process(os.getpid()).name == u'a) S 1 (b'
        finally:
            libc.prctl(PR_SET_NAME, before.encode('latin-1'), 0, 0, 0)

    def test_names_a_program_that_was_replaced(self, tmp_path):
        program = tmp_path / 'program'
        with open('/bin/sleep', 'rb') as stream:
            program.write_bytes(stream.read())
        program.chmod(0o755)
        process = subprocess.Popen([str(program), '60'])
        try:
            wait_until(
                lambda: (processes.read_process(process.pid) or [None])[-1] == str(program), 5
            )
            program.unlink()
            assert processes.read_process(process.pid).exe == str(program)
        finally:
            process.kill()
            process.wait()


class TestReadProcesses:
    def test_holds_this_process_and_its_parent(self):
        pids = [process.pid for process in processes.read_processes()]
        assert os.getpid() in pids
        assert len(pids) == len(set(pids))


class TestRunsOneOf:
    def test_knows_a_program_by_its_path(self, sleeper):
        process = processes.read_process(sleeper.pid)
        wait_until(
            lambda: processes.read_process(sleeper.pid).exe == os.path.realpath('/bin/sleep'), 5
        )
        process = processes.read_process(sleeper.pid)
        assert processes.runs_one_of(process, ['/x', process.exe])
        assert not processes.runs_one_of(process, ['/x', '/x/' + os.path.basename(process.exe)])

    def test_goes_by_the_name_where_the_path_is_hidden(self):
        assert processes.runs_one_of(
            Process(1, 0, 1, u'httpd.with-a-lo', None), ['/usr/sbin/httpd.with-a-long-name']
        )
        assert not processes.runs_one_of(
            Process(1, 0, 1, u'httpd', None), ['/usr/sbin/httpd.worker']
        )

    def test_leaves_a_process_that_is_gone(self):
        assert not processes.runs_one_of(Process(2**22 + 5, 0, 1, u'a', '/a'), ['/a'])


class TestIsAlive:
    def test_is_true_until_it_ends(self, sleeper):
        process = processes.read_process(sleeper.pid)
        assert processes.is_alive(process)
        sleeper.kill()
        assert wait_until(lambda: not processes.is_alive(process), 5)

    def test_tells_a_later_process_with_the_same_pid(self, sleeper):
        process = processes.read_process(sleeper.pid)
        assert not processes.is_alive(process._replace(start_time=process.start_time - 1))


class TestAgeOf:
    def test_is_counted_from_the_start_of_the_process(self, sleeper):
        age = processes.age_of(processes.read_process(sleeper.pid))
        assert 0 <= age < 5
        wait_until(lambda: False, 0.3)
        assert 0.1 < processes.age_of(processes.read_process(sleeper.pid)) - age < 5

    def test_where_the_uptime_is_that_of_a_container_it_is_nought(self, sleeper):
        process = processes.read_process(sleeper.pid)
        assert processes.age_of(process._replace(start_time=process.start_time + 10**9)) == 0


class TestFamilyOf:
    def test_gives_all_that_descend_from_it(self):
        def of(pid, parent):
            return Process(pid, parent, pid, u'a', None)

        table = [of(9, 5), of(5, 2), of(2, 1), of(3, 1), of(4, 2), of(6, 3)]
        assert [process.pid for process in processes.family_of(of(2, 1), table)] == [2, 4, 5, 9]
        assert processes.family_of(of(7, 1), table) == [of(7, 1)]

    def test_ends_where_pids_go_in_a_circle(self):
        table = [Process(2, 3, 2, u'a', None), Process(3, 2, 3, u'a', None)]
        assert processes.family_of(table[0], table) == table


class TestCountThreads:
    def test_counts_those_of_a_process(self, sleeper):
        assert processes.count_threads(sleeper.pid) == 1
        assert processes.count_threads(2**22 + 5) == 0


class TestMappedFiles:
    def test_holds_the_program(self, sleeper):
        assert wait_until(
            lambda: os.path.realpath('/bin/sleep') in processes.mapped_files(sleeper.pid), 5
        )
        assert processes.mapped_files(2**22 + 5) == set()


class TestOpenedForWriting:
    def test_holds_files_and_what_is_shared(self, tmp_path):
        read, written, shared = [
            os.path.realpath(str(tmp_path / name)) for name in ('read', 'written', 'shared')
        ]
        for path in (read, shared):
            with open(path, 'wb') as stream:
                stream.write(b'\0' * 4096)
        with open(shared, 'r+b') as stream:
            memory = mmap.mmap(stream.fileno(), 4096)
        with open(read, 'rb'):
            with open(written, 'ab'):
                found = processes.opened_for_writing(os.getpid())
        memory.close()
        assert set([written, shared]) <= found and read not in found

    def test_leaves_out_what_is_removed(self, tmp_path):
        path = os.path.realpath(str(tmp_path / 'gone'))
        with open(path, 'wb'):
            os.unlink(path)
            assert not [
                found
                for found in processes.opened_for_writing(os.getpid())
                if found.startswith(path)
            ]

    def test_of_a_process_that_is_gone_is_nothing(self):
        assert processes.opened_for_writing(2**22 + 5) == set()


class TestLimitsOf:
    def test_are_the_kernels_own(self, sleeper):
        limits = processes.limits_of(sleeper.pid)
        expected = [
            None if value == resource.RLIM_INFINITY else value
            for value in resource.getrlimit(resource.RLIMIT_NOFILE)
        ]
        assert limits['Max open files'] == tuple(expected) and 'Max processes' in limits
        assert processes.limits_of(2**22 + 5) == {}
