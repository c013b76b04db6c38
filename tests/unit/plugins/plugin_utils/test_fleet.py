# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.plugin_utils.fleet import (
    count,
    end_of_host,
    failure_of,
    in_order,
    is_bad,
    plain,
    print_table,
    reason_of,
)

SWITCHED = {
    'outcome': 'switched',
    'before': {'running': 'prefork'},
    'after': {'running': 'worker'},
    'outage_ms': 1138,
    'msg': 'done',
}
REFUSED = dict(
    SWITCHED,
    outcome='refused',
    after={'running': 'prefork'},
    outage_ms=0,
    msg='long words',
    findings=[
        {'level': 'refuse', 'rule': 'plesk', 'reason': 'Plesk owns it.'},
        {'level': 'warn', 'rule': 'other', 'reason': 'no matter'},
    ],
)
GONE = {'unreachable': True, 'msg': 'no route to host'}


class TestEndOfHost(object):
    @pytest.mark.parametrize(
        'facts, outcome, why',
        [
            ({'switch_mpm_result': SWITCHED}, 'switched', ''),
            (
                {'switch_mpm_result': REFUSED, 'mpm_failure': 'long words'},
                'refused',
                'plesk: Plesk owns it.',
            ),
            (
                {'switch_mpm_result': dict(REFUSED, outcome='rolled_back')},
                'rolled_back',
                'long words',
            ),
            (
                {'switch_mpm_result': GONE, 'mpm_failure': 'not reached'},
                'unreachable',
                'no route to host',
            ),
            ({'mpm_failure': 'a hook failed'}, 'failed', 'a hook failed'),
            (
                {'switch_mpm_result': SWITCHED, 'mpm_failure': 'switched back'},
                'failed',
                'switched back',
            ),
            ({}, 'not tried', 'an earlier wave did not go well'),
            ({'switch_mpm_result': {}}, 'not tried', 'an earlier wave did not go well'),
            (
                {'switch_mpm_result': {'skipped': True}},
                'not tried',
                'packages would be installed first, and then it would be planned',
            ),
            ({'switch_mpm_result': {'outcome': 'unknown', 'msg': 'lost'}}, 'unknown', 'lost'),
            ({'switch_mpm_result': {'outcome': 'unreadable', 'msg': 'odd'}}, 'unreadable', 'odd'),
            ({'switch_mpm_result': dict(SWITCHED, outcome='recovered')}, 'recovered', 'done'),
            (
                {
                    'switch_mpm_result': {
                        'msg': 'MODULE FAILURE',
                        'rc': 1,
                        'module_stderr': 'Trace\nback',
                    }
                },
                'failed',
                'MODULE FAILURE Trace back',
            ),
        ],
        ids=[
            'switched',
            'refused',
            'rolled back',
            'unreachable',
            'failed before the switch',
            'failed after the switch',
            'not tried',
            'nothing noted',
            'skipped',
            'unknown',
            'unreadable',
            'recovered',
            'broken',
        ],
    )
    def test_the_outcome_and_its_reason(self, facts, outcome, why):
        end = end_of_host('web1', facts)
        assert (end.outcome, end.why) == (outcome, why)

    def test_before_after_and_outage_are_those_of_the_result(self):
        end = end_of_host('web1', {'switch_mpm_result': SWITCHED})
        assert (end.before, end.after, end.outage) == ('prefork', 'worker', 1138)

    @pytest.mark.parametrize(
        'back, after',
        [
            (dict(SWITCHED, after={'running': 'prefork'}), 'prefork'),
            (dict(SWITCHED, after={'running': None}), 'stopped'),
            ({'outcome': 'unknown', 'failed': True}, 'not known'),
            ({'unreachable': True, 'msg': 'gone'}, 'not known'),
            ('text', 'not known'),
            ({}, 'worker'),
            (None, 'worker'),
        ],
        ids=repr,
    )
    def test_after_a_switch_back_it_says_what_that_left(self, back, after):
        facts = {'switch_mpm_result': SWITCHED, 'switch_mpm_back': back, 'mpm_failure': 'why'}
        end = end_of_host('web1', facts)
        assert (end.before, end.after, end.outcome) == ('prefork', after, 'failed')

    def test_a_stopped_server_is_called_stopped(self):
        assert (
            end_of_host(
                'web1', {'switch_mpm_result': dict(SWITCHED, before={'running': None})}
            ).before
            == 'stopped'
        )

    @pytest.mark.parametrize(
        'result, why',
        [
            ('text', 'the answer is of type str and not dict'),
            ([], 'the answer is of type list and not dict'),
            (0, 'the answer is of type int and not dict'),
            (dict(SWITCHED, before='prefork'), 'before is of type str and not dict'),
            (dict(SWITCHED, outcome=['switched']), 'outcome is of type list and not str'),
            ({'outcome': 'fine'}, 'its outcome is fine'),
            ({'outcome': 'not tried'}, 'its outcome is not tried'),
            (dict(REFUSED, findings=[7]), 'findings is of type int and not dict'),
            (dict(SWITCHED, strategy=7), 'strategy is of type int and not dict'),
            (dict(SWITCHED, outage_ms='1 s'), 'outage_ms is of type str and not int'),
        ],
        ids=repr,
    )
    def test_an_odd_result_is_an_end_of_its_own_and_holds_the_waves(self, result, why):
        end = end_of_host('web1', {'switch_mpm_result': result})
        assert (end.outcome, end.why) == ('unreadable', why) and is_bad(end)

    @pytest.mark.parametrize(
        'failure, why',
        [
            ({'a': 1}, 'of type dict, where text belongs'),
            (['x'], 'of type list, where text belongs'),
            ('a\x1b[2J\u202eb', 'a [2Jb'),
        ],
    )
    def test_an_odd_failure_is_a_failure(self, failure, why):
        end = end_of_host('web1', {'switch_mpm_result': SWITCHED, 'mpm_failure': failure})
        assert (end.outcome, end.why) == ('failed', why)


