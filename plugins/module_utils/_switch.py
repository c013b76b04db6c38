# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""One switch from end to end: read, decide, act, prove, report. The stages are elsewhere; this is the order they come in."""
import binascii
import os

from . import _report
from ._errors import InputError
from ._host.state import read_host
from ._model import MPMS, PREFORK, REFUSE, Finding, Wanted
from ._plan import outlook, planner, steps
from ._proof import prove, staged
from ._transaction import actions, engine
from ._transaction.context import Context
from ._transaction.lock import host_lock
from ._transaction.signals import deferred_signals

# What a user gets who names nothing but the MPM; times are of no account where nothing is done.
DEFAULT_REQUEST = Wanted(PREFORK, None, {}, [], 0, 0, 0, ())


def switch(run, wanted, check=False, diff=False):
    """Bring this host to what is `wanted` and give the result; its key `failed` says whether the call failed. Raises Error."""
    _demand_root()
    if check:
        return _switch(run, wanted, True, diff)
    with host_lock():
        return _switch(run, wanted, False, diff)


def _switch(run, wanted, check, diff):
    state, plan = plan_switch(run, wanted)
    if planner.refused(plan):
        return _result(_report.REFUSED, _report.explain_refusal(wanted, state, plan), wanted, state, plan, diff=diff)
    if not plan.steps:
        return _result(_report.UNCHANGED, 'The server has the %s MPM already.' % wanted.mpm, wanted, state, plan, diff=diff)
    if check:
        return _result(_report.PLANNED, 'The switch to %s is possible.' % wanted.mpm, wanted, state, plan, diff=diff)
    return _act(run, wanted, state, plan, diff)


def audit(run):
    """Read this host and give what stands against each MPM, as a result. Raises Error."""
    _demand_root()
    state = read_host(run)
    configured = state.choice.mpm or PREFORK
    plans = dict((mpm, planner.build_plan(state, DEFAULT_REQUEST._replace(mpm=mpm))) for mpm in MPMS)
    return _report.build_audit(state, plans[configured].now, plans[configured].findings, dict(
        (mpm, plan.findings) for mpm, plan in plans.items()))


def _demand_root():
    if os.geteuid() != 0:
        raise InputError('This needs root on the host, and runs as user %d: use become.' % os.geteuid())


def plan_switch(run, wanted):
    """Give (HostState, Plan): everything up to the point where something would be changed, the test of the new configuration included."""
    state = read_host(run)
    running = state.servers.running
    addresses = [(item.address, item.port) for item in running.listeners] if running else []
    answers = prove.observe(wanted.probes, addresses) if running else []
    plan = planner.build_plan(state, wanted, answers, binascii.hexlify(os.urandom(8)).decode('ascii'))
    return state, plan if planner.refused(plan) or not plan.edits else _try_configuration(run, wanted, state, plan)


def _try_configuration(run, wanted, state, plan):
    tree = planner.write_tree(state, wanted)
    changed = [edit.path for edit in plan.edits if edit.path in tree.files]
    test = staged.try_staged(run, plan.target.binary, state.options, tree, changed)
    if test.rc == 0:
        return plan
    words = (test.err or test.out).strip()
    return plan._replace(findings=plan.findings + [Finding(
        'config_rejected', REFUSE, False, '%s does not take the configuration as it would be: %s' % (plan.target.binary, words),
        'Mend what it names.', [])])


def _act(run, wanted, state, plan, diff):
    context = Context(run, steps.staged_files(plan.edits, state.choice.path))
    table = dict(actions.ACTIONS, **prove.ACTIONS)
    with deferred_signals() as signals:
        done = engine.execute(plan.steps, table, context, interrupted=lambda: signals.pending)
        if done.failed is None:
            engine.execute(plan.cleanup, table, context)
    after = read_host(run)
    look = outlook.look_ahead(after, after.tree, after.choice.mpm or PREFORK)
    if done.failed is None:
        outcome, words = _report.SWITCHED, _report.explain_switch(wanted, state, look, context.outage_ms())
    else:
        outcome = _report.ROLLBACK_FAILED if done.undo_errors else _report.ROLLED_BACK
        words = _report.explain_rollback(wanted, state, done, context.proved)
    return _result(outcome, words, wanted, state, plan, done.records, context.outage_ms(), (after, look), diff)


def _result(outcome, words, wanted, state, plan, records=(), outage_ms=0, after=None, diff=False):
    failed = outcome in (_report.REFUSED, _report.ROLLED_BACK, _report.ROLLBACK_FAILED)
    return dict(_report.build_result(outcome, wanted, state, plan, records, outage_ms, after, diff), msg=words, failed=failed)
