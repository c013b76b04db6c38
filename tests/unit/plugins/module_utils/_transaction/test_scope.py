# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import CommandError
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._transaction import scope

from ..runner import ScriptedRunner

ASK = [
    '/bin/busctl',
    '--system',
    'call',
    'org.freedesktop.systemd1',
    '/org/freedesktop/systemd1',
    'org.freedesktop.systemd1.Manager',
    'StartTransientUnit',
    'ssa(sv)a(sa(sv))',
    'webops-apache-mpm-w0rd.scope',
    'fail',
    '2',
    'Description',
    's',
    'Switch of the MPM of httpd',
    'PIDs',
    'au',
    '1',
    str(os.getpid()),
    '0',
]
LOGIND = ['/bin/loginctl', 'show-session', '--property=KillUserProcesses']
REFUSED = CommandResult(ASK, 1, u'', u'Call failed: Access denied\n')


@pytest.fixture
def host(monkeypatch, tmpdir):
    """A host where systemd runs; `groups` is what the kernel says of our control groups."""
    monkeypatch.setattr(scope, 'SYSTEMD', str(tmpdir))
    monkeypatch.setattr(scope, 'PATIENCE', 0.05)
    monkeypatch.setattr(scope, 'find_program', lambda name: '/bin/' + name)
    groups = tmpdir.join('cgroup')
    groups.write('9:name=systemd:/user.slice/user-1000.slice/session-1.scope\n0::/\n')
    monkeypatch.setattr(scope.is_in, '__defaults__', (str(groups),))
    return groups


def moved(groups):
    groups.write('9:name=systemd:/system.slice/webops-apache-mpm-w0rd.scope\n0::/\n')


def raises(argv, **_options):
    raise CommandError('%s did not end within 5 s and was killed.' % argv[0])


class TestLeaveSession:
    def test_asks_for_a_scope_and_is_in_it(self, host):
        moved(host)
        run = ScriptedRunner((ASK, u'o "/org/freedesktop/systemd1/job/7"\n'))
        assert scope.leave_session(run, 'w0rd') is None
        assert run.left == []

    def test_asks_nobody_where_systemd_does_not_run(self, host, monkeypatch, tmpdir):
        monkeypatch.setattr(scope, 'SYSTEMD', str(tmpdir.join('missing')))
        assert scope.leave_session(ScriptedRunner(), 'w0rd') is None

    @pytest.mark.parametrize(
        'answer, why',
        [
            (REFUSED, 'Access denied'),
            (CommandResult(ASK, 4, u'', u''), 'exit code 4'),
            (u'o "/job/7"\n', 'did not carry it out'),
        ],
    )
    def test_who_has_to_stay_is_warned_of_what_ends_logins(self, host, answer, why):
        run = ScriptedRunner((ASK, answer), (LOGIND, u'KillUserProcesses=yes\n'))
        warning = scope.leave_session(run, 'w0rd')
        assert run.left == []
        assert why in warning and 'KillUserProcesses' in warning

    @pytest.mark.parametrize(
        'says', [u'KillUserProcesses=no\n', u'', CommandResult(LOGIND, 1, u'', u'no such bus')]
    )
    def test_who_has_to_stay_where_nothing_ends_logins_says_nothing(self, host, says):
        run = ScriptedRunner((ASK, REFUSED), (LOGIND, says))
        assert scope.leave_session(run, 'w0rd') is None
        assert run.left == []

    def test_a_host_without_busctl_is_asked_about_logind(self, host, monkeypatch):
        monkeypatch.setattr(
            scope, 'find_program', lambda name: None if name == 'busctl' else '/bin/' + name
        )
        run = ScriptedRunner((LOGIND, u'KillUserProcesses=yes\n'))
        assert 'there is no busctl' in scope.leave_session(run, 'w0rd')

    def test_programs_that_hang_are_no_reason_to_stop(self, host):
        assert scope.leave_session(raises, 'w0rd') is None


class TestScopeName:
    @pytest.mark.parametrize(
        'word, name',
        [
            ('44860b8f', 'webops-apache-mpm-44860b8f.scope'),
            ('a/b c-d.e', 'webops-apache-mpm-a_b_c_d_e.scope'),
            ('x' * 300, 'webops-apache-mpm-%s.scope' % ('x' * 64)),
        ],
    )
    def test_holds_nothing_that_systemd_reads_as_more_than_a_name(self, word, name):
        assert scope.scope_name(word) == name


class TestIsIn:
    @pytest.mark.parametrize(
        'text, expected',
        [
            ('0::/system.slice/a.scope\n', True),
            ('9:name=systemd:/system.slice/a.scope\n0::/\n', True),
            ('0::/system.slice/aa.scope\n', False),
            ('0::/a.scope/b.service\n', False),
            ('', False),
        ],
    )
    def test_goes_by_the_last_part_of_a_group(self, tmpdir, text, expected):
        tmpdir.join('cgroup').write(text)
        assert scope.is_in('a.scope', str(tmpdir.join('cgroup'))) is expected

    def test_is_nowhere_where_there_are_no_groups(self, tmpdir):
        assert scope.is_in('a.scope', str(tmpdir.join('missing'))) is False
