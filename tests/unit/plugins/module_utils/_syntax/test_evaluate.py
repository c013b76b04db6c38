# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._syntax import (
    evaluate,
    variables,
    wildcards,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

MAIN = '/etc/httpd/conf/httpd.conf'


def world(mpm=u'worker', defines=(), version=u'2.4.68', more=()):
    return World(
        evaluate.static_names([u'core.c', u'mod_so.c', u'http_core.c', mpm + u'.c'] + list(more)),
        defines,
        version,
    )


def tree(text, includes=None, present=(), **files):
    """A tree of httpd.conf and files; includes: {line of httpd.conf, or (path, line): [path]}."""
    keyed = dict(
        (key if isinstance(key, tuple) else (MAIN, key), value)
        for key, value in (includes or {}).items()
    )
    return ConfigTree(MAIN, '/etc/httpd', dict(files, **{MAIN: text}), keyed, frozenset(present))


def marks(text, a_world=None, **more):
    """The arguments of those lines `Mark X` that are in force."""
    active = active_directives(tree(text, **more), a_world or world())
    return [item.args[0] for item in active if item.name == u'mark']


def choose(condition, *before):
    """Return whether the condition holds."""
    name = condition.split()[0]
    return marks(
        u'\n'.join(list(before) + [u'<%s>' % condition, u'Mark yes', u'</%s>' % name, u''])
    ) == [u'yes']


class TestIfModule:
    @pytest.mark.parametrize(
        'name',
        [
            u'worker.c',
            u'mpm_worker_module',
            u'core.c',
            u'http_core.c',
            u'mod_so.c',
            u'so_module',
            u'core_module',
            u'http_module',
            u'!prefork.c',
            u'!mpm_event_module',
            u'!mod_php5.c',
            u'"worker.c"',
            u"'worker.c' ",
            u'! prefork.c',
            u'!"prefork.c"',
            u'worker.c prefork.c',
        ],
    )
    def test_holds(self, name):
        assert choose(u'IfModule ' + name)

    @pytest.mark.parametrize(
        'name',
        [
            u'prefork.c',
            u'mpm_prefork_module',
            u'!worker.c',
            u'mod_mpm_worker.c',
            u'mpm_worker.c',
            u'Worker.c',
            u'worker',
            u'mod_php5.c',
            u'http_core_module',
            u'"!prefork.c"',
            u'! worker.c',
            u'worker.c>',
        ],
    )
    def test_does_not_hold(self, name):
        assert not choose(u'IfModule ' + name)

    @pytest.mark.parametrize('name', [u'mod_php5.c', u'php5_module'])
    def test_knows_a_loaded_module_by_its_symbol_and_by_its_source(self, name):
        assert choose(u'IfModule ' + name, u'LoadModule php5_module modules/libphp5.so')

    def test_is_false_before_the_module_is_loaded(self):
        text = (
            u'<IfModule mod_php5.c>\nMark early\n</IfModule>\nLoadModule php5_module x\n'
            u'<IfModule mod_php5.c>\nMark late\n</IfModule>\n'
        )
        assert marks(text) == [u'late']

    def test_counts_a_module_only_where_its_line_is_in_force(self):
        text = (
            u'<IfModule prefork.c>\nLoadModule php5_module x\n</IfModule>\n<IfModule mod_php5.c>\n'
            u'Mark php\n</IfModule>\n'
            u'#LoadModule php5_module x\n<IfModule mod_php5.c>\nMark php\n</IfModule>\n'
        )
        assert marks(text) == []
        assert marks(text, world(u'prefork')) == [u'php', u'php']

    def test_may_be_nested_and_negated(self):
        text = (
            u'<IfModule !mod_php5.c>\n <IfModule !mod_php7.c>\n  <IfModule prefork.c>\nMark nts\n  '
            u'</IfModule>\n  <IfModule !prefork.c>\nMark zts\n'
            u'  </IfModule>\n </IfModule>\n</IfModule>\nMark end\n'
        )
        assert marks(text) == [u'zts', u'end']
        assert marks(u'LoadModule php7_module x\n' + text) == [u'end']

    def test_ends_with_the_last_bracket(self):
        assert marks(
            u'<IfModule worker.c> # why\nMark a\n</IfModule>\n<IfModule prefork.c> why\nMark b\n'
            u'</IfModule> # why\nMark c\n'
        ) == [u'a', u'c']

    def test_in_any_case_and_line_end(self):
        assert marks(
            u'<IFMODULE\tworker.c>\r\nmark a\r\n</ifModule>\r\n<ifmodule prefork.c>\r\nMark b\r\n'
            u'</IFMODULE>\r\n'
        ) == [u'a']

    @pytest.mark.parametrize(
        'mpm, expected',
        [
            (u'prefork', [u'modules/libphp5.so']),
            (u'worker', [u'modules/libphp5-zts.so']),
            (u'event', []),
        ],
    )
    def test_takes_the_branches_of_the_stock_file(self, mpm, expected):
        active = active_directives(tree(hosts.STOCK_PHP), world(mpm))
        assert [item.args[1] for item in active if item.name == u'loadmodule'] == expected


