# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Talk to the kernel by netlink: a queue of packets that wait for a decision, and the list of
listening sockets.

Numbers have the machine's own byte order, unless the kernel's headers say be16 or be32.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import socket
import struct

from .._model import Listener

NETLINK_SOCK_DIAG, NETLINK_NETFILTER = 4, 12
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 0x1, 0x4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
# Subsystem 3 of nfnetlink: packet, verdict, config.
PACKET, VERDICT, CONFIG = 0x300, 0x301, 0x302
CFG_CMD, CFG_PARAMS, CFG_MAXLEN = 1, 2, 3
BIND, PF_BIND = 1, 3
COPY_PACKET = 2
PACKET_HEADER, VERDICT_HEADER, PAYLOAD = 1, 2, 10
NF_ACCEPT = 1
# The part of a packet that identifies its connection: 40 bytes of IPv6, 4 of TCP.
COPIED = 64
# Packets that may wait; each uses less than a kilobyte of the kernel's memory.
MOST_PACKETS = 32768
RECEIVE_BUFFER = 4 * 1024 * 1024
SO_RCVBUFFORCE = 33
SOL_NETLINK, NETLINK_NO_ENOBUFS = 270, 5

SOCK_DIAG_BY_FAMILY = 20
STATE_LISTEN = 10
_HEADER = struct.Struct('=IHHII')
HEADER_SIZE = _HEADER.size


def message(kind, flags, body):
    """Return the bytes of one message."""
    return _HEADER.pack(_HEADER.size + len(body), kind, NLM_F_REQUEST | flags, 1, 0) + body


def attribute(kind, raw):
    """Return the bytes of one attribute, filled up to 4."""
    return struct.pack('=HH', 4 + len(raw), kind) + raw + b'\0' * (-len(raw) % 4)


def parse_messages(data):
    """Return [(kind, body)] of one piece that the kernel sent."""
    found, offset = [], 0
    while offset + _HEADER.size <= len(data):
        length, kind = _HEADER.unpack_from(data, offset)[:2]
        if length < _HEADER.size:
            break
        found.append((kind, data[offset + _HEADER.size : offset + length]))
        offset += length + -length % 4
    return found


def parse_attributes(data):
    """Return {kind: bytes}."""
    values, offset = {}, 0
    while offset + 4 <= len(data):
        length, kind = struct.unpack_from('=HH', data, offset)
        if length < 4:
            break
        values[kind & 0x3FFF] = data[offset + 4 : offset + length]
        offset += length + -length % 4
    return values


def queue_message(kind, flags, number, attributes, family=socket.AF_UNSPEC):
    """Return the bytes of a message about the queue `number`; attributes: [(kind, bytes)]."""
    return message(
        kind,
        flags,
        struct.pack('=BB', family, 0)
        + struct.pack('>H', number)
        + b''.join(attribute(*item) for item in attributes),
    )


def bind_message(number):
    """Ask for the packets of a queue."""
    return queue_message(
        CONFIG, NLM_F_ACK, number, [(CFG_CMD, struct.pack('>BBH', BIND, 0, socket.AF_UNSPEC))]
    )


def family_message(family):
    """Enable queueing for a family; kernels since 3.8 do not need this, and accept it."""
    return queue_message(
        CONFIG, NLM_F_ACK, 0, [(CFG_CMD, struct.pack('>BBH', PF_BIND, 0, family))], family
    )


def copy_message(number):
    """Say how much of each packet is sent."""
    return queue_message(
        CONFIG, NLM_F_ACK, number, [(CFG_PARAMS, struct.pack('>IB', COPIED, COPY_PACKET))]
    )


def length_message(number):
    """Say how many packets may wait."""
    return queue_message(CONFIG, NLM_F_ACK, number, [(CFG_MAXLEN, struct.pack('>I', MOST_PACKETS))])


def accept_message(number, packet):
    """Let a packet go on, to the next rules."""
    return queue_message(
        VERDICT, 0, number, [(VERDICT_HEADER, struct.pack('>II', NF_ACCEPT, packet))]
    )


def parse_packet(body):
    """Return (id of the packet, bytes that identify its connection)."""
    values = parse_attributes(body[4:])
    return struct.unpack('>I', values[PACKET_HEADER][:4])[0], connection_of(
        values.get(PAYLOAD, b'')
    )


