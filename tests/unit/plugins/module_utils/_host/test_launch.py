# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._host import launch, services
from ansible_collections.webops.apache.plugins.module_utils._layouts import (
    loadmodule,
    mods_enabled,
    sysconfig_httpd,
)
from ansible_collections.webops.apache.plugins.module_utils._layouts.record import Layout
from ansible_collections.webops.apache.plugins.module_utils._model import (
    CommandResult,
    Launch,
    Process,
    Supervisor,
)
from ansible_collections.webops.apache.plugins.module_utils._system import processes
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

HTTPD = '/usr/sbin/httpd'
MAIN = Process(100, 1, 1100, 'httpd', HTTPD)
INIT = Process(1, 0, 1, 'init', '/sbin/init')
OURS = ['/', '/system.slice/httpd.service']


class TestParseStart:
    @pytest.mark.parametrize(
        'line, environment, options',
        [
            (u'/usr/sbin/httpd -DA -DFOREGROUND', {}, [u'-DA']),
            (u'/usr/bin/nice -n -2 /usr/sbin/httpd -DA -DFOREGROUND', {}, [u'-DA']),
            (u'/usr/bin/numactl -N 0 /usr/bin/chrt -b 0 /usr/sbin/httpd -k start', {}, []),
            (u'/usr/bin/env A=b C= /usr/sbin/httpd -DA', {u'A': u'b', u'C': u''}, [u'-DA']),
            (u'/usr/bin/nice A=b /usr/sbin/httpd', {}, []),
            (u'/usr/bin/nice /usr/sbin/apachectl start', {}, []),
            (u'/usr/sbin/start_apache2 -DSYSTEMD -DFOREGROUND -k start', {}, [u'-DSYSTEMD']),
            (u'/bin/sh -c exec /usr/sbin/httpd -DA', {}, [u'-DA']),
            (u'/usr/sbin/httpd -D FOREGROUND -f /a -c a|b', {}, ['-f', '/a', '-c', 'a|b']),
            (u'/usr/sbin/httpd -D start -X', {}, ['-D', 'start', '-X']),
        ],
        ids=repr,
    )
    def test_finds_the_options_whatever_wraps_the_program(self, line, environment, options):
        assert launch.parse_start(line.split(), HTTPD) == (environment, options)

    @pytest.mark.parametrize(
        'line',
        [
            u'',
            u'/usr/local/bin/start-web',
            u'/opt/other/httpd -DA',
            u'/opt/other/apachectl start',
            u'/usr/bin/nice httpd',
            u'/bin/sh -c /usr/sbin/httpd -DA; sleep 1',
        ],
        ids=repr,
    )
    def test_does_not_guess_what_a_script_does(self, line):
        assert launch.parse_start(line.split(), HTTPD) is None


@pytest.mark.parametrize(
    'words, options',
    [
        ([], []),
        ([HTTPD], []),
        ([HTTPD, '-DA', '-k', 'start'], ['-DA']),
        ([HTTPD, '-DA'] + launch.SHARING, ['-DA']),
        ([HTTPD, '-C', 'Listen 81'], ['-C', 'Listen 81']),
        ([HTTPD, '-DNO_DETACH', '-D', 'FOREGROUND', '-D', 'A'], ['-D', 'A']),
        ([HTTPD, '-f'], ['-f']),
    ],
    ids=repr,
)
def test_what_says_what_to_do_is_no_option(words, options):
    assert launch.options_of(words) == options


@pytest.mark.parametrize(
    'main, parent, groups, options, service, supervisor',
    [
        (MAIN, INIT, OURS, [], hosts.EL9_SERVICE, (model.BY_SERVICE, None)),
        (MAIN, INIT, OURS, ['-DFOREGROUND'], hosts.EL9_SERVICE, (model.BY_SERVICE, None)),
        (MAIN._replace(pid=1), None, [], [], hosts.EL9_SERVICE, (model.BY_CONTAINER, 'httpd')),
        (MAIN._replace(pid=1), None, [], [], hosts.EL6_SERVICE, (model.BY_CONTAINER, 'httpd')),
        (
            MAIN._replace(pid=7),
            Process(6, 1, 5, 'supervisord', None),
            ['/system.slice/supervisord.service'],
            [],
            hosts.EL9_SERVICE,
            (model.BY_PARENT, 'supervisord'),
        ),
        (
            MAIN._replace(pid=7),
            INIT,
            ['/system.slice/monit.service'],
            [],
            hosts.EL9_SERVICE,
            (model.BY_UNIT, 'monit.service'),
        ),
        (
            MAIN._replace(pid=7),
            INIT,
            ['/', '/user.slice/user-0.slice/session-3.scope'],
            [],
            hosts.EL9_SERVICE,
            (model.BY_UNIT, 'session-3.scope'),
        ),
        (MAIN._replace(pid=7), INIT, OURS, [], hosts.EL9_SERVICE, (model.BY_HAND, None)),
        (MAIN._replace(pid=7), INIT, [], [], hosts.EL9_SERVICE, (model.BY_HAND, None)),
        (MAIN, INIT, [], [], hosts.EL6_SERVICE, (model.BY_SERVICE, None)),
        (MAIN, INIT, [], ['-DFOREGROUND'], hosts.EL6_SERVICE, (model.BY_PARENT, 'init')),
        (MAIN, INIT, [], ['-D', 'NO_DETACH'], hosts.EL6_SERVICE, (model.BY_PARENT, 'init')),
        (MAIN, INIT, [], ['-X'], hosts.EL6_SERVICE, (model.BY_PARENT, 'init')),
        (
            MAIN,
            Process(9, 1, 5, 'runsv', None),
            [],
            ['-DFOREGROUND'],
            hosts.EL6_SERVICE,
            (model.BY_PARENT, 'runsv'),
        ),
        (MAIN, None, [], [], hosts.EL6_SERVICE, (model.BY_PARENT, None)),
    ],
)
def test_tells_who_started_a_server(main, parent, groups, options, service, supervisor):
    found = launch.judge_supervisor(main, parent, groups, options, service)
    assert found == Supervisor(*supervisor)


