# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: his files may be links by the time they are opened.

flip.py FOLDER TARGET FILES   makes so many files in FOLDER, and swaps each of them for a link to
TARGET and back, all the time.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
import sys

SYS_RENAMEAT2, RENAME_EXCHANGE, AT_FDCWD = 316, 2, -100


def main():
    folder, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    libc = ctypes.CDLL(None, use_errno=True)
    pairs = []
    for number in range(count):
        path = os.path.join(folder, 'data-%d' % number)
        # So many small ones that one of them is always being copied.
        with open(path, 'w') as stream:
            stream.write('x')
        os.symlink(target, path + '.link')
        pairs.append((path.encode(), (path + '.link').encode()))
    _kept = open(os.path.join(folder, 'kept'), 'w')
    print('ready')
    sys.stdout.flush()
    while True:
        for path, link in pairs:
            libc.syscall(
                ctypes.c_long(SYS_RENAMEAT2), AT_FDCWD, path, AT_FDCWD, link, RENAME_EXCHANGE
            )


if __name__ == '__main__':
    main()
