# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Measure for how long no socket listened on a port, by the kernel's own account, whatever else
is being done meanwhile.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import select
import signal
import socket
import traceback

from .._system import sockets
from .._system.clock import monotonic
from .._system.netlink import ListenTable

PAUSE = 0.001
# Where the kernel has only its table in text, which names every connection, too.
SLOW_PAUSE = 0.005
# The process that began the watch was killed long ago.
LONGEST = 7200
READY_WAIT = 2


class Absence(object):
    """Adds up for how many seconds each port was not listened on; a port that never listens
    again was given up, and does not count.
    """

    def __init__(self, ports):
        self._since = dict((port, None) for port in ports)
        self._spent = dict((port, 0.0) for port in ports)

    def note(self, listening, now):
        """listening: the ports on which a socket listens now; now: seconds."""
        for port, since in list(self._since.items()):
            if port in listening:
                if since is not None:
                    self._spent[port] += now - since
                self._since[port] = None
            elif since is None:
                self._since[port] = now

    def seconds(self):
        """The longest of all ports."""
        return max([0.0] + list(self._spent.values()))


class ListenWatch(object):
    """A process of its own that looks a thousand times a second: ours may be held up by whatever
    it runs.
    """

    def __init__(self, ports):
        """Begin. It watches when this returns. Raises OSError where no process can be made."""
        self._words, say = os.pipe()
        stop, self._stop = os.pipe()
        try:
            self._pid = os.fork()
        except OSError:
            for descriptor in (self._words, say, stop, self._stop):
                os.close(descriptor)
            raise
        if self._pid == 0:
            _become_watcher(ports, say, stop)
        os.close(say)
        os.close(stop)
        self._hear(READY_WAIT)

    def finish(self):
        """End the watch; return the seconds for which the port that was off the longest was not
        listened on, or None if that is not known.
        """
        os.close(self._stop)
        heard = self._hear(READY_WAIT)
        os.close(self._words)
        _kill(self._pid)
        os.waitpid(self._pid, 0)
        return heard and heard['seconds']

    def _hear(self, seconds):
        if not select.select([self._words], [], [], seconds)[0]:
            return None
        text = os.read(self._words, 4096)
        return json.loads(text.decode('ascii')) if text.endswith(b'\n') else None


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        pass


def _become_watcher(ports, say, stop):
    """The forked process; never returns."""
    try:
        # The lock of the switch first of all: a call that waits for it must not wait for us.
        for name in os.listdir('/proc/self/fd'):
            if int(name) > 2 and int(name) not in (say, stop):
                _close(int(name))
        look, pause = _eyes()
        absence, until = Absence(ports), monotonic() + LONGEST
        absence.note(look(), monotonic())
        _tell(say, {})
        while monotonic() < until and not select.select([stop], [], [], pause)[0]:
            absence.note(look(), monotonic())
        absence.note(look(), monotonic())
        _tell(say, {'seconds': absence.seconds()})
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _eyes():
    """Return (function that gives the ports that are listened on, seconds between two looks)."""
    try:
        table = ListenTable()
        table.ports()
        return table.ports, PAUSE
    except (OSError, IOError, socket.error):
        return lambda: set(item.port for item in sockets.read_listeners()), SLOW_PAUSE


def _close(descriptor):
    try:
        os.close(descriptor)
    except OSError:
        pass  # the one by which the folder was read


def _tell(say, what):
    os.write(say, (json.dumps(what) + '\n').encode('ascii'))


def begin(context, ports):
    """Begin to measure for a transaction, before its first signal; a second call goes on with
    the first one's measure.
    """
    if context.watch is None and ports:
        try:
            context.watch = ListenWatch(ports)
        except Exception:
            pass  # without it the clock of the steps is the measure


def end(context):
    """The ports are listened on again: add up what was measured, as far as it was."""
    watch, context.watch = context.watch, None
    try:
        seconds = watch.finish() if watch else None
    except Exception:
        return
    if seconds is not None:
        context.unheard = (context.unheard or 0) + seconds
