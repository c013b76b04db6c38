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
from .._system.clock import lasting, monotonic, wait_until
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

# Where nothing of the server has run for so long after its start command, nothing comes any more:
# each process of a server that starts is forked by one that is still there.
GONE_WAIT = 0.2
# For so long a service that says that it failed may be wrong.
DOUBT_WAIT = 1
# How often a start is tried where somebody else has started the server with the old files. What is
# begun after the first try reads the new ones.
STARTS = 3
# A server that ran before is started again and again: a full process table, or a port that is not
# free yet, may pass. Seconds before each further try, and after how many none is begun any more.
PAUSES = (0, 1, 2, 5, 10, 15)
PATIENCE = 90
# Seconds for a command of the service manager where a StartOrder, which says nothing of that, is
# taken back.
SERVICE_TIMEOUT = 60
# As a shell says it: the command could not be run, or did not end.
NOT_RUN = 127


def stop_server(order, context):
    """Stop the process of a StopOrder with its children: graceful, then TERM, then KILL, each
    bounded; then wait for its sockets.

    Whatever else holds these is ended, too. Raises StepError if another process has that pid by
    now, or if the main process or a socket is still there at the end.
    """
    main = processes.read_process(order.pid)
    if main is None or main.start_time != order.start_time:
        raise StepError('The main process %d ended by itself before it was stopped.' % order.pid)
    members = family_to_end(main, order)
    listen_watch.begin(context, order.evidence.ports)
    context.went_down = monotonic()
    _announce(order, order.service_timeout, context)
    if order.drain_timeout:
        send(main, GRACEFUL)
    end_family(main, members, order, context)
    _settle(order, order.service_timeout, context)
    free_sockets(order.evidence, context)


def _announce(order, seconds, context):
    """Tell the service manager that the server is going to end, or it might start another one in
    its place.

    order: a StopOrder or a StartOrder; seconds: for the command.
    """
    if order.announce:
        context.tell(order.announce, seconds)


def _settle(order, seconds, context):
    """Have the service manager see that the server has ended: it has locks and notes of its own.

    What it says of that counts for nothing: the process table tells.
    """
    if order.settle:
        context.attempt(end_group, order.evidence)
        context.tell(order.settle, seconds)


def start_server(order, context):
    """Start the service and wait until its main process is there and listens on every port.

    Raises StepError with what the service said otherwise.
    """
    context.attempt(_clear_the_way, order, context)
    # What the server before wrote as it ended is not this one's.
    context.log_size = context.attempt(size_of, order.log)
    if order.prepare:
        context.tell(order.prepare, order.timeout)
    for left in reversed(range(STARTS)):
        result = run_start(order.argv, order.timeout, context)
        is_up_now = _comes_up(order, result, lasting(lambda: _is_another(order), GONE_WAIT))
        if is_up_now or not left or not _is_another(order):
            break
        # A watchdog that saw no server ran the same command before the files were swapped.
        context.attempt(stop_whatever_runs, order, context)
    _demand(is_up_now, order, result, context, lambda: _last_words(result))


def _is_another(order):
    """Return whether the pid file names a server of this service that is not the one to start, such
    as one with the old MPM.
    """
    noted = processes.noted_process(order.pid_file)
    if noted is None or main_process(order):
        return False
    return identity(noted) in [identity(process) for process in whatever_runs(order)]


def _clear_the_way(order, context):
    if order.settle and whatever_runs(order) and not is_up(order):
        # Somebody's `graceful` starts a stopped server: what runs now was started with half of the
        # files, or is the wrong program.
        stop_whatever_runs(order, context)


def run_start(argv, timeout, context):
    """Run a command that starts a server, and return its CommandResult, whatever comes of it.

    Whether the server is up, the process table tells.
    """
    try:
        return context.run(argv, timeout=timeout, need_output=False)
    except Exception as e:
        words = e.message if isinstance(e, Error) else u'%s' % e
        return CommandResult(list(argv), NOT_RUN, u'', words)


def demand_up(order, result, context, words):
    """Wait until the server that a command was to start is up.

    Raises StepError otherwise, with what `words()` gives.
    """
    _demand(_comes_up(order, result), order, result, context, words)


