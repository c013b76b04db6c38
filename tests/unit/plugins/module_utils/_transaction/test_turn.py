# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._system.clock import monotonic
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    guardian,
    lock,
    state_folder,
    turn,
)

ATTACHED = {'outcome': 'switched', 'attached': True}


@pytest.fixture
def folder(tmpdir):
    return state_folder.make_private(str(tmpdir.join('state')))


@pytest.fixture
def holder(folder):
    """Start processes that have the lock, and do something before they let go of it."""
    pids = []

    def hold(act):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                lock.take_lock(folder)
                os.write(write, b'.')
                act()
            finally:
                os._exit(0)
        pids.append(pid)
        assert os.read(read, 1) == b'.'
        os.close(read)
        os.close(write)

    yield hold
    for pid in pids:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


def leave_result(folder, word, result, after=0.2, then=30):
    time.sleep(after)
    state_folder.write_json(guardian.result_path(folder, word), result)
    time.sleep(then)


class TestWaitForTurn:
    def test_a_free_lock_is_taken(self, folder):
        descriptor = turn.wait_for_turn(folder, 'wish').lock
        assert not lock.is_free(folder)
        lock.release_lock(descriptor)
        assert lock.is_free(folder)

    def test_the_same_wish_is_told_the_result_of_the_first(self, folder, holder):
        turn.announce(folder, 'first', 'wish')
        holder(lambda: leave_result(folder, 'first', {'outcome': 'switched'}))
        assert turn.wait_for_turn(folder, 'wish') == (None, ATTACHED)

    def test_no_wish_in_particular_waits_for_whatever_is_under_way(self, folder, holder):
        turn.announce(folder, 'first', 'wish')
        holder(lambda: leave_result(folder, 'first', {'outcome': 'switched'}))
        assert turn.wait_for_turn(folder, None) == (None, ATTACHED)

    def test_another_wish_is_told_who_is_in_the_way_at_once(self, folder, holder):
        turn.announce(folder, 'first', 'wish')
        holder(lambda: time.sleep(30))
        began = monotonic()
        with pytest.raises(StepError) as caught:
            turn.wait_for_turn(folder, 'another wish')
        assert caught.value.details['rule'] == 'in_progress' and 'first' in caught.value.message
        assert monotonic() - began < 2

    def test_a_run_that_is_killed_before_it_has_a_result_is_told(self, folder, holder):
        turn.announce(folder, 'first', 'wish')
        holder(lambda: time.sleep(0.2))
        with pytest.raises(StepError) as caught:
            turn.wait_for_turn(folder, 'wish')
        assert (
            caught.value.details['rule'] == 'in_progress' and 'interrupted' in caught.value.message
        )

    def test_one_who_only_plans_is_waited_for(self, folder, holder):
        holder(lambda: time.sleep(0.2))
        lock.release_lock(turn.wait_for_turn(folder, 'wish').lock)

    def test_one_who_has_left_a_result_is_waited_for_until_it_is_gone(self, folder, holder):
        turn.announce(folder, 'first', 'wish')
        state_folder.write_json(guardian.result_path(folder, 'first'), {'outcome': 'switched'})
        holder(lambda: time.sleep(0.2))
        lock.release_lock(turn.wait_for_turn(folder, 'another wish').lock)

    def test_one_who_neither_acts_nor_lets_go_is_told_in_time(self, folder, holder, monkeypatch):
        monkeypatch.setattr(turn, 'PLANNING', 0.2)
        holder(lambda: time.sleep(30))
        began = monotonic()
        with pytest.raises(StepError) as caught:
            turn.wait_for_turn(folder, 'wish')
        assert caught.value.details['rule'] == 'in_progress' and 0.2 <= monotonic() - began < 2

    def test_one_who_announces_after_planning_is_attached_to(self, folder, holder):
        def act():
            time.sleep(0.2)
            turn.announce(folder, 'first', 'wish')
            leave_result(folder, 'first', {'outcome': 'switched'})

        holder(act)
        assert turn.wait_for_turn(folder, 'wish') == (None, ATTACHED)

    def test_a_recovery_is_waited_for_by_a_call_that_asks_for_more(self, folder, holder):
        turn.announce(folder, 'settling', turn.RECOVERY)
        holder(lambda: leave_result(folder, 'settling', {'outcome': 'recovered'}, then=0))
        lock.release_lock(turn.wait_for_turn(folder, 'wish').lock)

    def test_a_recovery_is_attached_to_by_a_call_that_asks_for_that(self, folder, holder):
        turn.announce(folder, 'settling', turn.RECOVERY)
        holder(lambda: leave_result(folder, 'settling', {'outcome': 'recovered'}))
        result = turn.wait_for_turn(folder, turn.RECOVERY).result
        assert result == {'outcome': 'recovered', 'attached': True}

    @pytest.mark.parametrize('under_way', [False, True], ids=['ended', 'another one is under way'])
    def test_the_same_call_gets_its_own_result_whatever_came_after_it(
        self, folder, holder, under_way
    ):
        state_folder.write_json(guardian.result_path(folder, 'mine'), {'outcome': 'switched'})
        if under_way:
            turn.announce(folder, 'other', 'another wish')
            holder(lambda: time.sleep(30))
        assert turn.wait_for_turn(folder, 'wish', 'mine') == (None, ATTACHED)
        assert lock.is_free(folder) is not under_way
