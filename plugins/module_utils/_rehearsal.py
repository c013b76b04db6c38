# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Whether a switch is rehearsed before anything live changes, and what its outcome means for the
plan.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ._model import REFUSE, REHEARSED, WARN, Finding, Rehearsal
from ._plan import planner
from ._plan.rehearsal import arrange
from ._proof.rehearsal import FAILED, UNAVAILABLE, rehearse

NEVER, REQUIRED = 'never', 'required'


def try_out(wanted, state, plan, check, folder):
    """Return the Plan with its Rehearsal, and with what follows from it as findings. folder: of
    root's alone, made already if not in check mode.
    """
    if planner.refused(plan) or not plan.steps:
        return plan
    if not plan.restart:
        stopped = Rehearsal(UNAVAILABLE, 'the server is stopped, and the switch starts none')
        return _with(wanted, plan, stopped) if wanted.state == REHEARSED and not check else plan
    if check or wanted.rehearse == NEVER:
        return plan._replace(
            rehearsal=Rehearsal(
                'skipped', 'check mode starts nothing' if check else 'rehearse: never'
            )
        )
    return _with(wanted, plan, rehearse(arrange(state, plan, plan.tree), folder))


def _with(wanted, plan, rehearsal):
    return plan._replace(
        rehearsal=rehearsal, findings=plan.findings + judge_rehearsal(wanted, rehearsal)
    )


def judge_rehearsal(wanted, rehearsal):
    """Return the Findings of a Rehearsal."""
    why = rehearsal.reason.rstrip('.')
    if rehearsal.state == FAILED:
        return [
            Finding(
                'rehearsal_failed',
                REFUSE,
                False,
                'In the rehearsal, %s.' % why,
                'Fix what it names.',
                [],
            )
        ]
    if rehearsal.state == UNAVAILABLE and _is_required(wanted):
        return [
            Finding(
                'rehearsal_unavailable',
                REFUSE,
                False,
                'The switch cannot be rehearsed on this host: %s.' % why,
                'A switch with rehearse auto goes on without.',
                [],
            )
        ]
    if rehearsal.state == UNAVAILABLE:
        return [
            Finding(
                'rehearsal_unavailable',
                WARN,
                False,
                'The switch was not rehearsed: %s.' % why,
                'What fails only at start is taken back after it.',
                [],
            )
        ]
    return []


def _is_required(wanted):
    return wanted.rehearse == REQUIRED or wanted.state == REHEARSED


def explain_rehearsal(wanted):
    """Return what is said where a rehearsal was all that was asked for, and it passed."""
    return (
        'The switch to %s was rehearsed: the new server started where nobody sees it, and passed '
        'its proof. Nothing was changed.' % wanted.mpm
    )
