# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Stop a service's processes, all of them, and start it again. Knows process ids, ports and commands; what they serve it does not know."""
import os
import signal

from . import listen_watch
from .._errors import CommandError, StepError
from .._system import processes, sockets
from .._system.clock import monotonic, wait_until
from .._system.files import size_of

# The one signal that lets the main process close its ports and its children finish what they have begun.
GRACEFUL = signal.SIGWINCH
TERM_WAIT = 10
KILL_WAIT = 5
# After the start command a main process may be a moment late; it will hardly come later.
APPEAR_WAIT = 2


def stop_server(args, context):
    """Stop the process `pid` with its children: graceful, then TERM, then KILL, each bounded; then wait for its sockets.

    Raises StepError if another process has that pid by now, or if a process or a socket is still there at the end.
    """
    main = processes.read_process(args['pid'])
    if main is None or main.start_time != args['start_time']:
        raise StepError('The main process %d ended by itself before it was stopped.' % args['pid'])
    family = family_to_end(main, args)
    listen_watch.begin(context, args.get('ports'))
    context.went_down = monotonic()
    _announce(args, context)
    if args['drain_timeout']:
        _signal(main, GRACEFUL)
    end_family(main, family, args)
    # The service manager has locks and notes of its own; its exit code tells nothing, the process table does.
    if args['settle']:
        context.run(args['settle'], timeout=args['service_timeout'], need_output=False)
    if not wait_until(lambda: not set(args['sockets']) & sockets.listening_inodes(), KILL_WAIT):
        raise StepError('The processes have ended, and yet something holds their listening sockets.')


def family_to_end(main, args):
    """Give the processes that belong to a main process now: whoever joins them later is found by `end_family`."""
    return _grown([main], main, args)


def end_family(main, family, args):
    """Wait until a family that was told to has finished what it has begun, then TERM, then KILL, each bounded.

    Raises StepError if a process is still there at the end.
    """
    if args['drain_timeout']:
        # Once they have ended who serve, the main process only sleeps, for up to a second: no request waits for that.
        wait_until(lambda: not any(_serves(process, main, args) for process in _alive(family)), args['drain_timeout'])
    family = _grown(family, main, args)
    # Where the main process is gone, nobody tells its children to end.
    for process in [main] if processes.is_alive(main) else _alive(family):
        _signal(process, signal.SIGTERM)
    wait_until(lambda: not _alive(family), args['stop_timeout'])
    _kill(lambda: _grown(family, main, args))


def _serves(process, main, args):
    # Where every server has threads, a process without is the daemon of mod_cgid, which ends after the main one.
    return process.pid != main.pid and not (args.get('threaded') and processes.count_threads(process.pid) == 1)


def _announce(args, context):
    """Tell the service manager that the server is going to end, or it might start another one in its place."""
    if args['announce']:
        _tell(args['announce'], args.get('service_timeout', 60), context)


def _tell(argv, timeout, context):
    try:
        context.run(argv, timeout=timeout, need_output=False)
    except CommandError as e:
        # A manager that does not answer is no reason to leave the server half stopped or half started.
        context.warnings.append(e.message)


def _grown(family, main, args):
    """The family with those who have joined it since: descendants, and orphans that run its program and hold a socket of it.

    What its scripts have started is no part of it, as long as that holds none of its sockets: nobody has to wait for it.
    """
    table, known = processes.read_processes(), dict((_identity(member), member) for member in family)
    for process in table:
        if _identity(process) in known or (_same_program(process, main) and _holds(process, args)):
            for member in processes.family_of(process, table):
                if _same_program(member, main) or _holds(member, args):
                    known.setdefault(_identity(member), member)
    return list(known.values())


def _same_program(process, main):
    return process.exe == main.exe if process.exe and main.exe else process.name == main.name


def _holds(process, args):
    return bool(set(args['sockets']) & sockets.socket_inodes(process.pid))


def _identity(process):
    # Its parent changes when that ends, and its program cannot be read any more while it ends.
    return process.pid, process.start_time


def _alive(family):
    return [process for process in family if processes.is_alive(process)]


def _signal(process, number):
    if processes.is_alive(process):
        try:
            os.kill(process.pid, number)
        except OSError:
            pass  # it ended just now; whether it did is asked later on


def _kill(find):
    """KILL what `find` gives until it gives nothing that lives: a process may have made another one in the meantime."""
    def gone():
        left = _alive(find())
        for process in left:
            _signal(process, signal.SIGKILL)
        return not left

    if not wait_until(gone, KILL_WAIT, pause=0.02):
        raise StepError('Processes %s do not end, not even by KILL.' % ', '.join(str(process.pid) for process in _alive(find())))


def start_server(args, context):
    """Start the service and wait until its main process is there and listens on every port.

    Raises StepError with what the service said otherwise.
    """
    if args['settle'] and _whatever_runs(args) and not is_up(args):
        # Somebody's `graceful` starts a stopped server: what runs now was started with half of the files, or is the wrong program.
        stop_whatever_runs(args, context)
    # What the server before wrote as it ended is not this one's.
    context.log_size = size_of(args['log'])
    if args['prepare']:
        _tell(args['prepare'], args['timeout'], context)
    result = context.run(args['argv'], timeout=args['timeout'], need_output=False)
    demand_up(args, result, context, lambda: _last_words(result))


