# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A service on this host for tests: a dummy server, and what the steps that stop and start it
have to know.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import socket
import time

from ansible_collections.webops.apache.plugins.module_utils._orders import (
    Evidence,
    StartOrder,
    StopOrder,
)
from ansible_collections.webops.apache.plugins.module_utils._system import processes, sockets
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'dummy_server.py')
NOTHING = ['/bin/sh', '-c', ':']


def changed(order, **changes):
    """Return an order with some fields changed, its own and those of its evidence."""
    own = dict((name, changes[name]) for name in changes if name in order._fields)
    rest = dict((name, changes[name]) for name in changes if name not in own)
    return order._replace(evidence=order.evidence._replace(**rest), **own)


class Service(object):
    """A service on this host: its program is a copy of this interpreter, so that nothing else on
    the host is taken for it.
    """

    def __init__(self, interpreter, folder):
        self.program, self.words, self.folder = interpreter[-1], interpreter + [SCRIPT], folder
        self.pid_file, self.port, self.log = (
            os.path.join(folder, 'pid'),
            free_port(),
            os.path.join(folder, 'log'),
        )

    def command(self, mood='obeys', children=2, pid_file=None, port=None):
        return self.words + [pid_file or self.pid_file, str(port or self.port), mood, str(children)]

    def up(self, mood='obeys', children=2, **other):
        assert run_command(self.command(mood, children, **other), timeout=10).rc == 0

    def all(self):
        return [process for process in processes.read_processes() if process.exe == self.program]

    def main(self):
        with open(self.pid_file) as stream:
            return processes.read_process(int(stream.read()))

    def stop_order(self, drain_timeout=5, stop_timeout=5, **changes):
        """Return a StopOrder. changes: its fields, and those of its evidence."""
        main = self.main()
        inodes = [item.inode for item in sockets.read_listeners() if item.port == self.port]
        order = StopOrder(
            evidence=self.evidence(sockets=inodes),
            pid=main.pid,
            start_time=main.start_time,
            threaded=False,
            drain_timeout=drain_timeout,
            stop_timeout=stop_timeout,
            pid_file=self.pid_file,
            settle=NOTHING,
            service_timeout=5,
        )
        return changed(order, **changes)

    def start_order(self, mood='obeys', **changes):
        """Return a StartOrder. changes: its fields, and those of its evidence."""
        order = StartOrder(
            evidence=self.evidence(ports=[self.port]),
            argv=self.command(mood),
            exe=self.program,
            loaded=[],
            pid_file=self.pid_file,
            timeout=5,
            prepare=None,
            announce=None,
            settle=NOTHING,
            log=self.log,
        )
        return changed(order, **changes)

    def evidence(self, sockets=(), ports=()):
        return Evidence(
            programs=[self.program],
            owners=[os.getuid()],
            users=[],
            sockets=list(sockets),
            ports=list(ports),
        )

    def listens(self):
        return self.port in [item.port for item in sockets.read_listeners()]

    def kill_all(self):
        while self.all():
            for process in self.all():
                os.kill(process.pid, signal.SIGKILL)
            time.sleep(0.02)


RESERVED = []


def free_port():
    """A port that the kernel gives to nobody else while these tests run: its socket stays, and a
    server may still bind and listen there.
    """
    reservation = socket.socket()
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reservation.bind(('127.0.0.1', 0))
    RESERVED.append(reservation)
    return reservation.getsockname()[1]
