# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import subprocess

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import memory
from ansible_collections.webops.apache.plugins.module_utils._system.clock import wait_until


def test_this_host_says_how_much_is_free():
    assert memory.available() > 0


def test_what_is_used_is_that_of_all_together():
    sleeper = subprocess.Popen(['sleep', '60'])
    try:
        assert wait_until(lambda: memory.used_by([sleeper.pid]) > 50, 5)
        assert memory.used_by([os.getpid(), sleeper.pid]) > 2000
        assert memory.used_by([2**22 + 5]) == 0
    finally:
        sleeper.kill()
        sleeper.wait()


@pytest.mark.parametrize(
    'count, measured', [(0, 0), (1, 1), (64, 64), (65, 33), (128, 64), (1000, 63)]
)
def test_of_many_some_are_measured(monkeypatch, count, measured):
    asked = []
    monkeypatch.setattr(memory, '_used_by', lambda pid: asked.append(pid) or 10)
    assert memory.estimate(list(range(count))) == 10 * count
    assert len(asked) == measured
