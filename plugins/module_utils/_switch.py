# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""One switch from end to end: lock, recover, read, decide, act, prove, report.

The stages are elsewhere; this is their order.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import binascii
import json
import os
from collections import namedtuple

from . import _backends as backends
from . import _outcomes, _report, _words
from . import _pages as pages
from . import _recovery as recovery
from . import _rehearsal as rehearsal
from . import _sites as sites
from . import _swapping as swapping
from ._config_test import try_configuration
from ._errors import InputError, StepError
from ._host.state import look_again, read_host
from ._host.strategies.abilities import read_abilities
from ._model import MPMS, PREFORK, REHEARSED, ROLLED_BACK, THREADED, Place, Wanted
from ._plan import advice, outlook, planner
from ._proof import prove
from ._strangers.limited import run_limited
from ._transaction import engine, guardian, journal, last, scope, state_folder, turn
from ._transaction.context import Context
from ._transaction.lock import is_free, release_lock
from ._transaction.state_folder import STATE_FOLDER

# Seconds for a reading of the host: before anything is changed, and during the switch.
MAX_READING, MAX_READING_AFTER = 300, 20
_READING = 'The reading of the host'
# The defaults for a user who names only the MPM; times do not matter, since nothing is done.
DEFAULT_REQUEST = Wanted(
    mpm=PREFORK,
    php=None,
    directives={},
    probes=[],
    drain_timeout=0,
    stop_timeout=0,
    soak=0,
    accept=(),
)


def switch(run, wanted, check=False, diff=False, transaction=None, folder=STATE_FOLDER):
    """Bring this host to what is `wanted` and return the result; its key `failed` says whether the
    call failed.

    Raises Error.

    transaction: a word for this call; a second call with the same word returns the result of the
    first one, or waits for it.
    """
    _demand_root()
    if check:
        return _foretell(run, wanted, diff, folder)
    if wanted.state == REHEARSED:
        return _rehearse_in_turn(run, wanted, folder)
    result = _switch_in_turn(run, wanted, diff, transaction or _random_word(), folder)
    if result['outcome'] != _outcomes.RECOVERED:
        return result
    # The host serves, but not with what was asked for.
    return dict(
        result,
        failed=_outcomes.is_failed(_outcomes.RECOVERED),
        changed=_outcomes.is_changed(_outcomes.RECOVERED),
    )


def _foretell(run, wanted, diff, folder):
    """Return the result of check mode."""
    result = _decide(run, wanted, diff, folder, check=True).result
    if not os.path.isdir(folder) or not recovery.is_unfinished(folder):
        return result
    words = 'An interrupted switch is unfinished here; the real run settles it first.'
    return dict(result, warnings=[words])


def _rehearse_in_turn(run, request, folder):
    """Return the result of a call that ends with the rehearsal.

    Raises StepError where another switch is under way, or is unfinished: to settle it would change
    the host.
    """
    ours = turn.wait_for_turn(folder, _text_of(request))
    if ours.lock is None:
        return ours.result
    try:
        if recovery.is_unfinished(folder):
            raise StepError(
                'An interrupted switch is unfinished on this host, and a rehearsal changes '
                'nothing. Settle it first with state recovered (recover-mpm.yml).',
                rule='unfinished',
                outcome=_outcomes.REFUSED,
            )
        return _decide(run, request, False, folder).result
    finally:
        release_lock(ours.lock)


def _switch_in_turn(run, request, diff, transaction, folder):
    """Return the result of the switch, or of the one under way to which this call attaches."""
    text = _text_of(request)
    ours = turn.wait_for_turn(folder, text, transaction)
    if ours.lock is None:
        return ours.result
    lock = _settle(run, folder, ours.lock)
    try:
        decision = _decide(run, request, diff, folder)
    except BaseException:
        release_lock(lock)
        raise
    if decision.result['outcome'] != _outcomes.PLANNED:
        release_lock(lock)
        return decision.result
    result = _guarded(
        run, folder, lock, transaction, text, lambda: _act(run, folder, transaction, decision)
    )
    return dict(result, diff=_report.describe_edits(decision.plan.edits)) if diff else result


