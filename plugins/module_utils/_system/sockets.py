# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Listening TCP sockets, by the kernel's own account."""
import os
import socket
import struct

from .._model import Listener

LISTEN = '0A'
SYN_RECEIVED = '03'
TABLES = ((4, '/proc/net/tcp'), (6, '/proc/net/tcp6'))


def parse_listeners(family, table):
    """Give the Listeners in the text of /proc/net/tcp or tcp6."""
    found = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == LISTEN:
            address, port = fields[1].split(':')
            found.append(Listener(family, _address(family, address), int(port, 16), int(fields[9])))
    return found


def _address(family, digits):
    # The kernel prints each 32 bits of the address as a number of the machine's own byte order.
    words = [int(digits[i:i + 8], 16) for i in range(0, len(digits), 8)]
    packed = struct.pack('=%dI' % len(words), *words)
    return socket.inet_ntop(socket.AF_INET if family == 4 else socket.AF_INET6, packed)


def read_listeners():
    """Give every listening TCP socket of this network namespace."""
    found = []
    for family, path in TABLES:
        try:
            with open(path, 'rb') as stream:
                found.extend(parse_listeners(family, stream.read().decode('latin-1')))
        except IOError:
            continue  # a kernel without IPv6
    return found


def parse_pending(table, ports):
    """Count the connections to `ports` that no server has accepted yet, in the text of /proc/net/tcp or tcp6."""
    count = 0
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and int(fields[1].split(':')[1], 16) in ports:
            # Of a listening socket the queue is of connections, not of bytes.
            count += int(fields[4].split(':')[1], 16) if fields[3] == LISTEN else fields[3] == SYN_RECEIVED
    return count


def pending_connections(ports):
    """Number of connections to `ports` that wait to be accepted, half-open ones included."""
    count = 0
    for _family, path in TABLES:
        try:
            with open(path, 'rb') as stream:
                count += parse_pending(stream.read().decode('latin-1'), set(ports))
        except IOError:
            continue
    return count


def socket_inodes(pid):
    """Inodes of the sockets that a process holds."""
    inodes = set()
    folder = '/proc/%d/fd' % pid
    try:
        names = os.listdir(folder)
    except OSError:
        return inodes
    for name in names:
        try:
            target = os.readlink(os.path.join(folder, name))
        except OSError:
            continue
        if target.startswith('socket:['):
            inodes.add(int(target[8:-1]))
    return inodes


def ports_of(pid):
    """Ports on which a process listens."""
    held = socket_inodes(pid)
    return set(listener.port for listener in read_listeners() if listener.inode in held)


def listening_inodes():
    """Inodes of all listening sockets: a socket is closed when its inode is gone, whoever takes the port next."""
    return set(listener.inode for listener in read_listeners())
