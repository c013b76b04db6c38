# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Find the httpd processes that really run: the one that the service owns, and any other."""
import os
import re

from .._model import Running, Servers
from .._system import processes, sockets


# What a loaded MPM is called on the disk, whatever folder it lies in.
_MODULE = re.compile(r'/mod_mpm_(prefork|worker|event)\.so( \(deleted\))?$')


def read_servers(mpm_of_binary, service):
    """Give Servers. `mpm_of_binary`: {real path of a program: the MPM that is linked in, or None}; `service`: the Service."""
    table = processes.read_processes()
    mains = main_processes(table, mpm_of_binary)
    pid, state = _noted_pid(service.pid_file)
    ours = [main for main in mains if main.pid == pid]
    if state == 'ok' and not ours:
        state = 'reused' if processes.read_process(pid) else 'stale'
    running = _describe(ours[0], table, mpm_of_binary, service) if ours else None
    return Servers(running, [main for main in mains if main.pid != pid], state)


def main_processes(table, mpm_of_binary):
    """Give the processes that run one of the programs and are no child of another that does."""
    httpds = dict((p.pid, p) for p in table if processes.runs_one_of(p, mpm_of_binary))
    return sorted(p for p in httpds.values() if p.parent not in httpds)


def _noted_pid(pid_file):
    try:
        return processes.read_pid(pid_file), 'ok'
    except OSError:
        return None, 'absent'
    except ValueError:
        return None, 'stale'


def _describe(main, table, mpm_of_binary, service):
    family = processes.family_of(main, table)
    threads = sum(processes.count_threads(p.pid) for p in family)
    held = sockets.socket_inodes(main.pid)
    listeners = [listener for listener in sockets.read_listeners() if listener.inode in held]
    inherited = sockets.socket_inodes(1) & held if service.socket else set()
    return Running(main, mpm_of_binary.get(main.exe) or loaded_mpm(processes.mapped_files(main.pid)), len(family), threads, listeners,
                   frozenset(inherited))


def loaded_mpm(paths):
    """Tell which MPM is among the files that a process has mapped; None where there is none, or more than one."""
    found = set(match.group(1) for match in [_MODULE.search(path) for path in paths] if match)
    return found.pop() if len(found) == 1 else None


def read_port_holders(ports, running, service):
    """Give [(address, port, who)] of every listener on one of `ports` that is neither our server's nor held for it by its socket unit."""
    ours = set(listener.inode for listener in running.listeners) if running else set()
    if service.socket:
        ours |= sockets.socket_inodes(1)
    foreign = [item for item in sockets.read_listeners() if item.port in ports and item.inode not in ours]
    return [(item.address, item.port, _holder(item.inode)) for item in foreign]


def _holder(inode):
    for name in os.listdir('/proc'):
        if name.isdigit() and inode in sockets.socket_inodes(int(name)):
            process = processes.read_process(int(name))
            return 'process %s (%s)' % (name, process.exe if process else 'gone')
    return 'an unknown process'
