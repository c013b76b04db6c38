# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A server that still finishes what it has begun while the next one serves, and for how long
nobody listened meanwhile.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import socket
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._orders import StartBesideOrder
from ansible_collections.webops.apache.plugins.module_utils._system import processes
from ansible_collections.webops.apache.plugins.module_utils._system.clock import (
    monotonic,
    wait_until,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    listen_watch,
    services,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction.listen_watch import (
    Absence,
    ListenWatch,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction.strategies import drain
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._transaction.service import (
    free_port,
)


def stop_order(service, *seconds):
    return service.stop_order(*seconds, ports=[service.port])


def started_anew(service, context, old):
    order = service.start_order(spare=[old.pid])
    services.start_server(order, context)
    return order


class TestStopListening:
    def test_the_next_server_starts_while_the_old_one_finishes(self, service, context):
        service.up('drains')
        order, old = stop_order(service), service.main()
        drain.stop_listening(order, context)
        assert (
            processes.is_alive(old)
            and not service.listens()
            and not os.path.exists(service.pid_file)
        )
        started_anew(service, context, old)
        assert processes.is_alive(old) and service.main().pid != old.pid
        drain.end_drained(order, context)
        assert not processes.is_alive(old) and service.listens() and len(service.all()) == 3
        assert 0 < context.outage_ms() <= context.gap_ms() < 1000

    @pytest.mark.parametrize('mood, drained', [('ignores WINCH', 0.2), ('stubborn orphans', 0.2)])
    def test_one_that_does_not_close_its_sockets_in_time_is_stopped_altogether(
        self, service, context, mood, drained
    ):
        service.up(mood)
        drain.stop_listening(stop_order(service, drained, 0.3), context)
        assert service.all() == [] and not service.listens()

    @pytest.mark.parametrize(
        'mood', ['leaves its socket', 'leaves its socket to one that ignores TERM']
    )
    def test_another_program_that_has_the_socket_is_not_waited_for(self, service, context, mood):
        service.up(mood)
        began = monotonic()
        drain.stop_listening(stop_order(service, 30, 30), context)
        assert not service.listens() and monotonic() - began < 5
        assert ['held a listening socket' in warning for warning in context.warnings] == [True]

    def test_a_child_that_missed_the_signal_gets_it_again(self, service, context):
        service.up('a child misses the stop')
        began = monotonic()
        drain.stop_listening(stop_order(service, 60), context)
        assert not service.listens() and monotonic() - began < 30
        # It was alone for a while, and visitors waited.
        assert 0 < context.unheard < 30

    def test_one_that_takes_longer_than_it_may_is_ended(self, service, context):
        service.up('drains')
        order, old = stop_order(service, 0.4, 2), service.main()
        drain.stop_listening(order, context)
        began = monotonic()
        drain.end_drained(order, context)
        assert not processes.is_alive(old) and monotonic() - began < 1.5

    def test_a_process_that_has_the_pid_by_now_is_spared(self, service, context):
        service.up()
        with pytest.raises(StepError) as caught:
            drain.stop_listening(stop_order(service)._replace(start_time=1), context)
        assert 'ended by itself' in caught.value.message and len(service.all()) == 3


class TestWayBack:
    def back(self, service, context, order):
        drain.start_beside_drained(StartBesideOrder(service.start_order(), order), context)
        # The inverse of what goes before the stop.
        drain.end_drained(order, context)

    def test_an_old_server_that_finishes_is_let_be_and_ended_in_the_end(self, service, context):
        service.up('drains')
        order, old = stop_order(service), service.main()
        drain.stop_listening(order, context)
        began = monotonic()
        self.back(service, context, order)
        assert service.listens() and service.main().pid != old.pid and not processes.is_alive(old)
        # It was not cut off.
        assert monotonic() - began > 0.5

    def test_an_old_server_that_listens_still_and_was_told_is_started_afresh(
        self, service, context
    ):
        service.up()
        order, old = stop_order(service), service.main()
        context.went_down = monotonic()
        self.back(service, context, order)
        assert service.listens() and not processes.is_alive(old)

    def test_one_that_was_never_told_is_left_alone(self, service, context):
        service.up()
        old = service.main()
        self.back(service, context, stop_order(service))
        assert service.main() == old and context.went_down is None

    def test_after_a_crash_the_old_server_may_be_gone(self, service, context):
        service.up()
        order = stop_order(service)
        service.kill_all()
        context.went_down = monotonic()
        self.back(service, context, order)
        assert service.listens() and len(service.all()) == 3


class TestAbsence:
    @pytest.mark.parametrize(
        'looks, seconds',
        [
            ([], 0),
            ([(0, [80, 443]), (1, [80, 443])], 0),
            ([(0, [80, 443]), (1, [443]), (4, [80, 443])], 3),
            ([(0, [80, 443]), (1, [443]), (2, [80, 443]), (5, [443]), (9, [80, 443])], 5),
            ([(0, [80, 443]), (1, []), (2, [80]), (6, [80, 443])], 5),
            ([(0, [80, 443]), (1, [80]), (9, [80])], 0),
        ],
        ids=[
            'never looked',
            'never gone',
            'one gone',
            'gone twice',
            'the longest counts',
            'given up for good',
        ],
    )
    def test_adds_up_for_how_long_a_port_was_not_listened_on(self, looks, seconds):
        absence = Absence([80, 443])
        for now, ports in looks:
            absence.note(set(ports), now)
        assert absence.seconds() == seconds


class TestListenWatch:
    def test_measures_a_gap_whatever_this_process_does_meanwhile(self):
        port = free_port()
        server = listen(port)
        watch = ListenWatch([port])
        began = monotonic()
        server.close()
        time.sleep(0.2)
        server = listen(port)
        took = monotonic() - began
        time.sleep(0.1)
        try:
            assert 0.15 < watch.finish() < took + 0.08
        finally:
            server.close()

    def test_a_watch_that_was_killed_gives_nothing_and_the_clock_of_the_steps_counts(self, context):
        context.went_down, context.came_up = 1.0, 1.5
        listen_watch.begin(context, [free_port()])
        os.kill(context.watch._pid, signal.SIGKILL)
        listen_watch.end(context)
        assert (context.unheard, context.outage_ms()) == (None, 500)

    def test_ends_with_those_who_began_it(self):
        pid = os.fork()
        if pid == 0:
            ListenWatch([1])
            os._exit(0)
        os.waitpid(pid, 0)
        assert wait_until(lambda: not [p for p in processes.read_processes() if p.parent == pid], 5)


def listen(port):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(('127.0.0.1', port))
    server.listen(1)
    return server
