# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: prints the path of whatever comes into folders.

watch.py FOLDER...
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
import struct
import sys

IN_MOVED_TO, IN_CREATE = 0x80, 0x100
HEADER = struct.calcsize('iIII')


def main():
    """Print each name that is made in one of the folders."""
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor, folders = libc.inotify_init(), {}
    for folder in sys.argv[1:]:
        watch = libc.inotify_add_watch(descriptor, folder.encode(), IN_CREATE | IN_MOVED_TO)
        folders[watch] = folder
    print('ready')
    sys.stdout.flush()
    while True:
        data = os.read(descriptor, 65536)
        while data:
            watch, _kind, _cookie, length = struct.unpack('iIII', data[:HEADER])
            name = data[HEADER : HEADER + length].rstrip(b'\0').decode('latin-1')
            print(repr(os.path.join(folders.get(watch, '?'), name)))
            sys.stdout.flush()
            data = data[HEADER + length :]


if __name__ == '__main__':
    main()
