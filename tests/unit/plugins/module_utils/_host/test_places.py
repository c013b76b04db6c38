# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._host import places, services
from ansible_collections.webops.apache.plugins.module_utils._layouts.table import LAYOUTS
from ansible_collections.webops.apache.plugins.module_utils._model import (
    CommandResult,
    Launch,
    Place,
)

CONTROL = '/usr/bin/systemctl'
SCL, WRAPPER = (
    '/opt/rh/httpd24/root/usr/sbin/httpd',
    '/opt/rh/httpd24/root/usr/sbin/httpd-scl-wrapper',
)
JBCS = '/opt/rh/jbcs-httpd24/root/usr/sbin/httpd'
SOURCE, APACHECTL = '/usr/local/apache2/bin/httpd', '/usr/local/apache2/bin/apachectl'
ROOT = ['-d', '/usr/local/apache2']


class Runner(object):
    """Answers `systemctl show` with a unit, and a shell with an environment; notes what was
    asked, and in which environment.
    """

    def __init__(self, exec_start=None, printed=u'', **properties):
        self.printed, self.asked = printed, []
        self.shown = (
            u'LoadState=not-found\n'
            if exec_start is None
            else u''.join(
                u'%s=%s\n' % item
                for item in dict(
                    properties,
                    LoadState=u'loaded',
                    ExecStart=u'{ path=/x ; argv[]=%s ; ignore_errors=no }' % exec_start,
                ).items()
            )
        )

    def __call__(self, argv, environment=None):
        self.asked.append((argv, environment))
        return CommandResult(argv, 0, self.shown if argv[0] == CONTROL else self.printed, u'')


@pytest.fixture(autouse=True)
def systemd(monkeypatch, tmpdir):
    """A host of systemd without any script of init."""
    monkeypatch.setattr(services, 'SYSTEMD', str(tmpdir))
    monkeypatch.setattr(services, 'SCRIPTS', (str(tmpdir.join('init.d')),))
    monkeypatch.setattr(services, 'find_program', {'systemctl': CONTROL}.get)


def start(runner, binary=None, service=None, config=None):
    return places.read_start(runner, Place(binary, service, config))


