# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: a process of which there is a lot to be read in /proc.

heavy.py FOLDER   It writes in 4,000 folders below this one, and has 60,000 pieces of memory.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import mmap
import os
import resource
import sys
import time


def as_many_as_can_be(make, count):
    """Return what `make(number)` gave, up to `count` times, until the system gives no more."""
    found = []
    try:
        for number in range(count):
            found.append(make(number))
    except (OSError, IOError, ValueError):
        pass
    return found


def open_in_folder(number):
    """Return an open file in a folder of its own."""
    folder = os.path.join(sys.argv[1], 'd%d' % number)
    os.mkdir(folder)
    return open(os.path.join(folder, 'file'), 'w')


def main():
    """Hold 4,000 files and 60,000 pieces of memory, or as many as it gets."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    kept = as_many_as_can_be(open_in_folder, 4000)
    # Every other one of another kind: or the kernel would join them.
    kept += as_many_as_can_be(
        lambda number: mmap.mmap(-1, 4096, (mmap.MAP_SHARED, mmap.MAP_PRIVATE)[number % 2]), 60000
    )
    print('ready')
    print('%d things are kept' % len(kept))
    sys.stdout.flush()
    time.sleep(600)


if __name__ == '__main__':
    main()
