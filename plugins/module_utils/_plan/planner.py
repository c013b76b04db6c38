# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Make the plan: what changes on disk, whether the server must be restarted, what stands against
it, and the steps in order.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import DENIED_BY_US, PREFORK, REFUSE, WARN, Plan
from .._syntax.trees import with_text
from . import changes, directives, outlook, php, php_changes, rules, steps
from .case import Case
from .fpm import carry
from .fpm import steps as fpm_steps
from .strategies import choose

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Mapping, Sequence  # noqa: F401

    from .._model import (  # noqa: F401
        Answer,
        ConfigTree,
        FileEdit,
        Finding,
        HostState,
        Link,
        Outlook,
        PhpMapping,
        Wanted,
    )
    from .fpm.carry import Carried  # noqa: F401
    from .steps import Draft  # noqa: F401

    # {real path: text, Link, or None where there is nothing}.
    Contents = Mapping[str, 'str | Link | None']


def build_plan(state, wanted, answers=(), token='0', contents=None):
    # type: (HostState, Wanted, Sequence[Answer], str, Contents | None) -> Plan
    """Return the Plan that brings a host from `state` to what is `wanted`.

    answers: what the probes answered before; token: a word nobody can guess, for the page that asks
    PHP; contents: {real path: text} to be written as it is, where an earlier switch is taken back,
    None where the planner decides.
    Pure: no I/O, no clock. The same plan serves check mode, the diff, the transaction and the
    report.
    """
    now = outlook.look_ahead(state, state.tree, state.choice.mpm or PREFORK)
    moves_php = contents is None and wanted.php == php.FPM
    carried = carry.carry(state, wanted.mpm) if moves_php else None
    tree = write_tree(state, wanted, contents, carried)
    target = outlook.look_ahead(state, tree, wanted.mpm)
    edits = _list_edits(state, tree, wanted.mpm, contents, carried)
    restart = _needs_restart(state, wanted, edits)
    changed = php_changes.compare_php(state, tree, wanted.mpm)
    if contents is not None and _is_without_php(target, changed.mappings):
        # It was served without PHP when that switch was asked for.
        wanted = wanted._replace(php=php.NONE)
    of_php = changed.mappings, changed.lines, changed.unjudged
    findings = rules.judge(Case(state, wanted, now, target, edits, answers, *(of_php + (carried,))))
    # Of a server that is stopped, an MPM that is not installed leaves nothing to edit either; that
    # is no "has it already".
    if not edits and not restart and (contents is not None or state.choice.mpm == wanted.mpm):
        return _nothing_to_do(now, target, findings, changed.mappings)
    draft = _draft(state, wanted, now, target, edits, restart, carried)
    doing, cleanup = steps.build_steps(draft._replace(answers=answers, token=token))
    plan = Plan(now, target, findings, edits, draft.every_move, restart, doing, cleanup)
    return plan._replace(
        strategy=draft.strategy,
        tree=tree,
        mappings=changed.mappings,
        denials=changed.denials,
        carried=carried,
    )


def _list_edits(state, tree, mpm, contents, carried):
    # type: (HostState, ConfigTree, str, Contents | None, Carried | None) -> list[FileEdit]
    if contents is None:
        of_fpm = carry.list_edits(state, carried or carry.take_away(state, tree))
        return changes.list_edits(state, tree, mpm) + of_fpm
    return carry.hidden(state, changes.list_restored(state, contents))


def _is_without_php(target, mappings):
    # type: (Outlook, list[PhpMapping]) -> bool
    return not target.php.modules and any(one.then.how == DENIED_BY_US for one in mappings)


def _draft(state, wanted, now, target, edits, restart, carried):
    # type: (HostState, Wanted, Outlook, Outlook, list[FileEdit], bool, Carried | None) -> Draft
    """Return the Draft of a switch, still without answers and token."""
    layout = layout_named(state.layout)
    of_fpm = [edit for edit in edits if state.fpm and edit.path in state.fpm.files]
    edits = [edit for edit in edits if edit not in of_fpm]
    agreed = _align(state) if restart else []
    align = layout.order(state, agreed, state.servers.running.mpm) if agreed else []
    return steps.Draft(
        state=state,
        wanted=wanted,
        now=outlook.look_ahead(state, state.tree, state.servers.running.mpm) if align else now,
        target=target,
        align=align,
        moves=layout.order(state, changes.follow(agreed, edits), wanted.mpm),
        restart=restart,
        answers=(),
        token=None,
        strategy=choose.choose_strategy(state, wanted) if restart else None,
        fpm=fpm_steps.plan_moves(state, of_fpm, carried),
    )


def _nothing_to_do(now, target, findings, mappings):
    # type: (Outlook, Outlook, list[Finding], list[PhpMapping]) -> Plan
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
        mappings=mappings,
    )


def _align(state):
    # type: (HostState) -> list[FileEdit]
    """Where the disk does not bring the server that runs back: the edits that make it do so. That
    is where it chooses another MPM, or where the settings of another one keep it from starting.
    """
    running, tree = state.servers.running, agreeing_tree(state)
    if tree is None or (running.mpm == state.choice.mpm and tree == state.tree):
        return []
    reason = 'choose %s, which runs, for as long as nothing else is proved' % running.mpm
    return [edit._replace(reason=reason) for edit in changes.list_edits(state, tree, running.mpm)]


def agreeing_tree(state):
    # type: (HostState) -> ConfigTree | None
    """Return the ConfigTree with which the server that runs would start again; None where its
    program is not known here.
    """
    running = state.servers.running
    if running.mpm == state.choice.mpm and state.config_test.rc == 0:
        return state.tree
    binary = state.installed.binaries.get(running.mpm)
    if binary is None or state.installed.real_paths[binary] != running.main.exe:
        return None
    return layout_named(state.layout).choose(state, state.tree, running.mpm)


def write_tree(state, wanted, contents=None, carried=None):
    # type: (HostState, Wanted, Contents | None, Carried | None) -> ConfigTree
    """Return the ConfigTree as it will be: the MPM first, then PHP, then the directives; or what
    `contents` make of it. carried: Carried where FPM takes PHP over, else None.
    """
    if contents is not None:
        return changes.with_contents(state, contents)
    state = state._replace(tree=layout_named(state.layout).choose(state, state.tree, wanted.mpm))
    tree = carried.tree if carried else php.write_php(state, wanted.mpm, wanted.php)
    if wanted.directives and not directives.check_directives(wanted.mpm, wanted.directives):
        settings = outlook.look_ahead(state, tree, wanted.mpm).directives
        changed = directives.write_directives(
            tree, settings, wanted.directives, wanted.mpm, state.build.version
        )
        for path in sorted(changed):
            tree = with_text(tree, path, changed[path])
    return tree


def refused(plan):
    # type: (Plan) -> list[Finding]
    """Return the findings that forbid the switch."""
    return [finding for finding in plan.findings if finding.level == REFUSE]


def _as_warning(finding):
    # type: (Finding) -> Finding
    # Numbers that cannot be meant are refused even so: they were asked for, and they are not what
    # the server has.
    return finding if finding.rule == 'directives_invalid' else finding._replace(level=WARN)


def _needs_restart(state, wanted, edits):
    # type: (HostState, Wanted, list[FileEdit]) -> bool
    running = state.servers.running
    if running is None:
        return False
    chosen = layout_named(state.layout).choose(state, state.tree, wanted.mpm)
    return running.mpm != wanted.mpm or [e[:4] for e in edits] != [
        e[:4] for e in changes.list_edits(state, chosen, wanted.mpm)
    ]
