# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Try out whether a new server can come up beside the old one and take over: what systemd, the
kernel, httpd and the memory allow.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import socket

from ..._model import BESIDE, Ability
from ..._system import family, memory, processes, sockets, steering
from ..launch import SHARING
from .beside import file_with

MEANS = 'SO_REUSEPORT, steered by a filter'
# The first httpd that can be told to share its ports.
OLDEST = (2, 4, 17)
_WAIT = 2


def try_overlap(run, state):
    """Return the Ability to overlap, with what its steps have to know, of a state with that of
    BESIDE.

    The running server's sockets are looked at, and left as they are.
    """
    for judge in (
        _judge_httpd,
        _judge_user,
        _judge_sockets,
        _judge_outsiders,
        _judge_memory,
        _judge_kernel,
    ):
        problem = judge(state)
        if problem:
            return Ability(None, problem)
    beside = state.abilities[BESIDE]
    return (
        beside
        if beside.problem
        else Ability(MEANS, None, dict(beside.details, start=beside.details['start'] + SHARING))
    )


def _judge_httpd(state):
    if tuple(int(number) for number in state.build.version.split('.')) < OLDEST:
        return 'httpd %s cannot share its ports (2.4.17 and newer can)' % state.build.version
    path = file_with(state.tree, 'listencoresbucketsratio')
    return '%s sets ListenCoresBucketsRatio' % path if path else None


def _judge_user(state):
    """Sockets share a port only among those of one user, and what steers them is root's."""
    others = sorted(state.servers.running.owners - set(family.ROOT))
    if not others:
        return None
    words = 'the server does not run as root (user %s), so its sockets cannot be shared with ours'
    return words % ', '.join('%d' % user for user in others)


def _judge_sockets(state):
    ours = state.servers.running.listeners
    if not ours:
        return 'no listening socket of the running server can be seen'
    places = [(item.family, item.address, item.port) for item in sockets.read_listeners()]
    shared = [item for item in ours if places.count((item.family, item.address, item.port)) != 1]
    if shared:
        return 'more than one socket listens on %s port %d' % (shared[0].address, shared[0].port)
    return None


def _judge_outsiders(state):
    """What else has a socket of the old server keeps it when that is gone, and gets connections."""
    outsiders = state.servers.running.outsiders
    if not outsiders:
        return None
    return '%s holds the listening socket of port %s, too' % (
        outsiders[0].words,
        ', '.join('%d' % port for port in outsiders[0].ports),
    )


def _judge_memory(state):
    main = state.servers.running.main
    # What its pages have started is not one of the server's, and may not even let itself be looked
    # at.
    members = family.with_children([main], [main.exe], processes.read_processes())
    used = memory.used_by([process.pid for process in members])
    free = memory.available()
    if free is not None and free < used:
        return 'two servers at a time need about %d MiB more, and %d MiB are free' % (
            used // 1024,
            free // 1024,
        )
    return None


def _judge_kernel(state):
    running = state.servers.running
    try:
        taken = steering.take_sockets(
            running.main.pid, set(item.inode for item in running.listeners)
        )
        try:
            missing = set(item.inode for item in running.listeners) - set(taken)
            for listener in taken.values():
                steering.is_shared(listener)
        finally:
            for listener in taken.values():
                listener.close()
        families = set(item.family for item in running.listeners)
        return (
            'a listening socket of the main process was not found'
            if missing
            else _try_steering(families)
        )
    except (IOError, OSError) as e:  # socket.error, of whatever Python
        return (
            'the kernel does not hand out the sockets of the running server, or does not steer (%s)'
            % (e.strerror or e)
        )
    except AttributeError as e:
        return 'this Python cannot do it (%s)' % e


def _try_steering(families):
    """Steer between two sockets of our own, on a port of loopback that nobody knows; return what
    went wrong, or None.
    """
    wrong = _steer_on(socket.AF_INET, '127.0.0.1')
    if wrong is None and 6 in families and os.path.exists('/proc/net/if_inet6'):
        try:
            wrong = _steer_on(socket.AF_INET6, '::1')
        except socket.error as e:
            # All addresses of IPv6 may be listened on where there is none: what comes there is
            # IPv4.
            wrong = None if e.errno == errno.EADDRNOTAVAIL else str(e)
    return wrong


def _steer_on(family, address):
    first = socket.socket(family, socket.SOCK_STREAM)
    opened = [first]
    try:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        first.bind((address, 0))
        first.listen(8)
        port = first.getsockname()[1]
        steering.steer(first, steering.filter_program(steering.FIRST, steering.SECOND))
        second = steering.joining_socket(first)
        opened.append(second)
        second.listen(8)
        place = (address, port)
        for connect, expected in (
            (_from_anywhere, first),
            (_from_our_ports, second),
            (_from_anywhere, first),
        ):
            if not _reaches(connect, place, expected, opened):
                return 'a connection did not go where it was steered'
        steering.steer(first, steering.share_program(0.5))
        steering.steer(first, steering.share_program(1))
        return (
            None
            if _reaches(_from_anywhere, place, second, opened)
            else 'a connection did not go where it was steered afterwards'
        )
    finally:
        for each in opened:
            each.close()


def _from_anywhere(place):
    return socket.create_connection(place, _WAIT)


def _from_our_ports(place):
    return steering.connect_from_own_port(place[0], place[1], _WAIT)


def _reaches(connect, place, expected, opened):
    opened.append(connect(place))
    expected.settimeout(_WAIT)
    try:
        expected.accept()[0].close()
    except socket.timeout:
        return False
    return True
