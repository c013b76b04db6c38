# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._host import panels, services, state
from ansible_collections.webops.apache.plugins.module_utils._layouts import sysconfig_httpd
from ansible_collections.webops.apache.plugins.module_utils._model import (
    CommandResult,
    Servers,
    Unowned,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

INIT = u'httpd=${HTTPD-%s/sbin/httpd}\npidfile=${PIDFILE-%s/run/httpd.pid}\n'
TEST_PASSED = CommandResult([], 0, u'', u'Syntax OK\n')


class Host(object):
    """A host of the EL6 kind in a folder: programs that only their names tell apart, and the
    answers that they would give.
    """

    def __init__(self, root):
        self.root = root
        self.programs = dict(
            (mpm, os.path.join(root, 'sbin', name))
            for mpm, name in (
                ('prefork', 'httpd'),
                ('worker', 'httpd.worker'),
                ('event', 'httpd.event'),
            )
        )
        for path in self.programs.values():
            self.write(path, u'', 0o755)
        self.init, self.sysconfig = self.path('init.d/httpd'), self.path('sysconfig/httpd')
        self.write(self.init, INIT % (root, root))
        self.write(self.sysconfig, hosts.STOCK_SYSCONFIG)
        self.write(
            self.path('conf/httpd.conf'),
            u'ServerRoot "%s"\nListen 80\nListen [::]:443\nDocumentRoot html\nInclude '
            u'conf.d/*.conf\n' % root,
        )
        self.write(self.path('conf.d/php.conf'), hosts.STOCK_PHP)
        self.write(self.path('modules/libphp5.so'), u'API20090626,NTS')

    def path(self, name):
        return os.path.join(self.root, name)

    def write(self, path, text, mode=0o644):
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(text.encode('latin-1'))
        os.chmod(path, mode)

    def compiled(self, mpm):
        return (
            [self.programs[mpm], '-l'],
            u'Compiled in modules:\n  core.c\n  mod_so.c\n  http_core.c\n  %s.c\n' % mpm,
        )

    def build(self, mpm):
        text = hosts.fixture('commands/httpd-V.txt').replace(
            u'HTTPD_ROOT="/etc/httpd"', u'HTTPD_ROOT="%s"' % self.root
        )
        return ([self.programs[mpm], '-V'], text)

    def answers(self, chosen, *options):
        return [
            self.compiled('prefork'),
            self.compiled('worker'),
            self.compiled('event'),
            self.build(chosen),
            ([self.programs[chosen]] + list(options) + ['-t'], TEST_PASSED),
        ]


@pytest.fixture
def host(monkeypatch, tmp_path):
    found = Host(str(tmp_path.resolve()))
    layout = sysconfig_httpd.SysconfigHttpd()
    layout.evidence = (found.init, found.sysconfig)
    monkeypatch.setattr(sysconfig_httpd, 'INIT_SCRIPT', found.init)
    monkeypatch.setattr(sysconfig_httpd, 'CHOICE_FILE', found.sysconfig)
    monkeypatch.setattr(state, 'LAYOUTS', (layout,))
    monkeypatch.setattr(panels, 'find_program', lambda name: None)
    monkeypatch.setattr(panels, 'KINDS', ())
    monkeypatch.setattr(services, 'ask_script', lambda run, service: None)
    # The test is about a host without systemd, whatever this one has.
    monkeypatch.setattr(services, 'SYSTEMD', found.path('none'))
    return found


def read(answers):
    run = ScriptedRunner(*answers)
    found = state.read_host(run)
    assert run.left == []
    return found


class TestReadHost:
    def test_reads_the_stock_host_in_one_go(self, host):
        found = read(host.answers('prefork'))
        assert found.layout == 'sysconfig_httpd'
        assert found.installed.binaries == host.programs
        assert found.installed.static_modules['worker'] == [
            u'core.c',
            u'mod_so.c',
            u'http_core.c',
            u'worker.c',
        ]
        assert found.choice == (
            host.sysconfig,
            hosts.STOCK_SYSCONFIG,
            None,
            None,
            host.programs['prefork'],
            host.programs['prefork'],
            'prefork',
            None,
        )
        assert found.service.pid_file == host.path('run/httpd.pid')
        assert found.service.start[-2:] in (['httpd', 'start'], ['/etc/init.d/httpd', 'start'])
        assert sorted(found.tree.files) == [
            host.path('conf.d/php.conf'),
            host.path('conf/httpd.conf'),
        ]
        assert found.installed.php_files == {
            host.path('modules/libphp5.so'): 'nts',
            host.path('modules/libphp5-zts.so'): 'missing',
        }
        assert (found.launch.options, found.around.panels, found.servers) == (
            [],
            [],
            Servers(None, [], 'absent', Unowned(0, [])),
        )
        assert found.config_test is TEST_PASSED

    def test_asks_the_program_that_is_chosen(self, host):
        host.write(
            host.sysconfig,
            u'HTTPD=%s\nOPTIONS="-D SSL"\nPIDFILE=%s\n'
            % (host.programs['worker'], host.path('w.pid')),
        )
        found = read(host.answers('worker', '-D', 'SSL'))
        assert (found.choice.value, found.choice.line, found.choice.mpm) == (
            host.programs['worker'],
            1,
            'worker',
        )
        assert (found.launch.options, found.service.pid_file) == (['-D', 'SSL'], host.path('w.pid'))

    def test_asks_the_default_where_the_chosen_program_is_none(self, host):
        host.write(host.sysconfig, u'HTTPD=/no/such/httpd\n')
        found = read(host.answers('prefork'))
        assert (found.choice.binary, found.choice.mpm) == ('/no/such/httpd', None)

    def test_reads_the_configuration_that_the_options_name(self, host):
        host.write(host.sysconfig, u'OPTIONS="-f conf/other.conf"\n')
        host.write(host.path('conf/other.conf'), u'Listen 81\n')
        assert list(read(host.answers('prefork', '-f', 'conf/other.conf')).tree.files) == [
            host.path('conf/other.conf')
        ]

    def test_reads_files_that_the_choice_reads(self, host):
        host.write(host.path('outer'), u'. %s\n' % host.path('inner'))
        host.write(host.path('inner'), u'HTTPD=/x\n')
        host.write(
            host.sysconfig, u'[ -f %(outer)s ] && . %(outer)s\n' % {'outer': host.path('outer')}
        )
        assert read(
            host.answers('prefork')
        ).choice.unclear == 'it reads %s, which may set HTTPD' % host.path('inner')

    def test_judges_every_path_that_may_be_written(self, host):
        found = read(host.answers('prefork'))
        assert sorted(found.disk.paths) == sorted(
            [host.init, host.sysconfig, host.path('html')] + list(found.tree.files)
        )
        assert sorted(found.installed.real_paths) == sorted(
            sysconfig_httpd.candidate_binaries(found.disk.evidence)
            + list(found.installed.php_files)
        )

    def test_leads_links_to_where_they_go(self, host):
        os.rename(host.path('conf.d/php.conf'), host.path('php.conf'))
        os.symlink('../php.conf', host.path('conf.d/php.conf'))
        assert read(host.answers('prefork')).disk.paths[
            host.path('conf.d/php.conf')
        ].real == host.path('php.conf')

    def test_does_without_a_program_that_is_not_installed(self, host):
        os.unlink(host.programs['event'])
        answers = host.answers('prefork')
        assert sorted(read(answers[:2] + answers[3:]).installed.binaries) == ['prefork', 'worker']


class TestFindLayout:
    def test_says_where_it_looked(self, host):
        host.write(host.init, u'#!/bin/sh\n')
        with pytest.raises(ReadError) as caught:
            state.find_layout(ScriptedRunner())
        assert caught.value.details == {'rule': 'layout_unknown'}
        assert host.init in caught.value.message and 'sysconfig_httpd' in caught.value.message


@pytest.mark.parametrize(
    'host, programs',
    [
        (
            hosts.el6_host(),
            {
                '/usr/sbin/httpd': 'prefork',
                '/usr/sbin/httpd.worker': 'worker',
                '/usr/sbin/httpd.event': 'event',
            },
        ),
        (hosts.el9_host(), {'/usr/sbin/httpd': None}),
    ],
    ids=['linked in', 'loaded'],
)
def test_a_second_look_is_at_what_runs_alone(monkeypatch, host, programs):
    asked, stopped = [], Servers(None, [], 'absent')
    monkeypatch.setattr(state.servers, 'read_servers', lambda *args: asked.append(args) or stopped)
    assert state.look_again(host) == host._replace(servers=host.servers._replace(running=None))
    assert asked == [(programs, host.service)]
