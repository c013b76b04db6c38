# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The filter that steers, as bytes and run by a small interpreter of classic BPF; and two
listening sockets, steered by the kernel.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket
import struct

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import steering

NET = 0xFFF00000


def run(program, packet):
    """Return what a program returns of a packet (bytes from the header of the network layer on);
    a load beyond its end gives 0, as in the kernel.
    """
    lines = [struct.unpack('=HBBI', program[at : at + 8]) for at in range(0, len(program), 8)]
    at, accumulator, other = 0, 0, 0
    loads = {0x20: '>I', 0x28: '>H', 0x30: '>B'}
    while True:
        code, yes, no, value = lines[at]
        at += 1
        if code in loads:
            start, length = value - NET, struct.calcsize(loads[code])
            if start + length > len(packet):
                return 0
            accumulator = struct.unpack(loads[code], packet[start : start + length])[0]
        elif code == 0x07:
            other = accumulator
        elif code == 0x54:
            accumulator &= value
        elif code == 0x06:
            return value
        else:
            holds = {
                0x15: accumulator == value,
                0x1D: accumulator == other,
                0x35: accumulator >= value,
                0x25: accumulator > value,
            }[code]
            at += yes if holds else no


def four(source, target, port, first=0x45):
    return struct.pack(
        '>B11x4s4sHH', first, socket.inet_aton(source), socket.inet_aton(target), port, 80
    )


def six(source, target, port):
    return struct.pack(
        '>B7x16s16sHH',
        0x60,
        socket.inet_pton(socket.AF_INET6, source),
        socket.inet_pton(socket.AF_INET6, target),
        port,
        80,
    )


@pytest.mark.parametrize(
    'packet, place',
    [
        (four('127.0.0.1', '127.0.0.1', 768), 1),
        (four('127.0.0.1', '127.0.0.1', 1023), 1),
        (four('192.0.2.7', '192.0.2.7', 900), 1),
        (four('127.0.0.1', '127.0.0.1', 767), 0),
        (four('127.0.0.1', '127.0.0.1', 1024), 0),
        (four('127.0.0.1', '127.0.0.1', 40000), 0),
        # From outside, by whatever port; with options, where the port lies elsewhere.
        (four('192.0.2.8', '192.0.2.7', 900), 0),
        (four('127.0.0.1', '127.0.0.1', 900, first=0x46), 0),
        (six('::1', '::1', 800), 1),
        (six('::1', '::1', 80), 0),
        (six('2001:db8::1', '2001:db8::2', 800), 0),
        (six('2001:db8::1', '2001:db9::1', 800), 0),
        (six('2001:db8:1::1', '2001:db8::1', 800), 0),
        (six('2001:db8::1', '2001:db8::1', 1000), 1),
        (b'\x00' * 60, 0),
        (b'\x45', 0),
        (b'', 0),
    ],
)
def test_only_our_own_connections_go_to_the_second(packet, place):
    assert run(steering.filter_program(steering.FIRST, steering.SECOND), packet) == place


@pytest.mark.parametrize('place', [0, 1])
def test_a_program_for_all_is_one_instruction(place):
    assert steering.filter_program(place) == struct.pack('=HBBI', 6, 0, 0, place)


@pytest.mark.parametrize('program', [steering.filter_program(0, 1), steering.share_program(0.5)])
def test_every_jump_stays_within_the_program(program):
    lines = [struct.unpack('=HBBI', program[at : at + 8]) for at in range(0, len(program), 8)]
    for number, (code, yes, no, _value) in enumerate(lines):
        assert number + 1 + max(yes, no) < len(lines) or code == 0x06
    assert lines[-1][0] == 0x06


def has_ipv6():
    probe = socket.socket(socket.AF_INET6) if os.path.exists('/proc/net/if_inet6') else None
    try:
        return bool(probe and not probe.bind(('::1', 0)))
    except (IOError, OSError):
        return False
    finally:
        if probe:
            probe.close()


class Pair(object):
    """Two sockets that listen on one address of loopback: the second has joined the first."""

    def __init__(self):
        self.first = socket.socket()
        self.first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.first.bind(('127.0.0.1', 0))
        self.first.listen(16)
        self.port = self.first.getsockname()[1]

    def join(self):
        self.second = steering.joining_socket(self.first)
        self.second.listen(16)

    def ask(self, count=5):
        for _number in range(count):
            socket.create_connection(('127.0.0.1', self.port), 2).close()

    def taken(self, listener):
        listener.setblocking(False)
        count = 0
        try:
            while True:
                listener.accept()[0].close()
                count += 1
        except (IOError, OSError):
            return count


