# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Connections that wait, as the kernel prints them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import queues

LINE = (
    '  0: 00000000:%s 0100007F:%s %s 00000000:%s 00:00000000 00000000     0        0 %d 1 '
    '0000000000000000 100 0 0 10 0\n'
)
TABLE = (
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout '
    'inode\n'
    + ''.join(
        LINE % row
        for row in (
            ('0050', '0000', '0A', '0000001F', 11),
            ('0050', '0000', '0A', '00000002', 12),
            ('0050', 'C001', '03', '00000000', 0),
            ('0051', 'C002', '03', '00000000', 0),
            ('0050', 'C003', '01', '00000005', 13),
            ('0050', 'C004', '01', '00000000', 0),
            ('0050', 'C005', '06', '00000000', 0),
            ('0051', 'C006', '08', '00000003', 0),
        )
    )
    + 'cut off\n'
)


def test_what_waits_is_counted_by_socket():
    rows = queues.parse_rows(TABLE)
    assert len(rows) == 8
    assert [
        queues.count_queued(rows, inodes)
        for inodes in (set([11]), set([12]), set([11, 12]), set([13]))
    ] == [31, 2, 33, 0]


def test_half_open_connections_are_told_apart_by_both_ends():
    rows = queues.parse_rows(TABLE)
    assert queues.half_open(rows, set([80])) == set([('00000000:0050', '0100007F:C001')])
    assert len(queues.half_open(rows, set([80, 81]))) == 2


def test_of_what_is_half_open_what_lately_began_is_told_apart():
    late = TABLE.replace(
        '00:00000000 00000000     0        0 0 1', '02:00000031 00000001     0        0 0 1', 1
    )
    assert late != TABLE
    rows = queues.parse_rows(late)
    assert [len(queues.half_open(rows, set([port]))) for port in (80, 81)] == [1, 1]
    assert [len(queues.lately_begun(rows, set([port]))) for port in (80, 81)] == [0, 1]


def test_open_connections_are_those_that_a_process_has():
    assert [queues.count_open(queues.parse_rows(TABLE), set([port])) for port in (80, 81)] == [1, 0]


@pytest.mark.parametrize('ports, count', [([80], 1), ([81], 1), ([80, 81], 2), ([443], 0), ([], 0)])
def test_what_is_made_and_no_process_has_taken_is_counted_by_port(ports, count):
    assert queues.count_untaken(queues.parse_rows(TABLE), set(ports)) == count


def test_this_host_has_a_table():
    assert all(row.local.count(':') == 1 for row in queues.read_rows())
