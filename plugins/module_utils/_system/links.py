# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""IPv6 addresses that are valid on one link only (fe80::/10): which link that is."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import binascii
import socket

INTERFACES = '/proc/net/if_inet6'


def reachable(address):
    """Return an address of this host as a program connects to it: one for a single link needs that
    link's number.
    """
    if not address.lower().startswith('fe80:'):
        return address
    try:
        with open(INTERFACES, 'rb') as stream:
            return with_link(address, stream.read().decode('latin-1'))
    except (IOError, OSError):
        return address  # a kernel without IPv6


def with_link(address, table):
    """Add the number of its link to an address, from the text of /proc/net/if_inet6; if no link has
    the address, return it unchanged.
    """
    wanted = socket.inet_pton(socket.AF_INET6, address)
    digits = binascii.hexlify(wanted).decode('ascii')
    for fields in [line.split() for line in table.split('\n')]:
        if len(fields) > 1 and fields[0] == digits:
            return '%s%%%d' % (address, int(fields[1], 16))
    return address