class TestOtherSections:
    def test_are_part_of_what_is_in_force(self):
        text = (
            u'<VirtualHost *:80>\n<IfModule worker.c>\nMark a\n</IfModule>\n</VirtualHost>\n'
            u'Mark b\n'
        )
        active = [item for item in active_directives(tree(text), world()) if item.name == u'mark']
        assert [[section[:2] for section in item.sections] for item in active] == [
            [(u'virtualhost', (u'*:80',)), (u'ifmodule', (u'worker.c',))],
            [],
        ]
        assert active[0].sections[1] == (u'ifmodule', (u'worker.c',), MAIN, 2)

    def test_hide_nothing_behind_a_false_condition(self):
        assert marks(
            u'<IfModule prefork.c>\n<Directory />\nMark a\n</Directory>\nMark b\n</IfModule>\nMark '
            u'c\n'
        ) == [u'c']

    def test_that_are_closed_too_often_do_no_harm(self):
        assert marks(u'</IfModule>\nMark a\n</Directory>\nMark b\n') == [u'a', u'b']

    def test_load_modules_as_well(self):
        assert marks(
            u'<VirtualHost *:80>\nLoadModule php5_module x\n</VirtualHost>\n<IfModule '
            u'mod_php5.c>\nMark a\n</IfModule>\n'
        ) == [u'a']


class TestIfDefine:
    def test_knows_what_the_command_line_defines(self):
        text = (
            u'<IfDefine SSL>\nMark a\n</IfDefine>\n<IfDefine !SSL>\nMark b\n</IfDefine>\n'
            u'<IfDefine ssl>\nMark c\n</IfDefine>\n'
        )
        assert marks(text, world(defines=[u'SSL'])) == [u'a']
        assert marks(text) == [u'b']

    def test_knows_what_was_defined_so_far(self):
        assert choose(u'IfDefine X', u'Define X')
        assert choose(u'IfDefine X', u'Define X 1')
        assert not choose(u'IfDefine X', u'Define X', u'UnDefine X')
        assert marks(u'<IfDefine X>\nMark a\n</IfDefine>\nDefine X\n') == []


class TestVariables:
    @pytest.mark.parametrize(
        'lines, expected',
        [
            ([u'Define X a', u'Mark ${X}'], u'a'),
            ([u'Define X a', u'Define Y ${X}b', u'Mark "${Y} c"'], u'ab c'),
            ([u'Define X "a b"', u'Mark ${X}'], u'a'),
            ([u'Define X a', u'UnDefine X', u'Mark ${X}'], u'${X}'),
            ([u'Mark ${X}', u'Define X a'], u'${X}'),
            ([u'Mark ${D}'], u'${D}'),
            ([u'Define Xy a', u'Mark ${xY}'], u'a'),
            ([u'Define X ""', u'Mark ${X}'], u'${X}'),
            ([u'Define X a', u'Define X', u'Mark ${X}'], u'a'),
            ([u'Define X "#"', u'Mark ${X}'], u'#'),
            ([u'Define X ark', u'M${X} a'], u'a'),
        ],
        ids=repr,
    )
    def test_are_filled_in_once_they_are_defined(self, lines, expected):
        assert marks(u'\n'.join(lines), world(defines=[u'D'])) == [expected]

    def test_may_stand_in_conditions(self):
        assert choose(u'IfModule ${M}.c', u'Define M worker')
        assert choose(u'IfDefine ${N}', u'Define N M', u'Define M')
        assert not choose(u'IfModule ${M}', u'Define M ""')

    def test_come_from_the_environment_as_well(self):
        a_world = world()._replace(variables={u'X': u'env', u'E': u''})
        text = (
            u'Mark ${X}\nMark ${x}\nDefine x here\nMark ${X}\nUnDefine X\nMark ${X}\nMark '
            u'a${E}\n<IfDefine E>\nMark no\n</IfDefine>\n'
        )
        assert marks(text, a_world) == [u'env', u'${x}', u'here', u'env', u'a']


