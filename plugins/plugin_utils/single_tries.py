# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""Know of each single try to run a module whether the module may have run.

A connection plugin that tries again by itself raises the error of the last try only: "Connection
refused" may then follow a try in which the module ran. So it tries once, and we try again.
"""

from __future__ import annotations

import contextlib
import re
import time
from typing import Callable, Iterator, TypeVar

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.connection import ConnectionBase

# The option of the connection plugin ssh: how often it tries again. Other plugins do not.
_OPTION = 'reconnection_retries'
# The longest pause between two tries in seconds, as the plugin itself has it.
_LONGEST_PAUSE = 30
# What is said when ssh could not connect at all.
_NEVER_CONNECTED = re.compile(
    r'Connection refused|No route to host|timed out|Could not resolve|Permission denied|'
    r'Host key verification|Network is unreachable|Name or service not known',
    re.IGNORECASE,
)
# What it says, beside the same words, of a connection that stood and was lost.
_WAS_CONNECTED = re.compile(
    r'Read from remote host|client_loop|ssh_dispatch_run_fatal|packet_write|'
    r'connection to \S+ closed',
    re.IGNORECASE,
)


_Answer = TypeVar('_Answer')


class NeverRan(AnsibleConnectionFailure):
    """The module did not run in this try: nothing was begun on the host."""


def as_seen(error: AnsibleConnectionFailure, words: str) -> AnsibleConnectionFailure:
    """Return the connection's error of a single try with these words, as a NeverRan if it is one.

    Where ssh has ended, the plugin says "Data could not be sent" both of a module that ran and of
    one that could not be written to ssh whole. Only the latter comes from an error of a write, and
    then it did not run: Python reads a program to its end before it runs it.
    """
    said = '%s' % error.message
    refused = _NEVER_CONNECTED.search(said) and not _WAS_CONNECTED.search(said)
    not_written = isinstance(error.__context__, OSError)
    return (NeverRan if refused or not_written else AnsibleConnectionFailure)(words)


@contextlib.contextmanager
def single_tries(connection: ConnectionBase) -> Iterator[int]:
    """Have the connection plugin try once only. Yield how often the user lets it try again."""
    try:
        retries = int(connection.get_option(_OPTION))
    except (KeyError, TypeError, ValueError):  # the plugin has no such option
        yield 0
        return
    connection.set_option(_OPTION, 0)
    try:
        yield retries
    finally:
        connection.set_option(_OPTION, retries)


def call_with_retries(call: Callable[[], _Answer], retries: int) -> _Answer:
    """Return what `call()` does. While it raises NeverRan, call again, up to so many times."""
    for tried in range(retries):
        try:
            return call()
        except NeverRan:
            time.sleep(min(2**tried - 1, _LONGEST_PAUSE))
    return call()
