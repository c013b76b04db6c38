# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import lines

TEXTS = [
    u'',
    u'\n',
    u'a',
    u'a\n',
    u'a\nb',
    u'a\r\nb\r\n',
    u'a\r\nb',
    u'\r',
    u'a\rb\n',
    u'a\n\n\nb\n',
    u'a\x0bb\x0cc\x85d\u00a0e\n',
    u'\r\r\n',
]


class TestSplitLines:
    @pytest.mark.parametrize('text', TEXTS, ids=repr)
    def test_loses_no_byte(self, text):
        assert u''.join(lines.split_lines(text)) == text

    @pytest.mark.parametrize(
        'text, count',
        [
            (u'', 0),
            (u'\n', 1),
            (u'a', 1),
            (u'a\n', 1),
            (u'a\nb', 2),
            (u'a\rb\n', 1),
            (u'a\x85b\x0cc\n', 1),
        ],
        ids=repr,
    )
    def test_takes_only_a_line_feed_for_the_end_of_a_line(self, text, count):
        assert len(lines.split_lines(text)) == count


class TestLineEnd:
    @pytest.mark.parametrize(
        'line, end',
        [
            (u'a\n', u'\n'),
            (u'a\r\n', u'\r\n'),
            (u'a\r', u''),
            (u'a', u''),
            (u'', u''),
            (u'\r\r\n', u'\r\n'),
        ],
        ids=repr,
    )
    def test_gives_what_ends_the_line(self, line, end):
        assert lines.line_end(line) == end


class TestBodyOf:
    @pytest.mark.parametrize(
        'line, body',
        [(u'a\n', u'a'), (u'a \r\n', u'a '), (u'a\r', u'a\r'), (u'', u''), (u'\n', u'')],
        ids=repr,
    )
    def test_gives_the_line_without_its_end(self, line, body):
        assert lines.body_of(line) == body


class TestCommonEnd:
    @pytest.mark.parametrize(
        'text, end',
        [
            (u'', u'\n'),
            (u'a', u'\n'),
            (u'a\n', u'\n'),
            (u'a\r\nb\r\nc\n', u'\r\n'),
            (u'a\r\nb\n', u'\n'),
        ],
        ids=repr,
    )
    def test_gives_the_end_that_most_lines_have(self, text, end):
        assert lines.common_end(lines.split_lines(text)) == end


class TestInsertLines:
    @pytest.mark.parametrize(
        'text, after, expected',
        [
            (u'', 0, u'x\ny\n'),
            (u'a\nb\n', 0, u'x\ny\na\nb\n'),
            (u'a\nb\n', 1, u'a\nx\ny\nb\n'),
            (u'a\nb\n', 2, u'a\nb\nx\ny\n'),
            (u'a\nb', 1, u'a\nx\ny\nb'),
            (u'a\nb', 2, u'a\nb\nx\ny'),
            (u'a\r\nb\r\n', 1, u'a\r\nx\r\ny\r\nb\r\n'),
            (u'a\r\nb', 2, u'a\r\nb\r\nx\r\ny'),
        ],
        ids=repr,
    )
    def test_adds_lines_in_the_ends_of_the_text_and_keeps_a_missing_last_newline(
        self, text, after, expected
    ):
        assert lines.insert_lines(text, after, [u'x', u'y']) == expected

    @pytest.mark.parametrize('text', TEXTS, ids=repr)
    def test_changes_nothing_where_nothing_is_added(self, text):
        assert lines.insert_lines(text, len(lines.split_lines(text)), []) == text


class TestReplaceLine:
    @pytest.mark.parametrize(
        'text, expected',
        [
            (u'a\nb\n', u'a\nx\n'),
            (u'a\r\nb\r\n', u'a\r\nx\r\n'),
            (u'a\nb', u'a\nx'),
            (u'a\nb\nc', u'a\nx\nc'),
        ],
        ids=repr,
    )
    def test_keeps_the_end_of_the_line(self, text, expected):
        assert lines.replace_line(text, 2, u'x') == expected
