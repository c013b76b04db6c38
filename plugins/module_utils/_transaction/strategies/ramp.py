# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Return visitors to a new server no faster than it grows: a cold one has its few first
processes, and makes more once a second.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from ..._system import processes, queues
from ..._system.clock import monotonic, wait_until

# A server that is full all the time has visitors wait; one that has some workers to spare does not
# grow.
USED = 0.8
# httpd looks after its workers once a second. One that does not grow in that time needs no more
# than it has.
PATIENCE, GROWTH = 1.2, 1.25
# The old server serves the others meanwhile; one that has reached its limits will not grow by
# waiting.
LONGEST = 30
PAUSE = 0.1
# Threads of a process of worker or event that serve nobody: the first one, and the one that
# listens.
_OTHER_THREADS = 2

# needed: workers that all visitors together keep busy; workers: those of the new server; queued:
# connections that wait for one of them; still: seconds since its workers or its share became more.
Look = namedtuple('Look', 'needed workers queued still')


def next_share(share, look):
    """Return the share of new connections, up to 1, that the new server gets from now on; never
    less than `share`.
    """
    if look.workers >= look.needed:
        return 1.0
    if look.queued:
        return share
    fits = USED * look.workers / look.needed
    if look.still >= PATIENCE:
        fits = max(fits, share * GROWTH)
    return min(1.0, max(share, fits))


def hand_over(old, new, held, visitors, steer):
    """Call steer(share) again and again, at the last with 1.

    Tell whether the new server lived until then.

    old, new: Processes; held: inodes of the listening sockets of the new one; visitors: number of
    connections of the old one.
    """
    # A worker may have no visitor, and event keeps visitors without a worker.
    needed = min(_count_workers(old, processes.read_processes()), visitors)
    share, most, since, end = 0.0, 0, monotonic(), monotonic() + LONGEST
    while monotonic() < end and processes.is_alive(new):
        workers = _count_workers(new, processes.read_processes())
        if workers > most:
            most, since = workers, monotonic()
        wider = next_share(
            share,
            Look(
                needed, workers, queues.count_queued(queues.read_rows(), held), monotonic() - since
            ),
        )
        if wider == 1:
            break
        if wider > share:
            steer(wider)
            share, since = wider, monotonic()
        wait_until(lambda: not processes.is_alive(new), PAUSE, pause=PAUSE)
    if not processes.is_alive(new):
        return False
    steer(1.0)
    return True


def _count_workers(main, table):
    children = [
        process.pid
        for process in table
        if process.parent == main.pid and processes.runs_one_of(process, [main.exe])
    ]
    return sum(max(1, processes.count_threads(pid) - _OTHER_THREADS) for pid in children)
