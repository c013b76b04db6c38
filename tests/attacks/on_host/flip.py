# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: his files may be links by the time they are opened.

flip.py FOLDER TARGET COUNT   makes so many files in FOLDER, and swaps each of them for a link to
TARGET and back, all the time. flip.py FOLDER pipe NAME: a file of that name and a pipe.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
import sys

SYS_RENAMEAT2, RENAME_EXCHANGE, AT_FDCWD = 316, 2, -100


def make_pair(path, target):
    """Make a file, and beside it what is swapped with it; return both paths as C has them."""
    with open(path, 'w') as stream:
        stream.write('x\n')
    other = path + '.other'
    if target == 'pipe':
        os.mkfifo(other)
    else:
        os.symlink(target, other)
    return path.encode(), other.encode()


def main():
    """Exchange each file for its pair, again and again."""
    folder, target, which = sys.argv[1:4]
    # Of many small ones, one is always being copied.
    names = ['data-%d' % number for number in range(int(which))] if which.isdigit() else [which]
    pairs = [make_pair(os.path.join(folder, name), target) for name in names]
    _kept = open(os.path.join(folder, 'kept'), 'w')
    exchange = ctypes.CDLL(None, use_errno=True).syscall
    print('ready')
    sys.stdout.flush()
    while True:
        for path, other in pairs:
            exchange(SYS_RENAMEAT2, AT_FDCWD, path, AT_FDCWD, other, RENAME_EXCHANGE)


if __name__ == '__main__':
    main()
