# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Run a program: full path, list of words, clean environment, bounded time, no shell."""
import os
import signal
import subprocess
import tempfile

from .clock import wait_until
from .._errors import CommandError
from .._model import CommandResult

PATH = '/usr/sbin:/usr/bin:/sbin:/bin'
ENVIRONMENT = {'LC_ALL': 'C', 'PATH': PATH, 'HOME': '/', 'TERM': 'dumb'}


def find_program(name):
    """Give the absolute path of a program in the fixed PATH, or None."""
    for folder in PATH.split(':'):
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None


def run_command(argv, timeout=60, keep_fds=(), environment=None):
    """Run `argv` for at most `timeout` seconds and return a CommandResult, whatever its exit code.

    Output goes to files, not pipes: a daemon that the program leaves behind would hold a pipe open for ever.
    `keep_fds`: descriptors that the program may read as /proc/self/fd/N; `environment`: {name: value}, besides the clean one.
    Raises CommandError if the program cannot be run or does not end in time.
    """
    out, err = _output_files(argv)
    try:
        process = _start(argv, out, err, keep_fds, dict(ENVIRONMENT, **environment or {}))
        if wait_until(lambda: process.poll() is not None, timeout, pause=0.002) is not True:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise CommandError('%s did not end within %d s and was killed.' % (' '.join(argv), timeout),
                               argv=list(argv), stdout=_text(out), stderr=_text(err))
        return CommandResult(list(argv), process.returncode, _text(out), _text(err))
    finally:
        out.close()
        err.close()


def _output_files(argv):
    try:
        return tempfile.TemporaryFile(), tempfile.TemporaryFile()
    except (IOError, OSError) as e:
        raise CommandError('%s could not be run: no room for its output: %s.' % (argv[0], e.strerror), argv=list(argv))


def _start(argv, out, err, keep_fds, environment):
    devnull = open(os.devnull, 'rb')
    options = {}
    if hasattr(os, 'set_inheritable'):
        options['pass_fds'] = tuple(keep_fds)
    else:
        options['close_fds'] = not keep_fds
    try:
        return subprocess.Popen(argv, stdin=devnull, stdout=out, stderr=err, cwd='/', env=environment,
                                preexec_fn=_detach, **options)
    except OSError as e:
        raise CommandError('%s could not be run: %s.' % (argv[0], e.strerror), argv=list(argv))
    finally:
        devnull.close()


def _detach():
    # A session of its own: a terminal that goes away must not take a half-started server with it.
    os.setsid()
    # What we ignore, a program that we start would ignore too, and pass on to the daemon that it leaves behind.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def _text(stream):
    stream.seek(0)
    return stream.read().decode('latin-1')
