# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Notice children of a server that crash.

The kernel says which signal ended a child, until its parent has asked; httpd asks once a second. If
the kernel does not tell us (before Linux 3.5, in a container without CAP_SYS_PTRACE), httpd's own
log line counts, but only for a child that was seen to run and is gone. Scripts can write into that
log, and visitors can make httpd write words there, so no other line counts.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
import signal

from .._errors import StrangerError
from .._strangers.paths import open_file
from .._system import processes

SIGNALS = (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGILL, signal.SIGFPE)
# Bytes of a log that are read.
MAX_LOG = 1024 * 1024
# 2.4: [date] [core:notice] [pid 7:tid 8] AH00052: child pid 9 exit signal Segmentation fault (11)
# 2.2: [date] [notice] child pid 9 exit signal Segmentation fault (11)
_LINE = re.compile(
    r'^\[[^\[\]]{1,60}\] \[(?:\w{1,20}:)?notice\] (?:\[pid (\d+)(?::tid \d+)?\] )?(?:AH\d{5}: )?'
    r'child pid (\d+) exit signal [A-Za-z /]{1,40} \((\d+)\)(?:, possible coredump in .*)?$'
)


class CrashWatch(object):
    """Counts the children of a main process that crash while it is watched.

    main: the Process; log: path of the error log or None; start: how many of its bytes are older.
    """

    def __init__(self, main, log, start):
        self.main, self.log, self.start = main, log, start
        self.seen, self.crashed = set(), set()
        self.told = processes.sees_exit_signals()

    def look(self):
        """Look once. A crashed child is visible for a second at most, so look often."""
        for child in processes.read_children(self.main.pid):
            self.seen.add(child.pid)
            if child.signal in SIGNALS:
                self.crashed.add((child.pid, child.start_time))

    def count(self):
        """Return how many children have crashed so far."""
        crashed = set(pid for pid, _start_time in self.crashed)
        if not self.told:
            alive = set(
                child.pid for child in processes.read_children(self.main.pid) if not child.ended
            )
            lines = read_tail(self.log, self.start)
            crashed |= set(crashed_children(lines, self.main.pid)) & (self.seen - alive)
        return len(crashed)


def crashed_children(lines, main_pid):
    """Return the pids that crashed, as httpd says in a complete line."""
    found = [_LINE.match(line) for line in lines]
    return [
        int(match.group(2))
        for match in found
        if match and int(match.group(3)) in SIGNALS and match.group(1) in (None, '%d' % main_pid)
    ]


def read_tail(path, start):
    """Return the lines of a log after its first `start` bytes; none if it cannot be read."""
    if path is None:
        return []
    try:
        with os.fdopen(open_file(path), 'rb') as stream:
            stream.seek(start)
            return stream.read(MAX_LOG).decode('latin-1').split(u'\n')
    except (IOError, OSError, StrangerError):
        return []
