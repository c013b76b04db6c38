# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError, StrangerError
from ansible_collections.webops.apache.plugins.module_utils._model import Probe
from ansible_collections.webops.apache.plugins.module_utils._strangers import limited
from ansible_collections.webops.apache.plugins.module_utils._transaction.lock import (
    release_lock,
    take_lock,
)


def spin():
    while True:
        pass


def fail():
    raise ReadError('no', path='/x')


def break_down():
    raise KeyError('x')


class TestRunLimited:
    @pytest.mark.parametrize(
        'value',
        [None, 5, u'\xff' * 300000, Probe('u', 200, None)],
        ids=['none', 'number', 'more than a pipe holds', 'record'],
    )
    def test_returns_what_the_work_returns(self, value):
        assert limited.run_limited(lambda: value, 10) == value

    def test_ends_what_waits(self):
        began = time.time()
        with pytest.raises(StrangerError, match='The reading was ended after 1 s'):
            limited.run_limited(lambda: time.sleep(60), 1)
        assert time.time() - began < 5

    def test_ends_what_computes(self):
        with pytest.raises(StrangerError, match='was ended after 1 s'):
            limited.run_limited(spin, 1)

    def test_says_what_cannot_be_handed_over(self, capfd):
        with pytest.raises(StrangerError, match='The page failed with an internal error'):
            limited.run_limited(lambda: lambda: None, 10, what='The page')
        assert 'Traceback' in capfd.readouterr()[1]

    def test_ends_what_fills_the_memory(self):
        with pytest.raises(StrangerError, match='The page needs more than 32 MiB of memory'):
            limited.run_limited(lambda: bytearray(64 * 1024 * 1024), 10, 32, what='The page')

    def test_passes_on_an_error_of_the_work(self):
        with pytest.raises(ReadError) as caught:
            limited.run_limited(fail, 10)
        assert (caught.value.message, caught.value.details) == ('no', {'path': '/x'})

    def test_tells_of_a_fault_in_the_work(self):
        with pytest.raises(StrangerError, match='failed with an internal error: KeyError'):
            limited.run_limited(break_down, 10)

    def test_tells_of_a_child_that_was_killed(self):
        with pytest.raises(StrangerError, match='before it said anything'):
            limited.run_limited(lambda: os.kill(os.getpid(), signal.SIGKILL), 10)

    def test_leaves_neither_child_nor_descriptor(self):
        before = os.listdir('/proc/self/fd')
        limited.run_limited(lambda: 1, 10)
        with pytest.raises(StrangerError):
            limited.run_limited(lambda: time.sleep(60), 0.1)
        assert os.listdir('/proc/self/fd') == before
        with pytest.raises(OSError):
            os.waitpid(-1, os.WNOHANG)

    def test_does_not_change_what_the_caller_has(self):
        limit = limited.resource.getrlimit(limited.resource.RLIMIT_AS)
        limited.run_limited(lambda: None, 10, 32)
        assert limited.resource.getrlimit(limited.resource.RLIMIT_AS) == limit

    def test_a_child_has_no_lock(self, tmp_path):
        lock = take_lock(str(tmp_path / 'state'))
        open_files = limited.run_limited(
            lambda: [
                os.readlink('/proc/self/fd/' + name)
                for name in os.listdir('/proc/self/fd')
                if os.path.exists('/proc/self/fd/' + name)
            ],
            10,
        )
        release_lock(lock)
        assert not [path for path in open_files if path.endswith('/state/lock')]
