# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import FolderHandler
from ansible_collections.webops.apache.plugins.module_utils._syntax.php_settings import (
    MAX_GUARDS,
    MAX_LINE,
    MAX_WORD,
    MAX_WORDS,
    find_php_settings,
    read_folder_words,
    turns_php_off,
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


def handlers_of(content, most=100):
    return read_folder_words(content, 100, most).handlers


class TestHandlers:
    @pytest.mark.parametrize(
        'content, name, words',
        [
            (b'AddHandler a-script .x .y', u'addhandler', (u'a-script', u'.x', u'.y')),
            (b'\tADDTYPE "a b" .php\r\n', u'addtype', (u'a b', u'.php')),
            (b'SetHandler none', u'sethandler', (u'none',)),
            (b'ForceType text/plain', u'forcetype', (u'text/plain',)),
            (b'RemoveHandler .php', u'removehandler', (u'.php',)),
            (b'RemoveType .php', u'removetype', (u'.php',)),
            (b'Action a /b', u'action', (u'a', u'/b')),
            (b'Action a \\\n/b', u'action', (u'a', u'/b')),
            (b'php_flag engine off', u'php_flag', (u'engine', u'off')),
            (b'php_value "Engine" 0', None, None),
            (b'php_value "engine" 0', u'php_value', (u'engine', u'0')),
            (b'php_value memory_limit 1', None, None),
            (b'php_value open_basedir /a', u'php_value', (u'open_basedir', u'/a')),
            (b'php_admin_flag engine off', None, None),
            (b'# AddType a b', None, None),
            (b'AddTypes a b', None, None),
            (b'Header set Content-Type a', None, None),
            (b'SetHandler \xe9', u'sethandler', (u'\xe9',)),
            (b'SetHandler', u'sethandler', ()),
            (b'RewriteRule a b [L,H=c]', u'rewriterule', (u'a', u'b', u'[L,H=c]')),
            (b'RewriteRule a b [p]', u'rewriterule', (u'a', u'b', u'[p]')),
            (b'RewriteRule a b [T=c]', u'rewriterule', (u'a', u'b', u'[T=c]')),
            (b'RewriteRule a b [L,PT,QSA]', None, None),
            (b'RewriteRule a b', None, None),
            (b'Require all granted', u'require', (u'all', u'granted')),
            (b'Require valid-user', u'require', (u'valid-user',)),
            (b'Require all denied', None, None),
            (b'Allow from all', u'allow', (u'from', u'all')),
            (b'Deny from all', None, None),
            (b'Satisfy Any', u'satisfy', (u'Any',)),
            (b'Satisfy All', None, None),
        ],
        ids=repr,
    )
    def test_each_directive(self, content, name, words):
        found = [FolderHandler(1, name, words)] if name else []
        assert handlers_of(content) == found

    def test_knows_what_is_around_a_line(self):
        text = (
            b'<IfModule !a>\n<FilesMatch "\\.ph(p|t)$" >\n<If "-f \'x\'">\nSetHandler a\n</If>\n'
            b'</FilesMatch>\n</IfModule>\n<Limit GET>\nSetHandler b\n</Limit>\n<Else>\nAction a b\n'
        )
        one, two, three = handlers_of(text)
        assert (one.line, one.guards, one.sections) == (
            4,
            ((True, u'a'),),
            ((u'filesmatch', u'"\\.ph(p|t)$"'), (u'if', u'"-f \'x\'"')),
        )
        assert (two.line, two.guards, two.sections) == (9, (), ((u'limit', u'GET'),))
        assert (three.line, three.sections) == (12, ((u'else', u''),))

    @pytest.mark.parametrize(
        'line, count, longest, whole',
        [
            (b'AddType a' + b' .x' * (MAX_WORDS - 1), MAX_WORDS, 2, True),
            (b'AddType a' + b' .x' * MAX_WORDS, MAX_WORDS, 2, False),
            (b'AddType ' + b'x' * (MAX_LINE - 8), 1, MAX_WORD, True),
            (b'AddType ' + b'x' * MAX_LINE, 1, MAX_WORD, False),
            (b'AddType ' + b' ' * MAX_LINE + b'a .php', 0, 0, False),
        ],
    )
    def test_what_is_too_long_is_cut_and_says_so(self, line, count, longest, whole):
        (found,) = handlers_of(line)
        lengths = [len(word) for word in found.words]
        assert (len(lengths), max(lengths + [0]), found.whole) == (count, longest, whole)

    def test_conditions_of_a_rewrite_are_around_it_alone(self):
        text = b'RewriteCond %{HTTPS} on\nRewriteCond a b [OR]\nRewriteRule a b [P]\n' * 2
        text = text.replace(b'b [OR]', b'c', 1)
        first, second = handlers_of(text)
        assert (first.line, second.line) == (3, 6)
        assert first.sections == ((u'rewritecond', u'%{HTTPS} on'), (u'rewritecond', u'a c'))
        assert second.sections == ((u'rewritecond', u'%{HTTPS} on'), (u'rewritecond', u'a b [OR]'))

    @pytest.mark.parametrize(
        'content, lines',
        [
            (b'Order allow,deny\nDeny from all\n', []),
            (b'Order allow,deny\nDeny from all\nAddType a .b\n', [1, 2, 3]),
            (b'<Files a>\nDeny from all\n</Files>\n', []),
            (b'<Files a>\nOrder deny,allow\n</Files>\n', [2]),
            (b'<Limit GET>\nDeny from all\n</Limit>\n', []),
        ],
    )
    def test_a_file_that_only_keeps_visitors_out_is_not_kept(self, content, lines):
        assert [one.line for one in handlers_of(content)] == lines

    def test_sections_are_kept_up_to_a_number_and_a_length(self):
        text = b'<If ' + b'x' * 2000 + b'>\n' + b'<Files x>\n' * 50 + b'SetHandler x\n'
        (found,) = handlers_of(text)
        assert (len(found.sections), len(found.sections[0][1])) == (MAX_GUARDS, MAX_WORD)

    def test_keeps_so_many_and_still_finds_settings(self):
        words = read_folder_words(b'SetHandler a\n' * 9 + b'php_value a b\n', 100, 5)
        assert (len(words.handlers), len(words.settings), words.dropped) == (5, 1, True)

    def test_a_switch_is_a_setting_too(self):
        words = read_folder_words(b'php_flag engine off\n', 100, 5)
        assert (len(words.handlers), len(words.settings), words.dropped) == (1, 1, False)


class TestTurnsPhpOff:
    @pytest.mark.parametrize(
        'name, words, off',
        [
            (u'php_flag', (u'engine', u'off'), True),
            (u'php_flag', (u'engine', u'On'), False),
            (u'php_flag', (u'engine', u'1'), False),
            (u'php_flag', (u'engine', u'yes'), True),
            (u'php_flag', (u'engine',), True),
            (u'php_value', (u'engine', u'yes'), False),
            (u'php_value', (u'engine', u'0'), True),
            (u'php_value', (u'engine', u'02'), False),
            (u'php_value', (u'engine', u'off'), True),
            (u'php_value', (u'open_basedir', u'/a'), False),
            (u'sethandler', (u'none',), False),
        ],
    )
    def test_table(self, name, words, off):
        assert turns_php_off(FolderHandler(1, name, words)) is off
