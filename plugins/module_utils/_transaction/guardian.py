# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Run a transaction where nothing that happens to its caller can reach it, and recover the host
if the run itself is killed.

caller (the module, may die at any time) -> guardian (a session of its own, waits) -> worker (does
it, writes the result). The lock is held by an open file that all three share: it is free only when
none of them is left.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import sys
import traceback

from .._system.clock import wait_until
from .._system.forks import fork
from . import state_folder

_DEAF_TO = (signal.SIGHUP, signal.SIGPIPE, signal.SIGINT, signal.SIGTERM)
RECOVERIES = 3


def result_path(folder, transaction):
    """Where the result of a transaction is left."""
    return os.path.join(folder, 'result-%s' % transaction)


def run_guarded(folder, lock, transaction, work, recover, leave=lambda: None):
    """Start `work()` under a guardian.

    `work` and `recover` give a JSON-able result, which is left in `result_path`.

    lock: the descriptor of the lock. `recover()` is run by the guardian if the worker ends without
    having left a result. `leave()` has the guardian leave the caller's login session; it gives a
    warning for the result, or None.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    middle = os.fork()
    if middle == 0:
        try:
            os.setsid()
            pid = os.fork()
            if pid == 0:
                _guard(folder, lock, transaction, [work] + [recover] * RECOVERIES, leave)
        finally:
            os._exit(0)
    os.waitpid(middle, 0)


def _guard(folder, lock, transaction, tasks, leave):
    """The guardian: never returns. tasks: each is run if the one before it ended without having
    left a result.
    """
    try:
        _leave_caller(folder, lock)
        warning = _leave_session(leave)
        for task in tasks:
            # Where the server is stopped, nobody else would start it again.
            worker = fork()
            if worker == 0:
                _work(folder, transaction, task, warning)
            os.waitpid(worker, 0)
            if _is_told(folder, transaction):
                break
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _is_told(folder, transaction):
    """Return whether there is a result; one that cannot be read is not reported."""
    try:
        return state_folder.read_json(result_path(folder, transaction)) is not None
    except Exception:
        traceback.print_exc()
        return False


def _leave_session(leave):
    try:
        return leave()
    except Exception:
        # Where the switch is run is not worth giving it up.
        traceback.print_exc()
        return None


def _work(folder, transaction, task, warning):
    try:
        result = task()
        if warning:
            result = dict(result, warnings=list(result.get('warnings') or []) + [warning])
        state_folder.write_json(result_path(folder, transaction), result)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _leave_caller(folder, lock):
    """Hold nothing of the caller's: a connection that waits for its pipes to close must not wait
    for us.
    """
    for number in _DEAF_TO:
        # A handler and not SIG_IGN: the server that we start, and all that it starts, would inherit
        # that it is ignored.
        signal.signal(number, _swallow)
        signal.siginterrupt(number, False)
    os.chdir('/')
    os.umask(0o077)
    log = os.open(
        os.path.join(folder, 'guardian.log'),
        os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, 'O_NOFOLLOW', 0),
        0o600,
    )
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    for name in os.listdir('/proc/self/fd'):
        if int(name) > 2 and int(name) != lock:
            try:
                os.close(int(name))
            except OSError:
                pass  # the descriptor by which the folder was read


def _swallow(_number, _frame):
    pass


def wait_for_result(folder, transaction, is_over, seconds):
    """Wait until the result is there; return it, or None if nobody is left to write one, or the
    time is up.

    is_over: tells whether the lock is free, and so nobody at work.
    """
    path = result_path(folder, transaction)
    wait_until(lambda: state_folder.read_json(path) is not None or is_over(), seconds, pause=0.02)
    return state_folder.read_json(path)
