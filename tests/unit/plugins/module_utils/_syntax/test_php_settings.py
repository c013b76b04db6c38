# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax.php_settings import (
    MAX_GUARDS,
    find_php_settings,
)


class TestFindPhpSettings:
    @pytest.mark.parametrize(
        'content, lines',
        [
            (b'php_value a b', [1]),
            (b'\n\tPHP_Flag a on\r\n', [2]),
            (b'php_admin_value a b\nphp_admin_flag a b\n', [1, 2]),
            (b'"php_value" a b\n', [1]),
            (b'php_\\\nvalue a b\nphp_value a b\n', [1, 3]),
            (b'# php_value a b\n', []),
            (b'# \\\nphp_value a b\n', []),
            (b'SetEnv php_value 1\n', []),
            (b'php_values a\n', []),
            (b'php_value a \\', [1]),
            (b'<Files x>\nphp_value a b\n</Files>\n', [2]),
            (b'<If "true">\nphp_value a b\n</If>\n', [2]),
        ],
        ids=repr,
    )
    def test_finds_each_line(self, content, lines):
        assert [setting.line for setting in find_php_settings(content, 100)] == lines

    @pytest.mark.parametrize(
        'opening, guards',
        [
            (b'<IfModule mod_php5.c>', ((False, u'mod_php5.c'),)),
            (b' <ifmodule !mod_php5.c>', ((True, u'mod_php5.c'),)),
            (b'<IfModule "mod_php5.c">', ((False, u'mod_php5.c'),)),
            (b'<IfModule mod_\\\nphp5.c>', ((False, u'mod_php5.c'),)),
            (b'<IfModule>', ()),
            (b'<IfModule ${X}>', ()),
            (b'<IfModuleX a>', ()),
            (b'<IfDefine X>', ()),
            (b'<IfVersion > 2.4>', ()),
            (b'<IfModule ' + b'x' * 1000 + b'>', ()),
        ],
        ids=repr,
    )
    def test_keeps_the_modules_that_it_depends_on(self, opening, guards):
        (setting,) = find_php_settings(opening + b'\nphp_value a b\n</IfModule>\n', 100)
        assert setting.guards == guards

    def test_knows_where_a_section_ends(self):
        text = (
            b'</x>\n<IfModule a>\n<Files b>\nphp_flag a 1\n</Files>\nphp_flag a 2\n'
            b'</IfModule>\nphp_flag a 3\n'
        )
        assert [setting.guards for setting in find_php_settings(text, 100)] == [
            ((False, u'a'),),
            ((False, u'a'),),
            (),
        ]

    def test_keeps_so_many_and_no_more(self):
        assert len(find_php_settings(b'php_value a b\n' * 9, 5)) == 5
        (setting,) = find_php_settings(b'<IfModule a>\n' * 50 + b'php_value a b\n', 5)
        assert len(setting.guards) == MAX_GUARDS
