# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which of several listening sockets of one address gets a new connection: a group of
SO_REUSEPORT, steered by a filter (classic BPF).

The sockets may belong to another process: the kernel gives us second descriptors for them. Raises
what the system calls raise (OSError, IOError, socket.error); needs Linux 5.6, and the right to
trace that process.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import errno
import os
import random
import socket
import struct

from .links import reachable

# Linux numbers, the same on all machines except alpha, mips, parisc and sparc: there the trial
# fails, and nothing is done.
SO_REUSEPORT, SO_ATTACH_FILTER, SO_ATTACH_REUSEPORT_CBPF, SO_DETACH_REUSEPORT_BPF = 15, 26, 51, 68
PIDFD_OPEN, PIDFD_GETFD = 434, 438
IP_FREEBIND, IPV6_FREEBIND = 15, 78
# The places in a group: the socket that listened first has the first one.
FIRST, SECOND = 0, 1
# Our own connections come from these ports, which only root can take: the first and the last.
OWN_PORTS = (768, 1023)

# linux/filter.h: load, jump, return; and where the header of the network layer begins.
_LOAD_WORD, _LOAD_HALF, _LOAD_BYTE, _TO_X = 0x20, 0x28, 0x30, 0x07
_IF_EQUAL, _IF_EQUAL_X, _IF_NOT_LESS, _IF_GREATER, _RETURN, _AND = (
    0x15,
    0x1D,
    0x35,
    0x25,
    0x06,
    0x54,
)
_NET = 0xFFF00000
# A load from there returns a random number of 32 bits.
_CHANCE = 0xFFFFF038
# First byte of a header of IPv4 without options; the four bits of IPv6.
_PLAIN_IPV4, _IPV6 = 0x45, 0x60
_DROP = struct.pack('=HBBI', _RETURN, 0, 0, 0)


def filter_program(place, own=None):
    """Return the program (bytes) that sends every connection to one place of the group.

    own: the place for connections of this host to itself that come from OWN_PORTS, or None: a
    connection with one address at both ends never comes from outside.
    """
    rest = (_RETURN, 0, 0, place)
    if own is None:
        return _assemble([rest])
    four = _same([(12, 16)]) + _from_own_ports(20)
    six = _same([(8 + n, 24 + n) for n in (0, 4, 8, 12)]) + _from_own_ports(40)
    # 'rest' means a jump to the end; IPv6 has its version in the upper half of the first byte.
    lines = (
        [(_LOAD_BYTE, 0, 0, _NET), (_IF_EQUAL, 0, len(four) + 1, _PLAIN_IPV4)]
        + four
        + [(_RETURN, 0, 0, own)]
        + [(_AND, 0, 0, 0xF0), (_IF_EQUAL, 0, 'rest', _IPV6)]
        + six
        + [(_RETURN, 0, 0, own)]
        + [rest]
    )
    return _assemble(
        [
            (code, _distance(yes, number, lines), _distance(no, number, lines), value)
            for number, (code, yes, no, value) in enumerate(lines)
        ]
    )


def share_program(share):
    """Return the program (bytes) that sends a random share of all connections, from 0 to 1, to the
    SECOND place of the group; the rest to the FIRST.
    """
    if share >= 1:
        return filter_program(SECOND)
    return _assemble(
        [
            (_LOAD_WORD, 0, 0, _CHANCE),
            (_IF_NOT_LESS, 0, 1, int(share * (1 << 32))),
            (_RETURN, 0, 0, FIRST),
            (_RETURN, 0, 0, SECOND),
        ]
    )


def _same(pairs):
    lines = []
    for source, target in pairs:
        lines += [
            (_LOAD_WORD, 0, 0, _NET + source),
            (_TO_X, 0, 0, 0),
            (_LOAD_WORD, 0, 0, _NET + target),
            (_IF_EQUAL_X, 0, 'rest', 0),
        ]
    return lines


def _from_own_ports(offset):
    return [
        (_LOAD_HALF, 0, 0, _NET + offset),
        (_IF_NOT_LESS, 0, 'rest', OWN_PORTS[0]),
        (_IF_GREATER, 'rest', 0, OWN_PORTS[1]),
    ]


def _distance(jump, number, lines):
    return len(lines) - 1 - number - 1 if jump == 'rest' else jump


def _assemble(lines):
    return b''.join(struct.pack('=HBBI', *line) for line in lines)


