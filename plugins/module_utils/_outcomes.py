# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""How a call can end: the one closed set.

The module, the action plugin, the playbooks and the documentation share it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from . import _model as model

UNCHANGED, PLANNED, SWITCHED, REFUSED = 'unchanged', 'planned', 'switched', 'refused'
ROLLED_BACK, ROLLBACK_FAILED, RECOVERED = 'rolled_back', 'rollback_failed', 'recovered'
REHEARSED = 'rehearsed'
UNKNOWN, UNREADABLE = 'unknown', 'unreadable'
UNREACHABLE, FAILED, NOT_TRIED = 'unreachable', 'failed', 'not tried'

# Who says it: the module on the host; the action plugin, of a host that said nothing it can use;
# the playbooks, of a host that the module was not asked on, or that failed around it.
MODULE, ACTION, PLAYBOOK = 'module', 'action', 'playbook'

# name: the word; by: one of the three above; failed, changed: what Ansible is told of a call that
# asks for an MPM; holds: whether no later wave may begin; means: in words, for documentation.
Outcome = namedtuple('Outcome', 'name by failed changed holds means')

# What a reader has to see first stands first: the place in this table is the rank in a summary.
OUTCOMES = (
    Outcome(
        ROLLBACK_FAILED,
        MODULE,
        True,
        True,
        True,
        'the switch failed, and not all of it could be taken back',
    ),
    Outcome(
        UNKNOWN,
        ACTION,
        True,
        False,
        True,
        'the host was lost during the switch and did not come back in time',
    ),
    Outcome(
        UNREADABLE,
        ACTION,
        True,
        False,
        True,
        'the host answered, but not with what the module is documented to return',
    ),
    Outcome(UNREACHABLE, PLAYBOOK, True, False, True, 'the host was not reached'),
    Outcome(
        FAILED,
        PLAYBOOK,
        True,
        False,
        True,
        'something around the switch failed, such as a hook or a look from outside',
    ),
    Outcome(ROLLED_BACK, MODULE, True, False, True, 'the switch failed and was taken back'),
    Outcome(
        RECOVERED,
        MODULE,
        True,
        False,
        True,
        'the switch was interrupted and taken back, so the host lacks what was asked for',
    ),
    Outcome(REFUSED, MODULE, True, False, True, 'nothing was changed, and every reason is named'),
    Outcome(NOT_TRIED, PLAYBOOK, False, False, False, 'an earlier wave did not go well'),
    Outcome(SWITCHED, MODULE, False, True, False, 'the wanted MPM runs and was proved'),
    Outcome(PLANNED, MODULE, False, True, False, 'check mode: the switch is possible'),
    Outcome(
        REHEARSED,
        MODULE,
        False,
        False,
        False,
        'the new server was seen to run in private, and nothing was changed',
    ),
    Outcome(UNCHANGED, MODULE, False, False, False, 'the wanted MPM ran already'),
)
_BY_NAME = dict((outcome.name, outcome) for outcome in OUTCOMES)


def outcome_named(name):
    """Return the Outcome of this name, or None for a value of any type that names none."""
    try:
        return _BY_NAME.get(name)
    except TypeError:  # a list or a dictionary
        return None


def names_said_by(*speakers):
    """Return the names of the outcomes that these speakers give, in the order of their rank."""
    return [outcome.name for outcome in OUTCOMES if outcome.by in speakers]


def is_failed(name, state=model.PRESENT):
    """Return whether a call that ended so failed. state: what it asked for, by that option."""
    return _BY_NAME[name].failed and not _is_settled(name, state)


def is_changed(name, state=model.PRESENT):
    """Return whether a call that ended so changed the host, with `state` as for is_failed.

    In check mode: whether the call would have changed it. A rehearsal never does.
    """
    if state == model.REHEARSED:
        return False
    return _BY_NAME[name].changed or _is_settled(name, state)


def _is_settled(name, state):
    """Return whether a recovery was all that was asked for."""
    return state == model.RECOVERED and name == RECOVERED


def rank_of(name):
    """Return the place of an outcome in a summary, from 0 for what a reader has to see first."""
    return OUTCOMES.index(_BY_NAME[name])