# result: also that of check mode; wanted: what the request means on this host; state, plan: a
# HostState and a Plan, None if there is nothing to look at.
Decision = namedtuple('Decision', 'result wanted state plan')


def _decide(run, request, diff, folder, check=False):
    """Return the Decision. request: Wanted, as the user put it."""
    wanted, contents = request, None
    if request.state == ROLLED_BACK:
        earlier = last.recall(folder)
        place, contents = _place_of(earlier, request), earlier.files
        if earlier.taken_back:
            return Decision(_taken_back_already(earlier), request, None, None)
        wanted = request._replace(mpm=earlier.before, php='keep', place=place)
    state, plan = plan_switch(run, wanted, contents)
    plan = swapping.try_out(state, plan, check, folder)
    plan = rehearsal.try_out(wanted, state, plan, check, folder)
    if planner.refused(plan):
        outcome, words = _outcomes.REFUSED, _words.explain_refusal(wanted, state, plan)
    elif not plan.steps:
        outcome, words = _outcomes.UNCHANGED, 'The server has the %s MPM already.' % wanted.mpm
    elif wanted.state == REHEARSED and not check:
        outcome, words = _outcomes.REHEARSED, rehearsal.explain_rehearsal(wanted)
    else:
        outcome, words = _outcomes.PLANNED, _words.explain_plan(wanted, plan)
    result = _result(outcome, words, wanted, state, plan, diff=diff)
    return Decision(result, wanted, state, plan)


def _taken_back_already(earlier):
    """Return the result of a call that finds what it asks for done. The host is not read."""
    words = 'The last switch of this host, from %s to %s, was taken back already.'
    return {
        'changed': False,
        'failed': False,
        'outcome': _outcomes.UNCHANGED,
        'mpm': earlier.before,
        'msg': words % (earlier.before, earlier.to),
    }


def _place_of(earlier, wanted):
    """The Place of the server that the earlier switch was of.

    Raises InputError if another one is named now.
    """
    place = Place(*earlier.place) if earlier.place else None
    if wanted.place not in (None, place):
        raise InputError(
            'The last switch of this host was for another server (%s): leave binary, service and '
            'config out to take that switch back.'
            % (
                ', '.join('%s=%s' % item for item in zip(Place._fields, place) if item[1])
                if place
                else 'the usual one'
            )
        )
    return place


def recover(run, check=False, transaction=None, folder=STATE_FOLDER):
    """Settle an unfinished switch and return the result. transaction: a word for this call, as in
    `switch`.

    Raises Error.
    """
    _demand_root()
    transaction = transaction or _random_word()
    if check:
        unfinished = os.path.isdir(folder) and recovery.is_unfinished(folder)
        outcome = _outcomes.PLANNED if unfinished else _outcomes.UNCHANGED
        return {
            'changed': unfinished,
            'failed': False,
            'outcome': outcome,
            'msg': 'There is %s interrupted switch on this host.' % ('an' if unfinished else 'no'),
        }
    ours = turn.wait_for_turn(folder, turn.RECOVERY, transaction)
    if ours.lock is None:
        return ours.result
    if not recovery.is_unfinished(folder):
        release_lock(ours.lock)
        return {
            'changed': False,
            'failed': False,
            'outcome': _outcomes.UNCHANGED,
            'msg': 'There is no interrupted switch on this host.',
        }
    return _guarded(
        run, folder, ours.lock, transaction, turn.RECOVERY, lambda: recovery.recover(run, folder)
    )


def _settle(run, folder, lock):
    """Settle an earlier unfinished switch; return the lock, which is ours again.

    Raises StepError if it cannot be settled.
    """
    if not recovery.is_unfinished(folder):
        return lock
    result = _guarded(
        run, folder, lock, _random_word(), turn.RECOVERY, lambda: recovery.recover(run, folder)
    )
    if result['failed']:
        raise StepError(result['msg'], outcome=result['outcome'])
    ours = turn.wait_for_turn(folder, None)
    if ours.lock is None:
        raise StepError(
            'Another switch started while an interrupted one was settled.', rule='in_progress'
        )
    return ours.lock


