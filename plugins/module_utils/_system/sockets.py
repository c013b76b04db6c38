# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Listening TCP sockets, as the kernel reports them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import socket
import struct

from .._model import Listener
from .netlink import ListenTable
from .queues import LISTEN, read_rows

# Filled once the kernel has refused: at each request it would look for a module that it does not
# have.
_refused = []


def read_listeners():
    """Return every listening TCP socket of this network namespace."""
    if not _refused:
        try:
            return _ask_kernel()
        except (IOError, OSError, socket.error) as e:
            _refused.append(e)
    return [listener_of(row) for row in read_rows() if row.state == LISTEN]


def _ask_kernel():
    table = ListenTable()
    try:
        return table.listeners()
    finally:
        table.close()


def listener_of(row):
    """Return the Listener of a Row of the table in text."""
    digits, port = row.local.split(':')
    # The kernel prints each 32 bits of the address as a number in the machine's own byte order.
    words = [int(digits[i : i + 8], 16) for i in range(0, len(digits), 8)]
    packed = struct.pack('=%dI' % len(words), *words)
    family, kind = (4, socket.AF_INET) if len(words) == 1 else (6, socket.AF_INET6)
    return Listener(
        family=family,
        address=socket.inet_ntop(kind, packed),
        port=int(port, 16),
        inode=row.inode,
        user=row.user,
    )


def socket_inodes(pid):
    """Inodes of the sockets that a process holds, those that can be seen."""
    return held_sockets(pid) or set()


def held_sockets(pid):
    """Return the inodes of the sockets that a process holds.

    None if that cannot be seen: root of a container may not look into other users' processes.
    """
    inodes = set()
    folder = '/proc/%d/fd' % pid
    try:
        names = os.listdir(folder)
    except OSError as e:
        return None if e.errno == errno.EACCES else inodes
    for name in names:
        try:
            target = os.readlink(os.path.join(folder, name))
        except OSError as e:
            if e.errno == errno.EACCES:
                return None
            continue
        if target.startswith('socket:['):
            inodes.add(int(target[8:-1]))
    return inodes


def ports_of(pid):
    """Ports on which a process listens."""
    held = socket_inodes(pid)
    return set(listener.port for listener in read_listeners() if listener.inode in held)


def listening_inodes():
    """Return the inodes of all listening sockets: a socket is closed when its inode is gone, also
    where another one has its port by then.
    """
    return set(listener.inode for listener in read_listeners())
