# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Process
from ansible_collections.webops.apache.plugins.module_utils._proof import crashes
from ansible_collections.webops.apache.plugins.module_utils._system.processes import Child

OWN = (
    u'[Sat Nov 28 11:00:00.123456 2026] [core:notice] [pid 7:tid 140] AH00051: child pid 9 exit '
    u'signal '
)
MAIN = Process(7, 1, 100, u'httpd', u'/usr/sbin/httpd')


class TestCrashedChildren:
    @pytest.mark.parametrize(
        'line',
        [
            OWN + u'Segmentation fault (11)',
            OWN + u'Segmentation fault (11), possible coredump in /etc/apache2',
            OWN + u'Aborted (6)',
            OWN.replace(u':tid 140', u'') + u'Bus error (7)',
            u'[Sat Nov 28 11:00:00 2026] [notice] child pid 9 exit signal Segmentation fault (11)',
        ],
    )
    def test_are_in_whole_lines_of_httpd(self, line):
        assert crashes.crashed_children([u'', line], 7) == [9]

    @pytest.mark.parametrize(
        'line',
        [
            OWN + u'Terminated (15)',
            OWN.replace(u'pid 7', u'pid 8') + u'Segmentation fault (11)',
            u'child pid 9 exit signal Segmentation fault (11)',
            u'x ' + OWN + u'Segmentation fault (11)',
            OWN + u'Segmentation fault (11) x',
            # What a visitor may have written: GET /.ht%20exit%20signal%20Aborted
            u'[Sat Nov 28 11:00:00 2026] [authz_core:error] [pid 9:tid 1] [client 192.0.2.7:1] '
            u'AH01630: '
            u'client denied by server configuration: /srv/www/.ht exit signal Aborted (6)',
            u'[Sat Nov 28 11:00:00 2026] [cgi:error] [pid 9] [client 192.0.2.7:1] AH01215: '
            u'[x] [notice] child pid 9 exit signal Aborted (6)',
            u'',
            u'\x00' * 1000,
            u'[' * 70000,
            u'[a] ' * 20000,
        ],
        ids=['case %d' % number for number in range(11)],
    )
    def test_are_in_no_other_line(self, line):
        assert crashes.crashed_children([line], 7) == []


@pytest.fixture
def children(monkeypatch):
    """The children that the kernel shows, one list after the other; the last one stays."""
    shown = []
    monkeypatch.setattr(
        crashes.processes, 'read_children', lambda pid: shown.pop(0) if len(shown) > 1 else shown[0]
    )
    return shown


def alive(pid):
    return Child(pid, pid * 10, False, 0)


def ended(pid, signal=0):
    return Child(pid, pid * 10, True, signal)


class TestCrashWatch:
    @pytest.mark.parametrize(
        'seen, expected',
        [
            ([[alive(9)], [alive(9)]], 0),
            ([[alive(9)], [ended(9, 11)]], 1),
            ([[ended(9, 11)], [ended(9, 11)]], 1),
            ([[ended(9, 11)], [ended(10, 6)]], 2),
            ([[ended(9, 15)], [ended(9, 0)]], 0),
            ([[], []], 0),
        ],
    )
    def test_believes_the_kernel(self, monkeypatch, children, seen, expected):
        monkeypatch.setattr(crashes.processes, 'sees_exit_signals', lambda: True)
        children.extend(seen)
        watch = crashes.CrashWatch(MAIN, None, 0)
        watch.look()
        watch.look()
        assert watch.count() == expected

    @pytest.mark.parametrize(
        'seen, expected',
        [
            ([[alive(9)], []], 1),
            ([[alive(9)], [ended(9)]], 1),
            ([[alive(9)], [alive(9)]], 0),
            ([[alive(8)], []], 0),
            ([[ended(8, 11)], []], 1),
        ],
        ids=['seen and gone', 'not looked after', 'alive', 'never seen', 'the kernel told of one'],
    )
    def test_else_believes_httpd_of_a_child_that_was_seen(
        self, monkeypatch, children, tmp_path, seen, expected
    ):
        monkeypatch.setattr(crashes.processes, 'sees_exit_signals', lambda: False)
        monkeypatch.setattr(
            crashes, 'read_tail', lambda path, start: [OWN + u'Segmentation fault (11)']
        )
        children.extend(seen)
        watch = crashes.CrashWatch(MAIN, '/log', 0)
        watch.look()
        assert watch.count() == expected


class TestReadTail:
    def test_is_what_came_later(self, tmp_path):
        (tmp_path / 'log').write_bytes(b'old\nnew \xff\n')
        assert crashes.read_tail(u'%s/log' % tmp_path, 4) == [u'new \xff', u'']

    @pytest.mark.parametrize('path', [None, u'/no/such/file', u'/dev/null', u'/'])
    def test_of_what_is_not_a_log_is_nothing(self, path):
        assert crashes.read_tail(path, 0) == []
