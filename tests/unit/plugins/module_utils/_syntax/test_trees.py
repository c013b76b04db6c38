# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._syntax import trees
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

INCLUDE = u'Include conf.d/*.conf\n'


class TestWithText:
    @pytest.mark.parametrize(
        'before, after, lines',
        [
            (INCLUDE, u'Listen 80\n' + INCLUDE, [2]),
            (u'#\n' + INCLUDE + INCLUDE, INCLUDE + u'#\n' + INCLUDE, [1, 3]),
            (u'a\nb\n' + INCLUDE, INCLUDE, [1]),
            (u'Listen 80\n', u'#Listen 80\n', []),
            (INCLUDE + u'#Include x\n', u'#Include x\n' + INCLUDE, [2]),
        ],
        ids=['one line above', 'between two', 'lines gone', 'none', 'comments do not count'],
    )
    def test_includes_move_with_their_lines(self, before, after, lines):
        tree = trees.with_text(hosts.conf_tree(before), hosts.MAIN, after)
        assert tree.files[hosts.MAIN] == after
        assert tree.includes == dict(((hosts.MAIN, line), [hosts.PHP_CONF]) for line in lines)

    def test_the_old_tree_and_other_files_stay_as_they_are(self):
        old = hosts.conf_tree()
        numbers = dict(old.includes)
        new = trees.with_text(old, hosts.PHP_CONF, u'')
        assert (old.files[hosts.PHP_CONF], old.includes, new.includes) == (
            hosts.STOCK_PHP,
            numbers,
            numbers,
        )

    @pytest.mark.parametrize('mpm', ['worker', 'event'])
    def test_php_behind_an_include_is_still_seen_when_a_directive_is_written_above_it(self, mpm):
        plan = planner.build_plan(
            hosts.el6_host(build=hosts.el6_host().build._replace(version='2.4.62')),
            hosts.wanted(mpm, directives={'ServerLimit': 20}),
        )
        assert [module.path for module in plan.target.php.modules] == [hosts.ZTS]
        assert planner.refused(plan) == []


A, B, C = '/etc/httpd/conf.d/a.conf', '/etc/httpd/conf.d/b.conf', '/etc/httpd/conf.d/c.conf'


def tree_with(*paths):
    return hosts.conf_tree(INCLUDE, None, [(path, u'') for path in paths])


def included(tree):
    return tree.includes[(hosts.MAIN, 1)]


class TestWithFile:
    @pytest.mark.parametrize(
        'there, path, names',
        [
            ([], B, [B]),
            ([A, C], B, [A, B, C]),
            ([A, B], B, [A, B]),
            ([A], '/etc/httpd/conf.d/b.txt', [A]),
            ([A], '/etc/httpd/other/b.conf', [A]),
            ([A], '/etc/httpd/conf.d/.b.conf', [A]),
            ([A], '/etc/httpd/conf.d/more/b.conf', [A]),
        ],
        ids=[
            'the only one',
            'between two',
            'there already',
            'another ending',
            'another folder',
            'hidden',
            'further down',
        ],
    )
    def test_is_included_in_its_place_where_the_pattern_takes_it(self, there, path, names):
        old = tree_with(*there)
        new = trees.with_file(old, path, u'Listen 81\n')
        assert (new.files[path], included(new), new.links) == (u'Listen 81\n', names, {})
        assert included(old) == sorted(there) and sorted(old.files) == sorted([hosts.MAIN] + there)

    @pytest.mark.parametrize(
        'line, taken',
        [
            (u'Include conf.d/b.conf\n', True),
            (u'IncludeOptional /etc/httpd/conf.d/*.conf\n', True),
            (u'Include "conf.d/?.conf"\n', True),
            (u'Include conf.d/[a-c].conf\n', True),
            (u'Include conf.d/[^b].conf\n', False),
            (u'Include conf.d/B.conf\n', False),
            (u'Include conf.d\n', True),
            (u'Include conf.d/\n', True),
            (u'Include /etc/httpd\n', True),
            (u'Include conf\n', False),
            (u'Include conf*/*.conf\n', True),
            (u'Include con?.d/b.conf\n', True),
            (u'Include conf.?/*.txt\n', False),
            (u'Include */*/b.conf\n', False),
            (u'Include ${D}/*.conf\n', True),
            (u'Include /etc/${D}/conf.d\n', True),
            (u'Include ${D}\n', True),
            (u'Include ${D}/*.txt\n', False),
            (u'Include conf.d/${NAME}.conf\n', True),
            (u'Include other/${NAME}.conf\n', False),
        ],
    )
    def test_every_form_of_an_include_takes_it_or_not(self, line, taken):
        new = trees.with_file(hosts.conf_tree(line, None), B, u'')
        assert included(new) == ([B] if taken else [])
        assert included(trees.without_file(new, B)) == []

    @pytest.mark.parametrize(
        'value, found',
        [(u'conf.d', [u'81']), (u'/etc/httpd/conf.d', [u'81']), (u'other', []), (None, [])],
    )
    def test_of_a_variable_only_the_value_that_it_has_counts(self, value, found):
        text = (u'Define D %s\n' % value if value else u'#\n') + u'Include ${D}/*.conf\n'
        new = trees.with_file(hosts.conf_tree(text, None), B, u'Listen 81\n')
        assert [
            item.args[0]
            for item in active_directives(new, World([], [], u'2.4.62'))
            if item.name == u'listen'
        ] == found

    @pytest.mark.parametrize('line', [u'Include conf*/*.conf\n', u'Include conf.d\n'])
    def test_is_included_in_the_order_of_httpd(self, line):
        first, deeper = '/etc/httpd/conf.d/a/z.conf', '/etc/httpd/conf.d-more/a.conf'
        tree = trees.with_file(
            trees.with_file(trees.with_file(hosts.conf_tree(line, None), deeper, u''), B, u''),
            first,
            u'',
        )
        assert included(tree) == ([B, deeper] if '*' in line else [first, B])

    def test_what_an_include_took_already_it_still_takes(self):
        old = tree_with(A)._replace(includes={(hosts.MAIN, 1): [A, '/linked/b.conf']})
        assert included(trees.with_file(old, '/linked/b.conf', u'')) == [A, '/linked/b.conf']

    def test_every_include_of_every_file_is_asked(self):
        old = hosts.conf_tree(INCLUDE, None, [(A, u'#\nInclude conf.d/b*\n'), (C, u'')])
        new = trees.with_file(old, B, u'')
        assert new.includes == {(hosts.MAIN, 1): [A, B, C], (A, 2): [B]}

    def test_a_link_is_known_as_one(self):
        new = trees.with_file(tree_with(A), B, u'Listen 81\n', '../available/b.conf')
        assert (new.links, new.files[B], included(new)) == (
            {B: '../available/b.conf'},
            u'Listen 81\n',
            [A, B],
        )


class TestWithoutFile:
    @pytest.mark.parametrize(
        'there, path, names',
        [([A, B, C], B, [A, C]), ([B], B, []), ([A], B, [A])],
        ids=['one of three', 'the last', 'none'],
    )
    def test_no_include_takes_it_any_more(self, there, path, names):
        old = tree_with(*there)
        new = trees.without_file(old, path)
        assert included(new) == names and path not in new.files
        assert included(old) == there

    def test_a_link_goes_with_its_file(self):
        old = trees.with_file(tree_with(A), B, u'', '../available/b.conf')
        assert trees.without_file(old, B) == tree_with(A)

    def test_there_and_back_is_the_same_tree(self):
        old = tree_with(A, B, C)
        assert trees.with_file(trees.without_file(old, B), B, u'') == old
