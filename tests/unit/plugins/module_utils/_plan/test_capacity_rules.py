# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Outlook, Setting
from ansible_collections.webops.apache.plugins.module_utils._plan import capacity_rules, effective
from ansible_collections.webops.apache.plugins.module_utils._plan.case import Case
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


def look(mpm, http2=False, **numbers):
    settings = dict(
        (name, Setting(name, value, '/etc/httpd/conf/httpd.conf', 1, True))
        for name, value in numbers.items()
    )
    return Outlook(mpm, '/usr/sbin/httpd', (), (), settings, None, http2=http2)


def case(now, target, **wanted):
    state = hosts.el6_host(running=now.mpm)
    return Case(state, hosts.wanted(target.mpm, **wanted), now, target, [], [])


TUNED = look('prefork', ServerLimit=700, MaxRequestWorkers=700)
STOCK = look('event', MaxRequestWorkers=150)


class TestFewerWorkers:
    @pytest.mark.parametrize(
        'now, target, numbers',
        [
            (TUNED, STOCK, ('700', '150')),
            (look('prefork'), STOCK, ('256', '150')),
            (look('prefork', MaxRequestWorkers=150), STOCK, None),
            (look('prefork', MaxRequestWorkers=149), STOCK, None),
            (look('prefork'), look('worker'), None),
            (look('worker'), look('prefork'), ('400', '256')),
            # What httpd clamps is not there now either.
            (look('prefork', MaxRequestWorkers=700), look('worker', MaxRequestWorkers=300), None),
            (look('prefork'), look('worker', ThreadsPerChild=10), ('256', '160')),
        ],
    )
    def test_are_told_with_both_numbers(self, now, target, numbers):
        found = capacity_rules.fewer_workers(case(now, target))
        assert [finding.level for finding in found] == ['warn'] * bool(numbers)
        assert all(number in found[0].reason for number in numbers or ())

    @pytest.mark.parametrize('name', ['MaxRequestWorkers', 'maxclients'])
    def test_are_not_told_who_asks_for_them(self, name):
        assert capacity_rules.fewer_workers(case(TUNED, STOCK, directives={name: 150})) == []

    def test_of_the_same_mpm_are_none_of_a_switch(self):
        assert capacity_rules.fewer_workers(case(STOCK, STOCK)) == []


class TestHttp2Lost:
    @pytest.mark.parametrize(
        'now, target, lost',
        [
            (look('event', True), look('prefork'), True),
            (look('event', True), look('prefork', True), True),
            (look('event'), look('prefork'), False),
            (look('event', True), look('worker', True), False),
            (look('prefork', True), look('prefork', True), False),
        ],
    )
    def test_is_told_as_httpd_does(self, now, target, lost):
        found = capacity_rules.http2_lost(case(now, target))
        assert [('AH10034' in item.reason, item.level) for item in found] == [(True, 'warn')] * lost


@pytest.mark.parametrize(
    'mpm, numbers, most',
    [
        ('prefork', {}, 256),
        ('prefork', {'MaxRequestWorkers': 700}, 256),
        ('event', {}, 400),
        ('event', {'MaxRequestWorkers': 10000}, 400),
        ('worker', {'ThreadsPerChild': 100}, 384),
        ('worker', {'ThreadsPerChild': 0}, 16),
    ],
)
def test_the_most_workers_are_what_httpd_allows(mpm, numbers, most):
    assert effective.most_workers(mpm, numbers) == most
