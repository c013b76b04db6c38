# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax.shell_code import (
    BLOCK,
    HEREDOC,
    INSIDE,
    TOP,
    read_script,
)


def places(text):
    script = read_script(text)
    return [script.places[number] for number in range(1, text.rstrip(u'\n').count(u'\n') + 2)]


def run_for_certain(text):
    """The commands that are run whatever happens, words joined."""
    return [
        u' '.join(command.words) for command in read_script(text).commands if command.where == TOP
    ]


class TestCommands:
    @pytest.mark.parametrize(
        'text, words',
        [
            (u'a b\tc', [[u'a', u'b', u'c']]),
            (u'a;b&c|d||e&&f', [[u'a'], [u'b'], [u'c'], [u'd'], [u'e'], [u'f']]),
            (u'a # b; c\nd', [[u'a'], [u'd']]),
            (u'a#b', [[u'a#b']]),
            (u'a;#b\nc', [[u'a'], [u'c']]),
            (u'a "b;c" \'d\ne\' f', [[u'a', u'"b;c"', u"'d\ne'", u'f']]),
            (u'a \\\n b\\\nc', [[u'a', u'bc']]),
            (u'a \\\n# b\nc', [[u'a'], [u'c']]),
            (u'a\\;b "c\\"d" e\\\'f', [[u'a\\;b', u'"c\\"d"', u"e\\'f"]]),
            (u'a=$(b; c "d)") e', [[u'a=$(b; c "d)")', u'e']]),
            (u'a=`b; c` d', [[u'a=`b; c`', u'd']]),
            (u'a=${b:-"}"} c', [[u'a=${b:-"}"}', u'c']]),
            (u"a=$'b\\'c' d", [[u"a=$'b\\'c'", u'd']]),
            (u'a="b$\'c" d', [[u'a="b$\'c"', u'd']]),
            (u'a >b 2>&1 <c d', [[u'a', u'b', u'1', u'c', u'd']]),
            (u'(a; b) c', [[u'c']]),
            (u'a=(b c) d', [[u'a='], [u'd']]),
            (u'a\r\nb\r\n', [[u'a\r'], [u'b\r']]),
            (u'', []),
        ],
        ids=repr,
    )
    def test_are_cut_as_a_shell_cuts_them(self, text, words):
        assert [command.words for command in read_script(text).commands] == words

    def test_know_where_they_begin(self):
        assert [
            (command.line, command.column)
            for command in read_script(u'a; b\n\n  c "\n" ; d\n').commands
        ] == [(1, 0), (1, 3), (3, 2), (4, 4)]

    @pytest.mark.parametrize(
        'text',
        [
            u'if true; then\n@\nfi\n',
            u'if a; then if b; then\nx\nfi\n@\nfi\n',
            u'if a; then\necho fi\n@\nfi\n',
            u'if a\nthen b\nelse\n@\nfi\n',
            u'case a in\nb)\n@\n;;\nesac\n',
            u'case a in\nb )\n@\nesac\n',
            u'case a in (b)\n@\nesac\n',
            u'for i in a; do\n@\ndone\n',
            u'while a; do\necho done\n@\ndone\n',
            u'while a; do :\ndone | while b; do\n@\ndone\n',
            u'until a\ndo\n@\ndone\n',
            u'f() {\n@\n}\n',
            u'f()\n{\n@\n}\n',
            u'function f {\n@\n}\n',
            u'{\n@\n}\n',
            u'a && {\n@\n}\n',
            u'a || if b; then\n@\nfi\n',
            u'a &&\n@\n',
            u'a ||\n\n# c\n@\n',
            u'a |\n@\n',
            u'a && @\n',
            u'return\n@\n',
            u'a || return 0\n@\n',
            u'[ a ] && exit\n@\n',
            u'exec a\n@\n',
            u'fi\n@\n',
            u'}\n@\n',
            u'a)\n@\n',
            u'a ;;\n@\n',
            u'; a\n@\n',
            u'&& a\n@\n',
            u'if a; then b; done\n@\n',
            u'a=(1)\n{ return; }\n@\n',
        ],
        ids=repr,
    )
    def test_are_not_run_for_certain_where_a_shell_may_pass_them_by(self, text):
        assert u'SET' not in run_for_certain(text.replace(u'@', u'SET'))
        assert u'SET' in [
            command.words[-1] for command in read_script(text.replace(u'@', u'SET')).commands
        ]

    @pytest.mark.parametrize(
        'text',
        [
            u'@\n',
            u'if a; then\nb\nfi\n@\n',
            u'if a; then b; fi\n@\n',
            u'if a\nthen\nif b; then c; fi\nfi\n@\n',
            u'case a in\nb) c;;\nd )\ne\n;;\nesac\n@\n',
            u'for i in a b; do c; done\n@\n',
            u'while a; do b; done | while c; do d; done\n@\n',
            u'f() {\na\n}\n@\n',
            u'f()\n{\nreturn 0\n}\n@\n',
            u'function f {\nreturn\n}\n@\n',
            u'function f() { return 1; }\n@\n',
            u'(a; b)\n@\n',
            u'a=(if case)\n@\n',
            u'echo if case {\n@\n',
            u'a && b\n@\n',
            u'a && b; @\n',
            u'a &\n@\n',
            u'# if\n@\n',
            u'echo "if\nfi"\n@\n',
            u'a <<E\nif\nE\n@\n',
            u'a=return\n@\n',
            u'echo exit\n@\n',
            u'a 2>&1\n@\n',
            u'a=()\nb\n@\n',
            u'f () (\na\n)\n@\n',
            u'(a) 2>b\n@\n',
            u'if (a) 2>b; then c; fi 3<d\n@\n',
            u'case a in\n/ | /*/) ;;\nesac\n@\n',
            u'a >b; @\n',
            u'a <<<b\n@\n',
            u'[[ a =~ ^(b|c)$ ]]\n@\n',
            u'{ a; }\n@\n',
            u'if (a) then b; fi\n@\n',
            u'((a++))\n@\n',
            u'for ((i=0; i<3; i++)); do a; done\n@\n',
            u'a="$(b "c" \'d\')"\n@\n',
            u'if\\\n a; then b; fi\n@\n',
        ],
        ids=repr,
    )
    def test_are_run_for_certain_where_no_shell_passes_them_by(self, text):
        assert u'SET' in run_for_certain(text.replace(u'@', u'SET'))


