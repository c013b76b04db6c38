# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import io
import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._layouts import (
    sysconfig_httpd as layout,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import changes
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

WORKER = '/usr/sbin/httpd.worker'
HTTPD_L = dict(
    (mpm, ['core.c', 'mod_so.c', 'http_core.c', mpm + '.c'])
    for mpm in ('prefork', 'worker', 'event')
)
SHARED_MPM = ['core.c', 'mod_so.c', 'http_core.c']


def init_script():
    """The init script of the test host, which takes HTTPD and PIDFILE as RHEL's does."""
    path = os.path.join(
        hosts.FIXTURES,
        '..',
        '..',
        '..',
        'images',
        'el6',
        'packages',
        'files',
        'httpd',
        'etc',
        'rc.d',
        'init.d',
        'httpd',
    )
    with io.open(path, 'r', encoding='latin-1') as stream:
        return stream.read()


def evidence(sysconfig=hosts.STOCK_SYSCONFIG, init=None, **more):
    return dict(
        {
            layout.CHOICE_FILE: sysconfig,
            layout.INIT_SCRIPT: init_script() if init is None else init,
        },
        **more
    )


def read(found, programs=None):
    """The Choice that this evidence makes. programs: {path: linked modules}."""
    tree = hosts.conf_tree()
    return layout.read_choice(hosts.reading_of(tree, found, programs or {}, '/usr/sbin/httpd'))


class TestDetect:
    def test_takes_a_host_with_the_init_script_and_an_mpm_linked_in(self):
        assert layout.detect(evidence(), {'/usr/sbin/httpd': HTTPD_L['prefork']})

    def test_takes_one_without_the_sysconfig_file(self):
        assert layout.detect(evidence(sysconfig=None), {'/usr/sbin/httpd': HTTPD_L['prefork']})

    @pytest.mark.parametrize(
        'init, compiled',
        [
            (None, {'/usr/sbin/httpd': SHARED_MPM}),
            (None, {'/usr/sbin/httpd': []}),
            (None, {}),
            (u'', {'/usr/sbin/httpd': HTTPD_L['prefork']}),
            (u'#!/bin/sh\nexec /usr/sbin/httpd\n', {'/usr/sbin/httpd': HTTPD_L['prefork']}),
        ],
        ids=[
            'MPM is a module',
            'no answer',
            'no program',
            'no init script',
            'an init script that does not ask',
        ],
    )
    def test_leaves_any_other(self, init, compiled):
        assert not layout.detect(evidence(init=init), compiled)


class TestDefaultBinary:
    @pytest.mark.parametrize(
        'found, default',
        [
            (evidence(), '/usr/sbin/httpd'),
            (evidence(init=u'httpd=${HTTPD-/opt/httpd/bin/httpd}\n'), '/opt/httpd/bin/httpd'),
            ({}, '/usr/sbin/httpd'),
            (evidence(sysconfig=u'HTTPD=%s\n' % WORKER), '/usr/sbin/httpd'),
        ],
        ids=['stock', 'another', 'no init script', 'another is chosen'],
    )
    def test_is_what_the_init_script_falls_back_to(self, found, default):
        assert read(found).default == default


class TestProgram:
    @pytest.mark.parametrize(
        'sysconfig, program',
        [
            (hosts.STOCK_SYSCONFIG, '/usr/sbin/httpd'),
            (u'HTTPD=%s\n' % WORKER, WORKER),
            (u'HTTPD=/no/such/httpd\n', '/usr/sbin/httpd'),
            (u'HTTPD=\n', '/usr/sbin/httpd'),
        ],
        ids=['nothing set', 'one that is there', 'one that is none', 'an empty one'],
    )
    def test_is_the_one_that_is_chosen_if_it_is_one(self, sysconfig, program):
        assert (
            layout.program(
                evidence(sysconfig=sysconfig),
                {'/usr/sbin/httpd': HTTPD_L['prefork'], WORKER: HTTPD_L['worker']},
            )
            == program
        )

    def test_is_asked_by_its_path_alone(self):
        assert layout.LAYOUT.command(WORKER) == [WORKER]


class TestMpms:
    @staticmethod
    def mpms(compiled, sysconfig=hosts.STOCK_SYSCONFIG):
        found = evidence(sysconfig=sysconfig)
        compiled = dict((path, compiled.get(path, [])) for path in layout.candidate_binaries(found))
        return layout.mpms(hosts.reading_of(hosts.conf_tree(), found, compiled, '/usr/sbin/httpd'))

    def test_are_those_that_are_linked_in_whatever_the_programs_are_called(self):
        assert self.mpms(
            {
                '/usr/sbin/httpd': HTTPD_L['worker'],
                '/usr/sbin/httpd.worker': HTTPD_L['prefork'],
                '/usr/sbin/httpd-event': SHARED_MPM,
            }
        ) == {'worker': ('/usr/sbin/httpd', None), 'prefork': ('/usr/sbin/httpd.worker', None)}

    def test_of_two_programs_the_first_is_taken(self):
        assert self.mpms(
            {
                '/usr/sbin/httpd.worker': HTTPD_L['worker'],
                '/usr/sbin/httpd-worker': HTTPD_L['worker'],
            }
        ) == {'worker': (WORKER, None)}

    def test_hold_that_of_the_one_that_is_chosen(self):
        assert self.mpms({'/opt/httpd': HTTPD_L['event']}, u'HTTPD=/opt/httpd\n') == {
            'event': ('/opt/httpd', None)
        }


class TestCandidateBinaries:
    def test_are_the_default_and_its_neighbours(self):
        assert layout.candidate_binaries(evidence()) == [
            '/usr/sbin/httpd',
            '/usr/sbin/httpd.worker',
            '/usr/sbin/httpd-worker',
            '/usr/sbin/httpd.event',
            '/usr/sbin/httpd-event',
        ]

    def test_hold_the_one_that_is_chosen(self):
        assert (
            layout.candidate_binaries(evidence(sysconfig=u'HTTPD=/opt/httpd\n'))[-1] == '/opt/httpd'
        )

    @pytest.mark.parametrize(
        'sysconfig', [None, u'HTTPD=\n', u'HTTPD=httpd.worker\n', u'unset HTTPD\n'], ids=repr
    )
    def test_hold_no_other(self, sysconfig):
        assert len(layout.candidate_binaries(evidence(sysconfig=sysconfig))) == 5


class TestReadChoice:
    @pytest.mark.parametrize(
        'sysconfig, value, line',
        [
            (None, None, None),
            (hosts.STOCK_SYSCONFIG, None, None),
            (u'A=1\nHTTPD=%s\n' % WORKER, WORKER, 2),
            (u'HTTPD=/a\nHTTPD="/b"\n', u'/b', 2),
            (u'HTTPD=\n', u'', 1),
            (u'HTTPD=/a\r\n', u'/a\r', 1),
        ],
        ids=repr,
    )
    def test_gives_value_and_line(self, sysconfig, value, line):
        choice = read(evidence(sysconfig=sysconfig))
        assert (choice.value, choice.line, choice.unclear) == (value, line, None)
        assert (choice.path, choice.text, choice.binary) == (
            layout.CHOICE_FILE,
            sysconfig,
            '/usr/sbin/httpd' if value is None else value,
        )

    @pytest.mark.parametrize(
        'sysconfig, mpm',
        [
            (hosts.STOCK_SYSCONFIG, 'prefork'),
            (u'HTTPD=%s\n' % WORKER, 'worker'),
            (u'HTTPD=/x\n', None),
        ],
    )
    def test_gives_the_mpm_of_the_program_that_is_chosen(self, sysconfig, mpm):
        assert (
            read(
                evidence(sysconfig=sysconfig),
                {'/usr/sbin/httpd': HTTPD_L['prefork'], WORKER: HTTPD_L['worker']},
            ).mpm
            == mpm
        )

    @pytest.mark.parametrize(
        'sysconfig, why',
        [
            (u'HTTPD=$A\n', 'line 1: its value needs a shell ($A)'),
            (
                u'if a; then\nHTTPD=/a\nfi\nHTTPD=/b\n',
                'line 2 is inside a branch, a loop or a function, or after a return',
            ),
            (u'OPTIONS="$OPTIONS -D SSL"\n', 'line 1: its value needs a shell ("$OPTIONS -D SSL")'),
            (u'PIDFILE=`echo /x`\n', 'line 1: its value needs a shell (`echo)'),
            (u'. /etc/other\n', 'it reads /etc/other, which may set HTTPD'),
            (u'[ -f /etc/other ] && . /etc/other\n', 'it reads /etc/other, which may set HTTPD'),
            (u'. /etc/outer\n', 'it reads /etc/other, which may set HTTPD'),
            (u'. /etc/options\n', 'it reads /etc/options, which may set OPTIONS'),
            (u'. $HERE/other\n', 'it reads $HERE/other, which may set HTTPD'),
            (u'. functions\n', 'it reads functions, which may set HTTPD'),
            (u'for f in /etc/d/*; do . "$f"; done\n', 'it reads "$f", which may set HTTPD'),
        ],
        ids=repr,
    )
    def test_says_why_it_cannot_be_told(self, sysconfig, why):
        more = {
            '/etc/other': u'HTTPD=/x\n',
            '/etc/outer': u'. /etc/other\n',
            '/etc/options': u'OPTIONS=-DX\n',
        }
        assert read(evidence(sysconfig=sysconfig, **more)).unclear == why

    def test_lets_a_file_pass_that_sets_something_else(self):
        more = {
            '/etc/profile.d/proxy.sh': u'# HTTPD=/x\nexport http_proxy=a\n. /etc/missing\n',
            '/etc/missing': None,
        }
        choice = read(evidence(sysconfig=u'. /etc/profile.d/proxy.sh\nHTTPD=/a\n', **more))
        assert (choice.value, choice.line, choice.unclear) == (u'/a', 2, None)

    def test_ends_where_files_read_each_other(self):
        more = {'/etc/a': u'. /etc/b\n', '/etc/b': u'. /etc/a\n. %s\n' % layout.CHOICE_FILE}
        choice = read(evidence(sysconfig=u'. /etc/a\n', **more))
        assert (choice.value, choice.line, choice.unclear) == (None, None, None)


class TestReadOptions:
    @pytest.mark.parametrize(
        'sysconfig, options',
        [
            (None, []),
            (hosts.STOCK_SYSCONFIG, []),
            (u'OPTIONS=\n', []),
            (u'OPTIONS="-D SSL  -D\tX"\n', [u'-D', u'SSL', u'-D', u'X']),
            (u'OPTIONS="-f /caf\xc3\xa0"\n', [u'-f', u'/caf\xc3\xa0']),
        ],
        ids=repr,
    )
    def test_gives_the_words(self, sysconfig, options):
        assert layout.read_options(evidence(sysconfig=sysconfig), {}) == options

    @pytest.mark.parametrize(
        'line, options',
        [
            (u'LANG=C daemon --pidfile=${pidfile} $httpd $OPTIONS', [u'-DA', u'-DB']),
            (u'daemon $httpd', [u'-DA']),
            (u'daemon "$httpd" -DS ${OPTIONS} -f "/x" >/y', [u'-DA', u'-DS', u'-DB', u'-f', u'/x']),
            (u'daemon $httpd -DSSL -f $CONF $OPTIONS', [u'-DA', u'-DB']),
            (u'$httpd -t', [u'-DA', u'-DB']),
        ],
    )
    def test_is_in_the_order_of_the_init_script(self, line, options):
        texts = evidence(sysconfig=u'HTTPD="/usr/sbin/httpd.worker -DA"\nOPTIONS=-DB\n')
        texts[layout.INIT_SCRIPT] = u'start() {\n    %s\n}\n' % line
        assert layout.read_options(texts, {}) == options

    def test_of_the_program_stay_when_that_changes(self):
        text = u'A=b\nHTTPD="/usr/sbin/httpd.worker -DA"\n'
        there = layout.write_choice(text, '/usr/sbin/httpd', '/usr/sbin/httpd', ['-DA'])
        assert there == u'A=b\nHTTPD="/usr/sbin/httpd -DA"\n'
        back = layout.write_choice(there, '/usr/sbin/httpd.worker', '/usr/sbin/httpd', ['-DA'])
        assert back == text

    def test_of_the_program_are_no_part_of_its_name(self):
        choice = hosts.choice_of(u'HTTPD="/usr/sbin/httpd.worker -DA"\n')
        assert (choice.binary, choice.mpm) == ('/usr/sbin/httpd.worker', 'worker')


class TestPidFile:
    def test_is_the_one_that_the_init_script_looks_at(self):
        assert layout.pid_file(evidence()) == '/var/run/httpd/httpd.pid'
        assert (
            layout.pid_file(evidence(init=u'pidfile=${PIDFILE-/var/run/httpd.pid}\n'))
            == '/var/run/httpd.pid'
        )
        assert layout.pid_file(evidence(init=u'')) == '/var/run/httpd/httpd.pid'

    def test_is_the_one_that_is_configured(self):
        assert layout.pid_file(evidence(sysconfig=u'PIDFILE=/run/x.pid\n')) == '/run/x.pid'


class TestWriteChoice:
    @pytest.mark.parametrize(
        'text, binary, after',
        [
            (None, '/usr/sbin/httpd', None),
            (None, WORKER, u'HTTPD=%s\n' % WORKER),
            (u'', WORKER, u'HTTPD=%s\n' % WORKER),
            (u'HTTPD=%s\n' % WORKER, '/usr/sbin/httpd', u'#HTTPD=%s\n' % WORKER),
            (u'HTTPD=\n', '/usr/sbin/httpd', u'#HTTPD=\n'),
            (hosts.STOCK_SYSCONFIG, '/usr/sbin/httpd', hosts.STOCK_SYSCONFIG),
        ],
        ids=repr,
    )
    def test_names_the_program_or_nothing_for_the_default(self, text, binary, after):
        assert layout.write_choice(text, binary, '/usr/sbin/httpd') == after


class TestChoose:
    @staticmethod
    def edits(state, mpm):
        tree = layout.LAYOUT.choose(state, state.tree, mpm)
        assert tree == state.tree
        return [
            (edit.path, edit.real, edit.before, edit.after)
            for edit in changes.list_edits(state, tree, mpm)
        ]

    def test_writes_the_file_that_makes_the_choice_where_it_leads(self):
        state = hosts.el6_host()
        state = hosts.changed(
            state,
            paths={hosts.SYSCONFIG: state.disk.paths[hosts.SYSCONFIG]._replace(real='/srv/httpd')},
        )
        after = layout.write_choice(hosts.STOCK_SYSCONFIG, WORKER, '/usr/sbin/httpd')
        assert after != hosts.STOCK_SYSCONFIG
        assert self.edits(state, 'worker') == [
            (hosts.SYSCONFIG, '/srv/httpd', hosts.STOCK_SYSCONFIG, after)
        ]

    @pytest.mark.parametrize(
        'state, mpm',
        [
            (hosts.el6_host(), 'prefork'),
            (hosts.el6_host(running='worker'), 'prefork'),
            (hosts.el6_host(mpms=('prefork',)), 'worker'),
        ],
        ids=['chosen', 'chosen and another runs', 'not installed'],
    )
    def test_writes_nothing_where_nothing_has_to_change(self, state, mpm):
        assert self.edits(state, mpm) == []


class TestSourced:
    @pytest.mark.parametrize(
        'sysconfig, more, found',
        [
            (None, {}, []),
            (u'. /a\n', {}, [u'/a']),
            (u'. /a\n', {u'/a': None}, [u'/a']),
            (u'. /a\n. /b\n', {u'/a': u'. /c\n. /b\n'}, [u'/a', u'/b', u'/c']),
            (u'. /a\n', {u'/a': u'. /a\n'}, [u'/a']),
        ],
        ids=['no file', 'not read yet', 'missing', 'from one another', 'itself'],
    )
    def test_names_what_is_read_as_far_as_it_is_known(self, sysconfig, more, found):
        assert layout.LAYOUT.sourced(evidence(sysconfig=sysconfig, **more)) == found
