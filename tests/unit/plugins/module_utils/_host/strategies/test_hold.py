# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What this very host can do to have connections wait, tried out for real."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.module_utils._host.strategies import hold
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
