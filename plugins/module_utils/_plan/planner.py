# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Make the plan: what changes on disk, whether the server must be restarted, what stands against it, and the steps in order."""
from . import directives, outlook, php, rules, steps
from .trees import with_text
from .._layouts.table import layout_named
from .._model import PREFORK, REFUSE, WARN, FileEdit, Plan


def build_plan(state, wanted, answers=(), token='0', contents=None):
    """Give the Plan that brings a host from `state` to what is `wanted`.

    answers: what the probes answered before; token: a word nobody can guess, for the page that asks PHP; contents: {real path: text}
    to be written as it is, where an earlier switch is taken back, None where the planner decides.
    Pure: no I/O, no clock. The same plan serves check mode, the diff, the transaction and the report.
    """
    now = outlook.look_ahead(state, state.tree, state.choice.mpm or PREFORK)
    tree = write_tree(state, wanted, contents)
    target = outlook.look_ahead(state, tree, wanted.mpm)
    edits = _tree_edits(state, tree) + _choice_edit(state, wanted, contents)
    restart = _needs_restart(state, wanted, edits)
    findings = rules.judge(rules.Case(state, wanted, now, target, edits, answers))
    if not edits and not restart:
        # Nothing is going to happen, so nothing can be refused; what was seen is still said.
        return Plan(now, target, [_as_warning(finding) for finding in findings], [], [], False, [], [])
    align = _align(state) if restart else []
    before = outlook.look_ahead(state, state.tree, state.servers.running.mpm) if align else now
    moves = _moves(state, edits, align)
    doing, cleanup = steps.build_steps(steps.Draft(state, wanted, before, target, align, moves, restart, answers, token))
    return Plan(now, target, findings, edits, align + moves, restart, doing, cleanup)


def _align(state):
    """Where the disk chooses another MPM than the one that runs: the edit that makes it choose the one that is known to serve."""
    running, choice = state.servers.running, state.choice
    binary = state.binaries.get(running.mpm)
    if running.mpm == choice.mpm or binary is None or state.real_paths[binary] != running.main.exe:
        return []
    text = layout_named(state.layout).write_choice(choice.text, binary, choice.default)
    reason = 'choose %s, which runs, for as long as nothing else is proved' % running.mpm
    return [FileEdit(choice.path, _real(state, choice.path), choice.text, text, reason)] if text != choice.text else []


def _moves(state, edits, align):
    """The renames in order: the choice comes last, so that at every instant the disk boots with exactly one MPM."""
    others = [edit for edit in edits if edit.path != state.choice.path]
    choice = [edit for edit in edits if edit.path == state.choice.path]
    for first in align:
        after = choice[0].after if choice else state.choice.text
        choice = [first._replace(before=first.after, after=after, reason='choose what is wanted')] if after != first.after else []
    return sorted(others, key=lambda edit: edit.path) + choice


def write_tree(state, wanted, contents=None):
    """Give the ConfigTree as it will be: PHP first, then the directives of the MPM; or the texts of `contents`."""
    if contents is not None:
        return _with_contents(state, contents)
    tree = php.write_php(state, wanted.mpm, wanted.php)
    if wanted.directives and not directives.check_directives(wanted.mpm, wanted.directives):
        settings = outlook.look_ahead(state, tree, wanted.mpm).directives
        changed = directives.write_directives(tree, settings, wanted.directives, wanted.mpm, state.build.version)
        for path in sorted(changed):
            tree = with_text(tree, path, changed[path])
    return tree


def _with_contents(state, contents):
    tree = state.tree
    for path in sorted(tree.files):
        if _real(state, path) in contents:
            tree = with_text(tree, path, contents[_real(state, path)])
    return tree


def refused(plan):
    """Give the findings that forbid the switch."""
    return [finding for finding in plan.findings if finding.level == REFUSE]


def _as_warning(finding):
    # Numbers that cannot be meant are refused even so: they were asked for, and they are not what the server has.
    return finding if finding.rule == 'directives_invalid' else finding._replace(level=WARN)


def _choice_edit(state, wanted, contents):
    choice, binary = state.choice, state.binaries.get(wanted.mpm)
    if contents is not None:
        text = contents.get(_real(state, choice.path), choice.text)
    elif binary is None or choice.mpm == wanted.mpm:
        return []
    else:
        text = layout_named(state.layout).write_choice(choice.text, binary, choice.default)
    if text == choice.text:
        return []
    reason = 'run the %s MPM' % wanted.mpm
    return [FileEdit(choice.path, _real(state, choice.path), choice.text, text, reason)]


def _tree_edits(state, tree):
    reason = 'what the MPM reads'
    return [FileEdit(path, _real(state, path), state.tree.files[path], tree.files[path], reason)
            for path in sorted(tree.files) if tree.files[path] != state.tree.files[path]]


def _real(state, path):
    return state.paths[path].real if path in state.paths else path


def _needs_restart(state, wanted, edits):
    running = state.servers.running
    if running is None:
        return False
    return running.mpm != wanted.mpm or any(edit.path != state.choice.path for edit in edits)
