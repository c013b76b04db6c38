# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Run the steps of a plan; if one fails, undo what was done, in reverse.

Knows steps and actions, and nothing of what they do.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time
from collections import namedtuple

from .._errors import Error
from .._system.clock import monotonic

# What the system refuses in an undo may go through a moment later, after a full disk or an error of
# a network file system. How often it is tried, and the seconds between.
UNDO_TRIES, UNDO_PAUSE = 3, 0.1
# step: name; phase: 'do', 'undo', or 'note' where the journal of an undo could not be written;
# seconds: how long it took; error: text or None.
Record = namedtuple('Record', 'step phase seconds error')
# failed: the Step that failed, or None; error: its exception; undo_errors: [(Step, text)]; records:
# [Record] in order.
Execution = namedtuple('Execution', 'failed error undo_errors records')


def execute(steps, actions, context, note=lambda phase, step: None):
    """Run every step; return an Execution.

    actions: {name: function(order, context)}. `note` is called around each act ('begin', 'done',
    'undoing', 'undone'): there a journal belongs. Whatever a step raises, even an exit, leads to
    the undo of that step and of all before it; so does a note that fails.
    """
    records, begun = [], []
    for step in steps:
        begun.append(step)
        error = _perform(step, 'do', _do, (step, actions, context, note), records)
        if error is not None:
            return Execution(step, error, undo(begun, actions, context, records, note), records)
    return Execution(None, None, [], records)


def _do(step, actions, context, note):
    note('begin', step)
    actions[step.action](step.order, context)
    note('done', step)


def undo(begun, actions, context, records, note=lambda phase, step: None):
    """Undo steps in reverse.

    One that fails does not stop the others; return [(Step, text)] of those. What the system itself
    refuses is tried again first: the steps before it count on it.
    """
    failures, note = [], _forgiving(note, records)
    for step in reversed(begun):
        if step.undo is not None:
            error = _undo_stubbornly(step, (step, actions, context, note), records)
            if error is not None:
                failures.append((step, _text(error)))
    return failures


def _undo_stubbornly(step, args, records):
    """Undo one step; return the last error, None if there was none."""
    for left in reversed(range(UNDO_TRIES)):
        error = _perform(step, 'undo', _undo, args, records)
        if not left or not isinstance(error, EnvironmentError):
            return error
        time.sleep(UNDO_PAUSE)


def _undo(step, actions, context, note):
    note('undoing', step)
    actions[step.undo](step.undo_order, context)
    note('undone', step)


def _forgiving(note, records):
    """Return a note that never fails: what is undone and not noted is undone again by a recovery.

    A journal that cannot be written does not stop the way back, and is not a failed step.
    """

    def try_to_note(phase, step):
        try:
            note(phase, step)
        except BaseException as e:  # an exit or an interrupt here must not leave the step as it is
            records.append(Record(step.name, 'note', 0, _text(e)))

    return try_to_note


def _perform(step, phase, act, args, records):
    began, error = monotonic(), None
    try:
        act(*args)
    # an exit or an interrupt in the middle of a switch must be undone like any other failure
    except BaseException as e:
        error = e
    records.append(
        Record(step.name, phase, monotonic() - began, None if error is None else _text(error))
    )
    return error


def _text(error):
    return (error.message if isinstance(error, Error) else str(error)) or error.__class__.__name__
