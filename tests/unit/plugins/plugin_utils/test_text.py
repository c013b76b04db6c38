# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.plugin_utils import text


class TestClean:
    @pytest.mark.parametrize(
        'said, clean',
        [
            ('AH00526: Syntax error on line 3', 'AH00526: Syntax error on line 3'),
            ('Größe, 設定, Ελληνικά', 'Größe, 設定, Ελληνικά'),
            ('a\nb\r\nc\td', 'a b c d'),
            ('\x1b[2J\x1b]0;title\x07gone', '[2J ]0;title gone'),
            ('\x9b31mred', '31mred'),
            ('\x7f\x00', ''),
            ('safe\u202egnp.exe', 'safegnp.exe'),
            ('\u2066a\u2069\u061c\u200e', 'a'),
            ('pay\u200bpal\ufeff\u2060\u00ad', 'paypal'),
            ('one\u2028two\u2029three', 'one two three'),
            ('a\u00a0b\u3000c', 'a b c'),
            ('a\U000e0041\U000e0100\ufe0fb\u3164', 'ab'),
            ('\ud800half', 'half'),
            ('\ue000private', 'private'),
        ],
        ids=repr,
    )
    def test_leaves_only_what_a_terminal_shows_as_it_is(self, said, clean):
        assert text.clean(said) == clean


class TestShort:
    def test_leaves_a_short_text_alone(self):
        assert text.short('x' * 500) == 'x' * 500

    @pytest.mark.parametrize('said', ['x' * 501, 'x' * 10**7, '\u200b' * 10**6 + 'x', 'x ' * 400])
    def test_cuts_a_long_one_and_shows_it(self, said):
        short = text.short(said)
        assert len(short) <= 500 and short.endswith('...')

    def test_takes_another_length(self):
        assert text.short('abcdefgh', 6) == 'abc...'


class TestLines:
    def test_keep_their_ends_and_tabs(self):
        assert text.short_lines('-a\tb  c\n+\x1b[31md\u202e\n') == '-a\tb  c\n+ [31md\n'

    def test_are_cut_at_their_end(self):
        assert text.short_lines('abcdefgh', 6) == 'abc...'

    def test_of_a_traceback_are_cut_at_their_beginning(self):
        assert text.last_lines('Traceback\n  File\nValueError: x', 17) == '...\nValueError: x'
        assert text.last_lines('a\x00b\nc') == 'a b\nc'
