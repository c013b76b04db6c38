# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._host import httpd
from ansible_collections.webops.apache.plugins.module_utils._model import Build, CommandResult
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

PROGRAMS = [('httpd', 'prefork'), ('httpd.worker', 'worker'), ('httpd.event', 'event')]
# As 2.2 answers: the MPM with a capital, and a folder of its own among the definitions.
V22 = u"""Server version: Apache/2.2.15 (Unix)
Server built:   Jul 18 2016 15:24:00
Server MPM:     Worker
  threaded:     yes (fixed thread count)
Server compiled with....
 -D APACHE_MPM_DIR="server/mpm/worker"
 -D APR_HAVE_IPV6 (IPv4-mapped addresses enabled)
 -D HTTPD_ROOT="/etc/httpd"
 -D DEFAULT_PIDLOG="run/httpd.pid"
 -D SERVER_CONFIG_FILE="conf/httpd.conf"
"""
DEBIAN = (
    V22.replace(u'"/etc/httpd"', u'"/etc/apache2"')
    .replace(u'"conf/httpd.conf"', u'"apache2.conf"')
    .replace(u'"run/', u'"/var/run/')
)


class TestAskCompiled:
    def test_asks_the_program(self):
        run = ScriptedRunner((['/bin/sh', '-l'], u'Compiled in modules:\n  core.c\n  worker.c\n'))
        assert httpd.ask_compiled(run, '/bin/sh') == [u'core.c', u'worker.c']
        assert run.left == []

    @pytest.mark.parametrize('path', ['/no/such/program', '/etc/passwd'])
    def test_asks_nothing_where_there_is_no_program(self, path):
        assert httpd.ask_compiled(ScriptedRunner(), path) == []


class TestParseCompiled:
    @pytest.mark.parametrize('program, mpm', PROGRAMS)
    def test_reads_the_answer_of_each_program(self, program, mpm):
        assert httpd.parse_compiled(hosts.fixture('commands/%s-l.txt' % program)) == [
            u'core.c',
            u'mod_so.c',
            u'http_core.c',
            mpm + u'.c',
        ]

    @pytest.mark.parametrize(
        'text',
        [u'', u'Compiled in modules:\n', u'sh: no\n', u'core.c\n', u'  see core.c for more\n'],
        ids=repr,
    )
    def test_finds_nothing_in_other_texts(self, text):
        assert httpd.parse_compiled(text) == []


class TestAskBuild:
    def test_asks_the_program(self):
        run = ScriptedRunner((['/usr/sbin/httpd', '-V'], V22))
        assert httpd.ask_build(run, ['/usr/sbin/httpd']).version == u'2.2.15'
        assert run.left == []

    def test_asks_it_by_a_command_of_several_words(self):
        run = ScriptedRunner((['scl', 'run', 'httpd24-httpd', '-V'], u''))
        with pytest.raises(ReadError) as caught:
            httpd.ask_build(run, ('scl', 'run', 'httpd24-httpd'))
        assert caught.value.message == 'scl run httpd24-httpd -V did not answer as httpd does.'
        assert run.left == []


class TestParseBuild:
    @pytest.mark.parametrize('program, _mpm', PROGRAMS)
    def test_reads_the_answer_of_each_program(self, program, _mpm):
        build = httpd.parse_build(hosts.fixture('commands/%s-V.txt' % program), program)
        assert build[1:] == ('/etc/httpd', '/etc/httpd/conf/httpd.conf', '/etc/httpd/run/httpd.pid')
        assert build.version.startswith(u'2.4.')

    def test_reads_that_of_2_2(self):
        assert httpd.parse_build(V22, 'httpd') == Build(
            u'2.2.15', '/etc/httpd', '/etc/httpd/conf/httpd.conf', '/etc/httpd/run/httpd.pid'
        )

    def test_takes_absolute_paths_as_they_are(self):
        assert httpd.parse_build(DEBIAN, 'apache2') == Build(
            u'2.2.15', '/etc/apache2', '/etc/apache2/apache2.conf', '/var/run/httpd.pid'
        )

    @pytest.mark.parametrize(
        'text',
        [u'', u'Server version: nginx\n', u'Server version: Apache/2.2.15 (Unix)\n', V22[30:]],
        ids=repr,
    )
    def test_refuses_other_answers(self, text):
        with pytest.raises(ReadError) as caught:
            httpd.parse_build(text, '/x')
        assert caught.value.message == '/x -V did not answer as httpd does.'
        assert caught.value.details == {'binary': '/x'}


class TestStartedWith:
    BUILD = Build(u'2.2.15', '/etc/httpd', '/etc/httpd/conf/httpd.conf', '/etc/httpd/run/httpd.pid')

    @pytest.mark.parametrize(
        'options, root, config_file',
        [
            ([], '/etc/httpd', '/etc/httpd/conf/httpd.conf'),
            ([u'-D', u'SSL', u'-DX'], '/etc/httpd', '/etc/httpd/conf/httpd.conf'),
            ([u'-f', u'/srv/a.conf'], '/etc/httpd', '/srv/a.conf'),
            ([u'-fconf/b.conf'], '/etc/httpd', '/etc/httpd/conf/b.conf'),
            ([u'-d', u'/srv'], '/srv', '/srv/conf/httpd.conf'),
            ([u'-d', u'/srv', u'-f', u'a.conf', u'-f', u'b.conf'], '/srv', '/srv/b.conf'),
            ([u'-f'], '/etc/httpd', '/etc/httpd/conf/httpd.conf'),
        ],
        ids=repr,
    )
    def test_goes_by_the_options(self, options, root, config_file):
        build = httpd.started_with(self.BUILD, options)
        assert (build.root, build.config_file, build.pid_file) == (
            root,
            config_file,
            os.path.join(root, 'run/httpd.pid'),
        )


class TestAskConfigTest:
    def test_passes_the_options_on(self):
        answer = CommandResult([], 1, u'', u'Syntax error\n')
        run = ScriptedRunner((['/usr/sbin/httpd', '-D', 'SSL', '-t'], answer))
        assert httpd.ask_config_test(run, ['/usr/sbin/httpd'], ('-D', 'SSL')) is answer
        assert run.left == []
