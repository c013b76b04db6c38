# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Listener, Process
from ansible_collections.webops.apache.plugins.module_utils._orders import Evidence
from ansible_collections.webops.apache.plugins.module_utils._system import (
    family,
    processes,
    sockets,
)

HTTPD, WORKER = '/usr/sbin/httpd', '/usr/sbin/httpd.worker'
APACHE, MALLORY = 48, 1001
# Ours is 100 with its children, and it listens on 80 with the socket 7080.
EVIDENCE = Evidence(
    [HTTPD, WORKER], owners=list(family.ROOT), users=[APACHE], sockets=[7080], ports=[80]
)


class Host(object):
    """A process table: pid, parent, program, user, sockets held (None: nobody can see)."""

    def __init__(self, monkeypatch, *rows):
        self.rows = dict((row[0], row) for row in rows)
        self.listening = [Listener(4, '0.0.0.0', 80, 7080, 0), Listener(4, '0.0.0.0', 22, 7022, 0)]
        monkeypatch.setattr(processes, 'read_processes', self.read)
        monkeypatch.setattr(processes, 'users_of', lambda pid: set([self.rows[pid][3]]))
        monkeypatch.setattr(processes, '_shares_our_root', lambda pid: pid < 900)
        monkeypatch.setattr(
            processes, 'control_groups', lambda pid: set(['/system.slice/httpd@%d.service' % pid])
        )
        monkeypatch.setattr(sockets, 'held_sockets', self.held)
        monkeypatch.setattr(sockets, 'read_listeners', lambda: self.listening)

    def read(self):
        return [
            Process(pid, parent, 1000 + pid, os.path.basename(program or 'httpd'), program)
            for pid, parent, program, _user, _held in sorted(self.rows.values())
        ]

    def held(self, pid):
        held = self.rows[pid][4]
        return None if held is None else set(held)


@pytest.fixture
def host(monkeypatch):
    return lambda *rows: Host(monkeypatch, *rows)


OURS = [
    (1, 0, '/sbin/init', 0, ()),
    (100, 1, HTTPD, 0, (7080,)),
    (101, 100, HTTPD, APACHE, (7080,)),
    (102, 100, HTTPD, APACHE, (7080,)),
]


def pids(found):
    return sorted(process.pid for process in found)


class TestFindFamily:
    @pytest.mark.parametrize(
        'more, found',
        [
            ([], [100, 101, 102]),
            # Others run the same program, or one of its name, with children of any depth.
            ([(200, 1, HTTPD, MALLORY, ()), (201, 200, HTTPD, MALLORY, ())], [100, 101, 102]),
            (
                [(200, 1, '/home/m/httpd', MALLORY, ()), (201, 1, None, MALLORY, None)],
                [100, 101, 102],
            ),
            # They listen on ports of their own.
            ([(200, 1, HTTPD, MALLORY, (9999,))], [100, 101, 102]),
            # A page starts the same program: its parent is a child of ours.
            ([(200, 101, HTTPD, APACHE, ()), (201, 200, HTTPD, APACHE, ())], [100, 101, 102]),
            ([(200, 1, HTTPD, APACHE, ())], [100, 101, 102]),
            # A page starts any program, and that has our socket: it keeps the port.
            ([(200, 101, '/bin/sleep', APACHE, (7080,))], [100, 101, 102, 200]),
            ([(200, 1, '/bin/sleep', MALLORY, (7080,))], [100, 101, 102, 200]),
            # Root starts another one by hand, or a start that failed has left it.
            ([(200, 1, WORKER, 0, ()), (201, 200, WORKER, APACHE, ())], [100, 101, 102, 200, 201]),
            # A container of root's on this host.
            ([(900, 1, HTTPD, 0, ()), (901, 900, HTTPD, APACHE, ())], [100, 101, 102]),
            # What main processes start for themselves, such as a program that takes the log.
            ([(200, 100, '/usr/sbin/rotatelogs', 0, ())], [100, 101, 102]),
        ],
        ids=[
            'alone',
            'same program',
            'same name',
            'own ports',
            'of a page',
            'left by a page',
            'has our socket',
            'was given our socket',
            'of root',
            'in a container',
            'helper',
        ],
    )
    def test_goes_by_who_runs_what(self, host, more, found):
        host(*(OURS + more))
        assert pids(family.find_family(EVIDENCE)) == found

    def test_has_a_server_that_runs_as_another_user(self, host):
        host(
            (1, 0, '/sbin/init', 0, ()),
            (100, 1, HTTPD, APACHE, (7080,)),
            (101, 100, HTTPD, APACHE, (7080,)),
            (200, 1, HTTPD, MALLORY, ()),
        )
        assert pids(
            family.find_family(EVIDENCE._replace(owners=[0, APACHE], users=[]))
        ) == [100, 101]

    @pytest.mark.parametrize(
        'changes, found',
        [
            ({'spare': [100]}, [200]),
            ({'spare_services': ['httpd@200.service']}, [100, 101, 102]),
            ({}, [100, 101, 102, 200]),
        ],
        ids=repr,
    )
    def test_leaves_other_servers_out(self, host, changes, found):
        host(*(OURS + [(200, 1, HTTPD, 0, ())]))
        assert pids(family.find_family(EVIDENCE._replace(**changes))) == found

    @pytest.mark.parametrize('unseen, found', [(False, [101, 102, 300]), (True, [101, 102])])
    def test_has_orphans_that_hold_the_sockets(self, host, unseen, found):
        """unseen: root cannot see what other users' processes hold, nor what they run."""
        orphans = [
            (pid, 1, None if unseen else HTTPD, APACHE, None if unseen else (7080,))
            for pid in (101, 102)
        ]
        others = [
            (200, 1, None, MALLORY, None),
            (201, 1, HTTPD, APACHE, ()),
            (300, 1, '/bin/sleep', MALLORY, None if unseen else (7080,)),
        ]
        host(*([(1, 0, '/sbin/init', 0, ())] + orphans + others))
        assert pids(family.find_family(EVIDENCE)) == found

    def test_has_what_cannot_be_looked_into_and_is_in_the_group_of_its_service(self, host):
        host((200, 1, None, APACHE, None), (201, 1, '/bin/sleep', APACHE, None))
        groups = ['/system.slice/httpd@201.service']
        assert pids(family.find_family(EVIDENCE)) == [200]
        assert pids(family.find_family(EVIDENCE._replace(groups=groups))) == [200, 201]

    def test_has_orphans_of_a_server_that_started_later(self, host):
        """It has other sockets than were noted; one that another user made is not ours."""
        made = host(
            (1, 0, '/sbin/init', 0, ()),
            (301, 1, WORKER, APACHE, (8080,)),
            (302, 1, '/usr/sbin/nginx', 0, (8081,)),
            (303, 1, WORKER, MALLORY, (8082,)),
        )
        made.listening = [
            Listener(4, '127.0.0.%d' % number, 80, 8080 + number, user)
            for number, user in enumerate((0, 0, MALLORY))
        ]
        assert pids(family.find_family(EVIDENCE)) == [301]

    def test_looks_for_no_sockets_where_those_of_the_main_process_are_all(self, host, monkeypatch):
        host(*OURS)
        searched = []
        monkeypatch.setattr(family, 'find_holders', lambda *words: searched.append(words) or [])
        family.find_family(EVIDENCE._replace(sockets=[]))
        assert searched == []


