# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Process
from ansible_collections.webops.apache.plugins.module_utils._transaction.strategies import ramp
from ansible_collections.webops.apache.plugins.module_utils._transaction.strategies.ramp import Look

OLD, NEW = (
    Process(10, 1, 100, 'httpd', '/usr/sbin/httpd'),
    Process(20, 1, 200, 'httpd', '/usr/sbin/httpd'),
)


@pytest.mark.parametrize(
    'share, look, expected',
    [
        # It has workers for all, at once and whatever waits.
        (0.0, Look(0, 5, 0, 0), 1.0),
        (0.0, Look(50, 50, 0, 0), 1.0),
        (0.3, Look(90, 128, 7, 0), 1.0),
        # As much as it has workers for, some to spare, and never less than it has already.
        (0.0, Look(100, 50, 0, 0), 0.4),
        (0.4, Look(100, 75, 0, 0), 0.6),
        (0.5, Look(100, 50, 0, 0), 0.5),
        # Visitors wait: no more for now, even if it is more than it was good for.
        (0.4, Look(100, 75, 3, 9), 0.4),
        (0.0, Look(100, 50, 1, 0), 0.0),
        # It neither grows nor lets anybody wait: it needs less than was thought.
        (0.4, Look(100, 50, 0, 1.1), 0.4),
        (0.4, Look(100, 50, 0, 1.2), 0.5),
        (0.8, Look(100, 50, 0, 1.2), 1.0),
        # Not one worker is there yet.
        (0.0, Look(100, 0, 0, 0), 0.0),
        (0.0, Look(100, 0, 0, 5), 0.0),
    ],
)
def test_the_share_follows_the_workers(share, look, expected):
    assert ramp.next_share(share, look) == pytest.approx(expected)


class Host(object):
    """Two servers whose workers are what `grow(seconds, share)` says, on a clock of their own."""

    def __init__(self, monkeypatch, grow, needed=100, dies_at=None):
        self.now, self.shares, self.grow, self.needed, self.dies_at = 0.0, [], grow, needed, dies_at
        monkeypatch.setattr(ramp, 'monotonic', lambda: self.now)
        monkeypatch.setattr(ramp, 'wait_until', self.wait)
        monkeypatch.setattr(ramp.processes, 'read_processes', lambda: None)
        monkeypatch.setattr(
            ramp.processes,
            'is_alive',
            lambda process: self.dies_at is None or self.now < self.dies_at,
        )
        monkeypatch.setattr(
            ramp,
            '_count_workers',
            lambda main, table: 500 if main is OLD else self.grow(self.now, self.share()),
        )
        monkeypatch.setattr(ramp.queues, 'read_rows', lambda: None)
        monkeypatch.setattr(ramp.queues, 'count_queued', lambda rows, held: 0)

    def wait(self, ready, seconds, pause):
        if not ready():
            self.now += seconds

    def share(self):
        return self.shares[-1][1] if self.shares else 0.0

    def hand_over(self):
        return ramp.hand_over(
            OLD, NEW, set(), self.needed, lambda share: self.shares.append((self.now, share))
        )


def test_a_server_with_workers_for_all_gets_all_at_once(monkeypatch):
    host = Host(monkeypatch, lambda now, share: 100)
    assert host.hand_over() and host.shares == [(0.0, 1.0)]


def test_a_server_that_grows_gets_more_and_more(monkeypatch):
    host = Host(monkeypatch, lambda now, share: 20 + 2 ** int(now))
    assert host.hand_over()
    assert [share for _now, share in host.shares] == sorted(share for _now, share in host.shares)
    assert (
        host.shares[0][1] == pytest.approx(0.168)
        and host.shares[-1][1] == 1.0
        and len(host.shares) > 4
    )
    assert 5 < host.now < 9


def test_a_server_that_does_not_grow_since_it_need_not_gets_all_in_some_seconds(monkeypatch):
    host = Host(monkeypatch, lambda now, share: 50)
    assert host.hand_over() and host.shares[-1][1] == 1.0 and 4 < host.now < 8


def test_a_server_that_cannot_grow_gets_all_in_the_end(monkeypatch):
    host = Host(monkeypatch, lambda now, share: 5)
    monkeypatch.setattr(ramp.queues, 'count_queued', lambda rows, held: 9)
    assert host.hand_over() and host.shares[-1][1] == 1.0
    assert ramp.LONGEST <= host.now < ramp.LONGEST + 1


def test_a_server_that_dies_gets_no_more(monkeypatch):
    host = Host(monkeypatch, lambda now, share: 10, dies_at=1.0)
    assert not host.hand_over() and max(share for _now, share in host.shares) < 0.5


def test_what_a_process_has_for_its_own_use_is_no_worker(monkeypatch):
    table = [OLD, NEW] + [
        Process(30 + number, 20, 300, 'httpd', '/usr/sbin/httpd') for number in range(3)
    ]
    table += [
        Process(40, 20, 300, 'rotatelogs', '/usr/bin/rotatelogs'),
        Process(41, 10, 300, 'httpd', None),
    ]
    monkeypatch.setattr(ramp.processes, '_shares_our_root', lambda pid: True)
    monkeypatch.setattr(
        ramp.processes, 'count_threads', lambda pid: {30: 27, 31: 27, 32: 1, 40: 9, 41: 1}[pid]
    )
    assert ramp._count_workers(NEW, table) == 51
    assert ramp._count_workers(OLD, table) == 1
