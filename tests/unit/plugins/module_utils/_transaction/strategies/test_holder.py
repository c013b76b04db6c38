# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The process that holds connections: until when, whom, and what it tells of it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._orders import HoldOrder
from ansible_collections.webops.apache.plugins.module_utils._system import holding, processes
from ansible_collections.webops.apache.plugins.module_utils._system.clock import (
    monotonic,
    wait_until,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.plugins.module_utils._transaction.strategies import (
    hold,
    holder,
)


class Line(object):
    """A queue of this process: what is put into it comes out by `read`, once."""

    def __init__(self, *packets):
        self.packets, self.accepted = list(packets), []
        self._end, self._start = os.pipe()
        if packets:
            os.write(self._start, b'.')

    def fileno(self):
        return self._end

    def read(self):
        found, self.packets = self.packets, []
        if found:
            os.read(self._end, 1)
        return found

    def accept(self, packets):
        self.accepted.extend(packets)


@pytest.fixture
def pipes():
    ends = os.pipe() + os.pipe()
    yield ends
    for end in ends:
        try:
            os.close(end)
        except OSError:
            pass  # the test has closed it


def seconds_of(act, *args):
    began = monotonic()
    return act(*args), monotonic() - began


class TestHolder:
    def test_holds_until_it_is_told_to_let_go(self, pipes):
        alive, _life, wake, waker = pipes
        os.write(waker, b'.')
        told, took = seconds_of(holder.Holder(Line(), 5).hold, alive, wake)
        assert told and took < 1

    def test_holds_no_longer_than_it_may(self, pipes):
        told, took = seconds_of(holder.Holder(None, 0.2).hold, pipes[0], pipes[2])
        assert not told and 0.2 <= took < 1

    def test_a_while_after_those_who_started_it_are_gone_it_lets_go(self, pipes, monkeypatch):
        monkeypatch.setattr(holder, 'ORPHAN_SECONDS', 0.2)
        os.close(pipes[1])
        told, took = seconds_of(holder.Holder(Line(), 30).hold, pipes[0], pipes[2])
        assert not told and 0.2 <= took < 1

    @pytest.mark.parametrize(
        'packets, held',
        [
            ([], 0),
            ([(1, b'a'), (2, b'b')], 2),
            ([(1, b'a'), (2, b'b'), (3, b'a')], 2),
            ([(number, b'%d' % number) for number in range(250)], 250),
        ],
        ids=['nobody came', 'two came', 'one came twice', 'a crowd'],
    )
    def test_lets_everybody_go_in_order_and_counts_each_connection_once(self, pipes, packets, held):
        line = Line(*packets)
        it = holder.Holder(line, 0.1)
        it.hold(pipes[0], pipes[2])
        it.let_go()
        assert line.accepted == [packet for packet, _connection in packets]
        assert it.account()['held'] == held
        assert (it.account()['held_ms'] > 0) == (held > 0)

    def test_where_packets_are_dropped_nothing_can_be_counted(self):
        assert holder.Holder(None, 1).account() == {}


class Firewall(object):
    """Takes every rule, or none."""

    def __init__(self, rc=0):
        self.rc = rc

    def __call__(self, argv, timeout):
        return CommandResult(argv, 0 if 'list' in argv else self.rc, '', 'Error: no\n')


@pytest.fixture
def dropping(tmpdir, monkeypatch):
    """(HoldOrder, Context) for rules that drop; no program of this host is run."""
    monkeypatch.setattr(holding, 'find_program', lambda name: '/sbin/' + name)
    order = HoldOrder('drop by nft', ports=[1], addresses=[], longest=30, token='ab12')
    return order, Context(Firewall(), str(tmpdir))


def note_of(context):
    return os.path.join(context.folder, hold.NOTE)


class TestHoldConnections:
    def test_the_one_who_lets_go_may_be_another_process_than_the_one_who_held(self, dropping):
        order, context = dropping
        hold.hold_connections(order, context)
        pid = context.holder[0]
        # The holder is not ours to wait for any more: so it is for a later run.
        hold.release_connections(order, Context(Firewall(), context.folder))
        assert wait_until(lambda: processes.read_process(pid) is None, 5)
        assert not os.path.exists(note_of(context))
        os.waitpid(pid, 0)

    def test_to_hold_twice_or_to_let_go_twice_is_as_once(self, dropping):
        order, context = dropping
        hold.hold_connections(order, context)
        first = context.holder
        hold.hold_connections(order, context)
        assert context.holder == first
        for _each in range(2):
            hold.release_connections(order, context)
            assert processes.read_process(first[0]) is None
        assert context.warnings == []

    def test_what_cannot_be_held_leaves_no_process(self, dropping):
        order, context = dropping
        context.run = Firewall(1)
        with pytest.raises(StepError) as caught:
            hold.hold_connections(order, context)
        assert (
            caught.value.message == 'nft: Error: no'
            and context.holder is None
            and not os.path.exists(note_of(context))
        )

    def test_the_way_back_does_not_hang_on_it(self, dropping):
        order, context = dropping
        context.run = Firewall(1)
        hold.hold_again(order, context)
        assert 'could not be held on the way back: nft: Error: no' in context.warnings[0]

    def test_a_holder_that_was_killed_is_told(self, dropping):
        order, context = dropping
        hold.hold_connections(order, context)
        os.kill(context.holder[0], 9)
        assert wait_until(lambda: processes.read_process(context.holder[0]) is None, 5)
        hold.release_connections(order, context)
        assert 'not held to the end' in context.warnings[0]
