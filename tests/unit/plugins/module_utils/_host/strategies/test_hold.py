# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What this very host can do to have connections wait, tried out for real."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host.strategies import hold
from ansible_collections.webops.apache.plugins.module_utils._orders import HoldOrder
from ansible_collections.webops.apache.plugins.module_utils._system import holding
from ansible_collections.webops.apache.plugins.module_utils._system.command import (
    find_program,
    run_command,
)


def test_what_a_host_can_do_is_tried_out_or_why_not_is_said():
    ability = hold.try_hold(run_command, None)
    assert (ability.means in holding.MEANS) != bool(ability.problem)


def test_a_program_that_is_missing_is_named(monkeypatch):
    monkeypatch.setattr(
        hold, 'find_program', lambda name: None if name == 'nft' else find_program(name)
    )
    assert hold._missing('drop by nft') == 'there is no program nft'


def test_where_there_is_no_program_all_means_are_named(monkeypatch):
    monkeypatch.setattr(hold, 'find_program', lambda name: None)
    ability = hold.try_hold(run_command, None)
    assert (
        ability.means is None
        and [
            means
            for means in holding.MEANS
            if means + ': there is no program' not in ability.problem
        ]
        == []
    )


class Rules(object):
    """Rules that drop until they end, on a host that needs `late` seconds from setting rules to
    trying them, and sets them to no effect where it `fails`.
    """

    def __init__(self, late=0.0, fails=False):
        self.now, self.late, self.fails = 1000.5, late, fails
        self.end = 0
        self.lives = []

    def time(self):
        return self.now

    def put_rules(self, run, order):
        self.lives.append(order.longest)
        self.end = 0 if self.fails else int(self.now + order.longest)
        self.now += self.late

    def remove_rules(self, run, means):
        self.end = 0

    def arrives(self, address, seconds):
        arrived = self.now >= self.end
        self.now += 0 if arrived else seconds
        return arrived


@pytest.fixture
def try_drop(monkeypatch):
    def run(rules):
        monkeypatch.setattr(hold, 'time', rules)
        monkeypatch.setattr(hold, 'holding', rules)
        monkeypatch.setattr(hold, '_arrives', rules.arrives)
        order = HoldOrder(means='drop', ports=[80], addresses=[], longest=1, token='trial')
        return hold._try_drop(None, order, [('::1', 80)])

    return run


def test_rules_that_drop_and_end_are_tried_once(try_drop):
    rules = Rules()
    assert try_drop(rules) is None
    assert rules.lives == [1]


def test_a_slow_host_gets_rules_that_last_longer(try_drop):
    rules = Rules(late=1.2)
    assert try_drop(rules) is None
    assert rules.lives == [1, 4]


def test_rules_without_effect_are_not_tried_again(try_drop):
    rules = Rules(fails=True)
    assert try_drop(rules) == 'connections to ::1 come through all the same'
    assert rules.lives == [1]


def test_a_host_that_is_too_slow_for_the_longer_rules_too_is_one_that_cannot(try_drop):
    assert try_drop(Rules(late=6)) == 'connections to ::1 come through all the same'
