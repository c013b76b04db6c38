# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Memory, as the kernel counts it."""
import re


def available():
    """KiB that new processes can have without swapping; None where the kernel does not say (before 3.14)."""
    try:
        with open('/proc/meminfo', 'rb') as stream:
            found = re.search(r'^MemAvailable:\s+(\d+) kB', stream.read().decode('latin-1'), re.MULTILINE)
    except (IOError, OSError):
        return None
    return int(found.group(1)) if found else None
