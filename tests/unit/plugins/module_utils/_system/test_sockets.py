# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import contextlib
import os
import socket
import sys

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Listener
from ansible_collections.webops.apache.plugins.module_utils._system import queues, sockets

# From the test host, with a connection and two more addresses put in.
TCP = u"""  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  \
timeout inode
   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 \
281571 1 000000009460fa00 100 0 0 10 0
   1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000    48        0 \
282384 1 00000000b1c49bbb 100 0 0 10 0
   2: 0200A8C0:0050 0300A8C0:C350 01 00000000:00000000 00:00000000 00000000     0        0 \
282390 1 00000000b1c49bbc 100 0 0 10 0
"""
TCP6 = u"""  sl  local_address                         remote_address                        st \
tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A \
00000000:00000000 00:00000000 00000000     0        0 281573 1 0 100
   1: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A \
00000000:00000000 00:00000000 00000000     0        0 281574 1 0 100
   2: B80D01200000000067452301EFCDAB89:0050 00000000000000000000000000000000:0000 0A \
00000000:00000000 00:00000000 00000000     0        0 281575 1 0 100
"""
little = pytest.mark.skipif(
    sys.byteorder != 'little', reason='the table is that of a little-endian machine'
)


@contextlib.contextmanager
def listening(family=socket.AF_INET, address='127.0.0.1'):
    """A listening socket of this process."""
    server = socket.socket(family)
    try:
        server.bind((address, 0))
        server.listen(1)
        yield server
    finally:
        server.close()


def inode_of(server):
    return os.fstat(server.fileno()).st_ino


def listeners_in(text):
    return [
        sockets.listener_of(row) for row in queues.parse_rows(text) if row.state == queues.LISTEN
    ]


class TestListenerOf:
    @little
    def test_reads_tcp(self):
        assert listeners_in(TCP) == [
            Listener(4, '0.0.0.0', 22, 281571, 0),
            Listener(4, '127.0.0.1', 8080, 282384, 48),
        ]

    @little
    def test_reads_tcp6(self):
        assert listeners_in(TCP6) == [
            Listener(6, '::', 22, 281573, 0),
            Listener(6, '::1', 443, 281574, 0),
            Listener(6, '2001:db8::123:4567:89ab:cdef', 80, 281575, 0),
        ]

    @pytest.mark.parametrize(
        'text',
        [u'', TCP.partition(u'\n')[0], TCP.partition(u'\n')[0] + u'\n   0: 0100'],
        ids=['empty', 'title', 'cut off'],
    )
    def test_reads_an_empty_table(self, text):
        assert listeners_in(text) == []


class TestReadListeners:
    def test_holds_a_socket_of_this_process(self):
        with listening() as server:
            assert (
                Listener(4, '127.0.0.1', server.getsockname()[1], inode_of(server), os.geteuid())
                in sockets.read_listeners()
            )

    @pytest.mark.skipif(not os.path.exists('/proc/net/tcp6'), reason='this kernel has no IPv6')
    def test_holds_one_of_ipv6(self):
        try:
            with listening(socket.AF_INET6, '::1') as server:
                assert (
                    Listener(6, '::1', server.getsockname()[1], inode_of(server), os.geteuid())
                    in sockets.read_listeners()
                )
        except (IOError, OSError) as e:
            pytest.skip('no IPv6 address here: %s' % e)

    def test_reads_what_there_is(self, monkeypatch):
        monkeypatch.setattr(sockets, '_refused', [True])
        monkeypatch.setattr(queues, 'TABLES', ('/proc/net/no-such-table',))
        assert sockets.read_listeners() == []

    def test_is_the_same_where_the_kernel_has_its_table_in_text_only(self, monkeypatch):
        def refuse():
            raise OSError(2, 'sock_diag')

        refused = []
        with listening() as server:
            asked = sockets.read_listeners()
            monkeypatch.setattr(sockets, '_refused', refused)
            monkeypatch.setattr(sockets, 'ListenTable', refuse)
            mine = [item for item in sockets.read_listeners() if item.inode == inode_of(server)]
            assert mine == [item for item in asked if item.inode == inode_of(server)] != []
        assert len(refused) == 1


class TestSocketInodes:
    def test_gives_those_of_a_process(self):
        with listening() as server:
            inode = inode_of(server)
            assert inode in sockets.socket_inodes(os.getpid())
        assert inode not in sockets.socket_inodes(os.getpid())

    def test_gives_none_for_a_process_that_is_gone(self):
        assert (
            sockets.socket_inodes(2**22 + 5) == set() and sockets.held_sockets(2**22 + 5) == set()
        )


class TestPortsOf:
    def test_gives_those_that_a_process_listens_on(self):
        with listening() as server:
            port = server.getsockname()[1]
            assert port in sockets.ports_of(os.getpid())
        assert port not in sockets.ports_of(os.getpid())


class TestListeningInodes:
    def test_changes_with_the_socket_and_not_with_the_port(self):
        with listening() as server:
            inode = inode_of(server)
            assert inode in sockets.listening_inodes()
        assert inode not in sockets.listening_inodes()
