# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import forks
from ansible_collections.webops.apache.plugins.module_utils._system.clock import monotonic


@pytest.fixture
def full(monkeypatch):
    """Have the process table full for so many tries."""

    def fill(tries, number=errno.EAGAIN):
        real, asked = os.fork, []

        def fork():
            asked.append(1)
            if len(asked) <= tries:
                raise OSError(number, os.strerror(number))
            return real()

        monkeypatch.setattr(forks, 'PAUSE', 0.01)
        monkeypatch.setattr(forks.os, 'fork', fork)
        return asked

    return fill


class TestFork:
    @pytest.mark.parametrize('number', [errno.EAGAIN, errno.ENOMEM])
    def test_waits_until_a_process_can_be_made(self, full, number):
        asked = full(3, number)
        pid = forks.fork()
        if pid == 0:
            os._exit(7)
        assert os.waitpid(pid, 0)[1] >> 8 == 7 and len(asked) == 4

    @pytest.mark.parametrize('number, at_once', [(errno.EAGAIN, False), (errno.ENOSYS, True)])
    def test_gives_up_in_the_end(self, full, number, at_once):
        asked, began = full(10**6, number), monotonic()
        with pytest.raises(OSError) as caught:
            forks.fork(0.1)
        assert (
            caught.value.errno == number
            and (len(asked) == 1) == at_once
            and monotonic() - began < 5
        )


class TestWaitForRoom:
    @pytest.mark.parametrize('tries, room', [(0, True), (2, True), (10**6, False)])
    def test_tells_whether_there_is_some(self, full, tries, room):
        full(tries)
        assert forks.wait_for_room(0.2) is room
