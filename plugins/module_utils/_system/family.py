# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which processes belong to one server, by evidence that no other user of the host can fake.

A name, a program and a command line prove nothing: any user may run /usr/sbin/httpd, as often as he
likes, and start it again when it ends. What counts is the user of a process, who forked it, and
which listening sockets it holds.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import pwd
import re
from collections import namedtuple

from . import processes, sockets
from .clock import monotonic

ROOT = (0,)
# Seconds for which all processes of the host are searched for a socket, at most.
SEARCH_SECONDS = 10
# Characters of a program's name that are reported: its user may have chosen it.
LONGEST_NAME = 100

# A process that holds listening sockets: their inodes.
Holder = namedtuple('Holder', 'process inodes')


def is_owned(process, owners):
    """Return whether a process runs as one of these users alone.

    A program with the set-user-ID bit runs as two: its own user, and the user who started it.
    """
    users = processes.users_of(process.pid)
    return bool(users) and users <= set(owners)


def find_mains(table, programs, owners):
    """Return the processes that run one of the programs as an owner, without those they forked."""
    owned = dict(
        (process.pid, process)
        for process in table
        if processes.runs_one_of(process, programs) and is_owned(process, owners)
    )
    return sorted(process for process in owned.values() if process.parent not in owned)


def with_children(mains, programs, table):
    """Return main processes and their children that serve.

    Processes that the children start are left out, whatever program they run: pages start them.
    """
    pids = set(main.pid for main in mains)
    return list(mains) + [
        process
        for process in table
        if process.parent in pids
        and process.pid not in pids
        and processes.runs_one_of(process, programs)
    ]


def find_family(evidence):
    """Return every process of the server now: running, half started, or a holder of its sockets.

    evidence: Evidence, as an order has it.
    """
    table = processes.read_processes()
    spared = _spared(evidence, table)
    table = [process for process in table if process.pid not in spared]
    owned = [
        process
        for process in table
        if processes.runs_one_of(process, evidence.programs)
        and is_owned(process, evidence.owners)
        and not _belongs_to(process, evidence.spare_services)
    ]
    found = with_children(owned, evidence.programs, table)
    return found + [holder.process for holder in find_orphans(evidence, table, found)]


def _spared(evidence, table):
    """Return the pids of other servers and of all their descendants."""
    return set(
        member.pid
        for process in table
        if process.pid in evidence.spare
        for member in processes.family_of(process, table)
    )


def _belongs_to(process, units):
    """Return whether a process is in the control group of one of the units.

    Another server may be a new process by now.
    """
    return bool(units) and any(
        os.path.basename(path) in units for path in processes.control_groups(process.pid)
    )


def find_grouped(groups):
    """Return the processes in some control groups, without our own."""
    ours = (os.getpid(), os.getppid())
    return [
        process
        for process in processes.read_processes()
        if process.pid not in ours and groups & processes.control_groups(process.pid)
    ]


def find_orphans(evidence, table, known):
    """Return the Holders, except known ones, of sockets that the server has left behind.

    These are its listening sockets, in any process; and sockets on its ports that an owner made, if
    the holder runs its program, or as the user of its children. The main process that made them is
    gone.
    """
    listening = sockets.read_listeners()
    ours = set(item.inode for item in listening if item.inode in evidence.sockets)
    made = set(
        item.inode
        for item in listening
        if item.port in evidence.ports and item.user in evidence.owners
    )
    for process in known:
        made -= sockets.socket_inodes(process.pid)
    if not ours | made:
        return []

    # The service manager and our own processes never count.
    skipped = set(process.pid for process in known) | set([1, os.getpid(), os.getppid()])
    left = [process for process in table if process.pid not in skipped]
    holders = find_holders(ours | made, left, lambda process: _may_hold(process, evidence))
    return [
        holder
        for holder in holders
        if (holder.inodes & ours or any(_resembles(holder.process, evidence)))
        and not _belongs_to(holder.process, evidence.spare_services)
    ]


def _may_hold(process, evidence):
    """Return whether the server may have forked a process into which root cannot look.

    Nobody else runs its program as the user of its children, or is in the group of its service.
    """
    return all(_resembles(process, evidence)) or bool(
        set(evidence.groups) & processes.control_groups(process.pid)
    )


def _resembles(process, evidence):
    """Return whether a process runs the program of the server, and whether as its children's
    user.
    """
    return (processes.runs_one_of(process, evidence.programs), is_owned(process, evidence.users))


def find_holders(inodes, table, is_blamed=lambda process: False):
    """Return the Holders of sockets among the processes of a table.

    Root of a container cannot see what other users' processes hold; then is_blamed(process)
    decides.
    """
    found, end = [], monotonic() + SEARCH_SECONDS
    for process in table:
        held = sockets.held_sockets(process.pid)
        if held is None:
            held = inodes if is_blamed(process) else set()
        if held & inodes:
            found.append(Holder(process, held & inodes))
        if monotonic() > end:
            break
    return found


def find_listeners(ports, ours=frozenset()):
    """Return [(address, port, who holds it)] of every listener on a port.

    ours: inodes of sockets that do not count.
    """
    found = [
        item for item in sockets.read_listeners() if item.port in ports and item.inode not in ours
    ]
    inodes = set(item.inode for item in found)
    holders = find_holders(inodes, processes.read_processes()) if found else []
    return [(item.address, item.port, _name_holders(item.inode, holders)) for item in found]


def _name_holders(inode, holders):
    named = [describe(holder.process) for holder in holders if inode in holder.inodes]
    return ', '.join(named) or 'a process that cannot be seen'


def describe(process):
    """Return a text for a process: its pid, program and user."""
    users = sorted(processes.users_of(process.pid))
    program = re.sub(r'[^ -~]', '?', process.exe or process.name)[:LONGEST_NAME]
    return 'process %d (%s, user %s)' % (
        process.pid,
        program,
        ', '.join(map(_name_of, users)) or 'unknown',
    )


def _name_of(user):
    try:
        return pwd.getpwuid(user).pw_name
    except (KeyError, ValueError, OverflowError):
        return '%d' % user
