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


def announce(folder, transaction, request):
    """Let others see what is under way. request: text that is the same for the same wish."""
    state_folder.write_json(os.path.join(folder, 'current'), {'transaction': transaction, 'request': request, 'pid': os.getpid()})


def wait_for_turn(folder, request):
    """Give the descriptor of the lock; or the result of a run of the same request that was under way, with `attached` set.

    Raises StepError if something else is under way, or if whoever has the lock neither acts nor lets go of it within two minutes.
    """
    deadline = monotonic() + PLANNING
    while True:
        descriptor = lock.take_lock(folder)
        if descriptor is not None:
            return descriptor
        current = state_folder.read_json(os.path.join(folder, 'current')) or {}
        word = current.get('transaction')
        if word and state_folder.read_json(guardian.result_path(folder, word)) is None:
            return _attach(folder, current, request)
        if monotonic() > deadline:
            raise StepError('Another switch is under way on this host (process %s) and does not end.' % current.get('pid'), rule='in_progress')
        time.sleep(0.05)


def _attach(folder, current, request):
    if request is not None and current['request'] != request:
        raise StepError('Another switch is under way on this host (%s).' % current['transaction'], rule='in_progress')
    result = guardian.wait_for_result(folder, current['transaction'], lambda: lock.is_free(folder), LONGEST)
    if result is None:
        raise StepError('The switch that was under way was interrupted; call again, and it will be settled.', rule='in_progress')
    return dict(result, attached=True)
