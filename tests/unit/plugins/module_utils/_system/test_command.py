# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import fcntl
import os
import signal
import subprocess
import tempfile

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import CommandError
from ansible_collections.webops.apache.plugins.module_utils._system import command, output
from ansible_collections.webops.apache.plugins.module_utils._system.clock import (
    monotonic,
    wait_until,
)


def sh(script, **options):
    return command.run_command(['/bin/sh', '-c', script], **options)


def is_there(pid):
    """Whether a process runs; a zombie that nobody has buried does not."""
    try:
        with open('/proc/%d/stat' % pid) as stream:
            return stream.read().rsplit(')', 1)[1].split()[0] != 'Z'
    except IOError:
        return False


class TestFindProgram:
    def test_gives_the_absolute_path(self):
        assert command.find_program('sh') in ('/usr/bin/sh', '/bin/sh')

    @pytest.mark.parametrize('name', ['no-such-program-here', 'passwd-of-nobody', '.'])
    def test_gives_nothing_for_what_is_no_program(self, name):
        assert command.find_program(name) is None


class TestRunCommand:
    def test_gives_exit_code_and_both_outputs(self):
        result = sh('echo out; echo err >&2; exit 3')
        assert result == (
            ['/bin/sh', '-c', 'echo out; echo err >&2; exit 3'],
            3,
            u'out\n',
            u'err\n',
        )

    def test_keeps_every_byte(self):
        assert sh(r"printf 'caf\303\251\377\n'").out == u'caf\xc3\xa9\xff\n'

    def test_says_which_signal_ended_it(self):
        assert sh('kill -9 $$').rc == -signal.SIGKILL

    def test_does_not_let_the_shell_see_the_words(self):
        assert (
            command.run_command(['/bin/echo', '$HOME', 'a b', '*', ';']).out == u'$HOME a b * ;\n'
        )

    def test_finds_a_program_in_its_own_path(self, monkeypatch):
        monkeypatch.setenv('PATH', '/nowhere')
        assert command.run_command(['true']).rc == 0

    def test_gives_a_clean_environment(self, monkeypatch):
        monkeypatch.setenv('LD_LIBRARY_PATH_OF_TEST', 'x')
        monkeypatch.setenv('LC_ALL', 'de_DE.UTF-8')
        assert sorted(command.run_command(['env']).out.split(u'\n')) == sorted(
            [u''] + [u'%s=%s' % pair for pair in command.ENVIRONMENT.items()]
        )

    def test_adds_the_environment_that_is_asked_for(self):
        out = command.run_command(
            ['/usr/bin/env'], environment={'LD_LIBRARY_PATH': '/opt/lib', 'LC_ALL': 'POSIX'}
        ).out.splitlines()
        assert 'LD_LIBRARY_PATH=/opt/lib' in out and 'LC_ALL=POSIX' in out and 'HOME=/' in out
        assert 'LD_LIBRARY_PATH' not in command.run_command(['/usr/bin/env']).out

    def test_gives_nothing_to_read_and_the_root_as_folder(self):
        assert sh('cat; pwd').out == u'/\n'

    @pytest.mark.parametrize('ours', [0o077, 0o022, 0])
    def test_gives_the_umask_of_init(self, ours):
        before = os.umask(ours)
        try:
            assert sh('umask').out == u'0022\n'
        finally:
            os.umask(before)

    def test_gives_no_descriptors_away(self):
        with open(os.devnull) as stream:
            assert sh('test -e /proc/self/fd/%d' % stream.fileno()).rc == 1

    def test_gives_those_away_that_are_asked_for(self):
        with tempfile.TemporaryFile() as stream:
            stream.write(b'staged')
            stream.flush()
            fcntl.fcntl(
                stream.fileno(),
                fcntl.F_SETFD,
                fcntl.fcntl(stream.fileno(), fcntl.F_GETFD) & ~fcntl.FD_CLOEXEC,
            )
            assert (
                sh('cat /proc/self/fd/%d' % stream.fileno(), keep_fds=[stream.fileno()]).out
                == u'staged'
            )

    def test_takes_a_large_output(self):
        result = sh(
            'head -c 1048576 /dev/zero | tr "\\0" x; head -c 1048576 /dev/zero | tr "\\0" y >&2',
            timeout=30,
        )
        assert (result.out, result.err) == (u'x' * 1048576, u'y' * 1048576)

    @pytest.mark.parametrize(
        'path', ['/no/such/program', 'no-such-program-here', '/etc', '/etc/passwd']
    )
    def test_says_so_where_there_is_no_program(self, path):
        with pytest.raises(CommandError) as caught:
            command.run_command([path, 'x'])
        assert caught.value.message.startswith('%s could not be run: ' % path)
        assert caught.value.details['argv'] == [path, 'x']

    @pytest.mark.parametrize(
        'places',
        [(None, None), (True, None), (None, True)],
        ids=['none', 'for errors', 'for output'],
    )
    def test_does_not_run_what_is_asked_for_its_output_where_there_is_no_room(
        self, monkeypatch, tmpdir, places
    ):
        answers = [open(str(tmpdir.join('kept')), 'w+b') if place else None for place in places]
        monkeypatch.setattr(command, 'open_output', lambda: answers.pop(0))
        with pytest.raises(CommandError) as caught:
            command.run_command(['/bin/touch', str(tmpdir.join('made'))])
        assert (
            caught.value.message
            == '/bin/touch was not run: this host has no room for its output.'
        )
        assert not tmpdir.join('made').check()

    def test_runs_what_counts_for_what_it_does_all_the_same(self, monkeypatch, tmpdir):
        monkeypatch.setattr(command, 'open_output', lambda: None)
        result = sh(
            'echo out; echo err >&2; touch %s; exit 3' % tmpdir.join('made'), need_output=False
        )
        assert result[1:] == (3, u'', u'') and tmpdir.join('made').check()

    def test_bounds_what_it_reads(self, monkeypatch):
        monkeypatch.setattr(output, 'LONGEST', 10)
        assert sh('echo 123456789').out == u'123456789\n'
        assert sh('echo 1234567890', need_output=False).out == u'1234567890'
        with pytest.raises(CommandError) as caught:
            sh('echo 1234567890')
        assert 'bytes' in caught.value.message

    @pytest.mark.parametrize('number', [errno.EAGAIN, errno.ENOMEM])
    def test_tries_again_while_no_process_can_be_made(self, monkeypatch, number):
        tries, real = [], subprocess.Popen

        def full(*words, **options):
            tries.append(1)
            if len(tries) < 3:
                raise OSError(number, os.strerror(number))
            return real(*words, **options)

        monkeypatch.setattr(command.subprocess, 'Popen', full)
        assert sh('exit 4').rc == 4 and len(tries) == 3

    @pytest.mark.parametrize('number, most', [(errno.EAGAIN, None), (errno.ENOENT, 1)])
    def test_says_so_where_that_does_not_pass(self, monkeypatch, number, most):
        tries = []

        def full(*_words, **_options):
            tries.append(1)
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(command.forks, 'PATIENCE', 0.2)
        monkeypatch.setattr(command.subprocess, 'Popen', full)
        with pytest.raises(CommandError) as caught:
            sh('true')
        assert caught.value.message == '/bin/sh could not be run: %s.' % os.strerror(number)
        assert len(tries) == most if most else len(tries) > 1

    def test_kills_all_of_it_when_time_is_over(self):
        begin = monotonic()
        with pytest.raises(CommandError) as caught:
            sh('sleep 60 & echo $!; sleep 60', timeout=0.5)
        assert monotonic() - begin < 20
        assert (
            caught.value.message
            == '/bin/sh -c sleep 60 & echo $!; sleep 60 did not end within 0 s and was killed.'
        )
        child = int(caught.value.details['stdout'])
        assert wait_until(lambda: not is_there(child), 5)

    def test_does_not_wait_for_a_daemon_that_keeps_the_output(self):
        begin = monotonic()
        result = sh('sleep 60 & echo $!')
        assert monotonic() - begin < 20
        os.kill(int(result.out), signal.SIGKILL)

    def test_runs_in_a_session_of_its_own(self):
        assert int(sh('cut -d" " -f6 /proc/self/stat').out) not in (os.getsid(0), 0)

    def test_passes_no_ignored_signals_on(self):
        before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
        try:
            ignored = int(sh('grep SigIgn /proc/self/status').out.split()[1], 16)
        finally:
            signal.signal(signal.SIGHUP, before)
        assert not [
            number
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGPIPE)
            if ignored & 1 << number - 1
        ]


class TestUntil:
    def test_a_program_that_is_not_needed_any_more_is_killed(self, tmp_path):
        noted = str(tmp_path / 'pid')
        began = monotonic()
        result = sh('echo $$ >%s; exec sleep 60' % noted, until=lambda: os.path.exists(noted))
        assert monotonic() - began < 30 and result.rc != 0
        with open(noted) as stream:
            assert not is_there(int(stream.read() or '1000000000'))

    def test_one_that_ended_is_believed(self):
        assert sh('exit 3', until=lambda: False).rc == 3
