# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which processes are those of one server, by evidence that no other user of the host can make.

A name, a program and a command line prove nothing: any user may run /usr/sbin/httpd, as often as he
likes, and start it again whenever it ends. What counts is who a process runs as, who forked it, and
which listening sockets it holds.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import pwd
from collections import namedtuple

from . import processes, sockets
from .clock import monotonic

ROOT = (0,)
# For how many seconds at most all processes of the host are searched for a socket.
SEARCH_SECONDS = 10

# What a server is known by. programs: real paths; owners: ids of the users that a main process can
# run as; users: of those that its children run as; sockets: inodes of its listening sockets; ports:
# on which it listens; spare: pids of main processes of other servers; spare_units: names of theirs.
Evidence = namedtuple('Evidence', 'programs owners users sockets ports spare spare_units')
# A process that holds listening sockets: their inodes.
Holder = namedtuple('Holder', 'process inodes')


def evidence_of(args):
    """Return the Evidence in the arguments of a step; those of an earlier version say less."""
    return Evidence(args['programs'], frozenset(args.get('owners', ROOT)), frozenset(args.get('users', ())),
                    frozenset(args.get('sockets', ())), frozenset(args.get('ports', ())),
                    frozenset(args.get('spare', ())), frozenset(args.get('spare_services', ())))


def is_owned(process, owners):
    """Return whether a process runs as one of these users and as nobody else, as a program with the set-user-ID bit does."""
    users = processes.users_of(process.pid)
    return bool(users) and users <= set(owners)


def find_mains(table, programs, owners):
    """Return the processes in a table that run one of the programs as an owner and were not forked by another one of these."""
    owned = dict((process.pid, process) for process in table
                 if processes.runs_one_of(process, programs) and is_owned(process, owners))
    return sorted(process for process in owned.values() if process.parent not in owned)


def with_children(mains, programs, table):
    """Return main processes and what they have forked to serve.

    What the children start in their turn is left out, whatever program it runs: pages do that.
    """
    pids = set(main.pid for main in mains)
    return list(mains) + [process for process in table if process.parent in pids and process.pid not in pids
                          and processes.runs_one_of(process, programs)]


def find_family(evidence):
    """Return every process of the server that runs now: whole, half started, or orphans that hold its sockets."""
    table = processes.read_processes()
    spared = _spared(evidence, table)
    table = [process for process in table if process.pid not in spared]
    owned = [process for process in table if processes.runs_one_of(process, evidence.programs)
             and is_owned(process, evidence.owners) and not _belongs_to(process, evidence.spare_units)]
    found = with_children(owned, evidence.programs, table)
    return found + [holder.process for holder in find_orphans(evidence, table, found)]


def _spared(evidence, table):
    """Return the pids of other servers and all that descend from them."""
    return set(member.pid for process in table if process.pid in evidence.spare
               for member in processes.family_of(process, table))


def _belongs_to(process, units):
    """Return whether a process is in the control group of one of the units: another server may be a new process by now."""
    return bool(units) and any(os.path.basename(path) in units for path in processes.control_groups(process.pid))


def find_orphans(evidence, table, known):
    """Return the Holders, besides those that are known, of listening sockets that the server has left behind.

    These are its sockets, whoever holds them; and those on its ports that an owner made, where what
    holds them runs its program: the main process that made them is gone.
    """
    listening = sockets.read_listeners()
    ours = set(item.inode for item in listening if item.inode in evidence.sockets)
    made = set(item.inode for item in listening if item.port in evidence.ports and item.user in evidence.owners)
    for process in known:
        made -= sockets.socket_inodes(process.pid)
    if not ours | made:
        return []
    def runs_it(process):
        return processes.runs_one_of(process, evidence.programs)

    skipped = set(process.pid for process in known) | set([os.getpid()])
    # A process that cannot be looked into may be one that the server has forked: nobody else runs its program as that user.
    found = find_holders(ours | made, [process for process in table if process.pid not in skipped],
                         lambda process: runs_it(process) and is_owned(process, evidence.users))
    return [holder for holder in found if holder.inodes & ours or runs_it(holder.process)]


def find_holders(inodes, table, is_blamed=lambda process: False):
    """Return the Holders of sockets among the processes of a table.

    Root of a container cannot see what other users' processes hold: is_blamed(process) says then.
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


def describe(process):
    """Return a process in words: its pid, program and user."""
    users = sorted(processes.users_of(process.pid))
    return 'process %d (%s, user %s)' % (process.pid, process.exe or process.name, ', '.join(map(_name_of, users)) or 'gone')


def _name_of(user):
    try:
        return pwd.getpwuid(user).pw_name
    except (KeyError, ValueError, OverflowError):
        return '%d' % user