def connection_of(packet):
    """Addresses and ports of an IP packet, as bytes: the same for each SYN of one connection."""
    if packet[:1] >= b'\x60':
        return packet[8:44]
    size = (struct.unpack('B', packet[:1])[0] & 0x0F) * 4 if packet else 0
    return packet[12:20] + packet[size : size + 4]


class Queue(object):
    """A queue of the kernel in which packets wait until they are released.

    Packets that wait when it is closed are lost, and sent again.
    """

    def __init__(self, numbers):
        """Take the first of the queues `numbers` that nobody uses.

        Raises OSError or socket.error if the kernel gives none.
        """
        self.number = None
        self._kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        try:
            self._kernel.bind((0, 0))
            self._kernel.settimeout(5)
            for family in (socket.AF_INET, socket.AF_INET6):
                self._ask(family_message(family))
            self._take_one(numbers)
            self._demand(copy_message(self.number))
            self._ask(length_message(self.number))
            self._widen()
            self._kernel.setblocking(0)
        except BaseException:
            self._kernel.close()
            raise

    def _take_one(self, numbers):
        for number in numbers:
            code = self._ask(bind_message(number))
            if code == 0:
                self.number = number
                return
            if code not in (errno.EBUSY, errno.EPERM):
                break
        raise OSError(code, os.strerror(code))

    def _ask(self, data):
        self._kernel.send(data)
        while True:
            for kind, body in parse_messages(self._kernel.recv(65536)):
                if kind == NLMSG_ERROR:
                    return -struct.unpack_from('=i', body)[0]

    def _demand(self, data):
        code = self._ask(data)
        if code:
            raise OSError(code, os.strerror(code))

    def _widen(self):
        try:
            self._kernel.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER)
            self._kernel.setsockopt(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1)
        except (OSError, socket.error):
            pass  # an older kernel; packets without room are sent again

    def fileno(self):
        return self._kernel.fileno()

    def read(self):
        """Return [(id, connection)] of the packets that came in since, without waiting."""
        found = []
        while True:
            try:
                data = self._kernel.recv(65536)
            except (OSError, socket.error):
                return found  # nothing more for now
            found.extend(
                parse_packet(body) for kind, body in parse_messages(data) if kind == PACKET
            )

    def accept(self, packets):
        """Release packets, by their ids."""
        for packet in packets:
            self._kernel.send(accept_message(self.number, packet))

    def close(self):
        self._kernel.close()


def listen_request(family):
    """Return the bytes that ask for all listening TCP sockets of a family."""
    wanted = struct.pack('=BBBBI', family, socket.IPPROTO_TCP, 0, 0, 1 << STATE_LISTEN)
    return message(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, wanted + b'\0' * 48)


def parse_listening(data):
    """Return ([Listener], whether more is to come) of one answer.

    Raises OSError if the kernel refuses.
    """
    listeners = []
    for kind, body in parse_messages(data):
        if kind == NLMSG_DONE:
            return listeners, False
        if kind == NLMSG_ERROR:
            raise OSError(-struct.unpack_from('=i', body)[0], 'sock_diag')
        if kind == SOCK_DIAG_BY_FAMILY:
            listeners.append(_listener(body))
    return listeners, True


def _listener(body):
    """Return the Listener in a struct inet_diag_msg."""
    family, size = (4, 4) if struct.unpack_from('=B', body)[0] == socket.AF_INET else (6, 16)
    address = socket.inet_ntop(
        socket.AF_INET if family == 4 else socket.AF_INET6, body[8 : 8 + size]
    )
    (port,) = struct.unpack_from('>H', body, 4)
    user, inode = struct.unpack_from('=II', body, 64)
    return Listener(family=family, address=address, port=port, inode=inode, user=user)


class ListenTable(object):
    """The kernel's table of listening sockets, asked often: a fraction of a millisecond each
    time, however many connections there are.
    """

    def __init__(self):
        """Raises OSError or socket.error if the kernel does not answer."""
        self._kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG)
        self._kernel.bind((0, 0))
        self._kernel.settimeout(2)

    def ports(self):
        """Return the set of ports on which a TCP socket listens, of either family."""
        return set(listener.port for listener in self.listeners())

    def listeners(self):
        """Return the Listeners of the network namespace in which this object was made."""
        found = []
        for family in (socket.AF_INET, socket.AF_INET6):
            self._kernel.send(listen_request(family))
            more = True
            while more:
                listeners, more = parse_listening(self._kernel.recv(65536))
                found.extend(listeners)
        return found

    def close(self):
        self._kernel.close()