def _guarded(run, folder, lock, transaction, request, work):
    """Run `work` in processes that outlive us; if all of them were killed, recover.

    Return the result.
    """
    turn.announce(folder, transaction, request)
    guardian.run_guarded(
        folder,
        lock,
        transaction,
        work,
        lambda: recovery.conclude(run, folder, transaction),
        lambda: scope.leave_session(run, transaction),
    )
    release_lock(lock)
    result = guardian.wait_for_result(folder, transaction, lambda: is_free(folder), turn.LONGEST)
    if result is not None:
        return result
    ours = turn.wait_for_turn(folder, None)
    if ours.lock is None:
        raise StepError(
            'The switch was interrupted, and another one settles it.', rule='in_progress'
        )
    try:
        result = recovery.conclude(run, folder, transaction)
        # Else the next call would wait for a transaction that no process works on any more.
        state_folder.write_json(guardian.result_path(folder, transaction), result)
        return result
    finally:
        release_lock(ours.lock)


def _random_word():
    return binascii.hexlify(os.urandom(8)).decode('ascii')


def _text_of(request):
    """Return a text that is the same for two calls with the same request."""
    return json.dumps(request, sort_keys=True)


def audit(run, place=None):
    """Read this host, or the server at `place`, and return what prevents each MPM, as a result.

    Raises Error.
    """
    _demand_root()
    state = _read_in_time(run, place, MAX_READING)
    configured = state.choice.mpm or PREFORK
    plans = dict((mpm, _look_at(run, state, mpm)) for mpm in MPMS)
    by_fpm = dict(
        (mpm, planner.build_plan(state, DEFAULT_REQUEST._replace(mpm=mpm, php='fpm')))
        for mpm, plan in plans.items()
        if mpm in THREADED and advice.needs_another_php(plan)
    )
    return _report.build_audit(
        state,
        plans[configured],
        dict((mpm, plan.findings) for mpm, plan in plans.items()),
        advice.advise(state, plans, by_fpm),
    )


def _look_at(run, state, mpm):
    """Return the Plan of a switch to one MPM. Its configuration is tested only where the one on the
    disk fails, since the switch may fix that.
    """
    plan = planner.build_plan(state, DEFAULT_REQUEST._replace(mpm=mpm))
    if state.config_test.rc != 0:
        plan = try_configuration(run, state, plan)
    return backends.try_out(plan)


def _demand_root():
    if os.geteuid() != 0:
        raise InputError(
            'This needs root on the host, and runs as user %d: use become.' % os.geteuid()
        )


def plan_switch(run, wanted, contents=None):
    """Return (HostState, Plan): do everything that changes nothing, with the test of the new
    configuration.

    contents: {path: text} to write instead of what the planner would.
    """
    state = _read_in_time(run, wanted.place, MAX_READING)
    running = state.servers.running
    if running:
        state = state._replace(abilities=read_abilities(run, state, wanted.strategy))
    addresses = [(item.address, item.port) for item in running.listeners] if running else []
    answers, token = prove.observe(wanted.probes, addresses) if running else [], _random_word()
    plan = pages.add_pages(
        wanted,
        state,
        lambda more: planner.build_plan(state, wanted, answers + more, token, contents),
    )
    plan = backends.try_out(try_configuration(run, state, plan))
    plan = backends.try_fpm(run, state, plan)
    return state, sites.add_sites(wanted, state, plan, token)


def _header(transaction, decision):
    """Return what the journal says of the switch as a whole."""
    wanted, plan = decision.wanted, decision.plan
    return journal.Header(
        transaction=transaction,
        before=_mpm_now(decision.state),
        to=wanted.mpm,
        place=wanted.place,
        back=wanted.state == ROLLED_BACK,
        cleanup=plan.cleanup,
    )


