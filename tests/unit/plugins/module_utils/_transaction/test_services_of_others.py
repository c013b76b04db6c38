# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What others run beside a service, while that is stopped and started."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import processes
from ansible_collections.webops.apache.plugins.module_utils._system.clock import monotonic
from ansible_collections.webops.apache.plugins.module_utils._transaction import services
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._transaction.service import (
    free_port,
)


def seconds_of(act, *args):
    began = monotonic()
    act(*args)
    return monotonic() - began


class TestOthers:
    @pytest.mark.parametrize(
        'mood', ['leaves its socket', 'leaves its socket to one that ignores TERM']
    )
    def test_another_program_that_has_the_socket_is_ended_and_named(self, service, context, mood):
        service.up(mood)
        sleeper = [
            p
            for p in processes.family_of(service.main(), processes.read_processes())
            if p.name == 'sleep'
        ][0]
        took = seconds_of(services.stop_server, service.stop_order(), context)
        assert (service.all(), service.listens(), processes.is_alive(sleeper)) == ([], False, False)
        assert took < 4
        assert ['process %d ' % sleeper.pid in warning for warning in context.warnings] == [True]

    def test_the_same_program_of_others_is_neither_waited_for_nor_signalled(
        self, service, context, monkeypatch
    ):
        service.up()
        order = service.stop_order()
        other = os.path.join(service.folder, 'other')
        service.up('ignores TERM', pid_file=other, port=free_port())
        with open(other) as stream:
            strangers = processes.family_of(
                processes.read_process(int(stream.read())), processes.read_processes()
            )
        users = processes.users_of
        monkeypatch.setattr(
            processes,
            'users_of',
            lambda pid: set([65534]) if pid in [p.pid for p in strangers] else users(pid),
        )
        took = seconds_of(services.stop_server, order, context)
        took += seconds_of(services.start_server, service.start_order(), context)
        took += seconds_of(services.stop_whatever_runs, service.start_order(), context)
        assert set(process.pid for process in service.all()) == set(
            process.pid for process in strangers
        )
        assert took < 3 and context.warnings == []

    def test_what_a_page_starts_of_the_same_program_is_not_waited_for(self, service, context):
        """It starts again whenever it ends, and ignores every signal but KILL."""
        service.up()
        other = os.path.join(service.folder, 'other')
        service.up('ignores TERM', pid_file=other, port=free_port())
        assert seconds_of(services.stop_server, service.stop_order(5, 5), context) < 3
        assert len(service.all()) == 3
