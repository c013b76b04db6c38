# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""TCP connections that no process has taken yet, and those that one works on, by the kernel's own account."""
from collections import namedtuple

from .sockets import LISTEN, TABLES

ESTABLISHED, HALF_OPEN = '01', '03'
# local, remote: as the kernel prints them, address:port; queued: of a listening socket, connections that wait to be taken;
# inode: 0 where no process has the connection yet.
Row = namedtuple('Row', 'local remote state queued inode')


def parse_rows(table):
    """Give the Rows in the text of /proc/net/tcp or tcp6."""
    rows = []
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9:
            rows.append(Row(fields[1], fields[2], fields[3], int(fields[4].split(':')[1], 16), int(fields[9])))
    return rows


def read_rows():
    """Give the Rows of every TCP socket of this network namespace."""
    rows = []
    for _family, path in TABLES:
        try:
            with open(path, 'rb') as stream:
                rows.extend(parse_rows(stream.read().decode('latin-1')))
        except IOError:
            continue  # a kernel without IPv6
    return rows


def count_queued(rows, inodes):
    """How many connections wait to be taken at these listening sockets."""
    return sum(row.queued for row in rows if row.state == LISTEN and row.inode in inodes)


def half_open(rows, ports):
    """Give the set of (local, remote) of connections to these ports that are not made yet, or whose first bytes are awaited."""
    return set((row.local, row.remote) for row in rows if row.state == HALF_OPEN and _port(row.local) in ports)


def count_open(rows, ports):
    """How many connections to these ports some process has taken."""
    return sum(1 for row in rows if row.state == ESTABLISHED and row.inode and _port(row.local) in ports)


def _port(address):
    return int(address.rsplit(':', 1)[1], 16)
