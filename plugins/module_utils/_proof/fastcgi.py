# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Whether a server of FastCGI, such as FPM, takes connections."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
import socket
from collections import namedtuple

from .._system.files import native_path
from .._text import foreign

# Seconds.
TIMEOUT = 2
_UNIX = re.compile(r'unix:([^|]+)\|', re.IGNORECASE)
_NETWORK = re.compile(r'fcgi://(\[[0-9a-f:.]+\]|[\w.-]+):([0-9]{1,5})', re.IGNORECASE)

# path: of a socket, None for one in the network; host, port: of that.
Backend = namedtuple('Backend', 'path host port')


def parse_backend(words):
    """Return the Backend that a handler or a proxy names; None where that cannot be told.

    words: such as `proxy:unix:/run/php/php-fpm.sock|fcgi://localhost`, `fcgi://127.0.0.1:9000/srv`.
    """
    found = _UNIX.search(words)
    if found:
        return Backend(found.group(1), None, None)
    found = _NETWORK.search(words)
    return Backend(None, found.group(1).strip('[]'), int(found.group(2))) if found else None


def find_problem(backend):
    """Return why a Backend takes no connection, in words; None where it takes one."""
    try:
        if backend.path is not None:
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        else:
            connection = socket.create_connection((backend.host, backend.port), TIMEOUT)
    except (socket.error, ValueError) as e:
        return foreign(e)
    try:
        if backend.path is not None:
            connection.settimeout(TIMEOUT)
            connection.connect(native_path(backend.path))
    except (socket.error, ValueError) as e:
        return foreign(e)
    finally:
        connection.close()
    return None
