# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find the httpd processes that really run: the one that the service owns, and any other."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._model import Outsider, Running, Servers, Unowned
from .._syntax.httpd_options import starts_no_server
from .._system import family, memory, processes, sockets
from .._system.clock import wait_until
from .launch import read_launch

# What a loaded MPM is called on the disk, whatever folder it lies in.
_MODULE = re.compile(r'/mod_mpm_(prefork|worker|event)\.so( \(deleted\))?$')
# How many processes are named where there may be any number.
EXAMPLES = 5
# Seconds in which a process that begins or ends shows a command line, or is gone. It takes a moment
# without one in each case, and much longer where all processors are busy.
WORDS_SECONDS = 2
# What the words of a process tell of it.
PASSES, STAYS = 'passes', 'stays'


def read_servers(mpm_of_binary, service, configured=None):
    """Return Servers.

    `mpm_of_binary`: {real path of a program: the MPM that is linked in, or None}; `service`: the
    Service; configured: the pid file that the configuration names.
    """
    table = processes.read_processes()
    pid, state = _noted_pid(service.pid_file)
    noted = [
        process
        for process in table
        if process.pid == pid and processes.runs_one_of(process, mpm_of_binary)
    ]
    owners = set(family.ROOT).union(*[processes.users_of(process.pid) for process in noted])
    mains = family.find_mains(table, mpm_of_binary, owners)
    ours = [main for main in mains if main.pid == pid]
    if state == 'ok' and not ours:
        state = 'reused' if processes.read_process(pid) else 'stale'
    running = _describe(ours[0], table, mpm_of_binary, service) if ours else None
    listening = sockets.listening_inodes()
    strangers = [
        main for main in mains if main.pid != pid and not _passes_by(main, table, listening)
    ]
    moved = None
    if not ours and configured not in (None, service.pid_file):
        elsewhere = _noted_pid(configured)[0]
        moved = configured if elsewhere in [main.pid for main in strangers] else None
    return Servers(running, strangers, state, find_unowned(table, mpm_of_binary, owners), moved)


def find_unowned(table, programs, owners):
    """Return the Unowned: processes of other users that run one of the programs.

    What they, or a server, have forked is not counted.
    """
    httpds = dict(
        (process.pid, process) for process in table if processes.runs_one_of(process, programs)
    )
    found = sorted(
        process
        for process in httpds.values()
        if process.parent not in httpds and not family.is_owned(process, owners)
    )
    return Unowned(len(found), [family.describe(process) for process in found[:EXAMPLES]])


def _passes_by(main, table, listening):
    """Return whether a process only asks its program something, or sends a signal, and ends.

    A server that was started by a signal has such words, too; it listens, or has children.
    """
    if sockets.socket_inodes(main.pid) & listening:
        return False
    if any(process.parent == main.pid for process in table):
        return False
    return wait_until(lambda: _told_by_words(main), WORDS_SECONDS) == PASSES


def _told_by_words(main):
    """Return PASSES, STAYS, or '' where nothing can be told.

    The command line is empty while the kernel loads a program, while a process ends, and for
    another user's.
    """
    words = processes.command_line(main.pid)
    # Asked after that: a process that has ended since shows no words, or those of the next process
    # with this pid.
    if not processes.is_alive(main):
        return PASSES
    if not words:
        return ''
    return PASSES if starts_no_server(words[1:]) else STAYS


def _noted_pid(pid_file):
    try:
        return processes.read_pid(pid_file), 'ok'
    except OSError:
        return None, 'absent'
    except ValueError:
        return None, 'stale'


def _describe(main, table, mpm_of_binary, service):
    relatives = processes.family_of(main, table)
    threads = sum(processes.count_threads(p.pid) for p in relatives)
    held = sockets.socket_inodes(main.pid)
    listeners = [listener for listener in sockets.read_listeners() if listener.inode in held]
    inherited = sockets.socket_inodes(1) & held if service.socket else set()
    owners = processes.users_of(main.pid)
    members = family.with_children([main], mpm_of_binary, table)
    users = set().union(*[processes.users_of(member.pid) for member in members]) - owners
    mpm = mpm_of_binary.get(main.exe) or loaded_mpm(processes.mapped_files(main.pid))
    outsiders = _find_outsiders(
        [item for item in listeners if item.inode not in inherited], members, table
    )
    return Running(
        main=main,
        mpm=mpm,
        processes=len(relatives),
        threads=threads,
        listeners=listeners,
        inherited=frozenset(inherited),
        config=None,
        owners=frozenset(owners),
        users=frozenset(users),
        outsiders=outsiders,
        groups=_groups_of(main, service),
        launch=read_launch(main, service),
        memory=memory.estimate([p.pid for p in relatives]),
    )


def _groups_of(main, service):
    """Return the control groups whose members the service manager ends with the server."""
    if not service.ends_all or service.main_pid != main.pid:
        return frozenset()
    groups = processes.control_groups(main.pid)
    return frozenset(path for path in groups if path.endswith('.service'))


def _find_outsiders(listeners, members, table):
    """Return the Outsiders that hold one of these sockets, besides the members of a server."""
    known = set(member.pid for member in members)
    others = [process for process in table if process.pid not in known]
    parents = _ancestors(members[0], table)
    return [
        Outsider(
            holder.process,
            family.describe(holder.process),
            sorted(set(item.port for item in listeners if item.inode in holder.inodes)),
            holder.process.pid in parents,
        )
        for holder in family.find_holders(set(item.inode for item in listeners), others)
    ]


def _ancestors(process, table):
    """Return the pids of a process' parent, of that one's parent, and so on."""
    parents, found = dict((each.pid, each.parent) for each in table), set()
    pid = process.parent
    while pid and pid not in found:
        found.add(pid)
        pid = parents.get(pid)
    return found


def loaded_mpm(paths):
    """Tell which MPM is among the files that a process has mapped; None where there is none, or
    more than one.
    """
    found = set(match.group(1) for match in [_MODULE.search(path) for path in paths] if match)
    return found.pop() if len(found) == 1 else None


def read_port_holders(ports, running, service):
    """Return [(address, port, who)] of every listener on one of `ports` that is neither our
    server's nor held for it by its socket unit.
    """
    ours = set(listener.inode for listener in running.listeners) if running else set()
    if service.socket:
        ours |= sockets.socket_inodes(1)
    return family.find_listeners(ports, ours)
