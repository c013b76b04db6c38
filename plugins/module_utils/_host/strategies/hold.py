# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Try out by what means this host can have new connections wait: for real, in a private network
that is gone afterwards.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import select
import socket
import time
from functools import partial

from ..._errors import CommandError, IsolationError, StepError
from ..._model import Ability
from ..._orders import HoldOrder
from ..._system import holding
from ..._system.clock import wait_until
from ..._system.command import find_program
from ..._system.namespaces import run_apart
from ..._system.netlink import Queue

TRIAL_SECONDS = 30
NOBODY = 65534
PLACES = ((4, '127.0.0.1'), (6, '::1'))
# A connection through the loopback takes less than a millisecond.
AT_ONCE = 0.5
HELD = 0.1
# Seconds after which rules of a trial end by themselves: so many at first, and so many again where
# the host was so slow that they may have ended before they were tried.
EXPIRIES = (1, 4)


def try_hold(run, state):
    """Return the Ability to hold connections: the first means that works, for IPv6 too where the
    server listens on it.
    """
    problems, running = [], state and state.servers.running
    places = [
        place
        for family, place in PLACES
        if family == 4 or not running or family in [item.family for item in running.listeners]
    ]
    for means in holding.MEANS:
        problem = _missing(means)
        if problem is None:
            try:
                problem = run_apart(partial(try_means, run, means, places), TRIAL_SECONDS)
            except IsolationError as e:
                return Ability(None, 'it could not be tried out: %s' % e.message)
        if problem is None:
            return Ability(means, None, {'queues': holding.queues(means)})
        problems.append('%s: %s' % (means, problem))
    return Ability(None, '; '.join(problems))


def _missing(means):
    absent = [name for name in holding.programs(means) if not find_program(name)]
    return 'there is no program %s' % ' and no '.join(absent) if absent else None


def try_means(run, means, places):
    """Return why a means does not work for connections to these addresses, None where it does.

    Leaves its traces: the network here is nobody's.
    """
    listeners = [listener for listener in [_listen(place) for place in places] if listener]
    addresses = [listener.getsockname()[:2] for listener in listeners]
    order = HoldOrder(
        means=means,
        ports=[port for _place, port in addresses],
        addresses=[],
        longest=EXPIRIES[0],
        token='trial',
    )
    try:
        if not _all_arrive(addresses, AT_ONCE):
            return 'no connection comes through even without it'
        return (_try_queue if holding.queues(means) else _try_drop)(run, order, addresses)
    except (CommandError, StepError) as e:
        return e.message
    except (OSError, IOError, socket.error) as e:
        return 'the kernel does not grant it: %s' % (e.strerror or e)
    finally:
        for listener in listeners:
            listener.close()


def _listen(place):
    """Return a listening socket; None where the host has no IPv6: then what comes to a listener
    of IPv6 is IPv4.
    """
    family = socket.AF_INET6 if ':' in place else socket.AF_INET
    try:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.bind((place, 0))
        listener.listen(5)
        return listener
    except (OSError, IOError) as e:  # socket.error, of whatever Python
        if family == socket.AF_INET6 and e.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
            return None
        raise


def _try_queue(run, order, addresses):
    queue = Queue(holding.queue_numbers(order.token))
    holding.put_rules(run, order, queue.number)
    waiting = [_connect(address) for address in addresses]
    for address, client in zip(addresses, waiting):
        if _is_through(client, HELD):
            return 'connections to %s come through all the same' % address[0]
    packets = queue.read()
    if len(set(connection for _packet, connection in packets)) < len(waiting):
        return 'what is held does not reach the queue'
    queue.accept([packet for packet, _connection in packets])
    if not all(_is_through(client, AT_ONCE) for client in waiting):
        return 'what is let go does not come through'
    # Who holds may be killed.
    queue.close()
    return (
        None
        if _all_arrive(addresses, AT_ONCE)
        else 'connections do not come through where nobody serves the queue'
    )


def _try_drop(run, order, addresses):
    seconds, through = 0, []
    for seconds in EXPIRIES:
        # The rules name their end in whole seconds.
        end = int(time.time() + seconds)
        holding.put_rules(run, order._replace(longest=seconds))
        through = [address for address in addresses if _arrives(address, HELD)]
        if not through or time.time() < end:
            break
        holding.remove_rules(run, order.means)
    if through:
        return 'connections to %s come through all the same' % through[0][0]
    # An end in whole seconds is up to a second late.
    if not wait_until(lambda: _all_arrive(addresses, HELD), seconds + 2):
        return 'the rule does not end by itself'
    holding.remove_rules(run, order.means)
    return None


def _all_arrive(addresses, seconds):
    return all(_arrives(address, seconds) for address in addresses)


def _arrives(address, seconds):
    client = _connect(address)
    try:
        return _is_through(client, seconds)
    finally:
        client.close()


def _connect(address):
    """Begin a connection that is not root's."""
    os.seteuid(NOBODY)
    try:
        client = socket.socket(
            socket.AF_INET6 if ':' in address[0] else socket.AF_INET, socket.SOCK_STREAM
        )
    finally:
        os.seteuid(0)
    client.setblocking(0)
    client.connect_ex(address)
    return client


def _is_through(client, seconds):
    writable = select.select([], [client], [], seconds)[1]
    return bool(writable) and client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
