# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""A private IPC namespace has no more semaphores than this host has left.

A new namespace starts with the full limits of the kernel. But servers that were killed leave their
sets of semaphores behind, until the next start finds none. What fails outside has to fail within.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._errors import IsolationError

# The most semaphores of one set, of all sets, of one call; the most sets. See proc(5).
LIMITS = '/proc/sys/kernel/sem'
# One line a set, below a line of titles.
SETS = '/proc/sysvipc/sem'
_COUNT = 3


def describe():
    """Return what `build` needs to know of the namespace that this process is in: the limits that
    a new one has to have, as text; None where they are the same, or not known.
    """
    limits, sets = _read(LIMITS), _read(SETS)
    if not limits or not sets:
        return None
    left = what_is_left(limits, sets)
    return None if left.split() == limits.split() else left


def build(limits):
    """Give the IPC namespace of this process these limits, as `describe` returned them.

    Raises IsolationError.
    """
    if limits is None:
        return
    try:
        with open(LIMITS, 'w') as stream:
            stream.write(limits)
    except (IOError, OSError) as e:
        raise IsolationError(
            'the private IPC namespace could not be limited: %s: %s' % (LIMITS, e.strerror)
        )


def what_is_left(limits, sets):
    """Return limits in the form of LIMITS, less the sets that are there, in the form of SETS.

    Which of them the live server will free is not told: they count as used.
    """
    of_one, of_all, of_call, number = [int(word) for word in limits.split()]
    used = [int(line.split()[_COUNT]) for line in sets.splitlines()[1:] if line.strip()]
    return '%d %d %d %d' % (of_one, max(of_all - sum(used), 0), of_call, max(number - len(used), 0))


def _read(path):
    try:
        with open(path) as stream:
            return stream.read()
    except (IOError, OSError):
        return None
