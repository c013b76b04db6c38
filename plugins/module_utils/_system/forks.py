# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Make processes on a host whose process table, or memory, is full for a while."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import time

from .clock import monotonic

# Seconds to wait for a process to be made, and between two tries.
PATIENCE, PAUSE = 120, 0.25
PASSING = (errno.EAGAIN, errno.ENOMEM)


def fork(seconds=PATIENCE):
    """fork(2), tried again for so many seconds while no process can be made.

    Raises OSError after that.
    """
    deadline = monotonic() + seconds
    while True:
        try:
            return os.fork()
        except OSError as e:
            if e.errno not in PASSING or monotonic() >= deadline:
                raise
        time.sleep(PAUSE)


def wait_for_room(seconds):
    """Wait until a process can be made, for so many seconds at most; return whether one can."""
    try:
        pid = fork(seconds)
    except OSError:
        return False
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True
