# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import subprocess
import sys

import pytest

from ansible_collections.webops.apache.plugins.module_utils._system.clock import monotonic
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.plugins.module_utils._transaction.signals import deferred_signals

ALL = (signal.SIGHUP, signal.SIGPIPE, signal.SIGTERM, signal.SIGINT)


class TestDeferredSignals:
    @pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT], ids=['TERM', 'INT'])
    def test_a_request_to_end_is_noted_and_raises_nothing(self, number):
        with deferred_signals() as signals:
            assert signals.pending is None
            os.kill(os.getpid(), number)
            assert signals.pending == number

    @pytest.mark.parametrize('number', [signal.SIGHUP, signal.SIGPIPE], ids=['HUP', 'PIPE'])
    def test_a_lost_connection_does_nothing(self, number):
        with deferred_signals() as signals:
            os.kill(os.getpid(), number)
            assert signals.pending is None

    def test_afterwards_everything_is_as_it_was_even_if_it_ends_in_an_error(self):
        before = [signal.getsignal(number) for number in ALL]
        with pytest.raises(ValueError):
            with deferred_signals():
                assert [signal.getsignal(number) for number in ALL] != before
                raise ValueError()
        assert [signal.getsignal(number) for number in ALL] == before

    def test_a_read_that_a_signal_meets_goes_on(self):
        command = 'import os, time; time.sleep(0.2); os.kill(%d, 15); time.sleep(0.2); os.write(1, b"end")' % os.getpid()
        with deferred_signals() as signals:
            child = subprocess.Popen([sys.executable, '-c', command], stdout=subprocess.PIPE)
            assert os.read(child.stdout.fileno(), 10) == b'end'
            child.wait()
            child.stdout.close()
        assert signals.pending == signal.SIGTERM


class TestOutage:
    @pytest.mark.parametrize('down, up, milliseconds', [
        (None, None, 0), (None, 5.0, 0), (1.0, None, None), (1.0, 2.5, 1500), (3.0, 2.0, None), (1.0, 1.0, 0)])
    def test_is_the_time_from_the_first_signal_until_it_listened(self, down, up, milliseconds):
        context = Context(None, [])
        context.went_down, context.came_up = down, up
        assert context.outage_ms() == milliseconds

    def test_the_clock_goes_on(self):
        assert monotonic() <= monotonic()
