# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._syntax import evaluate
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.known_directives import (
    knows_directive,
)

MAIN, OTHER = '/etc/httpd/conf/httpd.conf', '/etc/httpd/conf.d/a.conf'
MACRO = u'LoadModule macro_module modules/mod_macro.so\n'


def active(text, mpm=u'worker', includes=None, **files):
    tree = ConfigTree(MAIN, '/etc/httpd', dict(files, **{MAIN: text}), includes or {}, frozenset())
    return active_directives(
        tree,
        World(
            evaluate.static_names([u'core.c', u'mod_so.c', u'http_core.c', mpm + u'.c']),
            [],
            u'2.4.68',
        ),
    )


def marks(text, *more, **others):
    return [u' '.join(item.args) for item in active(text, *more, **others) if item.name == u'mark']


class TestKnowsDirective:
    @pytest.mark.parametrize(
        'name, modules, known',
        [
            (u'DocumentRoot', (), True),
            (u'documentroot', (), True),
            (u'<VirtualHost', (), True),
            (u'VirtualHost', (), None),
            (u'<DocumentRoot', (), None),
            (u'MinSpareThreads', (u'mpm_worker_module',), True),
            (u'MinSpareThreads', (u'mpm_event_module',), True),
            (u'MinSpareThreads', (u'mpm_prefork_module',), False),
            (u'MinSpareServers', (u'mpm_prefork_module',), True),
            (u'Listen', (), False),
            (u'php_value', (), False),
            (u'php_value', (u'php_module',), True),
            (u'php_value', (u'php5_module',), True),
            (u'<Macro', (), False),
            (u'<Macro', (u'macro_module',), True),
            (u'RewriteEngine', (u'rewrite_module',), True),
            (u'MergeSlashes', (), None),
            (u'PassengerEnabled', (u'passenger_module',), None),
            (u'!MinSpareThreads', (), False),
            (u'<a b', (), False),
        ],
    )
    def test_by_what_is_loaded(self, name, modules, known):
        assert knows_directive(name, modules) is known


class TestSections:
    @pytest.mark.parametrize(
        'mpm, section, read, unsure',
        [
            (u'worker', u'IfDirective MinSpareThreads', True, False),
            (u'worker', u'IfDirective !MinSpareThreads', False, False),
            (u'prefork', u'IfDirective MinSpareThreads', False, False),
            (u'prefork', u'IfDirective "!MinSpareThreads"', False, False),
            (u'worker', u'IfDirective LoadModule', True, False),
            (u'worker', u'IfDirective php_flag', False, False),
            (u'worker', u'ifdirective minsparethreads', True, False),
            (u'worker', u'IfSection Directory', True, False),
            (u'worker', u'IfSection !Directory', False, False),
            (u'worker', u'IfSection Proxy', False, False),
            (u'worker', u'IfDirective Unheard', True, True),
            (u'worker', u'IfDirective !Unheard', True, True),
            (u'worker', u'IfSection !Unheard', True, True),
        ],
    )
    def test_are_decided_where_that_can_be_told(self, mpm, section, read, unsure):
        found = [
            item
            for item in active(
                u'<%s>\nMark a\n</%s>\nMark b\n' % (section, section.split()[0]), mpm
            )
            if item.name == u'mark'
        ]
        assert [item.args for item in found] == ([[u'a']] if read else []) + [[u'b']]
        assert [item.unsure is not None for item in found] == ([unsure] if read else []) + [False]

    def test_see_what_was_loaded_so_far(self):
        section = u'<IfDirective RewriteEngine>\nMark %s\n</IfDirective>\n'
        assert marks(section % u'early' + u'LoadModule rewrite_module x\n' + section % u'late') == [
            u'late'
        ]

    def test_that_are_not_decided_mark_what_is_included_in_them(self):
        found = active(
            u'<IfDirective Unheard>\nInclude conf.d/a.conf\n</IfDirective>\n',
            includes={(MAIN, 2): [OTHER]},
            **{OTHER: u'Mark a\n'}
        )
        assert [item.unsure for item in found] == [(u'ifdirective', (u'Unheard',), MAIN, 1)] * 2


