# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest

from ansible_collections.webops.apache.plugins.module_utils._plan import planner, trees
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

INCLUDE = u'Include conf.d/*.conf\n'


class TestWithText:
    @pytest.mark.parametrize('before, after, lines', [
        (INCLUDE, u'Listen 80\n' + INCLUDE, [2]),
        (u'#\n' + INCLUDE + INCLUDE, INCLUDE + u'#\n' + INCLUDE, [1, 3]),
        (u'a\nb\n' + INCLUDE, INCLUDE, [1]),
        (u'Listen 80\n', u'#Listen 80\n', []),
        (INCLUDE + u'#Include x\n', u'#Include x\n' + INCLUDE, [2]),
    ], ids=['one line above', 'between two', 'lines gone', 'none', 'comments do not count'])
    def test_includes_move_with_their_lines(self, before, after, lines):
        tree = trees.with_text(hosts.conf_tree(before), hosts.MAIN, after)
        assert tree.files[hosts.MAIN] == after
        assert tree.includes == dict(((hosts.MAIN, line), [hosts.PHP_CONF]) for line in lines)

    def test_the_old_tree_and_other_files_stay_as_they_are(self):
        old = hosts.conf_tree()
        numbers = dict(old.includes)
        new = trees.with_text(old, hosts.PHP_CONF, u'')
        assert (old.files[hosts.PHP_CONF], old.includes, new.includes) == (hosts.STOCK_PHP, numbers, numbers)

    @pytest.mark.parametrize('mpm', ['worker', 'event'])
    def test_php_behind_an_include_is_still_seen_when_a_directive_is_written_above_it(self, mpm):
        plan = planner.build_plan(hosts.el6_host(build=hosts.el6_host().build._replace(version='2.4.62')),
                                  hosts.wanted(mpm, directives={'ServerLimit': 20}))
        assert [module.path for module in plan.target.php] == [hosts.ZTS]
        assert planner.refused(plan) == []
