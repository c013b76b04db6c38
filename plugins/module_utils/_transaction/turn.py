# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Who may act on this host now: take the lock, attach to a run of the same request, or say who is in the way."""
import os
import time

from . import guardian, lock, state_folder
from .._errors import StepError
from .._system.clock import monotonic

# Seconds: longer than any transaction can take with the longest times that may be asked for.
LONGEST = 4 * 3600
PLANNING = 120
# The request of whoever settles what was left unfinished, alone or before a switch of its own.
RECOVERY = 'recover'


def announce(folder, transaction, request):
    """Let others see what is under way. request: text that is the same for the same wish."""
    state_folder.write_json(os.path.join(folder, 'current'), {'transaction': transaction, 'request': request, 'pid': os.getpid()})


def known_result(folder, transaction):
    """Return the result of an earlier call with the same word, or None where there is none."""
    if not os.path.isdir(folder):
        return None
    return state_folder.read_json(guardian.result_path(folder, transaction))


def wait_for_turn(folder, request, transaction=None):
    """Return the descriptor of the lock, or the result of a call to which this one attaches.

    It attaches to a call with the same word, and to one with the same request that is under way;
    then the result has `attached` set. request: as for `announce`, None for any; transaction: a
    word for this call. Raises StepError if something else is under way, or if whoever has the lock
    neither acts nor releases it within PLANNING seconds.
    """
    deadline = monotonic() + PLANNING
    while True:
        descriptor = lock.take_lock(folder)
        if descriptor is not None:
            return _own_result(folder, transaction, descriptor) or descriptor
        current = state_folder.read_json(os.path.join(folder, 'current')) or {}
        word = current.get('transaction')
        if word and known_result(folder, word) is None:
            if current['request'] != RECOVERY or request in (None, RECOVERY):
                return _attach(folder, current, request)
            # Not a request of its own: every call settles first what was left unfinished.
            _wait_for(folder, word)
            deadline = monotonic() + PLANNING
        if monotonic() > deadline:
            raise StepError('Another switch is under way on this host (process %s) and does not '
                            'end.' % current.get('pid'), rule='in_progress')
        time.sleep(0.05)


def _own_result(folder, transaction, descriptor):
    """Release the lock and return the result, if an earlier call with this word ended meanwhile."""
    result = known_result(folder, transaction) if transaction else None
    if result is not None:
        lock.release_lock(descriptor)
        result = dict(result, attached=True)
    return result


def _wait_for(folder, word):
    return guardian.wait_for_result(folder, word, lambda: lock.is_free(folder), LONGEST)


def _attach(folder, current, request):
    if request is not None and current['request'] != request:
        raise StepError('Another switch is under way on this host (%s).' % current['transaction'], rule='in_progress')
    result = _wait_for(folder, current['transaction'])
    if result is None:
        raise StepError('The switch that was under way was interrupted; call again, and it will be settled.', rule='in_progress')
    return dict(result, attached=True)
