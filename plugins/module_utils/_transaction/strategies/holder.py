# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The process that holds connections: it has nothing of the switch's, and ends by itself,
whatever becomes of those who started it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import select
import signal
import socket
import time
import traceback

from ..._system import holding
from ..._system.clock import monotonic
from ..._system.netlink import Queue

# The process that started us was killed; what recovers the host needs a moment, and visitors are
# not kept for nobody.
ORPHAN_SECONDS = 10
# Who lets go removes the rules at once; if it does not, we do.
PASS_SECONDS = 20
# At once they would fill the new server's backlog of 511, and have to be sent again a second later.
BURST, PAUSE = 100, 0.005


def become_holder(order, run, say, alive):
    """The forked process; never returns. say: descriptor for what there is to tell; alive: one
    that ends when our starter does.
    """
    try:
        os.setsid()
        wake, waker = os.pipe()
        _leave((say, alive, wake, waker))
        signal.signal(signal.SIGUSR1, lambda _number, _frame: os.write(waker, b'.'))
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        holder = Holder(_take_queue(order, say), order.longest)
        told = holder.hold(alive, wake)
        holder.let_go()
        _tell(say, holder.account())
        if told:
            holder.pass_on()
        holding.remove_rules(run, order.means)
        holder.let_go()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _leave(kept):
    """Hold nothing of the switch's, its lock first of all."""
    for name in os.listdir('/proc/self/fd'):
        if int(name) > 2 and int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                pass  # the descriptor by which the folder was read


def _take_queue(order, say):
    queue, problem = None, None
    try:
        queue = (
            Queue(holding.queue_numbers(order.token)) if holding.queues(order.means) else None
        )
    except (OSError, IOError, socket.error) as e:
        problem = 'the kernel grants no queue (%s)' % (e.strerror or e)
    _tell(say, {'problem': problem, 'queue': queue and queue.number})
    if problem:
        os._exit(1)
    return queue


def _tell(say, what):
    try:
        os.write(say, (json.dumps(what) + '\n').encode('ascii'))
    except OSError:
        pass  # nobody listens any more


class Holder(object):
    """queue: a Queue, None where a rule drops the packets and there is only a time to keep;
    longest: seconds.
    """

    def __init__(self, queue, longest):
        self.queue = queue
        self.until = monotonic() + longest
        self.waiting = []
        # {connection: when it was first seen}
        self.since = {}
        self.longest = 0

    def hold(self, alive, wake):
        """Keep what comes until we are told to let it go, or the time is over; tell whether we
        were told.
        """
        sources = [alive, wake] + ([self.queue] if self.queue else [])
        while monotonic() < self.until:
            try:
                ready = select.select(sources, [], [], max(0, self.until - monotonic()))[0]
            except select.error:
                continue  # the signal; it is read from `wake`
            if wake in ready:
                return True
            if self.queue in ready:
                self._keep()
            if alive in ready:
                sources.remove(alive)
                self.until = min(self.until, monotonic() + ORPHAN_SECONDS)
        return False

    def _keep(self):
        now = monotonic()
        for packet, connection in self.queue.read():
            self.waiting.append(packet)
            self.since.setdefault(connection, now)

    def let_go(self):
        """Let go what waits, in the order in which it came, no faster than a server takes it."""
        if self.queue is None:
            return
        if self.waiting:
            self.longest = monotonic() - min(self.since.values())
        self._keep()
        while len(self.waiting) > BURST:
            self.queue.accept(self.waiting[:BURST])
            del self.waiting[:BURST]
            self._keep()
            time.sleep(PAUSE)
        # On a busy server there is always another one by now.
        self.queue.accept(self.waiting)
        self.waiting = []

    def account(self):
        """What there is to tell: how many connections waited, and for how many milliseconds at
        most.
        """
        return (
            {'held': len(self.since), 'held_ms': int(round(self.longest * 1000))}
            if self.queue
            else {}
        )

    def pass_on(self):
        """Let everything through until we are killed: while the rules stand, a queue that is
        closed would lose what is in it.
        """
        until = monotonic() + PASS_SECONDS
        sources = [self.queue] if self.queue else []
        while monotonic() < until:
            try:
                ready = select.select(sources, [], [], max(0, until - monotonic()))[0]
            except select.error:
                continue
            if ready:
                self.queue.accept([packet for packet, _connection in self.queue.read()])
