# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as root: becomes a program that a page has left, with httpd's sockets.

keep_socket.py PID_FILE USER [later]   It holds all that the main process listens on, runs as USER
in the control group of the service, and takes no connection. later: not before another main process
serves, beside the first one.
"""

import ctypes
import os
import pwd
import sys
import time

PIDFD_OPEN, PIDFD_GETFD = 434, 438


def call(*words):
    """Return what a system call gives. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    answer = libc.syscall(*[ctypes.c_long(word) for word in words])
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer


def listening():
    """Return the inodes of all sockets that listen."""
    found = set()
    for path in ('/proc/net/tcp', '/proc/net/tcp6'):
        with open(path) as table:
            rows = [line.split() for line in table.readlines()[1:]]
        found.update(row[9] for row in rows if row[3] == '0A')
    return found


def take_sockets(pid):
    """Return descriptors of our own for all sockets on which a process listens."""
    process, wanted, taken = call(PIDFD_OPEN, pid, 0), listening(), []
    for name in os.listdir('/proc/%d/fd' % pid):
        target = os.readlink('/proc/%d/fd/%s' % (pid, name))
        if target.startswith('socket:[') and target[8:-1] in wanted:
            taken.append(call(PIDFD_GETFD, process, int(name), 0))
    return taken


def join_group(pid):
    """Join the control group of a process, as its descendants are in it."""
    with open('/proc/%d/cgroup' % pid) as groups:
        paths = dict(line.strip().split(':', 2)[1:] for line in groups)
    # Of version 1, or 2 where there is no other.
    root = '/sys/fs/cgroup/systemd' if 'name=systemd' in paths else '/sys/fs/cgroup'
    path = root + paths.get('name=systemd', paths.get(''))
    with open('%s/cgroup.procs' % path, 'w') as members:
        members.write('%d\n' % os.getpid())


def main_pid(pid_file):
    """Return the pid in a pid file, None where there is none."""
    try:
        with open(pid_file) as noted:
            return int(noted.read())
    except (OSError, ValueError):
        return None


def main():
    """Keep the server's sockets: those of now, or of the main process that comes later."""
    pid_file, user, later = sys.argv[1], pwd.getpwnam(sys.argv[2]), sys.argv[3:] == ['later']
    pid = main_pid(pid_file)
    if later:
        print('ready')
        sys.stdout.flush()
        while main_pid(pid_file) in (None, pid):
            time.sleep(0.01)
    taken = take_sockets(pid)
    join_group(pid)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    print('holds %d' % len(taken) if later else 'ready')
    sys.stdout.flush()
    time.sleep(600)


if __name__ == '__main__':
    main()
