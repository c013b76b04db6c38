# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Stop a service's processes, all of them, and start it again. Knows process ids, ports and commands; what they serve it does not know."""
import os
import signal

from .._errors import CommandError, StepError
from .._model import Process
from .._system import processes, sockets
from .._system.clock import monotonic, wait_until

# The one signal that lets the main process close its ports and its children finish what they have begun.
GRACEFUL = signal.SIGWINCH
TERM_WAIT = 10
KILL_WAIT = 5


def stop_server(args, context):
    """Stop the process `pid` with its children: graceful, then TERM, then KILL, each bounded; then wait for its sockets.

    Raises StepError if another process has that pid by now, or if a process or a socket is still there at the end.
    """
    main = Process(args['pid'], 0, args['start_time'], None, None)
    if not processes.is_alive(main):
        raise StepError('The main process %d ended by itself before it was stopped.' % main.pid)
    family = _family(main, [])
    context.went_down = monotonic()
    for number, seconds in ((GRACEFUL, args['drain_timeout']), (signal.SIGTERM, args['stop_timeout'])):
        if seconds and _signal(main, number):
            wait_until(lambda: not _alive(family), seconds)
        family = _family(main, family)
    _kill(family)
    # The service manager has locks and notes of its own; its exit code tells nothing, the process table does.
    context.run(args['settle'], timeout=args['service_timeout'])
    if not wait_until(lambda: not set(args['sockets']) & sockets.listening_inodes(), KILL_WAIT):
        raise StepError('The processes have ended, and yet something holds their listening sockets.')


def _family(main, known):
    now = processes.read_process(main.pid)
    found = processes.family_of(now, processes.read_processes()) if now else []
    return sorted(set(known) | set(found))


def _alive(family):
    return [process for process in family if processes.is_alive(process)]


def _signal(process, number):
    if not processes.is_alive(process):
        return False
    try:
        os.kill(process.pid, number)
    except OSError:
        return False
    return True


def _kill(family):
    for process in _alive(family):
        _signal(process, signal.SIGKILL)
    if not wait_until(lambda: not _alive(family), KILL_WAIT):
        raise StepError('Processes %s do not end, not even by KILL.' % ', '.join(str(process.pid) for process in _alive(family)))


def start_server(args, context):
    """Start the service and wait until its main process is there and listens on every port.

    Raises StepError with what the service said otherwise.
    """
    result = context.run(args['argv'], timeout=args['timeout'])
    # A service may say that it started before it has; one that says that it failed gets a moment, since it may be wrong too.
    if not wait_until(lambda: _is_up(args), args['timeout'] if result.rc == 0 else 1):
        main = main_process(args)
        raise StepError('%s did not bring the server up (exit code %d, main process %s, ports without its listener: %s): %s' % (
            ' '.join(args['argv']), result.rc, main.pid if main else 'missing', ', '.join(str(p) for p in _missing_ports(main, args)) or 'none',
            _last_words(result)), rc=result.rc, stdout=result.out, stderr=result.err)
    context.came_up = monotonic()


def _is_up(args):
    main = main_process(args)
    return main is not None and not _missing_ports(main, args)


def _missing_ports(main, args):
    return sorted(set(args['ports']) - (sockets.ports_of(main.pid) if main else set()))


def _last_words(result):
    return ' '.join((result.out + ' ' + result.err).replace('\r', ' ').split())[-600:] or 'no word'


def main_process(args):
    """Give the Process that the pid file names, if it runs the program that it should; else None."""
    try:
        with open(args['pid_file'], 'rb') as stream:
            process = processes.read_process(int(stream.read(32).split()[0]))
    except (IOError, OSError, ValueError, IndexError):
        return None
    return process if process and process.exe == args['exe'] else None


def stop_whatever_runs(args, context):
    """Stop every process of this service's programs, in whatever state a failed start left it; spare other servers."""
    family = _whatever_runs(args)
    for process in family:
        _signal(process, signal.SIGTERM)
    wait_until(lambda: not _alive(family), TERM_WAIT)
    _kill(_whatever_runs(args))
    context.run(args['settle'], timeout=60)


def _whatever_runs(args):
    table = processes.read_processes()
    spared = set(member.pid for pid in args['spare'] for process in table if process.pid == pid
                 for member in processes.family_of(process, table))
    return [process for process in table if processes.runs_one_of(process, args['programs']) and process.pid not in spared]


def ensure_started(args, context):
    """Bring the service up if it is not up: the inverse of a stop that may have got anywhere."""
    if context.went_down is None and _is_up(args):
        return
    stop_whatever_runs(args, context)
    try:
        start_server(args, context)
    except (StepError, CommandError):
        # A port may be a moment late in getting free; the server must not stay down for that.
        stop_whatever_runs(args, context)
        start_server(args, context)