class Host(object):
    """A host whose service has a main process; `env` of a shell says what it was given."""

    def __init__(self, monkeypatch, words=(), environment=()):
        self.words, self.environment = [HTTPD] + list(words), dict(environment)
        monkeypatch.setattr(processes, 'read_process', lambda pid: MAIN if pid == 100 else None)
        monkeypatch.setattr(processes, 'noted_process', lambda path: MAIN)
        monkeypatch.setattr(processes, 'runs_one_of', lambda main, programs: True)
        monkeypatch.setattr(processes, 'command_line', lambda pid: self.words)
        monkeypatch.setattr(processes, 'environment_of', lambda pid: self.environment)
        monkeypatch.setattr(services, 'find_program', lambda name: '/bin/' + name)
        monkeypatch.setattr(services, 'read_settings', {'/e': u'OPTIONS="-DA -DB"\n'}.get)

    def __call__(self, argv, environment=None):
        if argv[-1] == 'show-environment':
            return CommandResult(argv, 0, u"LANG=C\nODD=$'a b'\n", u'')
        lines = [u'%s=%s' % item for item in sorted((environment or {}).items())]
        return CommandResult(argv, 0, u'\n'.join(lines + [u'APACHE_ARGUMENTS=-D X', u'PWD=/']), u'')


def unit(argv, **properties):
    return dict(properties, MainPID=u'100', ExecStart=u'{ path=/x ; argv[]=%s ; }' % argv)


class TestReadServiceLaunch:
    def test_of_a_unit_is_what_systemd_would_start(self, monkeypatch):
        found = launch.read_service_launch(
            Host(monkeypatch, ['-DOLD']),
            loadmodule.LAYOUT,
            {},
            HTTPD,
            unit(
                u'/usr/bin/nice /usr/sbin/httpd $OPTIONS -DFOREGROUND',
                Environment=u'SITE_PORT=8088 LANG=de',
                EnvironmentFiles=u'/e (ignore_errors=no)',
                User=u'root',
            ),
        )
        assert found == Launch(
            options=[u'-DA', u'-DB'],
            environment={u'LANG': u'de', u'SITE_PORT': u'8088', u'OPTIONS': u'-DA -DB'},
            program=HTTPD,
            user=0,
        )

    def test_of_a_script_that_nobody_knows_is_what_runs(self, monkeypatch):
        host = Host(
            monkeypatch, ['-DA', '-DFOREGROUND'], {'A': 'b', 'INVOCATION_ID': 'x', 'PWD': '/'}
        )
        shown = unit(u'/usr/local/bin/start-web', Environment=u'B=c')
        found = launch.read_service_launch(host, loadmodule.LAYOUT, {}, HTTPD, shown)
        assert (found.options, found.environment) == (['-DA'], {'A': 'b'})

    def test_of_debian_has_what_envvars_sets(self, monkeypatch):
        monkeypatch.setattr(launch, 'read_text', lambda path: u'')
        monkeypatch.setattr(
            launch, 'judge_path', lambda path, text: model.PathFacts(path, path, None, 'utf-8')
        )
        shown = unit(u'/usr/sbin/apachectl start', Environment=u'SITE_PORT=8088')
        found = launch.read_service_launch(
            Host(monkeypatch), mods_enabled.LAYOUT, {}, '/usr/sbin/apache2', shown
        )
        assert found.options == [u'-D', u'X']
        assert found.environment == {
            u'LANG': u'C',
            u'SITE_PORT': u'8088',
            u'APACHE_ARGUMENTS': u'-D X',
        }

    def test_runs_no_script_that_others_can_change(self, monkeypatch):
        monkeypatch.setattr(launch, 'read_text', lambda path: u'')
        monkeypatch.setattr(
            launch, 'judge_path', lambda path, text: model.PathFacts(path, path, 'bad', 'utf-8')
        )
        shown = unit(u'/usr/sbin/apachectl start')
        found = launch.read_service_launch(
            Host(monkeypatch), mods_enabled.LAYOUT, {}, '/usr/sbin/apache2', shown
        )
        assert (found.options, found.environment) == ([], {u'LANG': u'C'})

    def test_of_a_script_of_init_has_what_its_files_export(self, monkeypatch):
        evidence = {
            sysconfig_httpd.INIT_SCRIPT: u'export A=b\n',
            sysconfig_httpd.CHOICE_FILE: u'export B=$(x)\nexport C=$(y)\nOPTIONS=-DA\n',
        }
        host = Host(monkeypatch, environment={'B': 'as it runs', 'D': 'e'})
        found = launch.read_service_launch(
            host, sysconfig_httpd.LAYOUT, evidence, HTTPD, None
        )
        assert (found.options, found.environment) == ([u'-DA'], {u'A': u'b', u'B': 'as it runs'})


def test_a_layout_exports_and_reads_nothing_by_itself():
    assert Layout().exports({}) == ({}, frozenset()) and Layout().sources == ()
