# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import httpd_conf
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_conf import (
    BLANK,
    CLOSE,
    COMMENT,
    DIRECTIVE,
    OPEN,
    Line,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

PHP = u'php5_module modules/libphp5.so'


def first(text):
    return httpd_conf.parse_lines(text)[0]


def named(text, name):
    return [line for line in httpd_conf.parse_lines(text) if line.name == name][0]


class TestParseCondition:
    @pytest.mark.parametrize(
        'text, negated, words',
        [
            (u'<IfModule a.c>', False, [u'a.c']),
            (u'<IFMODULE\t! a.c >', True, [u'a.c']),
            (u'<IfModule !"a.c">', True, [u'a.c']),
            (u'<IfModule "!a.c">', False, [u'!a.c']),
            (u'<IfModule !!a.c>', True, [u'!a.c']),
            (u'<IfVersion !>= "2.4"> # x', True, [u'>=', u'2.4']),
            (u'<IfFile "a b">', False, [u'a b']),
            (u'<IfDefine>', False, []),
            (u'<IfDefine !>', True, []),
        ],
    )
    def test_gives_negation_and_words(self, text, negated, words):
        assert httpd_conf.parse_condition(first(text)) == (negated, words)


class TestParseLines:
    @pytest.mark.parametrize(
        'text, kind, name, args',
        [
            (u'Listen 80\n', DIRECTIVE, u'listen', [u'80']),
            (
                u'  LOADMODULE\tphp5_module   modules/libphp5.so  \t\r\n',
                DIRECTIVE,
                u'loadmodule',
                [u'php5_module', u'modules/libphp5.so'],
            ),
            (u'\x0c\x0bListen 80', DIRECTIVE, u'listen', [u'80']),
            (u'"Listen" \'80\'\n', DIRECTIVE, u'listen', [u'80']),
            (u'Listen 80 # no comment\n', DIRECTIVE, u'listen', [u'80', u'#', u'no', u'comment']),
            (u'<IfModule prefork.c>\n', OPEN, u'ifmodule', [u'prefork.c']),
            (u'  <ifmodule\t!mod_php5.c>  \n', OPEN, u'ifmodule', [u'!mod_php5.c']),
            (u'<IfVersion >= 2.4>\r\n', OPEN, u'ifversion', [u'>=', u'2.4']),
            (u'<VirtualHost *:80 [::]:80>\n', OPEN, u'virtualhost', [u'*:80', u'[::]:80']),
            (u'<Files "a b">\n', OPEN, u'files', [u'a b']),
            (u'<Proxy>\n', OPEN, u'proxy', []),
            (u'<IfModule prefork.c> # why\n', OPEN, u'ifmodule', [u'prefork.c']),
            (u'<IfModule prefork.c\n', OPEN, u'ifmodule', [u'prefork.c']),
            (u'</IfModule>\n', CLOSE, u'ifmodule', []),
            (u' </IFMODULE >\r\n', CLOSE, u'ifmodule', []),
            (u'#Listen 80\n', COMMENT, u'', []),
            (u' ## <IfModule worker.c>\n', COMMENT, u'', []),
            (u'\n', BLANK, u'', []),
            (u' \t\r\n', BLANK, u'', []),
        ],
        ids=repr,
    )
    def test_tells_what_a_line_is(self, text, kind, name, args):
        line = first(text)
        assert (line.kind, line.name, line.args) == (kind, name, args)

    @pytest.mark.parametrize(
        'text, expected',
        [
            (u'A \\\nb\nC\n', [(1, 2, u'A b'), (3, 1, u'C')]),
            (u'A \\\r\n  b \\\r\nc\r\nD', [(1, 3, u'A   b c'), (4, 1, u'D')]),
            (u'# a \\\nLoadModule b c\nD\n', [(1, 2, u'# a LoadModule b c'), (3, 1, u'D')]),
            (u'# a \\ \nB\n', [(1, 1, u'# a \\'), (2, 1, u'B')]),
            (u'A\\\nB\n', [(1, 2, u'AB')]),
            (u'A \\\n\nB\n', [(1, 2, u'A'), (3, 1, u'B')]),
            (u'A \\\n', [(1, 1, u'A')]),
            (u'A \\', [(1, 1, u'A \\')]),
            (u'A \\\\\nB\n', [(1, 2, u'A \\B')]),
        ],
        ids=repr,
    )
    def test_joins_what_a_backslash_continues(self, text, expected):
        assert [
            (line.number, line.count, line.text) for line in httpd_conf.parse_lines(text)
        ] == expected

    @pytest.mark.parametrize(
        'text',
        [u'Include conf.d/voil\xc3\xa0/x.conf', u'Include a\x85b', u'Include a\x1cb'],
        ids=repr,
    )
    def test_takes_only_for_white_space_what_httpd_does(self, text):
        assert first(text).args == [text[8:]]

    def test_of_the_same_text_is_the_same(self):
        assert httpd_conf.parse_lines(u'Listen 80\n') is httpd_conf.parse_lines(u'Listen 80\n')
        assert httpd_conf.parse_lines(u'Listen 80\n') != httpd_conf.parse_lines(u'Listen 81\n')

    def test_gives_the_stock_file_line_by_line(self):
        lines = httpd_conf.parse_lines(hosts.STOCK_PHP)
        assert [line.number for line in lines] == list(range(1, hosts.STOCK_PHP.count(u'\n') + 1))
        assert [(line.name, line.args) for line in lines if line.kind in (OPEN, DIRECTIVE)][:4] == [
            (u'ifmodule', [u'prefork.c']),
            (u'loadmodule', [u'php5_module', u'modules/libphp5.so']),
            (u'ifmodule', [u'worker.c']),
            (u'loadmodule', [u'php5_module', u'modules/libphp5-zts.so']),
        ]


class TestSplitWords:
    @pytest.mark.parametrize(
        'text, words',
        [
            (u'a "b c" \'d e\'', [u'a', u'b c', u'd e']),
            (u'"a\\"b" \'c\\\'d\' "e\\\\f"', [u'a"b', u"c'd", u'e\\f']),
            (u'"a\\b" a\\b a\\\\b', [u'a\\b', u'a\\b', u'a\\b']),
            (u'a"b c"', [u'a"b', u'c"']),
            (u'"a"b', [u'a', u'b']),
            (u'"a', [u'a']),
            (u'"" a', [u'', u'a']),
            (u'  ', []),
            (u'a\\ b', [u'a\\', u'b']),
        ],
        ids=repr,
    )
    def test_cuts_as_httpd_does(self, text, words):
        assert httpd_conf.split_words(text) == words


class TestReplaceArgument:
    @pytest.mark.parametrize(
        'text, name, index, after',
        [
            (u'MaxSpareThreads     75 \n', u'maxsparethreads', 0, u'MaxSpareThreads     9 \n'),
            (
                u'A 1\n\tMaxClients\t300\r\nB 1\n',
                u'maxclients',
                0,
                u'A 1\n\tMaxClients\t9\r\nB 1\n',
            ),
            (u'MaxClients 300', u'maxclients', 0, u'MaxClients 9'),
            (u'MaxClients "300"  \n', u'maxclients', 0, u'MaxClients 9  \n'),
            (u'MaxClients "300', u'maxclients', 0, u'MaxClients 9'),
            (u'"MaxClients" 300\n', u'maxclients', 0, u'"MaxClients" 9\n'),
            (u'A b c d\n', u'a', 1, u'A b 9 d\n'),
            (u'A a 1\n', u'a', 1, u'A a 9\n'),
        ],
        ids=repr,
    )
    def test_changes_the_argument_alone(self, text, name, index, after):
        assert httpd_conf.replace_argument(text, named(text, name), index, u'9') == after

    @pytest.mark.parametrize(
        'text, index, after',
        [
            (u'A b \\\n  c\nD\n', 0, u'A 9 \\\n  c\nD\n'),
            (u'A b \\\n  c\nD\n', 1, u'A b \\\n  9\nD\n'),
            (u'#\nA \\\r\n\tb \\\r\n c \r\n', 1, u'#\nA \\\r\n\tb \\\r\n 9 \r\n'),
            (u'A \\\n\\\n b', 0, u'A \\\n\\\n 9'),
            (u'A \\\n "b c" d', 0, u'A \\\n 9 d'),
            (u'A b\\\n', 0, u'A 9\\\n'),
            (u'A b\\\nb c\n', 0, None),
            (u'A b\\\nb c\n', 1, u'A b\\\nb 9\n'),
        ],
        ids=repr,
    )
    def test_changes_it_on_whichever_line_it_stands(self, text, index, after):
        assert httpd_conf.replace_argument(text, named(text, u'a'), index, u'9') == after


class TestCommentLines:
    @pytest.mark.parametrize(
        'text, after',
        [
            (u'LoadModule %s\nA\n' % PHP, u'#LoadModule %s\nA\n' % PHP),
            (u'  LoadModule %s\r\nA\r\n' % PHP, u'#  LoadModule %s\r\nA\r\n' % PHP),
            (u'LoadModule \\\n  %s\nA\n' % PHP, u'#LoadModule \\\n  %s\nA\n' % PHP),
            (u'LoadModule %s' % PHP, u'#LoadModule %s' % PHP),
        ],
        ids=repr,
    )
    def test_takes_the_whole_directive_out_of_force(self, text, after):
        assert httpd_conf.comment_lines(text, named(text, u'loadmodule')) == after
        assert not [line for line in httpd_conf.parse_lines(after) if line.name == u'loadmodule']


class TestUncommentLine:
    @pytest.mark.parametrize(
        'text, after',
        [
            (u'#LoadModule %s\n' % PHP, u'LoadModule %s\n' % PHP),
            (u'    # LoadModule %s \r\n' % PHP, u'     LoadModule %s \r\n' % PHP),
            (u'#LoadModule %s # c' % PHP, u'LoadModule %s # c' % PHP),
        ],
        ids=repr,
    )
    def test_takes_away_the_first_mark_and_nothing_else(self, text, after):
        assert httpd_conf.uncomment_line(text, first(text)) == after


class TestParseComment:
    @pytest.mark.parametrize(
        'text',
        [
            u'#LoadModule %s\n',
            u'  # LoadModule %s\r\n',
            u'## LOADMODULE\t%s',
            u'#LoadModule \\\n %s\n',
        ],
        ids=repr,
    )
    def test_finds_a_module_that_is_commented_out(self, text):
        inner = httpd_conf.parse_comment(first(text % PHP))
        assert (inner.name, inner.args) == (u'loadmodule', PHP.split())

    @pytest.mark.parametrize(
        'text',
        [
            u'# LoadModule loads a module\n',
            u'#LoadModule php5_module\n',
            u'#\n',
            u'# Listen 80\n',
            u'#<IfModule worker.c>\n',
            u'# see "LoadModule a b"\n',
        ],
        ids=repr,
    )
    def test_takes_no_prose_for_a_module(self, text):
        assert httpd_conf.parse_comment(first(text)) is None


class TestWrapLines:
    @pytest.mark.parametrize(
        'text, expected',
        [
            (u'A\nB\nC\n', u'A\n<X>\nB\n</X>\nC\n'),
            (u'A\nB', u'A\n<X>\nB\n</X>'),
            (u'A\r\nB\r\n', u'A\r\n<X>\r\nB\r\n</X>\r\n'),
        ],
        ids=repr,
    )
    def test_puts_a_line_before_and_one_behind(self, text, expected):
        assert httpd_conf.wrap_lines(text, 2, 2, u'<X>', u'</X>') == expected

    def test_wraps_a_line_that_goes_on(self):
        line = first(u'A \\\n b\nC\n')
        assert (
            httpd_conf.wrap_lines(
                u'A \\\n b\nC\n', line.number, line.number + line.count - 1, u'<X>', u'</X>'
            )
            == u'<X>\nA \\\n b\n</X>\nC\n'
        )


class TestAppendLines:
    @pytest.mark.parametrize(
        'text, after',
        [
            (u'', u'X\nY\n'),
            (u'A\n', u'A\nX\nY\n'),
            (u'A', u'A\nX\nY'),
            (u'A\r\nB', u'A\r\nB\r\nX\r\nY'),
            (u'# c \\\n', u'# c \\\n\nX\nY\n'),
            (u'# c \\', u'# c \\\n\nX\nY'),
            (u'A \\\r\n', u'A \\\r\n\r\nX\r\nY\r\n'),
        ],
        ids=repr,
    )
    def test_adds_lines_that_httpd_reads(self, text, after):
        assert httpd_conf.append_lines(text, [u'X', u'Y']) == after
        assert [line.text for line in httpd_conf.parse_lines(after)][-2:] == [u'X', u'Y']


class TestLine:
    def test_holds_what_is_documented(self):
        assert first(u'Listen "80"') == Line(1, 1, DIRECTIVE, u'listen', [u'80'], u'Listen "80"')