def _act(run, folder, transaction, decision):
    """The worker: everything from the journal to its commit."""
    _result_so_far, wanted, state, plan = decision
    header = _header(transaction, decision)
    try:
        book = journal.Journal(folder, header, plan.steps)
    except (IOError, OSError, StepError) as e:
        words = 'The journal could not be written in %s: %s. Nothing was changed.' % (
            folder,
            getattr(e, 'message', None) or e,
        )
        return _result(_outcomes.REFUSED, words, wanted, state, plan)
    seen = []
    context = Context(
        run,
        folder,
        [(edit.before, edit.after, edit.like) for edit in plan.moves],
        places=plan.places,
        journal=book,
        meanwhile=lambda: seen.append(_try_to_read(run, wanted.place)),
    )
    done = engine.execute(plan.steps, recovery.TABLE, context, note=book.note)
    context.end_watch()
    if done.failed is None:
        last.remember(folder, header, context.metas)
        _tidy(plan.cleanup, context)
    if not done.undo_errors:
        book.finish(journal.COMMITTED if done.failed is None else journal.ROLLED_BACK)
    last.prune_results(folder)
    return _conclude(
        run, wanted, state, plan, done, context, seen[-1] if seen and done.failed is None else None
    )


def _read_in_time(run, place, seconds):
    """Return the HostState, read in a child process, so that the reading always ends.

    Raises StrangerError if it takes too long, and each Error of the reading.
    """
    return run_limited(lambda: read_host(run, place), seconds, what=_READING)


def _try_to_read(run, place):
    """Return the HostState, or None: a failed reading proves nothing about the server, and the
    proof reads it again.
    """
    try:
        return _read_in_time(run, place, MAX_READING_AFTER)
    except Exception:
        return None


def _tidy(cleanup, context):
    """Remove what only the switch needed. A step that fails is tried once more; it never makes a
    proved switch be taken back.
    """
    if engine.execute(cleanup, recovery.TABLE, context).failed is None:
        return
    again = engine.execute(cleanup, recovery.TABLE, context)
    if again.failed is not None:
        context.warnings.append('Not tidied up: %s (%s).' % (again.failed.detail, again.error))


def _mpm_now(state):
    return state.servers.running.mpm if state.servers.running else state.choice.mpm


def _conclude(run, wanted, state, plan, done, context, seen=None):
    """Return the result. seen: the HostState that was read while the new server soaked, if one
    was.
    """
    after = _read_after(run, wanted, context, seen)
    if done.failed is None:
        look = plan.target if after == _words.NOT_KNOWN else after[1]
        outcome = _outcomes.SWITCHED
        words = _words.explain_switch(wanted, state, plan, look, context)
    else:
        outcome = _outcomes.ROLLBACK_FAILED if done.undo_errors else _outcomes.ROLLED_BACK
        words = _words.explain_rollback(
            wanted, state, done, context.proved, _running_now(after), context.unlike
        )
    compared = pages.compare_pages(plan, context.answers)
    words += _words.explain_pages(compared)
    late = sites.not_asked_again(plan, context.site_answers) if done.failed is None else []
    plan = plan._replace(sites_left=list(plan.sites_left) + late)
    result = _result(outcome, words, wanted, state, plan, done.records, context.outage_ms(), after)
    return dict(
        result,
        warnings=context.warnings + _words.warn_of_sites(late),
        visitors=dict(context.measured),
        probe_pages=_report.describe_pages(compared),
        probe_sites=_report.describe_probed(sites.compare_sites(plan, context.site_answers)),
    )


def _read_after(run, wanted, context, seen):
    """Return (HostState, Outlook) as they are now, NOT_KNOWN where the host cannot be read.

    A failed reading does not change what was done and proved.
    """
    try:
        if seen:
            after = run_limited(lambda: look_again(seen), MAX_READING_AFTER, what=_READING)
        else:
            after = _read_in_time(run, wanted.place, MAX_READING_AFTER)
        return after, outlook.look_ahead(after, after.tree, after.choice.mpm or PREFORK)
    except Exception as e:
        context.warnings.append(
            'The host could not be read afterwards: %s' % (getattr(e, 'message', None) or e)
        )
        return _words.NOT_KNOWN


def _running_now(after):
    if after == _words.NOT_KNOWN:
        return after
    running = after[0].servers.running
    return running.mpm if running else None


def _result(outcome, words, wanted, state, plan, records=(), outage_ms=0, after=None, diff=False):
    result = _report.build_result(outcome, wanted, state, plan, records, outage_ms, after, diff)
    result['probe_pages'] = _report.describe_pages(pages.compare_pages(plan, {}))
    result['probe_sites'] = _report.describe_probed(sites.compare_sites(plan, {}))
    return dict(result, msg=words, failed=_outcomes.is_failed(outcome))