class TestMacro:
    @pytest.mark.parametrize(
        'text, found',
        [
            (u'<Macro M>\nMark a\n</Macro>\nMark b\n', [u'b']),
            (u'<Macro M>\nMark a\n</Macro>\nUse M\nMark b\n', [u'a', u'b']),
            (u'<macro m>\nMark a\n</MACRO>\nuse M\nUse m\n', [u'a', u'a']),
            (u'Use M\n<Macro M>\nMark a\n</Macro>\n', []),
            (u'<Macro M $x>\nMark $x\n</Macro>\nUse M 1\nUse M "2 3"\n', [u'1', u'2 3']),
            (u'<Macro M $x $xy>\nMark $xy $x\n</Macro>\nUse M 1 2\n', [u'2 1']),
            (u'<Macro M @x>\nMark @x\n</Macro>\nUse M "1 2"\n', [u'1 2']),
            (u'<Macro M @x>\nMark @x\n</Macro>\nUse M \'1 "2\'\n', [u'1 "2']),
            (u'<Macro M $x>\nMark $x\n</Macro>\nUse M\nUse M 1 2\n', []),
            (u'<Macro M>\nMark a\n</Macro>\nUndefMacro M\nUse M\n', []),
            (
                u'<Macro M $x>\n<IfModule $x>\nMark $x\n</IfModule>\n</Macro>\nUse M worker.c\nUse '
                u'M prefork.c\nMark b\n',
                [u'worker.c', u'b'],
            ),
            (
                u'<Macro M>\nMark a\nUse N\nMark c\n</Macro>\n<Macro N>\nMark b\n</Macro>\nUse M\n',
                [u'a', u'b', u'c'],
            ),
            (u'<Macro M>\nMark a\nUse M\n</Macro>\nUse M\nMark b\n', [u'a', u'b']),
            (
                u'<Macro M>\n<Macro N>\nMark b\n</Macro>\nMark a\n</Macro>\nMark c\nUse M\nUse N\n',
                [u'c', u'a', u'b'],
            ),
            (
                u'<IfModule prefork.c>\n<Macro M>\nMark a\n</Macro>\nMark b\n</IfModule>\nUse M\n',
                [],
            ),
            (
                u'<Macro M>\n<IfModule worker.c>\n</Macro>\nUse M\nMark a\n</IfModule>\nMark b\n',
                [u'a', u'b'],
            ),
            (u'<Macro M>\n# </Macro>\nMark a\n</Macro>\nUse M\n', [u'a']),
            (u'<Macro M>\nMark a\n', []),
            (u'<Macro M>\nMark a\n</Macro>\n<Macro M>\nMark b\n</Macro>\nUse M\n', [u'b']),
            (u'Define X 1\n<Macro M>\nMark ${X}\n</Macro>\nDefine X 2\nUse M\n', [u'2']),
        ],
    )
    def test_is_read_where_it_is_used(self, text, found):
        assert marks(MACRO + text) == found

    def test_without_its_module_is_a_section_as_any_other(self):
        assert marks(u'<Macro M>\nMark a\n</Macro>\n') == [u'a']

    def test_lines_keep_their_place_and_say_who_uses_them(self):
        item = [
            item
            for item in active(
                MACRO + u'<Macro M>\nMark a\n</Macro>\n<VirtualHost x>\nUse M\n</VirtualHost>\n'
            )
            if item.name == u'mark'
        ][0]
        assert (item.path, item.line.number, item.unsure) == (MAIN, 3, None)
        assert [section[0] for section in item.sections] == [
            u'virtualhost',
            u'macro',
        ] and item.sections[1][3] == 6

    @pytest.mark.parametrize(
        'line, unsure',
        [
            (u'LoadModule a_module x', True),
            (u'Include conf.d/a.conf', False),
            (u'Include conf.d/$x', True),
            (u'Listen 80', False),
        ],
    )
    def test_lines_that_are_none_to_be_changed_are_marked(self, line, unsure):
        text = MACRO + u'<Macro M $x>\n%s\n</Macro>\nUse M 1\n' % line
        assert [bool(item.unsure) for item in active(text) if item.sections] == [unsure]

    def test_includes_are_read_where_it_is_used(self):
        text = MACRO + u'<Macro M>\nInclude conf.d/a.conf\nMark b\n</Macro>\nMark c\nUse M\n'
        assert marks(text, includes={(MAIN, 3): [OTHER]}, **{OTHER: u'Mark a\n'}) == [
            u'c',
            u'a',
            u'b',
        ]

    def test_may_be_made_in_one_file_and_used_in_another(self):
        text = MACRO + u'Include conf.d/a.conf\nUse M\n'
        assert marks(
            text, includes={(MAIN, 2): [OTHER]}, **{OTHER: u'<Macro M>\nMark a\n</Macro>\n'}
        ) == [u'a']
