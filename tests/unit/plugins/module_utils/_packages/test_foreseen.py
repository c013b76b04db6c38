# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._packages import foreseen as module


class TestMakeForeseen:
    def test_names_plesk_first(self):
        found = module.make_foreseen(
            'apt',
            ('a',),
            ['b', 'a', 'a'],
            ['d', 'c'],
            ['abc', 'psa-portal', 'zz', 'plesk-core', 'psa', 'psacct', 'abc'],
        )
        assert found == module.Foreseen(
            'apt',
            ['a'],
            ['a', 'b'],
            ['c', 'd'],
            ['psa', 'plesk-core', 'psa-portal', 'abc', 'psacct', 'zz'],
        )


class TestUnasked:
    @pytest.mark.parametrize(
        'names, removes, purpose, unasked',
        [
            (['apache2-mpm-worker'], ['apache2-mpm-prefork'], ['apache2-mpm-prefork'], []),
            (
                ['apache2-mpm-worker'],
                ['apache2-mpm-itk', 'libapache2-mod-php5'],
                ['apache2-mpm-itk'],
                ['libapache2-mod-php5'],
            ),
            (
                ['apache2-mpm-worker'],
                ['psa', 'apache2-mpm-prefork'],
                ['apache2-mpm-prefork'],
                ['psa'],
            ),
            # Of another make: nobody asked for that.
            (
                ['apache2-mpm-worker'],
                ['ea-apache24-mod_mpm_prefork'],
                [],
                ['ea-apache24-mod_mpm_prefork'],
            ),
            (
                ['ea-apache24-mod_mpm_event'],
                ['ea-apache24-mod_mpm_prefork'],
                ['ea-apache24-mod_mpm_prefork'],
                [],
            ),
            (['php-zts'], ['apache2-mpm-prefork'], [], ['apache2-mpm-prefork']),
            (['apache2-mpm-worker'], ['apache2-mpm-prefork-dbg'], [], ['apache2-mpm-prefork-dbg']),
            (['apache2-mpm-worker'], ['apache2-mpm-worker'], [], ['apache2-mpm-worker']),
            (['php-zts'], [], [], []),
        ],
    )
    def test_is_all_but_the_mpm_that_makes_room(self, names, removes, purpose, unasked):
        assert module.purpose(names, removes) == purpose
        assert module.unasked(names, module.make_foreseen('apt', (), removes=removes)) == unasked
