# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""End the processes of a server: time to finish requests, then TERM, then KILL, each bounded.

`_system.family` says which processes those are. Processes of others are neither waited for nor
signalled.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal

from .._errors import StepError
from .._system import family, processes, sockets
from .._system.clock import monotonic, wait_until

# By this signal the main process closes its ports, and its children finish their requests.
GRACEFUL = signal.SIGWINCH
# By which the main process of prefork has its children do so. One that it forks in the same moment
# misses it.
FINISH = signal.SIGUSR1
TERM_WAIT = 10
KILL_WAIT = 5
# Sockets are closed before the kernel shows a process as gone.
CLOSED_WAIT = 0.2
# A process that is not part of the server serves no visitor.
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


def end(asked, find, seconds, is_over):
    """TERM to the processes `asked`, then KILL to all that `find()` returns. Return what is left.

    seconds: how long they have to end after TERM, until `is_over()` is true.
    """
    for process in alive(asked):
        send(process, signal.SIGTERM)
    wait_until(is_over, seconds)
    return kill(find)


def name_pids(members):
    """Return the pids of processes as text."""
    return ', '.join('%d' % process.pid for process in members)


def family_to_end(main, order):
    """Return the processes that belong to a main process now; `end_family` finds later ones.

    order: a StopOrder.
    """
    return _grown([main], main, order)


def end_family(main, members, order, context):
    """Wait until a family that got the signal to stop has finished its requests, then `end` it.

    Raises StepError if the main process is still there at the end.
    """
    if order.drain_timeout:
        # Once those who serve have ended, the main process only sleeps, for up to a second: no
        # request waits for that.
        began = monotonic()
        missed = Missed(main, members, order)

        def has_finished():
            missed.remind()
            return not any(_serves(process, main, order) for process in alive(members))

        wait_until(has_finished, order.drain_timeout)
        missed.account(context, began)
    members = _grown(members, main, order)
    # A main process that is gone cannot tell its children to end.
    asked = [main] if processes.is_alive(main) else members
    left = end(
        asked,
        lambda: _grown(members, main, order),
        order.stop_timeout,
        lambda: not alive(members),
    )
    if processes.is_alive(main):
        raise StepError('The main process %d does not end, not even by KILL.' % main.pid)
    if left:
        context.warnings.append(
            'Processes %s of the old server do not end, not even by KILL.' % name_pids(left)
        )


class Missed(object):
    """Children of prefork that still hold a listening socket when the main process does not.

    They missed its signal: each takes one visitor after the other, alone, and the rest wait.
    """

    def __init__(self, main, members, order):
        self.main, self.members = main, members
        self.sockets = set() if order.threaded else set(order.evidence.sockets)
        # When there was one last, by the monotonic clock; None if there was none.
        self.last = None

    def remind(self):
        """Send them the signal again."""
        left = self.sockets & sockets.listening_inodes() if self.sockets else set()
        if not left or left & sockets.socket_inodes(self.main.pid):
            return
        for child in alive(self.members):
            held = sockets.held_sockets(child.pid)
            # Root of a container may not see what other users' processes hold.
            if child.pid != self.main.pid and (held is None or held & left):
                self.last = monotonic()
                send(child, FINISH)

    def account(self, context, began):
        """Count the time since `began` for which they were there as one without a server."""
        if self.last is not None:
            context.add_outage(self.last - began)


def _serves(process, main, order):
    # Where every server has threads, a process without is the daemon of mod_cgid, which ends after
    # the main one.
    return process.pid != main.pid and not (
        order.threaded and processes.count_threads(process.pid) == 1
    )


def _grown(members, main, order):
    """Return the members of a family with those that the main process has forked since."""
    known = dict((identity(member), member) for member in members)
    programs = set(order.evidence.programs) | set([main.exe or main.name])
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
    left = end(members, find, TERM_WAIT, lambda: not alive(members))
    if not left:
        return
    words = 'Processes %s do not end, not even by KILL.' % name_pids(left)
    if any(family.is_owned(process, owners) for process in left):
        raise StepError(words)
    context.warnings.append(words)


def end_group(evidence):
    """KILL what is left in the control groups of a service that is going to be stopped.

    systemd would do so, too, but wait for it for a minute and a half before: a page that leaves a
    program behind would keep the server down for so long.
    """
    groups = set(evidence.groups)
    if groups:
        kill(lambda: family.find_grouped(groups))


def free_sockets(evidence, context):
    """End whatever still holds listening sockets of a server that has ended.

    Raises StepError if one still listens then.
    """
    wanted = set(evidence.sockets)

    def is_free():
        return not wanted & sockets.listening_inodes()

    if wait_until(is_free, CLOSED_WAIT, pause=0.005):
        return
    only_these = evidence._replace(ports=[])

    def holders():
        return [
            holder.process
            for holder in family.find_orphans(only_these, processes.read_processes(), [])
        ]

    found = holders()
    for process in found:
        context.warnings.append(
            'Ended with the server, since it held a listening socket of it: %s.'
            % family.describe(process)
        )
    end(found, holders, OUTSIDER_WAIT if found else 0, is_free)
    if not wait_until(is_free, OUTSIDER_WAIT):
        raise StepError(
            'The processes of the server have ended, and yet %s its listening sockets.'
            % (
                ' and '.join('%s holds' % family.describe(process) for process in holders())
                or 'something that cannot be seen from here holds'
            )
        )
