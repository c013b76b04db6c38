# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""End the processes of a server: what finishes something has its time, then TERM, then KILL.

Each is bounded. Which processes those are is said by `_system.family`. What others run is not
waited for and not signalled.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal

from .._errors import StepError
from .._system import family, processes, sockets
from .._system.clock import wait_until

# The one signal by which the main process closes its ports, and its children finish what they have
# begun.
GRACEFUL = signal.SIGWINCH
TERM_WAIT = 10
KILL_WAIT = 5
# Sockets are closed before the kernel shows a process as gone.
CLOSED_WAIT = 0.2
# What is no part of the server serves no visitor.
OUTSIDER_WAIT = 1


def alive(members):
    """Return those of some processes that still run."""
    return [process for process in members if processes.is_alive(process)]


def send(process, number):
    """Send a signal to a process, if it still runs."""
    if processes.is_alive(process):
        try:
            os.kill(process.pid, number)
        except OSError:
            pass  # it ended just now; whether it did is asked later on


def kill(find):
    """KILL what `find()` returns until nothing of it lives; return what is left after KILL_WAIT."""

    def gone():
        left = alive(find())
        # All are halted first: one that sees another one end might start the next.
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for process in left:
                send(process, number)
        return not left

    return [] if wait_until(gone, KILL_WAIT, pause=0.02) else alive(find())


def name_pids(members):
    """Return the pids of processes as text."""
    return ', '.join('%d' % process.pid for process in members)


def family_to_end(main, args):
    """Return the processes that belong to a main process now; `end_family` finds later ones."""
    return _grown([main], main, args)


def end_family(main, members, args, context):
    """Wait until a family that was told to has finished what it has begun, then TERM, then KILL.

    Raises StepError if the main process is still there at the end.
    """
    if args['drain_timeout']:
        # Once those who serve have ended, the main process only sleeps, for up to a second: no
        # request waits for that.
        wait_until(
            lambda: not any(_serves(process, main, args) for process in alive(members)),
            args['drain_timeout'],
        )
    members = _grown(members, main, args)
    # Where the main process is gone, nobody tells its children to end.
    for process in [main] if processes.is_alive(main) else alive(members):
        send(process, signal.SIGTERM)
    wait_until(lambda: not alive(members), args['stop_timeout'])
    left = kill(lambda: _grown(members, main, args))
    if processes.is_alive(main):
        raise StepError('The main process %d does not end, not even by KILL.' % main.pid)
    if left:
        context.warnings.append(
            'Processes %s of the old server do not end, not even by KILL.' % name_pids(left)
        )


def _serves(process, main, args):
    # Where every server has threads, a process without is the daemon of mod_cgid, which ends after
    # the main one.
    return process.pid != main.pid and not (
        args.get('threaded') and processes.count_threads(process.pid) == 1
    )


def _grown(members, main, args):
    """Return the members of a family with those that the main process has forked since."""
    known = dict((identity(member), member) for member in members)
    programs = set(args.get('programs', ())) | set([main.exe or main.name])
    table = processes.read_processes()
    if any(identity(process) == identity(main) for process in table):
        for child in family.with_children([main], programs, table):
            known.setdefault(identity(child), child)
    return list(known.values())


def identity(process):
    """Return what a process keeps until it is gone.

    Its parent changes when that ends, and its program cannot be read while it ends.
    """
    return process.pid, process.start_time


def drain(members, seconds):
    """Have the children of a whole server finish what they have begun.

    Half a server has no main process that would tell them.
    """
    pids = set(process.pid for process in members)
    mains = [process for process in members if process.parent not in pids]
    for main in mains:
        send(main, GRACEFUL)
    wait_until(
        lambda: [process for process in alive(members) if process not in mains] == [], seconds
    )


def end_all(members, find, context, owners):
    """TERM to some processes, then KILL to what `find()` returns, each bounded.

    Raises StepError if one of the owners' processes is left.
    """
    for process in alive(members):
        send(process, signal.SIGTERM)
    wait_until(lambda: not alive(members), TERM_WAIT)
    left = kill(find)
    if not left:
        return
    words = 'Processes %s do not end, not even by KILL.' % name_pids(left)
    if any(family.is_owned(process, owners) for process in left):
        raise StepError(words)
    context.warnings.append(words)


def end_group(args):
    """KILL what is left in the control groups of a service that is going to be stopped.

    systemd would do so, too, but wait for it for a minute and a half before: a page that leaves a
    program behind would keep the server down for so long.
    """
    groups = set(args.get('groups', ()))
    if groups:
        kill(lambda: family.find_grouped(groups))


def free_sockets(args, context):
    """End whatever still holds listening sockets of a server that has ended.

    Raises StepError if one still listens then.
    """
    wanted = set(args['sockets'])

    def is_free():
        return not wanted & sockets.listening_inodes()

    if wait_until(is_free, CLOSED_WAIT, pause=0.005):
        return
    evidence = family.evidence_of(args)._replace(ports=frozenset())

    def holders():
        return [
            holder.process
            for holder in family.find_orphans(evidence, processes.read_processes(), [])
        ]

    found = holders()
    for process in found:
        context.warnings.append(
            'Ended with the server, since it held a listening socket of it: %s.'
            % family.describe(process)
        )
        send(process, signal.SIGTERM)
    wait_until(is_free, OUTSIDER_WAIT if found else 0)
    kill(holders)
    if not wait_until(is_free, OUTSIDER_WAIT):
        raise StepError(
            'The processes of the server have ended, and yet %s its listening sockets.'
            % (
                ' and '.join('%s holds' % family.describe(process) for process in holders())
                or 'something that cannot be seen from here holds'
            )
        )
