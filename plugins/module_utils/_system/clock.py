# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""A clock that never jumps, on every Python down to 2.6."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
import time

CLOCK_MONOTONIC = 1


class _Timespec(ctypes.Structure):
    _fields_ = [('seconds', ctypes.c_long), ('nanoseconds', ctypes.c_long)]


def find_clock(load=ctypes.CDLL):
    """Return the C function clock_gettime: of libc, or of librt, which has it before glibc 2.17
    (EL5, EL6).

    load: called as ctypes.CDLL. Raises AttributeError or OSError if neither library has it.
    """
    try:
        # The libraries that the process has loaded, libc too.
        return load(None, use_errno=True).clock_gettime
    except AttributeError:
        return load('librt.so.1', use_errno=True).clock_gettime


def monotonic_by(gettime):
    """Return a function that returns seconds by a C function clock_gettime.

    It raises OSError if that fails.
    """

    def monotonic_seconds():
        now = _Timespec()
        if gettime(CLOCK_MONOTONIC, ctypes.byref(now)) != 0:
            number = ctypes.get_errno()
            raise OSError(number, 'clock_gettime: %s' % os.strerror(number))
        return now.seconds + now.nanoseconds / 1e9

    return monotonic_seconds


# Seconds, as a float, since some point in the past. Python 2 has no monotonic clock, and somebody
# may set the system time back in the middle of a switch.
monotonic = getattr(time, 'monotonic', None) or monotonic_by(find_clock())


def lasting(ask, seconds):
    """Return a function that tells whether `ask()` gave something true at each of its calls in the
    last `seconds` at least.

    One look at the process table may miss a process that is forked meanwhile.
    """
    since = []

    def lasts():
        if not ask():
            del since[:]
        elif not since:
            since.append(monotonic())
        return bool(since) and monotonic() - since[0] >= seconds

    return lasts


def wait_until(ready, seconds, pause=0.01):
    """Call `ready()` until its answer is true or `seconds` are over; return its last answer."""
    deadline = monotonic() + seconds
    while True:
        answer = ready()
        if answer or monotonic() >= deadline:
            return answer
        time.sleep(pause)
