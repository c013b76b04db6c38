# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Whether a switch is rehearsed before anything live changes, and what its outcome means for the
plan.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ._model import REFUSE, WARN, Finding, Rehearsal
from ._plan import planner
from ._plan.rehearsal import arrange
from ._proof.rehearsal import FAILED, UNAVAILABLE, rehearse

NEVER, REQUIRED = 'never', 'required'


def try_out(wanted, state, plan, check, folder):
    """Return the Plan with its Rehearsal, and with what follows from it as findings. folder: of
    root's alone, made already if not in check mode.
    """
    if planner.refused(plan) or not plan.restart:
        return plan
    if check or wanted.rehearse == NEVER:
        return plan._replace(
            rehearsal=Rehearsal(
                'skipped', 'check mode starts nothing' if check else 'rehearse: never'
            )
        )
    rehearsal = rehearse(arrange(state, plan, plan.tree), folder)
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
    if rehearsal.state == UNAVAILABLE and wanted.rehearse == REQUIRED:
        return [
            Finding(
                'rehearsal_unavailable',
                REFUSE,
                False,
                'The switch cannot be rehearsed on this host: %s.' % why,
                'Take rehearse auto, which goes on without.',
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
