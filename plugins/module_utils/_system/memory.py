# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Memory, as the kernel counts it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .processes import lines_about

# Processes that are measured for an estimate.
MOST = 64


def available():
    """KiB that new processes can have without swapping; None if the kernel does not say (before
    3.14).
    """
    try:
        with open('/proc/meminfo', 'rb') as stream:
            found = re.search(
                r'^MemAvailable:\s+(\d+) kB', stream.read().decode('latin-1'), re.MULTILINE
            )
    except (IOError, OSError):
        return None
    return int(found.group(1)) if found else None


def used_by(pids):
    """KiB that some processes use together: shared memory is counted once if the kernel reports it,
    else for each.
    """
    return sum(_used_by(pid) for pid in pids)


def estimate(pids):
    """KiB that some processes use together, as `used_by` says. Of many, some stand for all: the
    kernel walks through the whole memory of each.
    """
    measured = pids[:: -(-len(pids) // MOST)] if pids else []
    return used_by(measured) * len(pids) // len(measured) if measured else 0


def _used_by(pid):
    for name, label in (('smaps_rollup', 'Pss:'), ('smaps', 'Pss:'), ('status', 'VmRSS:')):
        sizes = [int(line.split()[1]) for line in lines_about(pid, name) if line.startswith(label)]
        if sizes:
            return sum(sizes)
    return 0
