# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.plugin_utils.fleet import end_of_host, failure_of, is_bad, plain, print_table

SWITCHED = {'outcome': 'switched', 'before': {'running': 'prefork'}, 'after': {'running': 'worker'}, 'outage_ms': 1138, 'msg': 'done'}
REFUSED = dict(SWITCHED, outcome='refused', after={'running': 'prefork'}, outage_ms=0, msg='long words', findings=[
    {'level': 'refuse', 'rule': 'plesk', 'reason': 'Plesk owns it.'}, {'level': 'warn', 'rule': 'other', 'reason': 'no matter'}])
GONE = {'unreachable': True, 'msg': 'no route to host'}


class TestEndOfHost(object):
    @pytest.mark.parametrize('facts, outcome, why', [
        ({'switch_mpm_result': SWITCHED}, 'switched', ''),
        ({'switch_mpm_result': REFUSED, 'mpm_failure': 'long words'}, 'refused', 'plesk: Plesk owns it.'),
        ({'switch_mpm_result': dict(REFUSED, outcome='rolled_back')}, 'rolled_back', 'long words'),
        ({'switch_mpm_result': GONE, 'mpm_failure': 'not reached'}, 'unreachable', 'no route to host'),
        ({'mpm_failure': 'a hook failed'}, 'failed', 'a hook failed'),
        ({'switch_mpm_result': SWITCHED, 'mpm_failure': 'switched back'}, 'failed', 'switched back'),
        ({}, 'not tried', 'an earlier wave did not go well'),
    ], ids=['switched', 'refused', 'rolled back', 'unreachable', 'failed before the switch', 'failed after the switch', 'not tried'])
    def test_the_outcome_and_its_reason(self, facts, outcome, why):
        end = end_of_host('web1', facts)
        assert (end.outcome, end.why) == (outcome, why)

    def test_before_after_and_outage_are_those_of_the_result(self):
        end = end_of_host('web1', {'switch_mpm_result': SWITCHED})
        assert (end.before, end.after, end.outage) == ('prefork', 'worker', 1138)

    def test_a_stopped_server_is_called_stopped(self):
        assert end_of_host('web1', {'switch_mpm_result': dict(SWITCHED, before={'running': None})}).before == 'stopped'


class TestIsBad(object):
    @pytest.mark.parametrize('facts, bad', [
        ({'switch_mpm_result': SWITCHED}, False),
        ({'switch_mpm_result': dict(SWITCHED, outcome='unchanged')}, False),
        ({'switch_mpm_result': dict(SWITCHED, outcome='planned')}, False),
        ({'switch_mpm_result': REFUSED}, True),
        ({'switch_mpm_result': dict(SWITCHED, outcome='rollback_failed')}, True),
        ({'switch_mpm_result': GONE}, True),
        ({'mpm_failure': 'x'}, True),
        ({}, False),
    ])
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
        assert failure_of({'msg': 'MODULE FAILURE', 'module_stderr': 'Traceback'}) == 'MODULE FAILURE Traceback'

    def test_a_lost_host_is_told_as_unknown(self):
        assert 'what became of it is unknown' in failure_of(GONE)

    def test_no_answer_at_all_is_a_failure(self):
        assert failure_of({}) == 'no answer'


class TestPrintTable(object):
    def test_columns_line_up_and_the_last_is_free(self):
        assert print_table(['A', 'B'], [['one', 'x y z'], ['two22', '']]) == ['A      B', 'one    x y z', 'two22']


class TestPlain(object):
    @pytest.mark.parametrize('value, text', [(None, '-'), (5, '5'), ('a\nb\x1b[31mc', 'a b [31mc'), ('\x9b1m', ' 1m')])
    def test_text_from_a_host_cannot_move_the_cursor(self, value, text):
        assert plain(value) == text
