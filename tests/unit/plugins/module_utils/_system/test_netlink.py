# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is said to the kernel, to the byte, and what is read out of its answers."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import socket
import struct
import sys

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Listener
from ansible_collections.webops.apache.plugins.module_utils._system import netlink

little_endian = pytest.mark.skipif(
    sys.byteorder != 'little', reason='the bytes below are those of a little-endian machine'
)
SYN4 = (
    b'\x45\0\0\x3c\x12\x34\x40\0\x40\x06\0\0'
    + b'\x0a\0\0\x01'
    + b'\x0a\0\0\x02'
    + b'\x30\x39\0\x50'
    + b'\0' * 16
)
WITH_OPTIONS = b'\x46' + SYN4[1:20] + b'\x01\x01\x01\0' + SYN4[20:]
SYN6 = b'\x60\0\0\0\0\x28\x06\x40' + b'\xfe' * 16 + b'\xfd' * 16 + b'\x30\x39\x01\xbb' + b'\0' * 16


@little_endian
@pytest.mark.parametrize(
    'data, expected',
    [
        # length, kind, flags, sequence, port; family, version, queue; length and kind of the
        # attribute; command, padding, family
        (
            netlink.bind_message(258),
            '1c000000 0203 0500 01000000 00000000 00 00 0102 0800 0100 01 00 0000',
        ),
        (
            netlink.family_message(socket.AF_INET),
            '1c000000 0203 0500 01000000 00000000 02 00 0000 0800 0100 03 00 0002',
        ),
        (
            netlink.copy_message(258),
            '20000000 0203 0500 01000000 00000000 00 00 0102 0900 0200 00000040 02 000000',
        ),
        (
            netlink.length_message(258),
            '1c000000 0203 0500 01000000 00000000 00 00 0102 0800 0300 00008000',
        ),
        (
            netlink.accept_message(258, 7),
            '20000000 0103 0100 01000000 00000000 00 00 0102 0c00 0200 00000001 00000007',
        ),
        (
            netlink.listen_request(socket.AF_INET),
            '48000000 1400 0103 01000000 00000000 02 06 00 00 00040000' + '00' * 48,
        ),
    ],
)
def test_a_message_is_to_the_byte_what_the_kernel_reads(data, expected):
    assert data == bytearray.fromhex(expected.replace(' ', ''))


@pytest.mark.parametrize(
    'packet, connection',
    [
        (SYN4, SYN4[12:24]),
        (WITH_OPTIONS, SYN4[12:24]),
        (SYN6, b'\xfe' * 16 + b'\xfd' * 16 + b'\x30\x39\x01\xbb'),
        (b'', b''),
    ],
)
def test_a_connection_is_told_by_its_addresses_and_ports(packet, connection):
    assert netlink.connection_of(packet) == connection


def test_a_packet_in_the_queue_is_read_whatever_else_is_told_of_it():
    body = (
        struct.pack('=BB', socket.AF_INET, 0)
        + struct.pack('>H', 258)
        + b''.join(
            netlink.attribute(*item)
            for item in (
                (netlink.PACKET_HEADER, struct.pack('>IHB', 41, 0x0800, 1)),
                (5, struct.pack('>I', 2)),
                (netlink.PAYLOAD, SYN4),
            )
        )
    )
    assert netlink.parse_packet(body) == (41, SYN4[12:24])


def answer(kind, body):
    return struct.pack('=IHHII', 16 + len(body), kind, 0, 1, 0) + body


def listening(listener):
    """A struct inet_diag_msg, of which the kernel fills as much of the address as there is."""
    family = socket.AF_INET if listener.family == 4 else socket.AF_INET6
    address = socket.inet_pton(family, listener.address)
    return answer(
        netlink.SOCK_DIAG_BY_FAMILY,
        struct.pack('=BBBB', family, netlink.STATE_LISTEN, 0, 0)
        + struct.pack('>HH', listener.port, 0)
        + address
        + b'\0' * (16 - len(address))
        + b'\0' * 28
        + struct.pack('=IIIII', 0, 0, 128, listener.user, listener.inode),
    )


HTTP, HTTPS, DONE = (
    Listener(4, '192.0.2.1', 80, 281571, 0),
    Listener(6, '2001:db8::1', 443, 281572, 1001),
    answer(netlink.NLMSG_DONE, b'\0' * 4),
)


@pytest.mark.parametrize(
    'data, listeners, more',
    [
        (listening(HTTP) + listening(HTTPS), [HTTP, HTTPS], True),
        (listening(HTTP) + DONE, [HTTP], False),
        (DONE, [], False),
    ],
)
def test_the_sockets_that_listen_are_read(data, listeners, more):
    assert netlink.parse_listening(data) == (listeners, more)


def test_a_kernel_that_has_no_such_list_is_told():
    with pytest.raises(OSError) as caught:
        netlink.parse_listening(
            answer(netlink.NLMSG_ERROR, struct.pack('=i', -errno.ENOENT) + b'\0' * 16)
        )
    assert caught.value.errno == errno.ENOENT


def test_the_kernel_names_a_socket_from_when_it_listens_until_it_is_closed():
    table, server = netlink.ListenTable(), socket.socket()
    try:
        server.bind(('127.0.0.1', 0))
        port = server.getsockname()[1]
        assert port not in table.ports()
        server.listen(1)
        assert port in table.ports()
        server.close()
        assert port not in table.ports()
    finally:
        server.close()
        table.close()
