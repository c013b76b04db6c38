# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reading a host whose MPM is a module, from files in a folder and the answers that its programs
would give.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._host import panels, services, state
from ansible_collections.webops.apache.plugins.module_utils._layouts import (
    loadmodule,
    sysconfig_httpd,
)
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult, Place
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

CONTROL = '/usr/bin/systemctl'
TEST_PASSED = CommandResult([], 0, u'', u'Syntax OK\n')
SOURCES = [u'core.c', u'mod_so.c', u'http_core.c']


class Host(object):
    """A host of the EL9 kind in a folder."""

    def __init__(self, root):
        self.root, self.program, self.mpm_conf = (
            root,
            os.path.join(root, 'sbin/httpd'),
            os.path.join(root, 'conf.modules.d/00-mpm.conf'),
        )
        self.write('sbin/httpd', u'', 0o755)
        self.write('conf/httpd.conf', hosts.EL_HTTPD.replace(u'/etc/httpd', root))
        self.write('conf.modules.d/00-mpm.conf', hosts.EL9_MPM)
        for mpm in ('prefork', 'event'):
            self.write('modules/mod_mpm_%s.so' % mpm, u'')

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.root, name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(text.encode('latin-1'))
        os.chmod(path, mode)

    def answers(self, options=(), unit=None):
        build = hosts.fixture('commands/httpd-V.txt').replace(
            u'HTTPD_ROOT="/etc/httpd"', u'HTTPD_ROOT="%s"' % self.root
        )
        shown = (
            [
                (
                    [CONTROL, 'show', '--property', ','.join(services.PROPERTIES), '--', 'httpd'],
                    unit,
                ),
                ([CONTROL, 'show-environment'], u'LANG=C\n'),
            ]
            if unit
            else []
        )
        return (
            [
                (
                    [self.program, '-l'],
                    u'Compiled in modules:\n' + u''.join(u'  %s\n' % name for name in SOURCES),
                )
            ]
            + shown
            + [
                ([self.program, '-V'], build),
                ([self.program] + list(options) + ['-t'], TEST_PASSED),
            ]
        )

    def read(self, *args):
        run = ScriptedRunner(*self.answers(*args))
        found = state.read_host(run)
        assert run.left == []
        return found


@pytest.fixture
def host(monkeypatch, tmp_path):
    found = Host(str(tmp_path.resolve()))
    absent, here = (
        sysconfig_httpd.SysconfigHttpd(),
        loadmodule.LoadModuleAt(Place(found.program, None, None)),
    )
    absent.evidence, absent.candidate_binaries = (), lambda evidence: []
    monkeypatch.setattr(state, 'LAYOUTS', (absent, here))
    monkeypatch.setattr(panels, 'find_program', lambda name: None)
    monkeypatch.setattr(panels, 'KINDS', ())
    monkeypatch.setattr(services, 'SYSTEMD', os.path.join(found.root, 'none'))
    return found


class TestReadHost:
    def test_finds_the_choice_in_the_configuration(self, host):
        found = host.read()
        assert found.layout == 'loadmodule'
        assert (found.choice.path, found.choice.text, found.choice.mpm) == (
            host.mpm_conf,
            hosts.EL9_MPM,
            'event',
        )
        assert found.disk.paths[host.mpm_conf].real == host.mpm_conf
        assert (found.service.manager, found.servers.running) == ('sysv', None)

    def test_offers_the_mpms_whose_modules_are_there(self, host):
        found = host.read()
        modules = dict(
            (mpm, os.path.join(host.root, 'modules/mod_mpm_%s.so' % mpm))
            for mpm in ('prefork', 'event')
        )
        assert found.installed.mpm_modules == modules
        assert found.installed.binaries == dict((mpm, host.program) for mpm in modules)
        assert found.installed.static_modules == dict((mpm, SOURCES) for mpm in modules)
        assert set(modules.values()) <= set(found.installed.real_paths)

    def test_leads_the_modules_to_where_their_folder_is(self, host):
        os.rename(os.path.join(host.root, 'modules'), os.path.join(host.root, 'lib'))
        os.symlink('lib', os.path.join(host.root, 'modules'))
        found = host.read()
        assert found.installed.real_paths[found.installed.mpm_modules['event']] == os.path.join(
            host.root, 'lib/mod_mpm_event.so'
        )

    @pytest.mark.parametrize(
        'line, path',
        [
            (u'', 'run/httpd.pid'),
            (u'PidFile "run/ours.pid"\n', 'run/ours.pid'),
            (u'<IfModule mpm_prefork_module>\nPidFile run/not.pid\n</IfModule>\n', 'run/httpd.pid'),
            (u'PidFile run/a.pid\nPidFile run/b.pid\n', 'run/b.pid'),
        ],
        ids=repr,
    )
    def test_the_main_process_is_noted_where_the_configuration_says(self, host, line, path):
        host.write('conf.d/pid.conf', line)
        assert host.read().service.pid_file == os.path.join(host.root, path)


