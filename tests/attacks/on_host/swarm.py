# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: processes of httpd's program that start again when they end.

swarm.py PROGRAM FOLDER COUNT   FOLDER: of his, where the file `ended` gets a line for each that
ended.

Each waits forever, as its main file is a pipe, and ignores TERM.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import subprocess
import sys


def deaf():
    """Ignore SIGTERM."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def start(program, pipe):
    """Return a process of httpd's program that waits at a pipe and ignores SIGTERM."""
    return subprocess.Popen(['httpd', '-f', pipe], executable=program, preexec_fn=deaf)


def main():
    """Start that many processes, and a new one for each that ends."""
    program, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    pipe = os.path.join(folder, 'main.conf')
    os.mkfifo(pipe)
    members = dict(
        (member.pid, member) for member in [start(program, pipe) for _number in range(count)]
    )
    print('ready')
    sys.stdout.flush()
    while True:
        pid, status = os.wait()
        if members.pop(pid, None):
            with open(os.path.join(folder, 'ended'), 'a') as note:
                note.write('%d by %d\n' % (pid, status & 0x7F))
            member = start(program, pipe)
            members[member.pid] = member


if __name__ == '__main__':
    main()