class TestFindHolders:
    def test_gives_up_in_the_end(self, host, monkeypatch):
        made = host(*(OURS + [(200, 1, '/bin/sleep', MALLORY, (7080,))]))
        monkeypatch.setattr(family, 'SEARCH_SECONDS', -1)
        assert len(family.find_holders(set([7080]), made.read()[1:])) == 1

    def test_is_right_about_this_process(self):
        me = processes.read_process(os.getpid())
        held = sockets.held_sockets(me.pid)
        assert family.find_holders(held or set([1]), [me]) == (
            [family.Holder(me, held)] if held else []
        )


class TestIsOwned:
    @pytest.mark.parametrize(
        'users, owned',
        [([0], True), ([0, 48], False), ([1001, 0], False), ([1001], False), ([], False)],
        ids=['root', 'changing', 'set-user-ID', 'other', 'gone'],
    )
    def test_wants_all_the_users_that_a_process_has(self, monkeypatch, users, owned):
        monkeypatch.setattr(processes, 'users_of', lambda pid: set(users))
        assert family.is_owned(Process(5, 1, 1, 'httpd', HTTPD), [0]) is owned

    def test_is_right_about_this_process(self):
        me = processes.read_process(os.getpid())
        assert family.is_owned(me, [os.getuid()]) and not family.is_owned(me, [os.getuid() + 1])


class TestDescribe:
    @pytest.mark.parametrize(
        'program, shown',
        [
            ('/usr/bin/python3', '/usr/bin/python3'),
            (u'/home/m/\x1b[2Jx\u202ey', '/home/m/?[2Jx?y'),
            ('/' + 'x' * 500, '/' + 'x' * 99),
        ],
    )
    def test_names_the_process_and_no_more_of_what_its_user_chose(
        self, monkeypatch, program, shown
    ):
        monkeypatch.setattr(processes, 'users_of', lambda pid: set([0]))
        assert (
            family.describe(Process(5, 1, 1, 'x', program)) == 'process 5 (%s, user root)' % shown
        )

    @pytest.mark.parametrize('users, shown', [([4242424], '4242424'), ([], 'unknown')])
    def test_names_a_user_without_a_name_by_number(self, monkeypatch, users, shown):
        monkeypatch.setattr(processes, 'users_of', lambda pid: set(users))
        assert family.describe(Process(5, 1, 1, 'x', None)) == 'process 5 (x, user %s)' % shown