class TestIfVersion:
    @pytest.mark.parametrize(
        'args, holds',
        [
            (u'>= 2.4', True),
            (u'>= 2.4.68', True),
            (u'> 2.4.67', True),
            (u'> 2.4.68', False),
            (u'< 2.4', False),
            (u'<= 2.4.6', False),
            (u'<= 2.4.100', True),
            (u'2.4.68', True),
            (u'2.4', False),
            (u'= 2.4.68', True),
            (u'== 2.4.68', True),
            (u'= 2.4', False),
            (u'~ ^2.4', True),
            (u'~ ^2.2', False),
            (u'/^2\\.4/', True),
            (u'= /^2.2/', False),
            (u'!>= 2.4', False),
            (u'!< 2.4', True),
            (u'~ (', False),
            (u'?? 2.4', False),
        ],
    )
    def test_compares_as_httpd_does(self, args, holds):
        assert choose(u'IfVersion ' + args) is holds

    def test_compares_numbers_and_not_texts(self):
        assert evaluate.compare_version(u'2.2.15', [u'<', u'2.10'])
        assert evaluate.compare_version(u'2.4', [u'=', u'2.4.0'])


class TestIfFile:
    def test_asks_what_was_seen_on_the_disk(self):
        text = (
            u'<IfFile conf.d/a.conf>\nMark a\n</IfFile>\n<IfFile !/b>\nMark b\n</IfFile>\n'
            u'<IfFile /c>\nMark c\n</IfFile>\n'
        )
        assert marks(text, present=['/etc/httpd/conf.d/a.conf', '/b']) == [u'a']


class TestIncludes:
    def test_are_read_in_order_where_they_stand(self):
        found = marks(
            u'Mark a\nInclude x\nMark d\nIncludeOptional y\n',
            includes={2: ['/x', '/z'], 4: ['/y']},
            **{'/x': u'Mark b\n', '/z': u'Mark c', '/y': u'Mark e\n'}
        )
        assert found == [u'a', u'b', u'c', u'd', u'e']

    def test_load_modules_for_what_comes_after(self):
        php = {
            '/10.conf': u'<IfModule mod_php5.c>\nMark a\n</IfModule>\n',
            '/20.conf': u'LoadModule php5_module x\n',
        }
        assert marks(u'Include *.conf\n', includes={1: ['/10.conf', '/20.conf']}, **php) == []
        assert marks(u'Include *.conf\n', includes={1: ['/20.conf', '/10.conf']}, **php) == [u'a']

    def test_are_not_read_behind_a_false_condition(self):
        assert (
            marks(
                u'<IfModule prefork.c>\nInclude x\n</IfModule>\n',
                includes={2: ['/x']},
                **{'/x': u'Mark a\n'}
            )
            == []
        )

    def test_stand_in_the_sections_around_them(self):
        active = active_directives(
            tree(
                u'<VirtualHost *:80>\nInclude x\n</VirtualHost>\n',
                includes={2: ['/x']},
                **{'/x': u'</Foo>\nMark a\n'}
            ),
            world(),
        )
        assert [item.sections[0][0] for item in active if item.name == u'mark'] == [u'virtualhost']

    def test_read_only_what_the_variable_names_here(self):
        text = (
            u'Define X one\n<IfModule worker.c>\nDefine X two\n</IfModule>\nInclude ${x}/*.conf\n'
        )
        files = {'/etc/httpd/one/a.conf': u'Mark one\n', '/etc/httpd/two/a.conf': u'Mark two\n'}
        assert marks(text, includes={5: sorted(files)}, **files) == [u'two']
        assert marks(text, world(u'event'), includes={5: sorted(files)}, **files) == [u'one']

    def test_that_go_in_a_circle_end(self):
        assert marks(
            u'Include x\nInclude x\n',
            includes={1: ['/x'], 2: ['/x'], ('/x', 2): ['/x', MAIN]},
            **{'/x': u'Mark a\nInclude y\n'}
        ) == [u'a', u'a']

    def test_of_missing_files_are_empty(self):
        assert marks(u'Include x\nMark a\n', includes={1: ['/x']}) == [u'a']

    def test_may_be_continued_over_lines(self):
        assert marks(
            u'# c\\\nInclude x\nInclude \\\n y\nMark b\n',
            includes={2: ['/x'], 3: ['/y']},
            **{'/x': u'Mark x', '/y': u'Mark a'}
        ) == [u'a', u'b']


