# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""A clock that never jumps, on every Python down to 2.6."""
import ctypes
import time

CLOCK_MONOTONIC = 1


class _Timespec(ctypes.Structure):
    _fields_ = [('seconds', ctypes.c_long), ('nanoseconds', ctypes.c_long)]


def _monotonic_by_libc():
    # Python 2 has no monotonic clock, and wall-clock time may be set back in the middle of a switch.
    now = _Timespec()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.clock_gettime(CLOCK_MONOTONIC, ctypes.byref(now)) != 0:
        raise OSError(ctypes.get_errno(), 'clock_gettime')
    return now.seconds + now.nanoseconds / 1e9


# Seconds, as a float, since some point in the past.
monotonic = getattr(time, 'monotonic', _monotonic_by_libc)


def wait_until(ready, seconds, pause=0.01):
    """Ask `ready()` until it gives something true or `seconds` are over; return its last answer."""
    deadline = monotonic() + seconds
    while True:
        answer = ready()
        if answer or monotonic() >= deadline:
            return answer
        time.sleep(pause)
