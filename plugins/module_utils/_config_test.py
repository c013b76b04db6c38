# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Have the program that would run test the configuration as it would be, and say what its answer
means for the plan.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from functools import partial

from ._layouts.table import layout_named
from ._model import REFUSE, WARN, Finding
from ._plan import planner
from ._proof import staged
from ._text import foreign

BROKEN = 'config_broken'


def try_configuration(run, state, plan):
    """Return the Plan with what follows from the test of its configuration, as findings.

    A configuration that fails its test as it is on the disk does not stand in the way of a switch
    that fixes it, if there is a way back to what runs.
    """
    refused = [finding.rule for finding in planner.refused(plan)]
    broken = BROKEN in refused
    if not plan.edits or (refused and not broken):
        return plan
    test = _test(run, state, plan.target.binary, plan.tree)
    if not broken:
        return plan if test.rc == 0 else _with(plan, [_rejected(plan, test)])
    if test.rc == 0 and _has_way_back(run, state):
        return plan._replace(findings=[_fixed(finding) for finding in plan.findings])
    return plan


def _test(run, state, binary, tree):
    command = layout_named(state.layout).command(binary)
    run = partial(run, environment=state.launch.environment)
    return staged.try_staged(run, command, state.launch.options, state.tree, tree)


def _has_way_back(run, state):
    """Return whether what a way back starts passes its test; true where nothing runs."""
    running = state.servers.running
    if running is None:
        return True
    tree = planner.agreeing_tree(state)
    binary = state.installed.binaries.get(running.mpm)
    return bool(tree and binary) and _test(run, state, binary, tree).rc == 0


def _fixed(finding):
    if finding.rule != BROKEN:
        return finding
    fix = 'This switch fixes it: the changed configuration passes its test.'
    return finding._replace(level=WARN, fix=fix)


def _with(plan, findings):
    return plan._replace(findings=plan.findings + findings)


def _rejected(plan, test):
    reason = '%s rejects the configuration that the switch would make: %s'
    words = foreign(test.err or test.out)
    return Finding(
        'config_rejected',
        REFUSE,
        False,
        reason % (plan.target.binary, words),
        'Fix what it names.',
        [],
    )