def listen_on(family, address, port, only_six=None):
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if only_six is not None:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only_six)
    listener.bind((address, port))
    listener.listen(16)
    return listener


def takes(listener):
    """Take one connection that is there or comes at once; tell whether there was one."""
    listener.settimeout(0.2)
    try:
        listener.accept()[0].close()
        return True
    except (IOError, OSError):
        return False


def reached(address, port, first, second):
    """Tell which of two listeners get a connection from anywhere, and which one of our own."""
    socket.create_connection((address, port), 2).close()
    anywhere = takes(first), takes(second)
    steering.connect_from_own_port(address, port, 2).close()
    return anywhere, (takes(first), takes(second))


@pytest.mark.skipif(
    os.geteuid() != 0 or not has_ipv6(),
    reason='only root has the ports that we come from, and it takes IPv6',
)
@pytest.mark.parametrize(
    'where, only_six, addresses',
    [('::', 0, ['::1', '127.0.0.1']), ('::', 1, ['::1']), ('::1', 1, ['::1'])],
    ids=['both families', 'IPv6 only', 'one address'],
)
def test_a_listener_of_ipv6_is_steered_as_one_of_ipv4(where, only_six, addresses):
    first = listen_on(socket.AF_INET6, where, 0, only_six)
    port = first.getsockname()[1]
    # Where it takes IPv6 only, IPv4 is another socket's, of the same port.
    other = listen_on(socket.AF_INET, '0.0.0.0', port) if addresses == ['::1'] else None
    steering.steer(first, steering.filter_program(steering.FIRST, steering.SECOND))
    second = steering.joining_socket(first)
    second.listen(16)
    for address in addresses:
        assert reached(address, port, first, second) == ((True, False), (False, True))
    steering.steer(first, steering.filter_program(steering.SECOND))
    for address in addresses:
        assert reached(address, port, first, second) == ((False, True), (False, True))
    if other:
        socket.create_connection(('127.0.0.1', port), 2).close()
        assert takes(other)
        other.close()
    first.close()
    second.close()


@pytest.fixture(name='pair')
def make_pair():
    pair = Pair()
    yield pair
    pair.first.close()


def test_a_share_goes_to_the_second(pair):
    steering.steer(pair.first, steering.filter_program(0))
    pair.join()
    for share, most in ((0.05, 20), (0.5, 64), (1, 64)):
        steering.steer(pair.first, steering.share_program(share))
        seconds = 0
        for _round in range(8):
            pair.ask(8)
            pair.taken(pair.first)
            seconds += pair.taken(pair.second)
        # By chance; what is beyond these bounds comes once in a million runs.
        assert {0.05: 0, 0.5: 12, 1: 64}[share] <= seconds <= most
    assert steering.share_program(1) == steering.filter_program(1)
    pair.second.close()


def test_a_socket_that_was_bound_alone_is_steered_and_released(pair):
    steering.steer(pair.first, steering.filter_program(0, 1))
    pair.join()
    pair.ask()
    assert (pair.taken(pair.first), pair.taken(pair.second)) == (5, 0)
    steering.steer(pair.first, steering.filter_program(1))
    pair.ask()
    assert (pair.taken(pair.first), pair.taken(pair.second)) == (0, 5)
    # The first one goes: there is no second place any more, and the one that is left gets
    # everything.
    pair.first.close()
    pair.ask()
    assert pair.taken(pair.second) == 5
    steering.release(pair.second, shared=True)
    steering.release(pair.second, shared=True)
    assert steering.is_shared(pair.second)
    pair.second.close()


def test_a_released_socket_lets_no_stranger_join(pair):
    steering.steer(pair.first, steering.filter_program(0))
    steering.release(pair.first, shared=False)
    assert not steering.is_shared(pair.first)
    stranger = socket.socket()
    stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with pytest.raises((IOError, OSError)):
        stranger.bind(('127.0.0.1', pair.port))
    stranger.close()
    pair.ask()
    assert pair.taken(pair.first) == 5


def test_sockets_of_a_process_are_taken_by_inode(pair):
    inode = os.fstat(pair.first.fileno()).st_ino
    taken = steering.take_sockets(os.getpid(), set([inode]))
    assert list(taken) == [inode]
    assert taken[inode].getsockname() == pair.first.getsockname()
    taken[inode].close()


@pytest.mark.skipif(os.geteuid() != 0, reason='only root has these ports')
def test_we_come_from_a_port_of_our_own(pair):
    connection = steering.connect_from_own_port('127.0.0.1', pair.port, 2)
    address, port = connection.getsockname()
    connection.close()
    assert address == '127.0.0.1' and steering.OWN_PORTS[0] <= port <= steering.OWN_PORTS[1]
