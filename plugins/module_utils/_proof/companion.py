# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The FPM of a rehearsal: it runs the new pools where nobody but the rehearsed server sees them.

Its sockets, its configuration and its log are in a file system in memory over the folder of the
sockets. That folder must be there to be covered, so it is made on the host for that time.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket
import subprocess

from .._strangers.private_folder import mount_memory
from .._system.clock import wait_until
from .._system.command import ENVIRONMENT
from .._system.confinement import take_on
from .._system.files import native_path
from .crashes import read_tail
from .log_lines import in_words

# Seconds until it answers.
START_WAIT = 10
CONNECT_WAIT = 2
_ROOM = 'mode=0755,size=16m,nr_inodes=16384'
_CONFIG = 'rehearsal.conf'


def make_place(order):
    """Make the folder of a CompanionOrder on the host; return whether it was missing.

    Raises OSError.
    """
    if order is None or os.path.isdir(native_path(order.folder)):
        return False
    os.mkdir(native_path(order.folder), 0o755)
    return True


def remove_place(order):
    """Remove the folder again; one in which something is stays."""
    try:
        os.rmdir(native_path(order.folder))
    except OSError:
        pass  # FPM itself was started meanwhile, by somebody else


class Companion(object):
    """The FPM beside a rehearsed server; nothing where there is no order."""

    def __init__(self, order, confinement):
        self.order, self.confinement, self.process = order, confinement, None

    def start(self):
        """Start it; return what is wrong with it, in words, or None. Raises OSError."""
        if self.order is None:
            return None
        os.close(mount_memory(self.order.folder, _ROOM).descriptor)
        config = os.path.join(self.order.folder, _CONFIG)
        with open(native_path(config), 'wb') as stream:
            os.fchmod(stream.fileno(), 0o600)
            stream.write(self.order.config.encode('latin-1'))
        self.process = self._launch(config)
        wait_until(lambda: self.process.poll() is not None or not self._deaf(), START_WAIT)
        if self.process.poll() is not None:
            return 'FPM does not start with the new pools: %s' % self.words()
        deaf = self._deaf()
        return 'FPM takes no connection at %s: %s' % (deaf, self.words()) if deaf else None

    def _launch(self, config):
        """Return its process. What is wrong with its configuration it says where it was started."""
        with open(os.devnull, 'rb') as nothing:
            with open(native_path(self.order.log), 'ab') as said:
                # It must keep running, and run_command of Ansible waits for the end.
                return subprocess.Popen(  # pylint: disable=ansible-bad-function
                    [self.order.program, '--nodaemonize', '--fpm-config', config],
                    stdin=nothing,
                    stdout=said,
                    stderr=said,
                    cwd='/',
                    env=dict(ENVIRONMENT, **self.order.environment),
                    close_fds=True,
                    preexec_fn=self._prepare,
                )

    def _prepare(self):
        os.setsid()
        os.umask(self.order.umask)
        # The domain of FPM is another one than that of the server.
        take_on(self.confinement._replace(label=None))

    def _deaf(self):
        """Return the first socket that takes no connection, or None."""
        for path in self.order.sockets:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                connection.settimeout(CONNECT_WAIT)
                connection.connect(native_path(path))
            except socket.error:
                return path
            finally:
                connection.close()
        return None

    def words(self):
        """Return what it has to say."""
        return in_words(read_tail(self.order.log, 0)) or 'no word'

    def end(self):
        """End it. What is left ends with the namespace."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
