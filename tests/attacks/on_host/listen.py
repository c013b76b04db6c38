# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: takes ports.

listen.py many        as many of loopback as the process may have, 8,000 at most
listen.py gap PORT    one port on all addresses, as soon as it is free. Prints `taken` then.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import resource
import socket
import sys
import time


def listen(address, port):
    """Return a socket that listens, None where that is not possible."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((address, port))
        made.listen(1)
        return made
    except (OSError, IOError):
        made.close()
        return None


def say(word):
    """Print a word at once: who started this waits for it."""
    print(word)
    sys.stdout.flush()


def main():
    """Take one port in the gap of a switch, or thousands of ports now."""
    if sys.argv[1] == 'gap':
        say('ready')
        taken = None
        while taken is None:
            taken = listen('0.0.0.0', int(sys.argv[2]))
        say('taken')
    else:
        limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        kept = [listen('127.0.0.1', 0) for _number in range(min(8000, limit - 20))]
        say('ready')
        say('%d listen' % len([one for one in kept if one]))
    time.sleep(600)


if __name__ == '__main__':
    main()
