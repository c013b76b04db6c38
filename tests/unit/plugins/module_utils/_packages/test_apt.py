# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._packages import apt
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._packages.recordings import (
    changes,
    recorded,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

# As apt 0.9 of Debian 7 writes them: with what else breaks for the moment, and with architectures.
OLD = u"""Remv psa [18.0.60] [apache2:amd64 ]
Remv libapache2-mod-php5 [5.4.45-0+deb7u14] []
Purg apache2-mpm-prefork [2.2.22-13+deb7u13] []
Inst apache2-mpm-worker (2.2.22-13+deb7u13 Debian:7.11/oldoldstable [amd64])
Inst libc6:i386 [2.13-38] (2.13-39 Debian:7.11/oldoldstable [i386]) []
Inst zlib1g:i386 (1:1.2.7 Debian:7.11/oldoldstable [i386])
Conf apache2-mpm-worker (2.2.22-13+deb7u13 Debian:7.11/oldoldstable [amd64])
"""


class TestParse:
    @pytest.mark.parametrize(
        'name, found',
        [
            (
                'apt-2.6.1-worker.txt',
                (
                    ['apache2-mpm-worker'],
                    ['apache22-common'],
                    ['psa', 'apache2-mpm-prefork', 'libapache2-mod-php5', 'phpmyadmin'],
                ),
            ),
            ('apt-2.6.1-upgrade.txt', ([], ['apache22-common'], [])),
            ('apt-2.6.1-nothing.txt', ([], [], [])),
        ],
    )
    def test_reads_what_it_really_says(self, name, found):
        assert changes(apt.parse(recorded(name))) == found

    def test_reads_brackets_and_architectures(self):
        assert changes(apt.parse(CommandResult(['apt-get'], 0, OLD, u''))) == (
            ['apache2-mpm-worker', 'zlib1g'],
            ['libc6'],
            ['psa', 'apache2-mpm-prefork', 'libapache2-mod-php5'],
        )

    def test_takes_no_answer_from_an_error(self):
        assert apt.parse(recorded('apt-2.6.1-upgrade.txt', rc=100)) is None


class TestAsk:
    def test_only_simulates(self):
        run = ScriptedRunner(
            (
                [
                    'apt-get',
                    '--simulate',
                    '-y',
                    '-o',
                    'Debug::NoLocking=1',
                    'install',
                    '--',
                    'a',
                    'b',
                ],
                u'',
            )
        )
        assert apt.ask(run, ['a', 'b']).rc == 0
        assert run.left == []
