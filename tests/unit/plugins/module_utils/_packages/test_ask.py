# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._packages import apt, ask
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._packages.recordings import (
    changes,
    recorded,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

QUERY = ['rpm', '-q', '--queryformat', '%{NAME}\\n', '--']


def owner(path, rc):
    return ['rpm', '-qf', '--', path], CommandResult([], rc, u'', u'')


@pytest.fixture
def programs(monkeypatch):
    """Sets which programs this host has: none, unless a test says so."""

    def make(*names):
        monkeypatch.setattr(
            ask, 'find_program', lambda name: '/usr/bin/' + name if name in names else None
        )

    make()
    return make


class TestFindManager:
    @pytest.mark.parametrize(
        'there, answers, manager',
        [
            ([], [], None),
            (['apt-get'], [], 'apt'),
            (['apt-get', 'dpkg-query'], [], 'apt'),
            (['rpm', 'yum'], [], 'yum'),
            (['rpm', 'yum', 'dnf'], [], 'dnf'),
            (['rpm', 'zypper', 'dnf'], [], 'zypper'),
            (['rpm'], [], 'rpm'),
            # The tools of two families: the server's program tells.
            (['apt-get', 'rpm'], [owner(path, 1) for path in ask.SERVERS], 'apt'),
            (['apt-get', 'rpm', 'dnf', 'zypper'], [owner(path, 1) for path in ask.SERVERS], 'apt'),
            (['apt-get', 'rpm', 'dnf'], [owner(ask.SERVERS[0], 0)], 'dnf'),
            (
                ['apt-get', 'rpm', 'zypper'],
                [owner(ask.SERVERS[0], 1), owner(ask.SERVERS[1], 1), owner(ask.SERVERS[2], 0)],
                'zypper',
            ),
            (['apt-get', 'dnf'], [], 'apt'),
        ],
    )
    def test_finds_the_host_s_own(self, programs, there, answers, manager):
        programs(*there)
        run = ScriptedRunner(*answers)
        assert ask.find_manager(run) == manager
        assert run.left == []


class TestForesee:
    @pytest.mark.parametrize(
        'program, argv, answer, found',
        [
            (
                'apt-get',
                list(apt.COMMAND) + ['x'],
                recorded('apt-2.6.1-upgrade.txt'),
                ([], ['apache22-common'], []),
            ),
            (
                'dnf',
                ['dnf', '--assumeno', 'install', 'x'],
                recorded('dnf-4.14.0-obsoletes.txt', 1),
                (['php-bare'], [], ['psa-portal']),
            ),
            (
                'yum',
                ['yum', '--assumeno', 'install', 'x'],
                recorded('dnf-4.14.0-obsoletes.txt', 1),
                (['php-bare'], [], ['psa-portal']),
            ),
            (
                'zypper',
                ['zypper', '--non-interactive', '--xmlout', 'install', '--dry-run', 'x'],
                recorded('zypper-1.14.42-obsoletes.xml'),
                (['php-bare'], [], ['psa-portal']),
            ),
            ('rpm', QUERY + ['x'], u'x\n', ([], [], [])),
        ],
    )
    def test_asks_the_one_that_is_there(self, programs, program, argv, answer, found):
        programs(program)
        run = ScriptedRunner((argv, answer))
        assert changes(ask.foresee(run, ['x'])) == found
        assert run.left == []

    def test_asks_the_one_that_is_named(self, programs):
        programs('apt-get', 'dnf', 'rpm')
        run = ScriptedRunner(
            (['dnf', '--assumeno', 'install', 'x'], recorded('dnf-4.14.0-nothing.txt'))
        )
        assert ask.foresee(run, ['x'], 'dnf').manager == 'dnf'
        assert run.left == []

    @pytest.mark.parametrize(
        'there, manager, answers, words, rule',
        [
            (
                [],
                None,
                [],
                'none of zypper, dnf, yum, apt-get, rpm is on this host',
                'package_manager_unknown',
            ),
            (['rpm'], 'yum', [], 'this host has no yum', 'package_manager_unknown'),
            (
                ['rpm'],
                None,
                [(QUERY + ['x'], u'package x is not installed\n')],
                'rpm alone fetches nothing',
                'package_manager_unknown',
            ),
            (
                ['dnf'],
                None,
                [
                    (
                        ['dnf', '--assumeno', 'install', 'x'],
                        recorded(
                            'dnf-4.14.0-conflict.txt',
                            1,
                            err=u'Error: \n Problem: x conflicts with psa\n',
                        ),
                    )
                ],
                'Problem: x conflicts with psa',
                'packages_refused',
            ),
            (
                ['zypper'],
                None,
                [
                    (
                        ['zypper', '--non-interactive', '--xmlout', 'install', '--dry-run', 'x'],
                        recorded('zypper-1.14.42-conflict.xml', 4),
                    )
                ],
                'conflicts with psa provided by psa-18.0.60-1.noarch Solution 1',
                'packages_refused',
            ),
        ],
    )
    def test_says_why_it_cannot_be_told(self, programs, there, manager, answers, words, rule):
        programs(*there)
        run = ScriptedRunner(*answers)
        with pytest.raises(ReadError) as caught:
            ask.foresee(run, ['x'], manager)
        assert words in caught.value.message and caught.value.details['rule'] == rule
        assert run.left == []

    def test_finds_files_by_a_pattern(self, programs, tmp_path):
        programs('apt-get')
        for name in ('b-1.deb', 'a-1.deb', 'other'):
            (tmp_path / name).write_bytes(b'')
        paths = [str(tmp_path / 'a-1.deb'), str(tmp_path / 'b-1.deb')]
        run = ScriptedRunner((list(apt.COMMAND) + paths + ['x'], recorded('apt-2.6.1-nothing.txt')))
        assert changes(ask.foresee(run, [str(tmp_path / '*.deb'), 'x'])) == ([], [], [])
        assert run.left == []

    def test_misses_a_file_by_name(self, programs, tmp_path):
        programs('apt-get')
        with pytest.raises(ReadError) as caught:
            ask.foresee(ScriptedRunner(), [str(tmp_path / 'none-*.rpm')])
        assert 'There is no package file' in caught.value.message
