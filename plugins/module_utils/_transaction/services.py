# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Stop a service's processes, all of them, and start it again.

Knows process ids, ports and commands, and not what they serve. The command that starts the server
is run whatever else goes wrong before it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from .._errors import Error, StepError
from .._model import CommandResult
from .._system import family, processes, sockets
from .._system.clock import monotonic, wait_until
from .._system.files import size_of
from .._text import MOST, foreign
from . import listen_watch
from .ending import (
    GRACEFUL,
    drain,
    end_all,
    end_family,
    end_group,
    family_to_end,
    free_sockets,
    identity,
    send,
)

# After the start command a main process may be a moment late; it will hardly come later.
APPEAR_WAIT = 2
# A server that ran before is started again and again: a full process table, or a port that is not
# free yet, may pass. Seconds before each further try, and after how many none is begun any more.
PAUSES = (0, 1, 2, 5, 10, 15)
PATIENCE = 90
# As a shell says it: the command could not be run, or did not end.
NOT_RUN = 127


def stop_server(args, context):
    """Stop the process `pid` with its children: graceful, then TERM, then KILL, each bounded;
    then wait for its sockets.

    Whatever else holds these is ended, too. Raises StepError if another process has that pid by
    now, or if the main process or a socket is still there at the end.
    """
    main = processes.read_process(args['pid'])
    if main is None or main.start_time != args['start_time']:
        raise StepError('The main process %d ended by itself before it was stopped.' % args['pid'])
    members = family_to_end(main, args)
    listen_watch.begin(context, args.get('ports'))
    context.went_down = monotonic()
    _announce(args, context)
    if args['drain_timeout']:
        send(main, GRACEFUL)
    end_family(main, members, args, context)
    _settle(args, args['service_timeout'], context)
    free_sockets(args, context)


def _announce(args, context):
    """Tell the service manager that the server is going to end, or it might start another one in
    its place.
    """
    if args['announce']:
        context.tell(args['announce'], args.get('service_timeout', 60))


def _settle(args, seconds, context):
    """Have the service manager see that the server has ended: it has locks and notes of its own.

    What it says of that counts for nothing: the process table tells.
    """
    if args['settle']:
        context.attempt(end_group, args)
        context.tell(args['settle'], seconds)


def start_server(args, context):
    """Start the service and wait until its main process is there and listens on every port.

    Raises StepError with what the service said otherwise.
    """
    context.attempt(_clear_the_way, args, context)
    # What the server before wrote as it ended is not this one's.
    context.log_size = context.attempt(size_of, args['log'])
    if args['prepare']:
        context.tell(args['prepare'], args['timeout'])
    result = run_start(args['argv'], args['timeout'], context)
    demand_up(args, result, context, lambda: _last_words(result))


def _clear_the_way(args, context):
    if args['settle'] and _whatever_runs(args) and not is_up(args):
        # Somebody's `graceful` starts a stopped server: what runs now was started with half of the
        # files, or is the wrong program.
        stop_whatever_runs(args, context)


def run_start(argv, timeout, context):
    """Run a command that starts a server, and return its CommandResult, whatever comes of it.

    Whether the server is up, the process table tells.
    """
    try:
        return context.run(argv, timeout=timeout, need_output=False)
    except Exception as e:
        words = e.message if isinstance(e, Error) else u'%s' % e
        return CommandResult(list(argv), NOT_RUN, u'', words)


def demand_up(args, result, context, words):
    """Wait until the server that a command was to start is up.

    Raises StepError otherwise, with what `words()` gives.
    """
    if not _comes_up(args, result):
        main = main_process(args)
        missing = _missing_ports(main, args)
        raise StepError(
            '%s did not bring the server up (exit code %d, main process %s, ports without its '
            'listener: %s%s): %s'
            % (
                ' '.join(result.argv),
                result.rc,
                main.pid if main else 'missing',
                ', '.join(str(port) for port in missing) or 'none',
                context.attempt(_name_others, missing) or '',
                words(),
            ),
            rc=result.rc,
            stdout=result.out,
            stderr=result.err,
        )
    context.came_up = monotonic()
    listen_watch.end(context)


