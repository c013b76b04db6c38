# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._packages import dnf
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._packages.recordings import (
    changes,
    recorded,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner


class TestParse:
    @pytest.mark.parametrize(
        'name, rc, found',
        [
            ('dnf-4.14.0-upgrade.txt', 1, (['php-zts'], ['php-common'], [])),
            ('dnf-4.14.0-obsoletes.txt', 1, (['php-bare'], [], ['psa-portal'])),
            ('dnf-4.14.0-erasing.txt', 1, (['php-strict'], [], ['psa', 'psa-portal'])),
            ('dnf-4.14.0-nothing.txt', 0, ([], [], [])),
            ('dnf-4.14.0-conflict.txt', 1, None),
            ('dnf-4.14.0-unknown.txt', 1, None),
            # Of each package that it upgrades dnf 5 says that it replaces the old one.
            ('dnf5-issue1379.txt', 1, (['dnf5'], ['fmt', 'paps'], ['dnf'])),
            (
                'yum3-wrapped.txt',
                1,
                (
                    ['MariaDB-compat', 'a-package-whose-name-is-longer-than-its-column', 'libzip'],
                    ['php-common'],
                    ['psa', 'mariadb-libs'],
                ),
            ),
        ],
    )
    def test_reads_the_table_and_not_the_exit_code(self, name, rc, found):
        assert changes(dnf.parse('dnf', recorded(name, rc))) == found

    @pytest.mark.parametrize('heading', [u'Erasing', u'Swapping', u'Obsoleting packages'])
    def test_takes_no_answer_with_a_heading_that_is_not_known(self, heading):
        answer = recorded('dnf-4.14.0-erasing.txt', 1)
        assert (
            dnf.parse(
                'dnf',
                answer._replace(out=answer.out.replace(u'Removing dependent packages', heading)),
            )
            is None
        )

    @pytest.mark.parametrize(
        'heading',
        [
            u'Skipping packages with conflicts',
            u'Enabling module streams',
            u'Skipped (dependency problems)',
        ],
    )
    def test_passes_over_what_is_no_change(self, heading):
        answer = recorded('dnf-4.14.0-erasing.txt', 1)
        assert (
            dnf.parse(
                'dnf',
                answer._replace(out=answer.out.replace(u'Removing dependent packages', heading)),
            ).removes
            == []
        )

    def test_takes_no_answer_that_breaks_off(self):
        answer = recorded('dnf-4.14.0-erasing.txt', 1)
        assert (
            dnf.parse('dnf', answer._replace(out=answer.out.split(u'Transaction Summary')[0]))
            is None
        )

    def test_keeps_versions_out_of_names(self):
        answer = recorded('dnf-4.14.0-obsoletes.txt', 1)
        assert dnf.parse(
            'dnf',
            answer._replace(out=answer.out.replace(u'psa-portal.noarch', u'python3.11.x86_64')),
        ).removes == ['python3.11']


class TestAsk:
    @pytest.mark.parametrize('program', ['dnf', 'yum'])
    def test_answers_no(self, program):
        run = ScriptedRunner(([program, '--assumeno', 'install', 'a'], u''))
        assert dnf.ask(run, program, ['a']).rc == 0
        assert run.left == []
