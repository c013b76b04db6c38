# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import select
import signal
import sys

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system.clock import wait_until
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    guardian,
    lock,
    state_folder,
)

WORD = 'w0rd'
SECONDS = 10


class Transaction(object):
    """A guarded run whose worker notes who is at it, and waits until it is let go."""

    def __init__(self, folder):
        self.folder, self.caller = folder, None
        self.lock = lock.take_lock(folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self, work=None, recover=None, leave=lambda: None):
        guardian.run_guarded(
            self.folder, self.lock, WORD, work or self.work, recover or self.recover, leave
        )

    def start_by_a_caller(self):
        """Have a process of its own call, so that it can be killed."""
        self.caller = os.fork()
        if self.caller == 0:
            try:
                self.start()
                signal.pause()
            finally:
                os._exit(0)

    def work(self):
        return self.note('work', {'by': 'work'})

    def recover(self):
        return self.note('recover', {'by': 'recover'})

    def note(self, name, result):
        state_folder.write_json(self.path(name), [os.getpid(), os.getppid()])
        wait_until(lambda: os.path.exists(self.path('go')), 2 * SECONDS)
        return result

    def who(self, name='work'):
        """Return (worker, guardian) once they are at it."""
        return wait_until(lambda: state_folder.read_json(self.path(name)), SECONDS)

    def go(self):
        state_folder.write_private(self.path('go'), b'')

    def let_go_of_the_lock(self):
        if self.lock is not None:
            lock.release_lock(self.lock)
        self.lock = None

    def result(self, seconds=SECONDS):
        self.let_go_of_the_lock()
        return guardian.wait_for_result(
            self.folder, WORD, lambda: lock.is_free(self.folder), seconds
        )

    def is_over(self):
        self.let_go_of_the_lock()
        return wait_until(lambda: lock.is_free(self.folder), SECONDS)

    def end(self):
        """Kill the processes that are left, and see that nobody is."""
        self.go()
        if self.caller:
            kill(self.caller)
            os.waitpid(self.caller, 0)
        over = self.is_over()
        for name in ('work', 'recover'):
            for pid in reversed(state_folder.read_json(self.path(name)) or []):
                if is_there(pid) and not over:
                    kill(pid)
        return over and not [
            pid
            for name in ('work', 'recover')
            for pid in state_folder.read_json(self.path(name)) or []
            if pid != os.getpid() and not wait_until(lambda pid=pid: not is_there(pid), SECONDS)
        ]


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def is_there(pid):
    """Return whether a process runs; one that only waits for its parent to notice its end does
    not.
    """
    try:
        with open('/proc/%d/stat' % pid) as stream:
            return stream.read().rpartition(')')[2].split()[0] not in ('Z', 'X')
    except (IOError, OSError):
        return False


def descriptors(pid):
    folder = '/proc/%d/fd' % pid
    return dict((name, os.readlink(os.path.join(folder, name))) for name in os.listdir(folder))


@pytest.fixture
def run(tmpdir):
    made = Transaction(str(tmpdir.join('state')))
    yield made
    assert made.end(), 'a process is left'


