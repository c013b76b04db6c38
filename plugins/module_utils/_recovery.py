# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Settle an interrupted switch: a call that finds a journal takes back what it says.

Does not need a valid configuration.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from . import _outcomes, _report
from ._orders import NOTHING
from ._proof import prove
from ._system import sockets
from ._system.clock import monotonic
from ._transaction import actions, engine, journal, last, staging
from ._transaction.context import Context

TABLE = dict(actions.ACTIONS, **prove.ACTIONS)


def is_unfinished(folder):
    """Return whether there is a transaction that was not settled.

    Raises StepError if the journal cannot be read.
    """
    return journal.read_journal(folder) is not None


def recover(run, folder):
    """Take back the steps in the journal, in reverse, and prove the old state; return the result,
    None if there is no journal.

    A transaction whose steps were all done is committed instead: it had been proved. If a step
    cannot be taken back, the journal stays, and the next call tries again. Raises StepError if the
    journal cannot be read.
    """
    found = journal.read_journal(folder)
    if found is None:
        return None
    header, steps, phases, metas = found
    context = Context(run, folder, metas=metas)
    if steps and all(phases.get(number) == journal.DONE for number in range(len(steps))):
        return _commit(header, folder, context)
    begun = _with_a_start(steps, journal.begun_steps(steps, phases))
    if any(step.action in actions.STOPS for step in begun):
        # It is not known whether a signal was sent: what runs now may be about to end.
        context.went_down = monotonic()
    records = []
    failures = engine.undo(begun, TABLE, context, records)
    if failures:
        return _report.build_recovery(
            _outcomes.ROLLBACK_FAILED,
            header,
            records,
            context.warnings,
            failures,
            deaf=_deaf_ports(steps),
        )
    journal.settle(folder, journal.RECOVERED)
    return _report.build_recovery(
        _outcomes.RECOVERED,
        header,
        records,
        context.warnings,
        failures,
        context.proved,
        unlike=context.unlike,
    )


def _deaf_ports(steps):
    """The ports of the server on which nothing listens now."""
    starts = [
        actions.STARTS[step.undo](step.undo_order) for step in steps if step.undo in actions.STARTS
    ]
    wanted = set(port for start in starts for port in start.evidence.ports)
    return sorted(wanted - set(item.port for item in sockets.read_listeners()))


def _with_a_start(steps, begun):
    """Start the server again, also if the switch had not stopped it yet: a power cut ends it, and
    not every service starts at boot.

    This comes after the files are back and before the proof asks the server. It does nothing to a
    server that runs.
    """
    starts = [step for step in steps if step.undo in actions.STARTS]
    if not begun or [step for step in begun if step in starts]:
        return begun
    staged = [number for number, step in enumerate(begun) if step.action == 'stage_files'] or [
        len(begun)
    ]
    # Only its inverse is ever run.
    late = [step._replace(action='keep_way_back', order=NOTHING) for step in starts]
    return begun[: staged[0]] + late + begun[staged[0] :]


def conclude(run, folder, transaction):
    """Return the result of a transaction whose worker left none: from its journal if there is one,
    else from the one that was settled.
    """
    found = recover(run, folder)
    if found is not None:
        return found
    ends = (
        (journal.COMMITTED, _outcomes.SWITCHED),
        (journal.ROLLED_BACK, _outcomes.ROLLED_BACK),
        (journal.RECOVERED, _outcomes.RECOVERED),
    )
    for name, outcome in ends:
        header = journal.read_header(folder, name)
        if header and header.transaction == transaction:
            return _report.build_recovery(outcome, header, [], [], [])
    return _report.build_recovery(_outcomes.REFUSED, journal.Header(), [], [], [])


def _commit(header, folder, context):
    if all(staging.is_kept(meta) for meta in context.metas.values()):
        last.remember(folder, header, context.metas)
    done = engine.execute(header.cleanup, TABLE, context)
    journal.settle(folder, journal.COMMITTED)
    return _report.build_recovery(_outcomes.SWITCHED, header, done.records, context.warnings, [])
