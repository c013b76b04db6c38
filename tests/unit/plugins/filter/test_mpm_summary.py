# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.filter.mpm_failed_hosts import mpm_failed_hosts
from ansible_collections.webops.apache.plugins.filter.mpm_summary import FilterModule, mpm_summary


def result(outcome, after):
    return {
        'switch_mpm_result': {
            'outcome': outcome,
            'before': {'running': 'prefork'},
            'after': {'running': after},
            'outage_ms': 7,
            'msg': 'why so',
            'strategy': {'asked': 'auto', 'used': 'overlap'},
        }
    }


HOSTS = ['a', 'b', 'c', 'd']
VARS = {
    'a': result('switched', 'worker'),
    'b': result('rolled_back', 'prefork'),
    'c': {},
    'd': result('unchanged', 'worker'),
}


class TestMpmSummary(object):
    def test_a_line_for_each_host_what_needs_attention_first(self):
        lines = mpm_summary(VARS, HOSTS)
        assert [line.split()[0] for line in lines[1:5]] == ['b', 'c', 'a', 'd']

    def test_the_count_is_of_all_hosts(self):
        assert (
            mpm_summary(VARS, HOSTS)[-1]
            == '4 hosts: 1 rolled_back, 1 not tried, 1 switched, 1 unchanged'
        )

    def test_before_after_outage_and_reason_are_shown(self):
        line = mpm_summary(VARS, HOSTS)[1]
        assert [
            word for word in ('prefork', 'rolled_back', '7 ms', 'why so') if word not in line
        ] == []

    @pytest.mark.parametrize('line, shown', [(1, True), (3, True), (4, False)])
    def test_the_way_is_shown_where_a_server_was_restarted(self, line, shown):
        assert ('overlap' in mpm_summary(VARS, HOSTS)[line]) == shown

    def test_it_is_known_to_templates(self):
        assert FilterModule().filters() == {'mpm_summary': mpm_summary}


class TestMpmFailedHosts(object):
    def test_only_ends_that_are_bad_hold_a_wave(self):
        assert mpm_failed_hosts(VARS, HOSTS) == ['b']