class TestIsBad(object):
    @pytest.mark.parametrize(
        'facts, bad',
        [
            ({'switch_mpm_result': SWITCHED}, False),
            ({'switch_mpm_result': dict(SWITCHED, outcome='unchanged')}, False),
            ({'switch_mpm_result': dict(SWITCHED, outcome='planned')}, False),
            ({'switch_mpm_result': REFUSED}, True),
            ({'switch_mpm_result': dict(SWITCHED, outcome='rollback_failed')}, True),
            ({'switch_mpm_result': GONE}, True),
            ({'switch_mpm_result': dict(SWITCHED, outcome='recovered')}, True),
            ({'switch_mpm_result': dict(SWITCHED, outcome='unknown')}, True),
            ({'mpm_failure': 'x'}, True),
            ({}, False),
        ],
    )
    def test_what_holds_the_next_wave(self, facts, bad):
        assert is_bad(end_of_host('web1', facts)) is bad


class TestFailureOf(object):
    def test_a_success_has_none(self):
        assert failure_of(SWITCHED) == ''

    def test_a_call_that_was_skipped_has_none(self):
        assert failure_of({'skipped': True}) == ''

    def test_a_refusal_is_in_its_own_words(self):
        assert failure_of(REFUSED) == 'long words'

    def test_a_crash_shows_what_the_host_said(self):
        assert (
            failure_of({'msg': 'MODULE FAILURE', 'module_stderr': 'Traceback'})
            == 'MODULE FAILURE Traceback'
        )

    def test_a_lost_host_is_told_as_unknown(self):
        assert 'what became of it is unknown' in failure_of(GONE)

    def test_no_answer_at_all_is_a_failure(self):
        assert failure_of({}) == 'no answer'

    @pytest.mark.parametrize(
        'outcome',
        ['recovered', 'unknown', 'unreadable', 'rolled_back', 'rollback_failed', 'refused'],
    )
    def test_every_outcome_that_is_not_good_is_one(self, outcome):
        assert failure_of(dict(SWITCHED, outcome=outcome)) == 'done'

    @pytest.mark.parametrize(
        'result, words',
        [
            ('text', 'The result is text.'),
            (None, 'The result is empty.'),
            ({'outcome': 'fine'}, 'its outcome is fine'),
            (dict(SWITCHED, before=7), 'before is of type int and not dict'),
        ],
        ids=repr,
    )
    def test_what_no_call_leaves_is_one(self, result, words):
        assert words in failure_of(result)


class TestReasonOf(object):
    @pytest.mark.parametrize(
        'result, task, reason',
        [
            (
                {'msg': 'non-zero\x1b[2J return code', 'rc': 1},
                'Leave the pool',
                'non-zero [2J return code',
            ),
            (
                {
                    'msg': 'One or more items failed',
                    'results': [
                        {'failed': False, 'msg': 'ok'},
                        {'failed': True, 'msg': 'Status code was 500'},
                    ],
                },
                'Ask',
                'Status code was 500',
            ),
            (
                {'msg': '', 'results': ['x']},
                'Leave the pool',
                'the task Leave the pool failed and did not say why',
            ),
            ('text', '', 'the task before failed and did not say why'),
            (None, None, 'the task before failed and did not say why'),
            ({'msg': ['x']}, '', 'of type list, where text belongs'),
        ],
        ids=['a message', 'a loop', 'no message', 'text', 'nothing', 'an odd message'],
    )
    def test_is_what_the_task_said(self, result, task, reason):
        assert reason_of(result, task) == reason


class TestInOrder(object):
    def test_what_needs_a_person_first_is_at_the_front_and_all_are_counted(self):
        said = ['switched', 'refused', 'unknown', 'switched', 'rollback_failed']
        ends = in_order(
            [end_of_host('web', {'switch_mpm_result': {'outcome': outcome}}) for outcome in said]
        )
        assert [end.outcome for end in ends] == [
            'rollback_failed',
            'unknown',
            'refused',
            'switched',
            'switched',
        ]
        assert count(ends) == '5 hosts: 1 rollback_failed, 1 unknown, 1 refused, 2 switched'


class TestPrintTable(object):
    def test_columns_line_up_and_the_last_is_free(self):
        assert print_table(['A', 'B'], [['one', 'x y z'], ['two22', '']]) == [
            'A      B',
            'one    x y z',
            'two22',
        ]


class TestPlain(object):
    @pytest.mark.parametrize(
        'value, text', [(None, '-'), (5, '5'), ('a\nb\x1b[31mc', 'a b [31mc'), ('\x9b1m', '1m')]
    )
    def test_text_from_a_host_cannot_move_the_cursor(self, value, text):
        assert plain(value) == text