class TestModuleNames:
    @pytest.mark.parametrize(
        'symbol, source',
        [
            (u'php5_module', u'mod_php5.c'),
            (u'php_module', u'mod_php.c'),
            (u'mpm_event_module', u'event.c'),
            (u'rewrite_module', u'mod_rewrite.c'),
            (u'ldap_module', u'util_ldap.c'),
            (u'mpm_itk_module', u'mpm_itk.c'),
        ],
    )
    def test_gives_symbol_and_source(self, symbol, source):
        assert evaluate.module_names(symbol) == (symbol, source)


class TestStaticNames:
    def test_gives_both_names_of_each(self):
        assert evaluate.static_names(
            [u'core.c', u'prefork.c', u'http_core.c', u'mod_so.c', u'mod_log_config.c']
        ) == set(
            [
                u'core.c',
                u'prefork.c',
                u'http_core.c',
                u'mod_so.c',
                u'mod_log_config.c',
                u'core_module',
                u'mpm_prefork_module',
                u'http_module',
                u'so_module',
                u'log_config_module',
            ]
        )


class TestMatchNames:
    NAMES = [
        'b.conf',
        'a.conf',
        '.c.conf',
        '10.conf',
        '9.conf',
        'B.conf',
        'a.conf.bak',
        '_.conf',
        'ab.conf',
    ]

    @pytest.mark.parametrize(
        'pattern, expected',
        [
            ('*.conf', ['10.conf', '9.conf', 'B.conf', '_.conf', 'a.conf', 'ab.conf', 'b.conf']),
            ('.*', ['.c.conf']),
            ('?.conf', ['9.conf', 'B.conf', '_.conf', 'a.conf', 'b.conf']),
            ('[ab].conf', ['a.conf', 'b.conf']),
            ('[!ab].conf', ['9.conf', 'B.conf', '_.conf']),
            ('[^ab].conf', ['9.conf', 'B.conf', '_.conf']),
            (
                '*',
                [
                    '10.conf',
                    '9.conf',
                    'B.conf',
                    '_.conf',
                    'a.conf',
                    'a.conf.bak',
                    'ab.conf',
                    'b.conf',
                ],
            ),
        ],
    )
    def test_gives_them_in_the_order_of_httpd(self, pattern, expected):
        assert wildcards.match_names(pattern, self.NAMES) == expected


class TestNamesFile:
    @pytest.mark.parametrize(
        'pattern', ['/a/b/c.conf', '/a/b/*.conf', '/a/b', '/a/b/', '/*/b/[a-d]*', '//a/b', '/']
    )
    def test_is_true_of_a_pattern_and_of_a_folder_above(self, pattern):
        assert wildcards.names_file(pattern, '/a/b/c.conf')

    @pytest.mark.parametrize('pattern', ['/a/c', '/a/*.conf', '/a/b/c.conf/d', '/a/b/c', '/A/b'])
    def test_is_false_of_another(self, pattern):
        assert not wildcards.names_file(pattern, '/a/b/c.conf')

    def test_takes_brackets_in_a_name_for_themselves(self):
        assert wildcards.names_file('/a/[b]', '/a/[b]')


class TestFillVariables:
    def test_leaves_what_it_does_not_know(self):
        assert (
            variables.fill_variables(
                u'${A}/${b}/${B}/$A/${', {u'a': u'x'}, {u'b': u'y'}, lambda length: None
            )
            == u'x/y/${B}/$A/${'
        )
