# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Run a program: full path, list of words, clean environment, time limit, no shell."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import subprocess

from .._errors import CommandError, SlowCommandError
from .._model import CommandResult
from . import forks
from .clock import monotonic, wait_until
from .output import LONGEST, open_output, read_output

PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
# The umask that init gives to services. Ours makes files private, and a server would keep it for
# its lifetime.
UMASK = 0o022
ENVIRONMENT = {'LC_ALL': 'C', 'PATH': PATH, 'HOME': '/', 'TERM': 'dumb'}


def find_program(name):
    """Return the absolute path of a program in the fixed PATH, or None."""
    for folder in PATH.split(':'):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None


def run_command(argv, timeout=60, keep_fds=(), environment=None, need_output=True, until=None):
    """Run `argv` for at most `timeout` seconds and return a CommandResult, whatever its exit code.

    Output goes to files, not pipes: a daemon that the program leaves behind would hold a pipe open
    forever.
    keep_fds: descriptors that the program may read as /proc/self/fd/N. environment: {name: value},
    besides the clean one.
    until: a function; as soon as it returns something true, the program is killed and not waited
    for. need_output: False for a command whose effect counts; it runs even if its output cannot be
    kept, or is cut. Raises CommandError if the program cannot be run, or if a needed output is not
    complete; SlowCommandError if it does not end in time.
    """
    out, err = open_output(), open_output()
    try:
        if need_output and None in (out, err):
            raise CommandError(
                '%s was not run: this host has no room for its output.' % argv[0],
                argv=list(argv),
            )
        process = _start(argv, (out, err), keep_fds, dict(ENVIRONMENT, **environment or {}))
        if not _await_end(process, timeout, until):
            raise SlowCommandError(
                '%s did not end within %d s and was killed.' % (' '.join(argv), timeout),
                argv=list(argv),
                stdout=read_output(out)[0],
                stderr=read_output(err)[0],
            )
        return _result(argv, process.returncode, read_output(out), read_output(err), need_output)
    finally:
        for stream in (out, err):
            if stream is not None:
                stream.close()


def _await_end(process, timeout, until):
    """Wait for a program; return whether it ended in its time, or was not needed any more."""
    over = [None]

    def has_ended():
        if process.poll() is None and until is not None:
            over[0] = until()
        return process.poll() is not None or over[0]

    # What is asked besides may read all of /proc, and the program needs the processor.
    wait_until(has_ended, timeout, pause=0.002 if until is None else 0.02)
    if process.poll() is not None:
        return True
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return bool(over[0])


def _result(argv, code, out, err, need_output):
    """out, err: (text, whether it is complete)."""
    if need_output and not (out[1] and err[1]):
        raise CommandError(
            '%s wrote more than %d bytes, which is not read.' % (argv[0], LONGEST), argv=list(argv)
        )
    return CommandResult(list(argv), code, out[0], err[0])


def _start(argv, outputs, keep_fds, environment):
    """Start the program, as soon as a process can be made."""
    deadline = monotonic() + forks.PATIENCE
    while True:
        try:
            return _start_once(argv, outputs, keep_fds, environment)
        except OSError as e:
            if (
                e.errno not in forks.PASSING
                or monotonic() >= deadline
                or not forks.wait_for_room(deadline - monotonic())
            ):
                raise CommandError(
                    '%s could not be run: %s.' % (argv[0], e.strerror), argv=list(argv)
                )


def _start_once(argv, outputs, keep_fds, environment):
    options = {}
    if hasattr(os, 'set_inheritable'):
        options['pass_fds'] = tuple(keep_fds)
    else:
        options['close_fds'] = not keep_fds
    with open(os.devnull, 'r+b', 0) as devnull:
        out, err = [devnull if stream is None else stream for stream in outputs]
        # run_command of Ansible needs the module, which a guardian no longer has.
        return subprocess.Popen(  # pylint: disable=ansible-bad-function
            argv,
            stdin=devnull,
            stdout=out,
            stderr=err,
            cwd='/',
            env=environment,
            preexec_fn=_detach,
            **options
        )


def _detach():
    # In a new session: a terminal that closes must not end a half-started server.
    os.setsid()
    os.umask(UMASK)
    # A program that we start would also ignore the signals that we ignore, and so would its daemon.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