class TestPlaces:
    @pytest.mark.parametrize(
        'text, expected',
        [
            (u'a\n# b\n\nc', [TOP, TOP, TOP, TOP]),
            (u'if a; then\n# b\nfi\nc', [TOP, BLOCK, BLOCK, TOP]),
            (u'a "\nb\n"\nc', [TOP, INSIDE, INSIDE, TOP]),
            (u'a \\\nb\nc', [TOP, INSIDE, TOP]),
            (u'a \\\r\nb\nc', [TOP, TOP, TOP]),
            (u'a <<E\nb\nE\nc', [TOP, HEREDOC, HEREDOC, TOP]),
            (u'a <<"E" <<-F\nb\nE\nc\n\tF\nd', [TOP] + [HEREDOC] * 4 + [TOP]),
            (u'a <<E\n E\nE \n\tE\nE\nc', [TOP] + [HEREDOC] * 4 + [TOP]),
            (u'a <<E\r\nb\r\nE\r\nc', [TOP, HEREDOC, HEREDOC, TOP]),
            (u'a $(\nb\n)\nc', [TOP, INSIDE, INSIDE, TOP]),
            (u'# it\'s\nb', [TOP, TOP]),
            (u'a &&\n# b\nc\nd', [TOP, BLOCK, BLOCK, TOP]),
        ],
        ids=repr,
    )
    def test_tell_how_each_line_begins(self, text, expected):
        assert places(text) == expected


class TestUnreadable:
    @pytest.mark.parametrize(
        'text, line',
        [
            (u'a\nb="c\nd', 2),
            (u"a '", 1),
            (u'a\n`', 2),
            (u'a $(b', 1),
            (u'(a', 1),
            (u'a <<E\nb\nc', 2),
            (u'a\nb ${c', 2),
            (u'a "b" c', None),
            (u'a\\', None),
        ],
        ids=repr,
    )
    def test_names_the_line_where_something_begins_that_does_not_end(self, text, line):
        assert read_script(text).unreadable == line
