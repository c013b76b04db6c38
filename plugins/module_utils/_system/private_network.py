# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""A network with one host: it has the addresses of this host, all on the loopback interface, and
leads nowhere.

It uses the kernel's own interface (rtnetlink), since a host may have no program for it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket
import struct

from .._errors import IsolationError
from . import netlink

RTM_NEWLINK, RTM_NEWADDR, RTM_GETADDR = 16, 20, 22
NLM_F_EXCL, NLM_F_CREATE = 0x200, 0x400
IFA_ADDRESS, IFA_LOCAL = 1, 2
IFA_F_NODAD, IFA_F_DADFAILED = 0x02, 0x08
IFF_UP = 1
EEXIST = 17
LOOPBACK = 1
LINK_SCOPE = 253
# Settings that decide on which addresses a program may listen; a new network starts with the
# kernel's defaults.
SETTINGS = (
    'ipv4/ip_nonlocal_bind',
    'ipv6/ip_nonlocal_bind',
    'ipv6/bindv6only',
    'ipv6/conf/all/disable_ipv6',
    'ipv6/conf/lo/disable_ipv6',
)


def describe():
    """Return what `build` needs to know of the network that this process is in, as JSON-able data.

    Raises IsolationError.
    """
    try:
        addresses = _ask_addresses()
    except (socket.error, OSError, struct.error) as e:
        raise IsolationError('the addresses of this host could not be read: %s' % e)
    settings = dict((name, _read(name)) for name in SETTINGS)
    return {
        'addresses': addresses,
        'settings': dict((name, value) for name, value in settings.items() if value is not None),
    }


def build(network):
    """Configure the private network of this process as `describe` returned it.

    Raises IsolationError.
    """
    for name, value in sorted(network['settings'].items()):
        if _read(name) not in (None, value):
            _write(name, value)
    kernel = _connect()
    try:
        # Interface 1 of every network is its loopback.
        _demand(
            kernel,
            RTM_NEWLINK,
            0,
            struct.pack('=BxHiII', socket.AF_UNSPEC, 0, LOOPBACK, IFF_UP, IFF_UP),
            'the loopback interface',
        )
        for family, address in network['addresses']:
            raw = socket.inet_pton(family, address)
            body = struct.pack('=BBBBI', family, len(raw) * 8, IFA_F_NODAD, 0, LOOPBACK) + b''.join(
                netlink.attribute(kind, raw) for kind in (IFA_LOCAL, IFA_ADDRESS)
            )
            # A host with IPv6 switched off keeps addresses that nobody can bind, here and there.
            _demand(
                kernel,
                RTM_NEWADDR,
                NLM_F_CREATE | NLM_F_EXCL,
                body,
                None if family == socket.AF_INET6 else 'the address %s' % address,
            )
    except (socket.error, OSError, struct.error) as e:
        raise IsolationError('the private network could not be made: %s' % e)
    finally:
        kernel.close()


def _connect():
    kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
    kernel.bind((0, 0))
    return kernel


def _demand(kernel, kind, flags, body, what):
    """Send one request to the kernel. what: its name in messages, None if it may be refused."""
    kernel.send(netlink.message(kind, netlink.NLM_F_ACK | flags, body))
    number = -struct.unpack_from('=i', netlink.parse_messages(kernel.recv(65536))[0][1])[0]
    if number not in (0, EEXIST) and what:
        raise IsolationError(
            'the private network could not be made: %s: %s' % (what, os.strerror(number))
        )


def _ask_addresses():
    """Return [(family, address)] of every interface, except addresses for one link only."""
    kernel = _connect()
    try:
        kernel.settimeout(5)
        kernel.send(
            netlink.message(
                RTM_GETADDR, netlink.NLM_F_DUMP, struct.pack('=BBBBI', socket.AF_UNSPEC, 0, 0, 0, 0)
            )
        )
        found, more = [], True
        while more:
            answers, more = parse_addresses(kernel.recv(65536))
            found.extend(answers)
    finally:
        kernel.close()
    return sorted(set(found))


def parse_addresses(data):
    """Return ([(family, address)], whether more is to come) of one answer of the kernel's."""
    found, left = [], len(data)
    for kind, body in netlink.parse_messages(data):
        left -= netlink.HEADER_SIZE + len(body) + -len(body) % 4
        if kind in (netlink.NLMSG_DONE, netlink.NLMSG_ERROR):
            return found, False
        family, _prefix, flags, scope = struct.unpack_from('=BBBB', body)
        values = netlink.parse_attributes(body[8:])
        raw = values.get(IFA_LOCAL, values.get(IFA_ADDRESS))
        if (
            kind == RTM_NEWADDR
            and raw
            and family in (socket.AF_INET, socket.AF_INET6)
            and scope != LINK_SCOPE
            and not is_taken(family, flags)
        ):
            found.append((family, socket.inet_ntop(family, raw)))
    # The rest is not a message, so nothing after it is one.
    return found, left < netlink.HEADER_SIZE


def is_taken(family, flags):
    """Return whether another host was found to have that address: then nobody can bind it here.

    For IPv4 the same bit means something else.
    """
    return family == socket.AF_INET6 and bool(flags & IFA_F_DADFAILED)


def _read(name):
    try:
        with open('/proc/sys/net/' + name) as stream:
            return stream.read().strip()
    except (IOError, OSError):
        return None


def _write(name, value):
    try:
        with open('/proc/sys/net/' + name, 'w') as stream:
            stream.write(value)
    except (IOError, OSError) as e:
        raise IsolationError('the private network could not be made: %s: %s' % (name, e.strerror))