class TestUnitOptions:
    @pytest.fixture
    def systemd(self, host, monkeypatch):
        monkeypatch.setattr(services, 'SYSTEMD', host.root)
        monkeypatch.setattr(services, 'find_program', {'systemctl': CONTROL}.get)

    @pytest.mark.parametrize(
        'argv, options',
        [
            (u'%s $OPTIONS -DFOREGROUND', [u'-DMORE', u'-DX']),
            (u'%s -DFOREGROUND', []),
            (u'/opt/other/httpd $OPTIONS -DFOREGROUND', []),
            (u'%s -D ${NAME} -DFOREGROUND', [u'-D', u'N']),
        ],
        ids=['variable', 'none', 'another program', 'in braces'],
    )
    def test_are_those_by_which_the_unit_starts_this_program(self, host, systemd, argv, options):
        host.write('conf.d/more.conf', u'<IfDefine MORE>\nPidFile run/more.pid\n</IfDefine>\n')
        host.write('sysconfig', u'OPTIONS="-DMORE  -DX"\nNAME=N\n')
        argv = argv % host.program if '%' in argv else argv
        unit = (
            u'LoadState=loaded\nMainPID=0\nExecStart={ path=%s ; argv[]=%s ; ignore_errors=no }\n'
            u'EnvironmentFiles=%s (ignore_errors=yes)\n'
            % (argv.split()[0], argv, os.path.join(host.root, 'sysconfig'))
        )
        found = host.read(options, unit)
        assert found.launch.options == options and found.service.manager == 'systemd'
        assert os.path.basename(found.service.pid_file) == (
            'more.pid' if u'-DMORE' in options else 'httpd.pid'
        )


class TestPlace:
    """A server that is named by its place: the same tree, started by a unit of its own."""

    BLUE = (
        u'LoadState=loaded\nMainPID=0\nExecStart={ path=%s ; argv[]=%s -DFOREGROUND -f '
        u'conf/blue.conf ; ignore_errors=no }\n'
        u'Environment=HTTPD_INSTANCE=blue\n'
    )

    @pytest.fixture
    def asked(self, host, monkeypatch):
        """What was asked of the program itself, each time with the environment; the answers are
        those of the host.
        """
        monkeypatch.setattr(services, 'SYSTEMD', host.root)
        monkeypatch.setattr(services, 'find_program', {'systemctl': CONTROL}.get)
        host.write(
            'conf/blue.conf',
            u'Include conf/httpd.conf\nPidFile run/instance-${HTTPD_INSTANCE}.pid\n',
        )
        answers = dict(
            (tuple(argv[1:]), answer) for argv, answer in host.answers(['-f', 'conf/blue.conf'])
        )
        asked = []

        def run(argv, environment=None):
            if argv[0] == CONTROL:
                return CommandResult(argv, 0, self.BLUE % (host.program, host.program), u'')
            asked.append((argv[1:], environment))
            answer = answers[tuple(argv[1:])]
            return (
                answer if isinstance(answer, CommandResult) else CommandResult(argv, 0, answer, u'')
            )

        asked.append(run)
        return asked

    def test_is_read_in_the_environment_and_with_the_options_of_its_unit(self, host, asked):
        found = state.read_host(asked.pop(), Place(host.program, 'httpd@blue', None))
        assert found.launch.options == [
            u'-f',
            u'conf/blue.conf',
        ] and found.build.config_file == os.path.join(host.root, 'conf/blue.conf')
        assert (found.service.name, found.service.pid_file) == (
            'httpd@blue',
            os.path.join(host.root, 'run/instance-blue.pid'),
        )
        assert (found.choice.path, found.choice.mpm, found.launch.environment) == (
            host.mpm_conf,
            'event',
            {u'HTTPD_INSTANCE': u'blue'},
        )
        # The first question is whether the usual server of this host is of a layout that has no
        # other places.
        assert asked[0] == (['-l'], None)
        assert asked[1:] == [
            (words, {u'HTTPD_INSTANCE': u'blue'})
            for words in (['-l'], ['-V'], ['-f', 'conf/blue.conf', '-t'])
        ]

    def test_without_a_program_is_told(self, host, asked):
        os.unlink(host.program)
        with pytest.raises(ReadError) as caught:
            state.read_host(asked.pop(), Place(host.program, 'httpd@blue', None))
        assert caught.value.details == {'rule': 'layout_unknown'}
        assert 'there is no program %s' % host.program in caught.value.message


def test_the_compiled_pid_file_is_below_the_root_that_the_configuration_sets(host):
    host.write(
        'conf/httpd.conf',
        hosts.EL_HTTPD.replace(u'ServerRoot "/etc/httpd"', u'ServerRoot "%s/other"' % host.root),
    )
    host.write(
        'other/conf.modules.d/00-mpm.conf',
        hosts.EL9_MPM.replace(u'modules/', host.root + u'/modules/'),
    )
    assert host.read().service.pid_file == os.path.join(host.root, 'other/run/httpd.pid')
