# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which strategy is taken, and what is said of those that are not."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Ability
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._plan.strategies import choose
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

CAN, CANNOT = Ability('a way', None), Ability(None, 'no kernel for it')
ROWS = [
    ('auto', {'overlap': CAN}, 'overlap', []),
    ('auto', {'overlap': CANNOT, 'hold': CAN}, 'hold', ['overlap']),
    ('auto', {'overlap': CANNOT, 'hold': CANNOT}, 'stop', ['overlap', 'hold']),
    ('auto', {}, 'stop', ['overlap', 'hold']),
    ('stop', {'overlap': CAN, 'hold': CAN}, 'stop', []),
    ('hold', {'hold': CAN}, 'hold', []),
    ('hold', {'hold': CANNOT, 'overlap': CAN}, None, ['hold']),
    ('overlap', {}, None, ['overlap']),
]


@pytest.mark.parametrize('asked, abilities, name, passed', ROWS)
def test_the_first_strategy_that_is_possible_is_taken(asked, abilities, name, passed):
    strategy = choose.choose_strategy(
        hosts.el9_host()._replace(abilities=abilities),
        hosts.wanted('worker')._replace(strategy=asked),
    )
    assert (strategy.name, [strategy_name for strategy_name, _why in strategy.passed]) == (
        name,
        passed,
    )
    assert all(why for _name, why in strategy.passed)
    assert (strategy.means is None) == (name is None)


def test_where_a_socket_unit_listens_no_other_way_of_waiting_is_needed():
    state = hosts.el9_host()
    state = state._replace(
        abilities={'overlap': CAN, 'hold': CAN},
        service=state.service._replace(socket='httpd.socket'),
    )
    strategy = choose.choose_strategy(state, hosts.wanted('worker'))
    assert strategy.name == 'stop' and 'httpd.socket' in strategy.passed[0][1]


def test_a_server_that_any_reload_would_end_is_not_overlapped():
    state = hosts.el9_host(running='prefork')._replace(abilities={'overlap': CAN, 'hold': CAN})
    assert state.choice.mpm != 'prefork'
    assert choose.choose_strategy(state, hosts.wanted('worker')).name == 'hold'


@pytest.mark.parametrize('running, strategy', [('same', 'stop'), (None, None)])
def test_only_a_server_that_is_restarted_has_a_strategy(running, strategy):
    plan = planner.build_plan(hosts.el9_host(running=running), hosts.wanted('worker'))
    assert (plan.strategy and plan.strategy.name) == strategy
