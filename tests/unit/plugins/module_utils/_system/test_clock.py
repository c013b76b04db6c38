# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

from ansible_collections.webops.apache.plugins.module_utils._system import clock


class TestMonotonic:
    def test_goes_on_as_time_does(self):
        before = clock.monotonic()
        time.sleep(0.02)
        assert 0.01 < clock.monotonic() - before < 5

    def test_by_libc_tells_the_same_time(self):
        assert abs(clock._monotonic_by_libc() - clock.monotonic()) < 5


class TestWaitUntil:
    def test_gives_the_answer_as_soon_as_there_is_one(self):
        answers = [None, 0, 'ready', 'not asked']
        assert clock.wait_until(lambda: answers.pop(0), 10, pause=0.001) == 'ready'
        assert answers == ['not asked']

    def test_asks_once_where_there_is_no_time(self):
        asked = []
        assert clock.wait_until(lambda: asked.append(1), 0) is None
        assert asked == [1]

    def test_gives_the_last_answer_when_time_is_over(self):
        begin = clock.monotonic()
        assert clock.wait_until(lambda: '', 0.05) == ''
        assert 0.05 <= clock.monotonic() - begin < 5
