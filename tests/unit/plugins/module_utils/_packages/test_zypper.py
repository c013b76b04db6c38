# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._packages import zypper
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._packages.recordings import (
    changes,
    recorded,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner


class TestParse:
    @pytest.mark.parametrize(
        'name, rc, found',
        [
            ('zypper-1.14.42-upgrade.xml', 0, (['php-zts'], ['php-common'], [])),
            ('zypper-1.14.42-obsoletes.xml', 0, (['php-bare'], [], ['psa-portal'])),
            (
                'zypper-1.14.42-erasing.xml',
                0,
                (['php-bare', 'php-strict'], [], ['psa', 'psa-portal']),
            ),
            ('zypper-1.14.42-nothing.xml', 0, ([], [], [])),
            ('zypper-1.14.42-conflict.xml', 4, None),
            ('zypper-1.14.42-unknown.xml', 104, None),
            # 106: a repository could not be refreshed; the answer is none the worse for it.
            (
                'zypper-1.14.42-erasing.xml',
                106,
                (['php-bare', 'php-strict'], [], ['psa', 'psa-portal']),
            ),
        ],
    )
    def test_reads_what_it_really_says(self, name, rc, found):
        assert changes(zypper.parse(recorded(name, rc))) == found

    def test_takes_no_answer_that_breaks_off(self):
        answer = recorded('zypper-1.14.42-erasing.xml')
        assert zypper.parse(answer._replace(out=answer.out.split(u'<to-remove>')[0])) is None

    @pytest.mark.parametrize(
        'part', [u'downgrade', u'reinstall', u'change-arch', u'upgrade-change-arch']
    )
    def test_counts_a_package_that_stays_as_an_upgrade(self, part):
        answer = recorded('zypper-1.14.42-upgrade.xml')
        found = zypper.parse(
            answer._replace(out=answer.out.replace(u'to-upgrade>', u'to-%s>' % part))
        )
        assert changes(found) == (['php-zts'], ['php-common'], [])

    def test_leaves_patterns_out(self):
        answer = recorded('zypper-1.14.42-obsoletes.xml')
        assert (
            zypper.parse(
                answer._replace(
                    out=answer.out.replace(u'type="package" name="psa', u'type="pattern" name="psa')
                )
            ).removes
            == []
        )


class TestAsk:
    def test_changes_nothing(self):
        run = ScriptedRunner(
            (['zypper', '--non-interactive', '--xmlout', 'install', '--dry-run', 'a'], u'')
        )
        assert zypper.ask(run, ['a']).rc == 0
        assert run.left == []