def take_sockets(pid, inodes):
    """Return {inode: socket}: second descriptors of sockets that a process holds.

    The caller closes them.
    """
    folder, taken = '/proc/%d/fd' % pid, {}
    for name in os.listdir(folder):
        try:
            target = os.readlink(os.path.join(folder, name))
        except OSError:
            continue  # it was closed just now
        inode = int(target[8:-1]) if target.startswith('socket:[') else None
        if inode in inodes and inode not in taken:
            taken[inode] = _take(pid, int(name))
    return taken


def _take(pid, number):
    process = _call(PIDFD_OPEN, pid, 0)
    try:
        descriptor = _call(PIDFD_GETFD, process, number, 0)
    finally:
        os.close(process)
    try:
        family = struct.unpack('i', _option(descriptor, socket.SOL_SOCKET, 39))[0]  # SO_DOMAIN
        return socket.fromfd(descriptor, family, socket.SOCK_STREAM)
    finally:
        os.close(descriptor)


def _option(descriptor, level, name):
    probe = socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_STREAM)
    try:
        return probe.getsockopt(level, name, 4)
    finally:
        probe.close()


def _call(number, *words):
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(word) for word in words])
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(result)


def is_shared(listener):
    """Return whether another socket may join this one."""
    return bool(listener.getsockopt(socket.SOL_SOCKET, SO_REUSEPORT))


def steer(listener, program):
    """Steer the group of a listening socket by a program, at once; if it is in no group yet, make
    one with it as the first.
    """
    listener.setsockopt(socket.SOL_SOCKET, SO_REUSEPORT, 1)
    try:
        _attach(listener, SO_ATTACH_REUSEPORT_CBPF, program)
    except (IOError, OSError) as e:  # socket.error, of whatever Python
        if e.errno != errno.EINVAL:
            raise
        _begin_group(listener, program)


def _begin_group(listener, program):
    """A socket that was bound alone is in no group until another one joins it, if only for a
    moment.
    """
    helper = joining_socket(listener)
    try:
        try:
            # A connection in that moment, of 50 microseconds, is dropped and not refused: the
            # client asks again and finds the other one.
            _attach(helper, SO_ATTACH_FILTER, _DROP)
        except (IOError, OSError) as e:
            if (
                e.errno != errno.EPERM
            ):  # current kernels require CAP_NET_ADMIN for it, which a container may not have
                raise
        helper.listen(1)
        _attach(listener, SO_ATTACH_REUSEPORT_CBPF, program)
    finally:
        helper.close()


def joining_socket(listener):
    """Return a new socket, bound where `listener` listens, that may share the address with it."""
    joining = socket.socket(listener.family, socket.SOCK_STREAM)
    try:
        for name in (socket.SO_REUSEADDR, SO_REUSEPORT):
            joining.setsockopt(socket.SOL_SOCKET, name, 1)
        if listener.family == socket.AF_INET6:
            joining.setsockopt(
                socket.IPPROTO_IPV6,
                socket.IPV6_V6ONLY,
                listener.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY),
            )
            joining.setsockopt(socket.IPPROTO_IPV6, IPV6_FREEBIND, 1)
        else:
            joining.setsockopt(socket.IPPROTO_IP, IP_FREEBIND, 1)
        joining.bind(listener.getsockname())
    except BaseException:
        joining.close()
        raise
    return joining


def release(listener, shared):
    """Remove the steering. shared: whether others may join the socket from now on."""
    try:
        listener.setsockopt(socket.SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0)
    except (IOError, OSError) as e:
        if e.errno not in (errno.ENOENT, errno.EINVAL):  # it was not steered; it is in no group
            raise
    listener.setsockopt(socket.SOL_SOCKET, SO_REUSEPORT, 1 if shared else 0)


def _attach(target, name, program):
    kept = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: the number of instructions, and where they are.
    target.setsockopt(
        socket.SOL_SOCKET, name, struct.pack('HP', len(program) // 8, ctypes.addressof(kept))
    )


def _place(address, port):
    """The address with the number of its link, if it has one, which a plain pair would lose."""
    return socket.getaddrinfo(
        reachable(address), port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST
    )[0][4]


def connect_from_own_port(address, port, timeout):
    """Connect to (address, port) of this host from one of OWN_PORTS and from the same address,
    so that the steering knows us.
    """
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    ports = list(range(OWN_PORTS[0], OWN_PORTS[1] + 1))
    random.shuffle(ports)
    for number, own in enumerate(ports):
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(timeout)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            connection.bind(_place(address, own))
            connection.connect(_place(address, port))
            return connection
        except (IOError, OSError) as e:
            connection.close()
            # Somebody has it; or the last connection from there is not over yet.
            if e.errno not in (errno.EADDRINUSE, errno.EADDRNOTAVAIL) or number > 50:
                raise
