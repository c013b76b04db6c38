# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The kernel's table of TCP sockets as text: connections that no process has accepted yet, and
those that a process serves.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

TABLES = ('/proc/net/tcp', '/proc/net/tcp6')
ESTABLISHED, HALF_OPEN, CLOSE_WAIT, LISTEN = '01', '03', '08', '0A'
# local, remote: as the kernel prints them, address:port; queued: of a listening socket, connections
# that wait to be accepted; timeouts: how often the kernel sent its last packet again, or would
# have: of a half-open connection 0 in its first second; inode: 0 if no process has the connection
# yet;
# user: id of the user who made the socket.
Row = namedtuple('Row', 'local remote state queued timeouts inode user')


def parse_rows(table):
    """Return the Rows in the text of /proc/net/tcp or tcp6; other lines are left out."""
    rows = [_parse_row(line.split()) for line in table.split('\n')[1:]]
    return [row for row in rows if row]


def _parse_row(fields):
    try:
        return Row(
            fields[1],
            fields[2],
            fields[3],
            int(fields[4].split(':')[1], 16),
            int(fields[6], 16),
            int(fields[9]),
            int(fields[7]),
        )
    except (IndexError, ValueError):
        return None


def read_rows():
    """Return the Rows of every TCP socket of this network namespace.

    It takes the kernel some 10 ms, even for few sockets.
    """
    rows = []
    for path in TABLES:
        try:
            with open(path, 'rb') as stream:
                rows.extend(parse_rows(stream.read().decode('latin-1')))
        except IOError:
            continue  # a kernel without IPv6
    return rows


def count_queued(rows, inodes):
    """How many connections wait to be accepted at these listening sockets."""
    return sum(row.queued for row in rows if row.state == LISTEN and row.inode in inodes)


def count_untaken(rows, ports):
    """How many connections to these ports are made, but not accepted by a process yet.

    Counted one by one: the table is not read in one moment. A connection that is half open when the
    listening sockets are read may wait there when the rest is read.
    """
    return sum(
        1
        for row in rows
        if row.state in (ESTABLISHED, CLOSE_WAIT) and not row.inode and _port(row.local) in ports
    )


def lately_begun(rows, ports):
    """Return those of `half_open` that began within the last second: an older one may never send a
    byte.
    """
    return half_open([row for row in rows if not row.timeouts], ports)


def half_open(rows, ports):
    """Return the set of (local, remote) of connections to these ports that are not made yet, or
    whose first bytes are awaited.
    """
    return set(
        (row.local, row.remote)
        for row in rows
        if row.state == HALF_OPEN and _port(row.local) in ports
    )


def count_open(rows, ports):
    """How many connections to these ports some process has accepted."""
    return sum(
        1 for row in rows if row.state == ESTABLISHED and row.inode and _port(row.local) in ports
    )


def _port(address):
    return int(address.rsplit(':', 1)[1], 16)