def _name_others(ports):
    """Return who has these ports instead, as text.

    Any user may take one from 1024 up while no server has it.
    """
    return ''.join(
        '; port %d is held by %s' % (port, who)
        for _address, port, who in family.find_listeners(ports)
    )


def _comes_up(args, result):
    """Wait for the server for as long as one may still come up, and tell whether it did."""
    if result.rc != 0:
        # A service that says that it failed may be wrong, too.
        return wait_until(lambda: is_up(args), 1)
    if not wait_until(lambda: is_up(args), min(APPEAR_WAIT, args['timeout'])):
        # It said that it started, and that may be before it has; but nothing comes of no process at
        # all.
        wait_until(
            lambda: is_up(args) or not _whatever_runs(args),
            args['timeout'] - APPEAR_WAIT,
            pause=0.05,
        )
    return is_up(args)


def is_up(args):
    """Return whether the server runs as it should, and listens on every port."""
    main = main_process(args)
    return main is not None and not _missing_ports(main, args)


def _missing_ports(main, args):
    return sorted(set(args['ports']) - (sockets.ports_of(main.pid) if main else set()))


def _last_words(result):
    return foreign((result.out + ' ' + result.err).strip()[-MOST:]) or 'no word'


def main_process(args):
    """Return the Process that the pid file names; None unless it is the server, as it should be."""
    process = processes.noted_process(args['pid_file'])
    if (
        not process
        or process.exe != args['exe']
        or not family.is_owned(process, args.get('owners', family.ROOT))
    ):
        return None
    return process if set(args['loaded']) <= processes.mapped_files(process.pid) else None


def stop_whatever_runs(args, context):
    """Stop every process of this service, in whatever state a failed start left it.

    Other servers are spared. Raises StepError if a main process does not end.
    """
    members = _whatever_runs(args)
    evidence = _with_sockets_of(members, family.evidence_of(args))
    if context.went_down is not None:
        listen_watch.begin(context, args['ports'])
    _announce(args, context)
    if args.get('drain_timeout'):
        drain(members, args['drain_timeout'])
    try:
        # A manager that was told ends all that is left itself, and its socket may have brought up
        # the next server by now.
        end_all(
            members,
            lambda: members if args['announce'] else family.find_family(evidence),
            context,
            evidence.owners,
        )
    finally:
        _settle(args, 60, context)


def _whatever_runs(args):
    return family.find_family(family.evidence_of(args))


def _with_sockets_of(members, evidence):
    """Return the Evidence with the sockets on its ports that a main process has.

    Others may keep them.
    """
    held = set().union(
        *[
            sockets.socket_inodes(member.pid)
            for member in members
            if family.is_owned(member, evidence.owners)
        ]
    )
    on_ports = set(item.inode for item in sockets.read_listeners() if item.port in evidence.ports)
    return evidence._replace(sockets=evidence.sockets | (held & on_ports))


def running_beside(main, args):
    """Return the processes of this service that are no part of the family of `main` (or None)."""
    spared = processes.family_of(main, processes.read_processes()) if main else []
    kept = set(identity(member) for member in spared)
    evidence = family.evidence_of(args)._replace(sockets=frozenset())
    return [process for process in family.find_family(evidence) if identity(process) not in kept]


def end_beside(main, args, seconds, context):
    """End what runs beside the family of `main`: graceful for some seconds, then TERM, then KILL.

    Raises StepError if a main process of it does not end.
    """
    members = running_beside(main, args)
    drain(members, seconds)
    end_all(members, lambda: running_beside(main, args), context, args.get('owners', family.ROOT))


def ensure_started(args, context):
    """Bring the service up if it is not up: the inverse of a stop that may have got anywhere.

    Raises StepError where it does not come up.
    """
    if context.went_down is None and context.attempt(is_up, args):
        return
    deadline = monotonic() + PATIENCE
    for pause in PAUSES:
        try:
            return _start_afresh(args, context)
        except Exception:
            if monotonic() > deadline:
                raise
        time.sleep(pause)
    _start_afresh(args, context)


def _start_afresh(args, context):
    # Whether the server can start beside what does not end, the start tells.
    context.attempt(stop_whatever_runs, args, context)
    start_server(args, context)