class TestReadStart:
    @pytest.mark.parametrize(
        'place, exec_start, options',
        [
            ((SCL, 'httpd24-httpd', None), WRAPPER + u' -DFOREGROUND', []),
            ((SCL, 'httpd24-httpd', None), SCL + u' -DSSL -DFOREGROUND', ['-DSSL']),
            ((JBCS, 'jbcs-httpd24-httpd', None), JBCS + u' -DFOREGROUND', []),
            ((SOURCE, 'apache', None), APACHECTL + u' -d /usr/local/apache2 -k start', ROOT),
            ((SOURCE, 'apache', None), SOURCE + u' -k start -d /usr/local/apache2', ROOT),
            ((SOURCE, 'apache', None), APACHECTL + u' start', []),
            ((SOURCE, 'apache', None), APACHECTL + u' graceful', []),
            (
                (SOURCE, 'apache', None),
                SOURCE + u' -d start -D restart',
                ['-d', 'start', '-D', 'restart'],
            ),
            ((SOURCE, 'apache', '/srv/a.conf'), APACHECTL + u' start', ['-f', '/srv/a.conf']),
            ((SOURCE, 'apache', '/srv/a.conf'), SOURCE + u' -f /srv/a.conf', ['-f', '/srv/a.conf']),
            (
                (SOURCE, 'apache', '/srv/conf/a.conf'),
                SOURCE + u' -f conf/a.conf',
                ['-f', 'conf/a.conf'],
            ),
            ((SOURCE, 'apache', '/srv/a.conf'), u'/srv/start-it', ['-f', '/srv/a.conf']),
            ((SOURCE, 'apache', None), u'/srv/start-it -DX', []),
            ((SOURCE, 'apache', None), u'/etc/init.d/httpd start', []),
            (
                (None, 'httpd@blue', None),
                u'/usr/sbin/httpd -DFOREGROUND -f conf/blue.conf',
                ['-f', 'conf/blue.conf'],
            ),
        ],
        ids=repr,
    )
    def test_takes_the_options_by_which_the_service_starts_it(
        self, monkeypatch, place, exec_start, options
    ):
        monkeypatch.setattr(services, 'SCRIPTS', ('/etc/init.d',))
        assert start(Runner(exec_start), *place).options == options

    @pytest.mark.parametrize(
        'place, exec_start, words',
        [
            (
                (SCL, None, None),
                u'/usr/sbin/httpd -DFOREGROUND',
                'The service httpd starts /usr/sbin/httpd, and not ' + SCL,
            ),
            (
                (None, 'httpd24-httpd', None),
                WRAPPER,
                'starts %s, and not /usr/sbin/httpd' % WRAPPER,
            ),
            (
                (SOURCE, 'apache2', None),
                u'/usr/sbin/apachectl start',
                'starts /usr/sbin/apachectl, and not ' + SOURCE,
            ),
            ((SOURCE, 'old', None), u'/usr/sbin/httpd.worker', 'starts /usr/sbin/httpd.worker'),
            (
                (None, 'httpd@blue', '/etc/httpd/conf/green.conf'),
                u'/usr/sbin/httpd -f conf/blue.conf',
                'with the configuration conf/blue.conf, and not with',
            ),
            (
                (None, 'httpd@blue', '/b.conf'),
                u'/usr/sbin/httpd -f /a.conf',
                'with the configuration /a.conf, and not with /b.conf',
            ),
        ],
        ids=repr,
    )
    def test_refuses_a_service_that_starts_something_else(self, place, exec_start, words):
        with pytest.raises(ReadError) as caught:
            start(Runner(exec_start), *place)
        assert caught.value.details == {'rule': 'not_ours'}
        assert words in caught.value.message and caught.value.message.endswith(
            'Nothing was changed.'
        )

    def test_refuses_a_server_that_no_service_starts(self):
        with pytest.raises(ReadError) as caught:
            start(Runner(), SOURCE, 'apache')
        assert caught.value.details == {'rule': 'service_missing'}
        assert (
            'No service apache is known here' in caught.value.message
            and SOURCE in caught.value.message
        )

    def test_takes_a_script_of_init_for_a_service(self, tmpdir):
        script = tmpdir.mkdir('init.d').join('apache')
        script.write('#!/bin/sh\n')
        script.chmod(0o755)
        assert start(Runner(), SOURCE, 'apache', '/srv/a.conf') == Launch(
            options=['-f', '/srv/a.conf'], environment={}, program=SOURCE, user=0
        )

    def test_gives_the_environment_of_the_unit(self):
        found = start(
            Runner(u'/usr/sbin/httpd -f conf/blue.conf', Environment=u'LANG=C HTTPD_INSTANCE=blue'),
            None,
            'httpd@blue',
        )
        assert found.environment == {u'LANG': u'C', u'HTTPD_INSTANCE': u'blue'}


class TestReadEnvironment:
    def test_asks_nobody_where_no_script_sets_one(self, monkeypatch):
        monkeypatch.setattr(places, 'read_text', {}.get)
        runner = Runner()
        assert places.read_environment(runner, SOURCE, {'A': 'b'}) == {'A': 'b'}
        assert runner.asked == []

    def test_gives_what_the_scripts_make_of_that_of_the_unit(self, monkeypatch):
        monkeypatch.setattr(places, 'read_text', {'/opt/rh/httpd24/enable': u''}.get)
        runner = Runner(printed=u'A=b\nLD_LIBRARY_PATH=/opt/rh/httpd24/root/usr/lib64\nno pair\n')
        assert places.read_environment(runner, SCL, {'A': 'b'}) == {
            'A': 'b',
            'LD_LIBRARY_PATH': '/opt/rh/httpd24/root/usr/lib64',
        }
        ((argv, environment),) = runner.asked
        assert (argv[-2:], environment) == (['env', '/opt/rh/httpd24/enable'], {'A': 'b'})

    def test_a_real_shell_reads_the_scripts_in_order_and_is_not_misled_by_a_name(
        self, monkeypatch, tmpdir
    ):
        from ansible_collections.webops.apache.plugins.module_utils._system.command import (
            run_command,
        )

        scripts = [tmpdir.join('a b; exit 1'), tmpdir.join('second')]
        scripts[0].write('echo noise\nFIRST=1\nexport FIRST\n')
        scripts[1].write('SECOND=$FIRST$GIVEN\nexport SECOND\n')
        monkeypatch.setattr(
            places, 'environment_scripts', lambda program, read: [str(script) for script in scripts]
        )
        found = places.read_environment(run_command, SOURCE, {'GIVEN': 'x'})
        assert (found['FIRST'], found['SECOND'], found['GIVEN']) == ('1', '1x', 'x')
        assert 'noise' not in found


