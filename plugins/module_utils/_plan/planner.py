# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Make the plan: what changes on disk, whether the server must be restarted, what stands against
it, and the steps in order.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._layouts.table import layout_named
from .._model import PREFORK, REFUSE, WARN, Plan
from .._syntax.trees import with_text
from . import changes, directives, outlook, php, rules, steps
from .case import Case
from .strategies import choose


def build_plan(state, wanted, answers=(), token='0', contents=None):
    """Return the Plan that brings a host from `state` to what is `wanted`.

    answers: what the probes answered before; token: a word nobody can guess, for the page that asks
    PHP; contents: {real path: text} to be written as it is, where an earlier switch is taken back,
    None where the planner decides.
    Pure: no I/O, no clock. The same plan serves check mode, the diff, the transaction and the
    report.
    """
    layout = layout_named(state.layout)
    now = outlook.look_ahead(state, state.tree, state.choice.mpm or PREFORK)
    tree = write_tree(state, wanted, contents)
    target = outlook.look_ahead(state, tree, wanted.mpm)
    edits = (
        changes.list_edits(state, tree, wanted.mpm)
        if contents is None
        else changes.list_restored(state, contents)
    )
    restart = _needs_restart(state, wanted, edits)
    if contents is not None and target.denied and not target.php:
        # It was served without PHP when that switch was asked for.
        wanted = wanted._replace(php=php.NONE)
    findings = rules.judge(Case(state, wanted, now, target, edits, answers))
    # Of a server that is stopped, an MPM that is not installed leaves nothing to edit either; that
    # is no "has it already".
    if not edits and not restart and (contents is not None or state.choice.mpm == wanted.mpm):
        return _nothing_to_do(now, target, findings)
    agreed = _align(state) if restart else []
    align = layout.order(state, agreed, state.servers.running.mpm) if agreed else []
    before = outlook.look_ahead(state, state.tree, state.servers.running.mpm) if align else now
    moves = layout.order(state, changes.follow(agreed, edits), wanted.mpm)
    strategy = choose.choose_strategy(state, wanted) if restart else None
    doing, cleanup = steps.build_steps(
        steps.Draft(state, wanted, before, target, align, moves, restart, answers, token, strategy)
    )
    moves = align + moves
    return Plan(
        now, target, findings, edits, moves, restart, doing, cleanup, strategy=strategy, tree=tree
    )


def _nothing_to_do(now, target, findings):
    """Return the Plan of a switch that changes nothing: so nothing can be refused, but what was
    seen is still said.
    """
    return Plan(
        now=now,
        target=target,
        findings=[_as_warning(finding) for finding in findings],
        edits=[],
        moves=[],
        restart=False,
        steps=[],
        cleanup=[],
    )


def _align(state):
    """Where the disk chooses another MPM than the one that runs: the edits that make it choose
    the one that is known to serve.
    """
    running = state.servers.running
    binary = state.binaries.get(running.mpm)
    if (
        running.mpm == state.choice.mpm
        or binary is None
        or state.real_paths[binary] != running.main.exe
    ):
        return []
    tree = layout_named(state.layout).choose(state, state.tree, running.mpm)
    reason = 'choose %s, which runs, for as long as nothing else is proved' % running.mpm
    return [edit._replace(reason=reason) for edit in changes.list_edits(state, tree, running.mpm)]


def write_tree(state, wanted, contents=None):
    """Return the ConfigTree as it will be: the MPM first, then PHP, then the directives; or what
    `contents` make of it.
    """
    if contents is not None:
        return changes.with_contents(state, contents)
    state = state._replace(tree=layout_named(state.layout).choose(state, state.tree, wanted.mpm))
    tree = php.write_php(state, wanted.mpm, wanted.php)
    if wanted.directives and not directives.check_directives(wanted.mpm, wanted.directives):
        settings = outlook.look_ahead(state, tree, wanted.mpm).directives
        changed = directives.write_directives(
            tree, settings, wanted.directives, wanted.mpm, state.build.version
        )
        for path in sorted(changed):
            tree = with_text(tree, path, changed[path])
    return tree


def refused(plan):
    """Return the findings that forbid the switch."""
    return [finding for finding in plan.findings if finding.level == REFUSE]


def _as_warning(finding):
    # Numbers that cannot be meant are refused even so: they were asked for, and they are not what
    # the server has.
    return finding if finding.rule == 'directives_invalid' else finding._replace(level=WARN)


def _needs_restart(state, wanted, edits):
    running = state.servers.running
    if running is None:
        return False
    chosen = layout_named(state.layout).choose(state, state.tree, wanted.mpm)
    return running.mpm != wanted.mpm or [e[:4] for e in edits] != [
        e[:4] for e in changes.list_edits(state, chosen, wanted.mpm)
    ]
