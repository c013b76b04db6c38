# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import socket
import struct

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import netlink, private_network


def message(kind, family=socket.AF_INET, scope=0, attributes=(), flags=0):
    body = struct.pack('=BBBBI', family, 24, flags, scope, 2)
    for number, raw in attributes:
        body += struct.pack('=HH', 4 + len(raw), number) + raw + b'\0' * (-len(raw) % 4)
    return struct.pack('=IHHII', 16 + len(body), kind, 2, 1, 0) + body


FOUR, SIX = (
    socket.inet_pton(socket.AF_INET, '192.0.2.7'),
    socket.inet_pton(socket.AF_INET6, '2001:db8::7'),
)
DONE = struct.pack('=IHHIIi', 20, netlink.NLMSG_DONE, 2, 1, 0, 0)


class TestParseAddresses:
    @pytest.mark.parametrize(
        'data, expected',
        [
            (message(20, attributes=[(1, FOUR), (3, b'eth0\0')]), [(socket.AF_INET, '192.0.2.7')]),
            (message(20, attributes=[(3, b'eth01\0'), (1, FOUR)]), [(socket.AF_INET, '192.0.2.7')]),
            # Of a line from one host to another our own end counts.
            (
                message(20, attributes=[(1, b'\x0a\0\0\1'), (2, FOUR)]),
                [(socket.AF_INET, '192.0.2.7')],
            ),
            (
                message(20, socket.AF_INET6, attributes=[(1, SIX)]),
                [(socket.AF_INET6, '2001:db8::7')],
            ),
            (
                message(
                    20, socket.AF_INET6, scope=private_network.LINK_SCOPE, attributes=[(1, SIX)]
                ),
                [],
            ),
            (
                message(20, attributes=[(1, FOUR)])
                + message(20, socket.AF_INET6, attributes=[(1, SIX)]),
                [(socket.AF_INET, '192.0.2.7'), (socket.AF_INET6, '2001:db8::7')],
            ),
            (message(20, socket.AF_INET6, attributes=[(1, SIX)], flags=0x08), []),
            (message(20, attributes=[(1, FOUR)], flags=0x08), [(socket.AF_INET, '192.0.2.7')]),
            (message(20), []),
            (b'', []),
        ],
        ids=[
            'plain',
            'label first',
            'line',
            'six',
            'one link',
            'two',
            'taken',
            'four has no such flag',
            'nothing in it',
            'nothing',
        ],
    )
    def test_of_an_answer(self, data, expected):
        assert private_network.parse_addresses(data) == (expected, True)

    def test_end_where_the_kernel_says_so(self):
        data = message(20, attributes=[(1, FOUR)]) + DONE + message(20, attributes=[(1, FOUR)])
        assert private_network.parse_addresses(data) == ([(socket.AF_INET, '192.0.2.7')], False)

    def test_end_at_a_message_without_length(self):
        assert private_network.parse_addresses(b'\0' * 40) == ([], False)


class TestDescribe:
    def test_names_the_addresses_of_this_host(self):
        network = private_network.describe()
        assert (socket.AF_INET, '127.0.0.1') in network['addresses']
        assert network['settings']['ipv4/ip_nonlocal_bind'] in ('0', '1')
