# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._layouts import mpm_package as layout
from ansible_collections.webops.apache.plugins.module_utils._layouts.record import Reading
from ansible_collections.webops.apache.plugins.module_utils._layouts.table import (
    LAYOUTS,
    layout_named,
)

SHARED = ['core.c', 'mod_log_config.c', 'mod_logio.c', 'http_core.c', 'mod_so.c']
PREFORK, WORKER = SHARED + ['prefork.c'], SHARED + ['worker.c']
FOLDER = '/usr/lib/apache2/mpm-%s/apache2'


def reading(compiled):
    return Reading(
        {},
        dict(dict((path, []) for path in layout.LAYOUT.candidate_binaries({})), **compiled),
        None,
        None,
    )


class TestDetect:
    @pytest.mark.parametrize(
        'compiled, found',
        [
            ({FOLDER % 'prefork': PREFORK, '/usr/sbin/apache2': PREFORK}, True),
            ({FOLDER % 'worker': WORKER}, True),
            ({'/usr/sbin/apache2': PREFORK}, False),
            # Debian 8: what is left of the old folders is no program with an MPM.
            ({FOLDER % 'prefork': [], '/usr/sbin/apache2': SHARED}, False),
            ({FOLDER % 'prefork': SHARED}, False),
            ({}, False),
        ],
    )
    def test_is_by_the_programs_of_these_packages(self, compiled, found):
        assert layout.detect({}, compiled) is found

    def test_leaves_debian_8_to_its_own_layout(self):
        names = [each.name for each in LAYOUTS]
        assert names.index('mods_enabled') < names.index('mpm_package') < names.index('loadmodule')


class TestReadChoice:
    @pytest.mark.parametrize(
        'compiled, binary, mpm',
        [
            (
                {FOLDER % 'prefork': PREFORK, '/usr/sbin/apache2': PREFORK},
                '/usr/sbin/apache2',
                'prefork',
            ),
            (
                {
                    FOLDER % 'prefork': PREFORK,
                    FOLDER % 'worker': WORKER,
                    '/usr/sbin/apache2': WORKER,
                },
                '/usr/sbin/apache2',
                'worker',
            ),
            ({FOLDER % 'worker': WORKER}, FOLDER % 'worker', 'worker'),
        ],
        ids=['prefork', 'two programs', 'no link'],
    )
    def test_is_the_program_that_starts(self, compiled, binary, mpm):
        choice = layout.read_choice(reading(compiled))
        assert (choice.binary, choice.mpm, choice.text, choice.unclear) == (binary, mpm, None, None)
        assert layout.program({}, compiled) == binary
        assert layout.mpms(reading(compiled))[mpm] == (binary, None)

    def test_an_mpm_that_waits_is_known_by_its_own_program(self):
        found = layout.mpms(
            reading(
                {
                    FOLDER % 'prefork': PREFORK,
                    FOLDER % 'worker': WORKER,
                    '/usr/sbin/apache2': WORKER,
                }
            )
        )
        assert found == {
            'prefork': (FOLDER % 'prefork', None),
            'worker': ('/usr/sbin/apache2', None),
        }


class TestLayout:
    def test_names_the_packages_and_edits_nothing(self):
        found = layout_named('mpm_package')
        assert found.packages == {
            'prefork': 'apache2-mpm-prefork',
            'worker': 'apache2-mpm-worker',
            'event': 'apache2-mpm-event',
        }
        assert (
            found.by_package
            and found.choose(None, 'tree', 'worker') == 'tree'
            and found.edit_choice_file(None, None, 'worker') == []
        )
        assert [each.name for each in LAYOUTS if each.by_package] == ['mpm_package']