def demand_up(args, result, context, words):
    """Wait until the server that a command was to start is up. Raises StepError otherwise, with what `words()` gives."""
    if not _comes_up(args, result):
        main = main_process(args)
        raise StepError('%s did not bring the server up (exit code %d, main process %s, ports without its listener: %s): %s' % (
            ' '.join(result.argv), result.rc, main.pid if main else 'missing',
            ', '.join(str(port) for port in _missing_ports(main, args)) or 'none', words()),
            rc=result.rc, stdout=result.out, stderr=result.err)
    context.came_up = monotonic()
    listen_watch.end(context)


def _comes_up(args, result):
    """Wait for the server for as long as one may still come up, and tell whether it did."""
    if result.rc != 0:
        # A service that says that it failed may be wrong, too.
        return wait_until(lambda: is_up(args), 1)
    if not wait_until(lambda: is_up(args), min(APPEAR_WAIT, args['timeout'])):
        # It said that it started, and that may be before it has; but nothing comes of no process at all.
        wait_until(lambda: is_up(args) or not _whatever_runs(args), args['timeout'] - APPEAR_WAIT, pause=0.05)
    return is_up(args)


def is_up(args):
    """Tell whether the server runs as it should, and listens on every port."""
    main = main_process(args)
    return main is not None and not _missing_ports(main, args)


def _missing_ports(main, args):
    return sorted(set(args['ports']) - (sockets.ports_of(main.pid) if main else set()))


def _last_words(result):
    return ' '.join((result.out + ' ' + result.err).replace('\r', ' ').split())[-600:] or 'no word'


def main_process(args):
    """Give the Process that the pid file names, if it runs the program that it should, with the MPM that it should; else None."""
    process = processes.noted_process(args['pid_file'])
    if not process or process.exe != args['exe']:
        return None
    return process if set(args['loaded']) <= processes.mapped_files(process.pid) else None


def stop_whatever_runs(args, context):
    """Stop every process of this service's programs, in whatever state a failed start left it; spare other servers."""
    family = _whatever_runs(args)
    if context.went_down is not None:
        listen_watch.begin(context, args['ports'])
    _announce(args, context)
    if args.get('drain_timeout'):
        _drain(family, args['drain_timeout'])
    for process in _alive(family):
        _signal(process, signal.SIGTERM)
    wait_until(lambda: not _alive(family), TERM_WAIT)
    # A manager that was told ends all that is left itself, and its socket may have brought up the next server by now.
    _kill(lambda: _alive(family) if args['announce'] else _whatever_runs(args))
    if args['settle']:
        context.run(args['settle'], timeout=60, need_output=False)


def _drain(family, seconds):
    """Have the children of a whole server finish what they have begun; half a one has no main process that would tell them."""
    pids = set(process.pid for process in family)
    mains = [process for process in family if process.parent not in pids]
    for main in mains:
        _signal(main, GRACEFUL)
    wait_until(lambda: [process for process in _alive(family) if process not in mains] == [], seconds)


def _whatever_runs(args):
    table = processes.read_processes()
    spared = set(member.pid for pid in args['spare'] for process in table if process.pid == pid
                 for member in processes.family_of(process, table))
    return [process for process in table if processes.runs_one_of(process, args['programs']) and process.pid not in spared
            and not _belongs_to(process, args.get('spare_services', ()))]


def running_beside(main, args):
    """Give the processes of this service's programs that are no part of the family of `main` (a Process, or None)."""
    spared = processes.family_of(main, processes.read_processes()) if main else []
    kept = set(_identity(member) for member in spared)
    return [process for process in _whatever_runs(args) if _identity(process) not in kept]


def end_beside(main, args, seconds):
    """End what runs beside the family of `main`: graceful for at most `seconds`, then TERM, then KILL. Raises StepError as `end_family`."""
    family = running_beside(main, args)
    _drain(family, seconds)
    for process in _alive(family):
        _signal(process, signal.SIGTERM)
    wait_until(lambda: not _alive(family), TERM_WAIT)
    _kill(lambda: running_beside(main, args))


def _belongs_to(process, units):
    """Tell whether a process is in the control group of one of the units: another server may be a new process by now."""
    return bool(units) and any(os.path.basename(path) in units for path in processes.control_groups(process.pid))


def ensure_started(args, context):
    """Bring the service up if it is not up: the inverse of a stop that may have got anywhere."""
    if context.went_down is None and is_up(args):
        return
    try:
        _start_afresh(args, context)
    except Exception:
        # A port may be a moment late in getting free; the server must not stay down for that.
        _start_afresh(args, context)


def _start_afresh(args, context):
    try:
        stop_whatever_runs(args, context)
    except Exception:
        pass  # whether the server can start beside what does not end, the start tells
    start_server(args, context)
