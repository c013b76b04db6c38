# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Who may act on this host now: take the lock, attach to a run of the same request, or say who
is in the way.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time
from collections import namedtuple

from .._errors import StepError
from .._system.clock import monotonic
from . import guardian, lock, state_folder

# Seconds: longer than any transaction can take with the longest times that may be asked for.
LONGEST = 4 * 3600
PLANNING = 120
# The request of a call that settles an interrupted switch, alone or before one of its own.
RECOVERY = 'recover'


def announce(folder, transaction, request):
    """Let others see what is under way. request: text that is the same for the same wish."""
    state_folder.write_json(
        os.path.join(folder, 'current'),
        {'transaction': transaction, 'request': request, 'pid': os.getpid()},
    )


# lock: descriptor of the lock, which is ours, or None where this call attaches to another one, the
# result of which this is.
Turn = namedtuple('Turn', 'lock result')
Turn.__new__.__defaults__ = (None,)


def wait_for_turn(folder, request, transaction=None):
    """Return the Turn: the lock, or the result of a call to which this one attaches.

    That is a call with the same word, or one with the same request that is under way. request: as
    for `announce`, None for any; transaction: a word for this call. Raises StepError if something
    else is under way, or if the process with the lock neither acts nor releases it in PLANNING
    seconds.
    """
    deadline = monotonic() + PLANNING
    while True:
        descriptor = lock.take_lock(folder)
        # Looked for with the lock taken: a call with this word may have ended a moment ago.
        own = _known_result(folder, transaction)
        if own is None and descriptor is not None:
            return Turn(descriptor)
        if own is not None:
            if descriptor is not None:
                lock.release_lock(descriptor)
            return Turn(None, dict(own, attached=True))
        current = state_folder.read_json(os.path.join(folder, 'current')) or {}
        if current and _known_result(folder, current['transaction']) is None:
            if current['request'] != RECOVERY or request in (None, RECOVERY):
                return _attach(folder, current, request)
            # Not a request of its own: every call settles first what was left unfinished.
            _wait_for(folder, current['transaction'])
            deadline = monotonic() + PLANNING
        if monotonic() > deadline:
            raise StepError(
                'Another switch is under way on this host (process %s) and does not '
                'end.' % current.get('pid'),
                rule='in_progress',
            )
        time.sleep(0.05)


def _known_result(folder, transaction):
    """Return the result of the call with this word; None where there is none, or no word."""
    if not transaction:
        return None
    return state_folder.read_json(guardian.result_path(folder, transaction))


def _wait_for(folder, word):
    return guardian.wait_for_result(folder, word, lambda: lock.is_free(folder), LONGEST)


def _attach(folder, current, request):
    if request is not None and current['request'] != request:
        raise StepError(
            'Another switch is under way on this host (%s).' % current['transaction'],
            rule='in_progress',
        )
    result = _wait_for(folder, current['transaction'])
    if result is None:
        raise StepError(
            'The switch that was under way was interrupted; call again to settle it.',
            rule='in_progress',
        )
    return Turn(None, dict(result, attached=True))
