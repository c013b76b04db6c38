# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _outcomes

GOOD = ['switched', 'planned', 'rehearsed', 'unchanged']
BAD = [
    'rollback_failed',
    'unknown',
    'unreadable',
    'unreachable',
    'failed',
    'rolled_back',
    'recovered',
    'refused',
]


class TestOutcomes:
    def test_are_good_or_bad_or_not_tried(self):
        names = [outcome.name for outcome in _outcomes.OUTCOMES]
        assert sorted(names) == sorted(GOOD + BAD + ['not tried'])
        assert len(set(names)) == len(names)

    @pytest.mark.parametrize('name', BAD)
    def test_that_are_bad_fail_the_call_and_hold_later_waves(self, name):
        assert _outcomes.is_failed(name) and _outcomes.outcome_named(name).holds

    @pytest.mark.parametrize('name', GOOD + ['not tried'])
    def test_that_are_not_do_neither(self, name):
        assert not _outcomes.is_failed(name) and not _outcomes.outcome_named(name).holds

    @pytest.mark.parametrize(
        'name, changed',
        [
            ('switched', True),
            ('planned', True),
            ('rollback_failed', True),
            ('rolled_back', False),
            ('recovered', False),
            ('refused', False),
            ('rehearsed', False),
            ('unchanged', False),
        ],
    )
    def test_that_leave_another_host_than_before_changed_it(self, name, changed):
        assert _outcomes.is_changed(name) is changed

    def test_that_need_a_person_first_come_first(self):
        ranks = [_outcomes.rank_of(name) for name in BAD + ['not tried'] + GOOD]
        assert ranks == sorted(ranks)


class TestARecovery:
    def test_is_a_success_only_where_it_was_all_that_was_asked_for(self):
        assert _outcomes.is_failed('recovered')
        assert not _outcomes.is_failed('recovered', 'recovered')
        assert not _outcomes.is_changed('recovered')
        assert _outcomes.is_changed('recovered', 'recovered')

    @pytest.mark.parametrize(
        'name', [outcome.name for outcome in _outcomes.OUTCOMES if outcome.name != 'recovered']
    )
    def test_that_ends_otherwise_is_judged_as_any_call(self, name):
        assert _outcomes.is_failed(name, 'recovered') == _outcomes.is_failed(name)
        assert _outcomes.is_changed(name, 'recovered') == _outcomes.is_changed(name)


class TestARehearsal:
    @pytest.mark.parametrize('name', [outcome.name for outcome in _outcomes.OUTCOMES])
    def test_changes_nothing_and_fails_as_a_switch_does(self, name):
        assert not _outcomes.is_changed(name, 'rehearsed')
        assert _outcomes.is_failed(name, 'rehearsed') == _outcomes.is_failed(name)


class TestOutcomeNamed:
    @pytest.mark.parametrize(
        'value', ['', 'Switched', None, 7, ['switched'], {'switched': 1}], ids=repr
    )
    def test_knows_no_other_value(self, value):
        assert _outcomes.outcome_named(value) is None


class TestNamesSaidBy:
    def test_a_host_says_only_what_the_module_can_tell(self):
        assert _outcomes.names_said_by(_outcomes.MODULE) == [
            'rollback_failed',
            'rolled_back',
            'recovered',
            'refused',
            'switched',
            'planned',
            'rehearsed',
            'unchanged',
        ]