class TestRunGuarded:
    def test_gives_the_result_of_the_worker(self, run):
        run.go()
        run.start()
        assert run.result() == {'by': 'work'}
        assert run.is_over() and not os.path.exists(run.path('recover'))

    def test_returns_at_once_and_the_guardian_is_a_session_of_its_own(self, run):
        run.start()
        worker, keeper = run.who()
        assert os.getpid() not in (worker, keeper)
        assert os.getsid(worker) == os.getsid(keeper) != os.getsid(0)
        assert os.getsid(keeper) != keeper, 'a leader of a session could get a terminal'

    def test_a_worker_that_is_killed_is_recovered_from(self, run):
        run.start()
        worker, keeper = run.who()
        kill(worker)
        assert run.who('recover')[1] == keeper
        run.go()
        assert run.result() == {'by': 'recover'}

    def test_a_worker_that_raises_is_recovered_from_and_says_why_in_the_log(self, run):
        def work():
            sys.stderr = os.fdopen(2, 'w')  # which pytest has replaced by one of its own
            raise ValueError('this is why')

        run.go()
        run.start(work)
        assert run.result() == {'by': 'recover'}
        assert run.is_over()
        assert b'this is why' in state_folder.read_private(run.path('guardian.log'))

    def test_a_worker_that_exits_or_gives_what_cannot_be_written_is_recovered_from(self, run):
        def work():
            return os._exit(3) if os.path.exists(run.path('first')) else object()

        run.go()
        run.start(work)
        assert run.result() == {'by': 'recover'}

    def test_leaves_the_session_of_the_login_before_the_worker_is_made(self, run):
        left = []
        run.go()
        run.start(
            lambda: {'left': left, 'warnings': ['first']},
            leave=lambda: left.append(os.getpid()) or 'stays',
        )
        result = run.result()
        assert len(result['left']) == 1 and result['left'] != [os.getpid()]
        assert result['warnings'] == ['first', 'stays']

    def test_does_its_work_where_the_session_cannot_be_left(self, run):
        def leave():
            sys.stderr = os.fdopen(2, 'w')  # which pytest has replaced by one of its own
            raise ValueError('no way out')

        run.go()
        run.start(leave=leave)
        assert run.result() == {'by': 'work'}
        assert run.is_over()
        assert b'no way out' in state_folder.read_private(run.path('guardian.log'))

    def test_a_recovery_that_fails_is_tried_three_times_and_then_left(self, run):
        def recover():
            with open(run.path('tries'), 'a') as stream:
                stream.write('.')
            raise ValueError()

        run.start(lambda: os._exit(3), recover)
        assert run.result() is None
        with open(run.path('tries')) as stream:
            assert len(stream.read()) == guardian.RECOVERIES

    def test_a_recovery_that_is_killed_is_tried_again(self, run):
        run.start(lambda: os._exit(3))
        first = run.who('recover')
        kill(first[0])
        assert wait_until(lambda: run.who('recover')[0] != first[0], SECONDS)
        run.go()
        assert run.result() == {'by': 'recover'}

    def test_a_caller_that_is_killed_changes_nothing(self, run):
        run.start_by_a_caller()
        worker, keeper = run.who()
        kill(run.caller)
        os.waitpid(run.caller, 0)
        run.caller = None
        assert is_there(worker) and is_there(keeper)
        run.go()
        assert run.result() == {'by': 'work'}

    def test_a_guardian_that_is_killed_leaves_the_worker_to_finish(self, run):
        run.start()
        worker, keeper = run.who()
        kill(keeper)
        assert wait_until(lambda: not is_there(keeper), SECONDS) and is_there(worker)
        run.go()
        assert run.result() == {'by': 'work'}

    def test_both_killed_leave_no_result_and_a_free_lock(self, run):
        run.start()
        worker, keeper = run.who()
        kill(keeper)
        kill(worker)
        assert run.result() is None
        assert lock.is_free(run.folder) and not os.path.exists(run.path('recover'))

    @pytest.mark.parametrize(
        'number',
        [signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGPIPE],
        ids=['HUP', 'TERM', 'INT', 'PIPE'],
    )
    def test_a_request_to_end_does_nothing(self, run, number):
        run.start()
        worker, keeper = run.who()
        for _time in range(3):
            os.kill(worker, number)
            os.kill(keeper, number)
            os.killpg(os.getpgid(keeper), number)
        assert not wait_until(lambda: not (is_there(worker) and is_there(keeper)), 0.2)
        run.go()
        assert run.result() == {'by': 'work'}
        assert not os.path.exists(run.path('recover'))

    def test_what_the_worker_starts_ignores_no_signal(self, run):
        def work():
            os.system('grep SigIgn /proc/self/status > %s' % run.path('status'))
            return {}

        run.start(work)
        assert run.result() == {}
        with open(run.path('status')) as stream:
            ignored = int(stream.read().split()[1], 16)
        before = [
            number for number in (signal.SIGHUP, signal.SIGTERM) if ignored >> (number - 1) & 1
        ]
        assert before == []

    def test_holds_no_descriptor_of_the_caller(self, run):
        read, write = os.pipe()
        run.start()
        run.who()
        os.close(write)
        try:
            assert select.select([read], [], [], SECONDS)[0] == [read] and os.read(read, 1) == b''
        finally:
            os.close(read)

    def test_holds_nothing_but_the_lock_the_log_and_nothing_to_read(self, run):
        run.start()
        expected = {
            '0': os.devnull,
            '1': run.path('guardian.log'),
            '2': run.path('guardian.log'),
            str(run.lock): run.path('lock'),
        }
        for pid in run.who():
            assert wait_until(lambda pid=pid: descriptors(pid) == expected, SECONDS)

    def test_keeps_no_folder_of_the_caller_busy(self, run):
        run.start()
        assert [os.readlink('/proc/%d/cwd' % pid) for pid in run.who()] == ['/', '/']

    def test_what_the_caller_still_had_to_say_is_said_once(self, run, capfd):
        print('said before', end='')
        run.go()
        run.start()
        run.result()
        assert capfd.readouterr()[0] == 'said before'

    def test_the_lock_is_held_until_all_are_gone(self, run):
        run.start()
        worker, keeper = run.who()
        run.let_go_of_the_lock()
        assert not lock.is_free(run.folder)
        kill(worker)
        worker = run.who('recover')[0]
        assert not lock.is_free(run.folder)
        kill(keeper)
        assert wait_until(lambda: not is_there(keeper), SECONDS)
        assert not lock.is_free(run.folder)
        kill(worker)
        assert wait_until(lambda: lock.is_free(run.folder), SECONDS)


class TestWaitForResult:
    def test_gives_none_when_the_time_is_up(self, run):
        run.start()
        assert run.result(0.1) is None
        run.go()
        assert run.result() == {'by': 'work'}

    def test_a_result_that_is_there_already_is_given_whoever_has_the_lock(self, run):
        state_folder.write_json(guardian.result_path(run.folder, WORD), {'by': 'hand'})
        assert guardian.wait_for_result(run.folder, WORD, lambda: False, 0) == {'by': 'hand'}