def _demand(is_up_now, order, result, context, words):
    if not is_up_now:
        main = main_process(order)
        missing = _missing_ports(main, order)
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
    # What listens may end while it is proved: the watch lasts until then.
    context.came_up = monotonic()


def _name_others(ports):
    """Return who has these ports instead, as text.

    Any user may take one from 1024 up while no server has it.
    """
    return ''.join(
        '; port %d is held by %s' % (port, who)
        for _address, port, who in family.find_listeners(ports)
    )


def _comes_up(order, result, is_over=lambda: False):
    """Wait for the server for as long as one may still come up, and tell whether it did.

    is_over: called without arguments; true where it is not worth waiting any longer.
    """
    gone = is_gone(lambda: whatever_runs(order))
    seconds = order.timeout if result.rc == 0 else min(DOUBT_WAIT, order.timeout)
    wait_until(lambda: is_up(order) or gone() or is_over(), seconds, pause=0.02)
    return is_up(order)


def is_gone(find):
    """Return a function that tells whether `find()` has found no process for GONE_WAIT by now."""
    return lasting(lambda: not find(), GONE_WAIT)


def is_up(order):
    """Return whether the server runs as it should, and listens on every port."""
    main = main_process(order)
    return main is not None and not _missing_ports(main, order)


def _missing_ports(main, order):
    return sorted(set(order.evidence.ports) - (sockets.ports_of(main.pid) if main else set()))


def _last_words(result):
    return foreign((result.out + ' ' + result.err).strip()[-MOST:]) or 'no word'


def main_process(order):
    """Return the Process that the pid file names; None unless it is the server, as a StartOrder
    says that it should be.
    """
    process = processes.noted_process(order.pid_file)
    if (
        not process
        or process.exe != order.exe
        or not family.is_owned(process, order.evidence.owners)
    ):
        return None
    return process if set(order.loaded) <= processes.mapped_files(process.pid) else None


def stop_whatever_runs(order, context):
    """Stop every process of this service, in whatever state a failed start left it.

    Other servers are spared. Raises StepError if a main process does not end.
    """
    members = whatever_runs(order)
    evidence = _with_sockets_of(members, order.evidence)
    if context.went_down is not None:
        listen_watch.begin(context, evidence.ports)
    _announce(order, SERVICE_TIMEOUT, context)
    if order.drain_timeout:
        drain(members, order.drain_timeout)
    try:
        # A manager that was told ends all that is left itself, and its socket may have brought up
        # the next server by now.
        end_all(
            members,
            lambda: members if order.announce else family.find_family(evidence),
            context,
            evidence.owners,
        )
    finally:
        _settle(order, SERVICE_TIMEOUT, context)


def whatever_runs(order):
    """Return the processes of this service, whole or half started."""
    return family.find_family(order.evidence)


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
    return evidence._replace(sockets=sorted(set(evidence.sockets) | (held & on_ports)))


def running_beside(main, order):
    """Return the processes of this service that are no part of the family of `main` (or None)."""
    spared = processes.family_of(main, processes.read_processes()) if main else []
    kept = set(identity(member) for member in spared)
    evidence = order.evidence._replace(sockets=[])
    return [process for process in family.find_family(evidence) if identity(process) not in kept]


def end_beside(main, order, seconds, context):
    """End what runs beside the family of `main`: graceful for some seconds, then TERM, then KILL.

    Raises StepError if a main process of it does not end.
    """
    members = running_beside(main, order)
    drain(members, seconds)
    end_all(members, lambda: running_beside(main, order), context, order.evidence.owners)


def ensure_started(order, context):
    """Bring the service up if it is not up: the inverse of a stop that may have got anywhere.

    Raises StepError where it does not come up.
    """
    if context.went_down is None and context.attempt(is_up, order):
        return
    deadline = monotonic() + PATIENCE
    for pause in PAUSES:
        try:
            return _start_afresh(order, context)
        except Exception:
            if monotonic() > deadline:
                raise
        time.sleep(pause)
    _start_afresh(order, context)


def _start_afresh(order, context):
    # Whether the server can start beside what does not end, the start tells.
    context.attempt(stop_whatever_runs, order, context)
    start_server(order, context)
