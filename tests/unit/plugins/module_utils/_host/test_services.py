# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import CommandError
from ansible_collections.webops.apache.plugins.module_utils._host import services
from ansible_collections.webops.apache.plugins.module_utils._model import (
    CommandResult,
    Dependent,
    PathFacts,
    Process,
    Service,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

CONTROL = '/usr/bin/systemctl'
SHOW = [CONTROL, 'show', '--property', ','.join(services.PROPERTIES), '--', 'httpd']
PID_FILE = '/run/httpd/httpd.pid'


def exec_start(argv):
    return (
        u'{ path=%s ; argv[]=%s ; ignore_errors=no ; start_time=[Mon 2026-11-23 08:00:00 UTC] ; '
        u'stop_time=[n/a] ; pid=100 ; '
        u'code=(null) ; status=0/0 }' % (argv.split()[0], argv)
    )


def shown(**properties):
    """What `systemctl show` prints for a unit of EL9 that runs."""
    unit = dict(
        {
            'LoadState': u'loaded',
            'UnitFileState': u'enabled',
            'MainPID': u'100',
            'TriggeredBy': u'',
            'ExecStart': exec_start(u'/usr/sbin/httpd $OPTIONS -DFOREGROUND'),
            'Environment': u'LANG=C',
        },
        **properties
    )
    return u''.join(u'%s=%s\n' % item for item in sorted(unit.items()))


@pytest.fixture
def systemd(monkeypatch, tmpdir):
    """A host that systemd runs, with these programs on its path."""
    programs = {'systemctl': CONTROL, 'service': '/sbin/service'}
    monkeypatch.setattr(services, 'SYSTEMD', str(tmpdir))
    monkeypatch.setattr(services, 'find_program', programs.get)
    return programs


def read(*answers):
    run = ScriptedRunner(*answers)
    found = services.read_service(run, 'httpd', PID_FILE, services.ask_unit(run, 'httpd'))
    assert run.left == []
    return found


class TestReadService:
    def test_tells_systemd_what_is_going_to_happen(self, systemd):
        assert read((SHOW, shown())) == Service(
            'httpd',
            'systemd',
            [CONTROL, 'start', '--', 'httpd'],
            [CONTROL, 'stop', '--', 'httpd'],
            PID_FILE,
            begin_stop=[CONTROL, 'stop', '--no-block', '--', 'httpd'],
            prepare=[CONTROL, 'reset-failed', '--', 'httpd'],
            main_pid=100,
            unit=services.parse_unit(shown()),
        )

    @pytest.mark.parametrize('main_pid, found', [(u'0', None), (u'', None), (u'7', 7)])
    def test_knows_no_main_process_where_systemd_knows_none(self, systemd, main_pid, found):
        assert read((SHOW, shown(MainPID=main_pid))).main_pid == found

    @pytest.mark.parametrize(
        'main_pid, group, noted, found',
        [
            (u'0', u'/system.slice/apache.service', 30, 30),
            (u'0', u'/system.slice/apache.service', None, None),
            (u'0', u'/system.slice/b.service', 30, None),
            (u'0', u'', 30, None),
            (u'7', u'/system.slice/apache.service', 30, 7),
        ],
        ids=repr,
    )
    def test_knows_it_by_the_group_where_systemd_keeps_no_account(
        self, systemd, monkeypatch, main_pid, group, noted, found
    ):
        monkeypatch.setattr(
            services.processes,
            'noted_process',
            lambda path: noted and Process(noted, 1, 5, 'httpd', '/usr/sbin/httpd'),
        )
        monkeypatch.setattr(
            services.processes,
            'control_groups',
            lambda pid: set(['/', '/system.slice/apache.service']),
        )
        assert read((SHOW, shown(MainPID=main_pid, ControlGroup=group))).main_pid == found

    @pytest.mark.parametrize(
        'properties, masked',
        [
            ({}, False),
            ({'UnitFileState': u'disabled'}, False),
            ({'LoadState': u'masked'}, True),
            ({'UnitFileState': u'masked'}, True),
            ({'LoadState': u'masked', 'UnitFileState': u'masked-runtime', 'ExecStart': u''}, True),
        ],
        ids=repr,
    )
    def test_sees_that_a_unit_is_masked(self, systemd, properties, masked):
        service = read((SHOW, shown(**properties)))
        assert (service.manager, service.masked) == ('systemd', masked)

    @pytest.mark.parametrize(
        'triggers, active, socket',
        [
            (u'', [], None),
            (u'httpd.socket', [(u'httpd.socket', u'active\n')], 'httpd.socket'),
            (u'httpd.socket', [(u'httpd.socket', u'inactive\n')], None),
            (u'httpd.path httpd.timer', [], None),
            (
                u'a.socket b.socket',
                [(u'a.socket', u'failed\n'), (u'b.socket', u'active\n')],
                'b.socket',
            ),
        ],
        ids=repr,
    )
    def test_names_the_active_unit_that_listens_in_its_place(
        self, systemd, triggers, active, socket
    ):
        asked = [([CONTROL, 'is-active', '--', name], answer) for name, answer in active]
        assert read((SHOW, shown(TriggeredBy=triggers)), *asked).socket == socket

    @pytest.mark.parametrize(
        'mode, ends_all',
        [(u'control-group', True), (u'mixed', True), (u'process', False), (u'none', False)],
    )
    def test_tells_whether_all_of_its_group_ends_with_it(self, systemd, mode, ends_all):
        assert read((SHOW, shown(KillMode=mode))).ends_all is ends_all

    @pytest.mark.parametrize(
        'programs, base',
        [({'service': '/sbin/service'}, ['/sbin/service', 'httpd']), ({}, ['/etc/init.d/httpd'])],
        ids=['service', 'init script'],
    )
    def test_without_systemd_is_one_of_init(self, systemd, programs, base):
        systemd.clear()
        systemd.update(programs)
        assert read() == Service('httpd', 'sysv', base + ['start'], base + ['stop'], PID_FILE)

    def test_is_one_of_init_where_systemd_has_no_such_unit(self, systemd):
        service = read((SHOW, shown(LoadState=u'not-found', UnitFileState=u'', MainPID=u'0')))
        assert (service.manager, service.begin_stop, service.prepare, service.main_pid) == (
            'sysv',
            None,
            None,
            None,
        )


class TestAskUnit:
    def test_asks_nobody_where_systemd_does_not_run(self, systemd, monkeypatch, tmpdir):
        monkeypatch.setattr(services, 'SYSTEMD', str(tmpdir.join('none')))
        assert services.ask_unit(ScriptedRunner(), 'httpd') is None

    def test_asks_nobody_where_there_is_no_systemctl(self, systemd):
        del systemd['systemctl']
        assert services.ask_unit(ScriptedRunner(), 'httpd') is None

    @pytest.mark.parametrize(
        'answer',
        [
            u'',
            u'Failed to connect to bus\n',
            shown(LoadState=u'not-found'),
            shown(LoadState=u'error'),
        ],
        ids=['nothing', 'no answer', 'unknown', 'broken'],
    )
    def test_knows_no_unit_that_cannot_be_started(self, systemd, answer):
        run = ScriptedRunner((SHOW, answer))
        assert services.ask_unit(run, 'httpd') is None
        assert run.left == []

    @pytest.mark.parametrize('load_state', [u'loaded', u'masked'])
    def test_gives_the_properties(self, systemd, load_state):
        unit = services.ask_unit(ScriptedRunner((SHOW, shown(LoadState=load_state))), 'httpd')
        assert (unit['LoadState'], unit['MainPID'], unit['Environment']) == (
            load_state,
            u'100',
            u'LANG=C',
        )


class TestParseUnit:
    @pytest.mark.parametrize(
        'text, unit',
        [
            (u'', {}),
            (u'no equals sign\n', {}),
            (u'A=\n', {u'A': u''}),
            (u'A=b=c\nB=d', {u'A': u'b=c', u'B': u'd'}),
            (u'F=/a (x)\nB=1\nF=/b (y)\n', {u'F': u'/a (x)\n/b (y)', u'B': u'1'}),
        ],
        ids=repr,
    )
    def test_takes_every_line(self, text, unit):
        assert services.parse_unit(text) == unit


class TestStartedWith:
    @staticmethod
    def words(argv, files=None, **properties):
        unit = services.parse_unit(shown(ExecStart=exec_start(argv), **properties))
        return services.started_with(unit, (files or {}).get)

    @pytest.mark.parametrize(
        'argv, words',
        [
            (u'/usr/sbin/httpd -DFOREGROUND', [u'/usr/sbin/httpd', u'-DFOREGROUND']),
            (
                u'/usr/sbin/httpd $OPTIONS -DFOREGROUND',
                [u'/usr/sbin/httpd', u'-DA', u'-DFOREGROUND'],
            ),
            (
                u'/usr/sbin/httpd ${OPTIONS} -DFOREGROUND',
                [u'/usr/sbin/httpd', u'-DA', u'-DFOREGROUND'],
            ),
            (
                u'/usr/sbin/httpd $NONE ${NONE} -DFOREGROUND',
                [u'/usr/sbin/httpd', u'', u'-DFOREGROUND'],
            ),
            (
                u'/usr/sbin/httpd -f ${FILE} -D$OPTIONS',
                [u'/usr/sbin/httpd', u'-f', u'', u'-D$OPTIONS'],
            ),
            (u'/usr/sbin/httpd -d/${LANG}/${NO}', [u'/usr/sbin/httpd', u'-d/C/']),
        ],
        ids=['none', 'plain', 'in braces', 'unset', 'within a word', 'in braces within a word'],
    )
    def test_fills_variables_in(self, argv, words):
        assert self.words(argv, Environment=u'LANG=C OPTIONS=-DA') == words

    @pytest.mark.parametrize(
        'variable, words',
        [(u'$OPTIONS', [u'-D', u'SSL', u'-DX']), (u'${OPTIONS}', [u'-D SSL  -DX'])],
    )
    def test_cuts_into_words_what_stands_without_braces(self, variable, words):
        files = {'/etc/sysconfig/httpd': u'OPTIONS="-D SSL  -DX"\n'}
        assert (
            self.words(
                u'/usr/sbin/httpd ' + variable,
                files,
                EnvironmentFiles=u'/etc/sysconfig/httpd (ignore_errors=no)',
            )[1:]
            == words
        )

    @pytest.mark.parametrize(
        'text, words',
        [
            (None, [u'-DENV']),
            (u'', [u'-DENV']),
            (u'#OPTIONS=-DA\n', [u'-DENV']),
            (u'OPTIONS=-DA\n', [u'-DA']),
            (u'OPTIONS=\n', []),
            (u"OPTIONS='-DA'\nOPTIONS=-DB -DC", [u'-DB', u'-DC']),
            (u'LANG=C\r\n  OPTIONS=-DA  \r\n', [u'-DA']),
        ],
        ids=repr,
    )
    def test_reads_the_files_of_the_unit_behind_its_own_environment(self, text, words):
        files = {'/etc/sysconfig/httpd': text}
        found = self.words(
            u'/usr/sbin/httpd $OPTIONS',
            files,
            Environment=u'OPTIONS=-DENV',
            EnvironmentFiles=u'/etc/sysconfig/httpd (ignore_errors=yes)',
        )
        assert found[1:] == words

    def test_of_several_files_the_last_counts(self):
        unit = services.parse_unit(
            shown(ExecStart=exec_start(u'/usr/sbin/httpd $OPTIONS'))
            + u'EnvironmentFiles=/a (ignore_errors=no)\nEnvironmentFiles=/b (ignore_errors=yes)\n'
        )
        assert services.started_with(unit, {'/a': u'OPTIONS=-DA\n', '/b': u'OPTIONS=-DB\n'}.get)[
            1:
        ] == [u'-DB']
        assert services.started_with(unit, {'/a': u'OPTIONS=-DA\n'}.get)[1:] == [u'-DA']

    def test_reads_the_files_as_systemctl_of_el7_names_them(self):
        files = {'/etc/sysconfig/httpd': u'OPTIONS=-DA\n'}
        assert self.words(
            u'/usr/sbin/httpd $OPTIONS',
            files,
            EnvironmentFile=u'/etc/sysconfig/httpd (ignore_errors=no)',
        )[1:] == [u'-DA']

    def test_reads_a_variable_with_blanks(self):
        assert self.words(u'/usr/sbin/httpd $OPTIONS', Environment=u'LANG=C "OPTIONS=-DA -DB"')[
            1:
        ] == [u'-DA', u'-DB']
        lines = u'LANG=C\nEnvironment="OPTIONS=-DA -DB"'
        assert self.words(u'/usr/sbin/httpd $OPTIONS', Environment=lines)[1:] == [u'-DA', u'-DB']

    @pytest.mark.parametrize(
        'unit', [None, {}, {'ExecStart': u''}, {'ExecStart': u'{ path=/x }'}], ids=repr
    )
    def test_is_nothing_where_nothing_is_known(self, unit):
        assert [word for word in services.started_with(unit, {}.get) if word] == []


class TestAskScript:
    SERVICE = Service('httpd', 'sysv', ['/sbin/service', 'httpd', 'start'], [], PID_FILE)
    STATUS = ['/sbin/service', 'httpd', 'status']

    @pytest.fixture
    def script(self, monkeypatch, tmpdir):
        monkeypatch.setattr(services, 'SCRIPTS', (str(tmpdir),))
        monkeypatch.setattr(
            services, 'judge_path', lambda path, text: PathFacts(path, path, None, 'utf-8')
        )
        found = tmpdir.join('httpd')
        found.write('#!/bin/sh\n')
        found.chmod(0o755)
        return found

    def ask(self, *answer):
        run = ScriptedRunner(*[(self.STATUS, CommandResult([], *answer))] if answer else [])
        found = services.ask_script(run, self.SERVICE)
        assert run.left == []
        return found

    @pytest.mark.parametrize(
        'answer, right',
        [
            ((0, u'httpd (pid  7) is running...\n', u''), True),
            ((0, u'', u''), True),
            ((1, u'httpd dead but pid file exists\n', u''), True),
            ((3, u'httpd is stopped\n', u''), True),
            ((2, u'Usage: httpd {start|stop}\n', u''), True),
            ((3, u'', u'Usage: /etc/init.d/httpd {start|stop}\n'), True),
            ((1, u'', u'httpd: unrecognized service\n'), False),
            ((2, u'', u'/etc/init.d/httpd: line 3: syntax error\n'), False),
            ((5, u'', u''), False),
            ((127, u'', u'status: command not found\n'), False),
            ((126, u'x', u'Permission denied\n'), False),
        ],
        ids=repr,
    )
    def test_hears_whether_it_can_say_how_its_service_is(self, script, answer, right):
        problem = self.ask(*answer)
        assert (problem is None) is right
        assert right or ('exit code %d' % answer[0] in problem and 'status' in problem)

    def test_asks_no_script_that_may_not_run(self, script):
        script.chmod(0o644)
        assert 'no script %s' % script in self.ask()

    def test_runs_none_that_others_can_change(self, script, monkeypatch):
        monkeypatch.setattr(
            services, 'judge_path', lambda path, text: PathFacts(path, path, 'bad', 'utf-8')
        )
        assert self.ask() is None

    @pytest.mark.parametrize('state', [u'bad-setting', u'error'])
    def test_does_not_believe_a_script_whose_unit_cannot_be_used(self, script, systemd, state):
        run = ScriptedRunner((SHOW, shown(LoadState=state)))
        assert 'LoadState=%s' % state in services.ask_script(run, self.SERVICE)

    def test_waits_for_none_for_ever(self, script):
        def run(argv, timeout):
            raise CommandError('It did not end within %d s.' % timeout)

        assert services.ask_script(run, self.SERVICE) == 'It did not end within 15 s.'


class TestReadDependents:
    def read(self, unit, **shown_by_name):
        def run(argv):
            lines = shown_by_name[argv[-1].partition('.')[0]]
            text = u'\n'.join(u'%s=%s' % item for item in sorted(lines.items()))
            return CommandResult(argv, 0, text, u'')

        return services.read_dependents(run, 'httpd', unit)

    def unit(self, name, **properties):
        return dict(
            {'Id': name, 'LoadState': u'loaded', 'ActiveState': u'active'}, **properties
        )

    @pytest.mark.parametrize('bond', services._BONDS)
    def test_are_the_units_that_run_and_go_with_it(self, systemd, bond):
        found = self.read(
            {bond: u'a.service b.service'},
            a=self.unit(u'a.service'),
            b=self.unit(u'b.service', ActiveState=u'inactive', BoundBy=u'c.service'),
        )
        assert found == [Dependent(u'a.service', None)]

    def test_are_those_of_dependents_too_and_each_once(self, systemd):
        found = self.read(
            {'BoundBy': u'a.service', 'ConsistsOf': u'a.service'},
            a=self.unit(u'a.service', RequiredBy=u'b.timer httpd.service'),
            b=self.unit(u'b.timer', BoundBy=u'a.service'),
        )
        assert [unit.name for unit in found] == [u'a.service', u'b.timer']

    @pytest.mark.parametrize(
        'name, properties, words',
        [
            (u'a.target', {}, 'start other units'),
            (u'a.service', {'LoadState': u'not-found'}, 'no unit'),
            (u'a.service', {'UnitFileState': u'masked-runtime'}, 'no unit'),
            (u'a.service', {'RefuseManualStart': u'yes'}, 'by hand'),
            (u'a.service', {'Transient': u'yes'}, 'gone when it is stopped'),
            (u'a.service', {'ActiveState': u'activating'}, 'just being started'),
            (u'a.socket', {'RefuseManualStart': u'no', 'Transient': u'no'}, None),
        ],
        ids=repr,
    )
    def test_say_why_they_could_not_be_started_again(self, systemd, name, properties, words):
        (found,) = self.read({'BoundBy': name}, a=self.unit(name, **properties))
        assert words in found.problem if words else found.problem is None
