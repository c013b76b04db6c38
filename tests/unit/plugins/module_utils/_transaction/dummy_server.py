# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A server for tests, with moods: `dummy_server.py PID_FILE PORT MOOD CHILDREN`.

It goes into the background as httpd does.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import socket
import sys
import time

PID_FILE, PORT, MOOD, CHILDREN = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])


def child(listener, stubborn=False):
    """A child holds the listening socket, answers, and ends when it is told to."""
    signal.signal(signal.SIGWINCH, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if stubborn else signal.SIG_DFL)
    signal.signal(signal.SIGUSR1, lambda _number, _frame: drain(listener))
    while True:
        try:
            connection = listener.accept()[0]
            connection.sendall(b'HTTP/1.0 200 OK\r\n\r\nhello')
            connection.close()
        except (OSError, IOError):
            time.sleep(0.05)


def drain(listener):
    """Finish what it has begun: work for so long that a busy machine starts another server
    meanwhile.
    """
    os.close(listener.fileno())
    time.sleep(3)
    os._exit(0)


def fork_child(listener):
    pid = os.fork()
    if pid == 0:
        child(listener, stubborn=MOOD in ('ignores TERM', 'stubborn orphans'))
    return pid


def end(children, number=signal.SIGTERM):
    for pid in children:
        os.kill(pid, number)
    for pid in children:
        os.waitpid(pid, 0)
    if os.path.exists(PID_FILE):
        os.unlink(PID_FILE)
    os._exit(0)


def finish(children, told=None):
    """As httpd does: the ports first, then the file, and the children last."""
    for pid in children if told is None else told:
        os.kill(pid, signal.SIGUSR1)
    os.unlink(PID_FILE)
    for pid in children:
        os.waitpid(pid, 0)
    os._exit(0)


def watch(listener, children):
    """The main process: what it does at a signal depends on its mood."""

    def winch(_number, _frame):
        if MOOD == 'forks when it is stopped':
            fork_child(listener)
        if MOOD in ('orphans', 'stubborn orphans', 'forks when it is stopped'):
            os._exit(0)
        listener.close()
        if MOOD == 'a child misses the stop':
            finish(children, told=children[:-1])
        (finish if MOOD == 'drains' else end)(children)

    def term(_number, _frame):
        end(children)

    ignoring = MOOD in ('ignores WINCH', 'ignores TERM')
    signal.signal(signal.SIGWINCH, signal.SIG_IGN if ignoring else winch)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if MOOD == 'ignores TERM' else term)
    while True:
        time.sleep(60)


def start_script(listener):
    """Leave a program as a page does: with the listening socket, or without."""
    if (
        MOOD
        not in ('runs a script', 'leaves its socket', 'leaves its socket to one that ignores TERM')
        or os.fork()
    ):
        return
    if MOOD == 'runs a script':
        listener.close()
    elif hasattr(os, 'set_inheritable'):
        os.set_inheritable(listener.fileno(), True)
    if MOOD.endswith('TERM'):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.execv('/bin/sleep', ['sleep', '300'])


def serve(ready):
    os.setsid()
    if MOOD == 'dies at once':
        os._exit(1)
    if MOOD == 'comes late':
        os.write(ready, b'.')
        time.sleep(0.2)
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if MOOD != 'never listens':
        listener.bind(('127.0.0.1', PORT))
        listener.listen(5)
    start_script(listener)
    children = [fork_child(listener) for _number in range(CHILDREN)]
    with open(PID_FILE, 'w') as stream:
        stream.write('%d\n' % os.getpid())
    if MOOD != 'comes late':
        os.write(ready, b'.')
    watch(listener, children)


def main():
    waiting, ready = os.pipe()
    if os.fork() == 0:
        os.close(waiting)
        serve(ready)
    os.close(ready)
    os.read(waiting, 1)
    sys.exit(3 if MOOD == 'says it failed' else 0)


if __name__ == '__main__':
    main()