class TestEnvironmentScripts:
    ENABLE = dict(
        ('/opt/rh/%s/enable' % name, u'') for name in ('httpd24', 'rh-ruby25', 'jbcs-httpd24')
    )

    @pytest.mark.parametrize(
        'program, service_environment, scripts',
        [
            ('/usr/sbin/httpd', None, []),
            (SOURCE, None, []),
            (SCL, None, ['httpd24']),
            (JBCS, None, ['jbcs-httpd24']),
            (SCL, u'HTTPD24_HTTPD_SCLS_ENABLED="httpd24"\n', ['httpd24']),
            (
                SCL,
                u'# HTTPD24_HTTPD_SCLS_ENABLED="other"\nexport HTTPD24_HTTPD_SCLS_ENABLED="httpd24 '
                u'rh-ruby25"\n',
                ['httpd24', 'rh-ruby25'],
            ),
            (SCL, u"HTTPD24_HTTPD_SCLS_ENABLED='httpd24 rh-gone'\n", ['httpd24']),
            (SCL, u'HTTPD24_HTTPD_SCLS_ENABLED=httpd24\n', ['httpd24']),
            (SCL, u'HTTPD24_HTTPD_SCLS_ENABLED="httpd24 $(rm x)"\n', ['httpd24']),
            (SCL, u'HTTPD24_HTTPD_SCLS_ENABLED="../../x"\n', ['httpd24']),
            (SCL, u'HTTPD24_HTTPD_SCLS_ENABLED=".. httpd24"\n', ['httpd24']),
            ('/opt/rh/none/root/usr/sbin/httpd', None, []),
        ],
        ids=repr,
    )
    def test_are_those_of_the_collections(self, program, service_environment, scripts):
        files = dict(self.ENABLE, **{'/opt/rh/httpd24/service-environment': service_environment})
        assert places.environment_scripts(program, files.get) == [
            '/opt/rh/%s/enable' % name for name in scripts
        ]

    def test_are_the_envvars_of_apachectl(self):
        assert places.environment_scripts(SOURCE, {'/usr/local/apache2/bin/envvars': u''}.get) == [
            '/usr/local/apache2/bin/envvars'
        ]


class TestDemandPlace:
    @pytest.mark.parametrize(
        'layout',
        [layout for layout in LAYOUTS if layout.name != 'loadmodule'],
        ids=lambda layout: layout.name,
    )
    @pytest.mark.parametrize(
        'binary, refused', [(None, True), ('/usr/sbin/usual', True), (SCL, False)]
    )
    def test_refuses_an_instance_of_the_usual_server(self, layout, binary, refused):
        place = Place(binary, 'apache2@blue', None)
        if not refused:
            assert places.demand_place(layout, {'/usr/sbin/usual': []}, place) is None
            return
        with pytest.raises(ReadError) as caught:
            places.demand_place(layout, {'/usr/sbin/usual': []}, place)
        assert caught.value.details == {'rule': 'layout_unsupported'}
        assert (
            layout.name in caught.value.message
            and 'By hand: ' + places.BY_HAND[layout.name] in caught.value.message
        )

    def test_takes_one_where_the_mpm_is_loaded(self):
        usual = [layout for layout in LAYOUTS if layout.name == 'loadmodule'][0]
        assert (
            places.demand_place(usual, {'/usr/sbin/httpd': []}, Place(None, 'httpd@blue', None))
            is None
        )


class TestExplainProgram:
    @pytest.mark.parametrize(
        'sources, words',
        [
            ([], '-l does not answer'),
            (['core.c', 'worker.c'], 'has the worker MPM linked in'),
            (['core.c'], 'cannot load modules'),
        ],
        ids=repr,
    )
    def test_says_why(self, sources, words):
        assert words in places.explain_program(os.path.realpath('/bin/sh'), sources)

    def test_says_that_there_is_none(self):
        assert places.explain_program('/none/httpd', []) == 'there is no program /none/httpd'
