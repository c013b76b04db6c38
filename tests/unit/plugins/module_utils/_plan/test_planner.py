# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest

from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

PLESK = model.Panel('plesk', 'Plesk', 'the rpm package psa is installed', 'plesk bin optimization_settings')


class TestBuildPlan:
    @pytest.mark.parametrize('state, mpm, edited, restart', [
        (hosts.el6_host(), 'prefork', [], False),
        (hosts.el6_host(), 'worker', [hosts.SYSCONFIG], True),
        (hosts.el6_host(), 'event', [hosts.PHP_CONF, hosts.SYSCONFIG], True),
        (hosts.el6_host(running=None), 'worker', [hosts.SYSCONFIG], False),
        (hosts.el6_host(running=None), 'prefork', [], False),
        (hosts.el6_host(running='worker'), 'worker', [hosts.SYSCONFIG], False),
        (hosts.el6_host(running='worker'), 'prefork', [], True),
        (hosts.el6_host(sysconfig=u''), 'worker', [hosts.SYSCONFIG], True),
    ], ids=['as wanted', 'stock', 'event', 'stopped', 'stopped and as wanted', 'disk only', 'restart only', 'empty file'])
    def test_says_what_changes_and_whether_the_server_has_to_restart(self, state, mpm, edited, restart):
        plan = planner.build_plan(state, hosts.wanted(mpm))
        assert [edit.path for edit in plan.edits] == edited
        assert plan.restart is restart
        assert bool(plan.steps) is bool(edited or restart)

    def test_the_stock_switch_uncomments_one_line(self):
        edit = planner.build_plan(hosts.el6_host(), hosts.wanted('worker')).edits[0]
        assert edit.after == hosts.STOCK_SYSCONFIG.replace(u'#HTTPD=/usr/sbin/httpd.worker', u'HTTPD=/usr/sbin/httpd.worker')

    def test_a_missing_file_is_made(self):
        state = hosts.el6_host()
        state = state._replace(choice=state.choice._replace(text=None))
        edit = planner.build_plan(state, hosts.wanted('worker')).edits[0]
        assert (edit.before, edit.after) == (None, u'HTTPD=/usr/sbin/httpd.worker\n')

    def test_a_file_behind_a_link_is_written_where_it_leads(self):
        state = hosts.el6_host()
        paths = dict(state.paths, **{hosts.SYSCONFIG: model.PathFacts(hosts.SYSCONFIG, '/srv/httpd', None, 'utf-8')})
        plan = planner.build_plan(state._replace(paths=paths), hosts.wanted('worker'))
        assert (plan.edits[0].path, plan.edits[0].real) == (hosts.SYSCONFIG, '/srv/httpd')
        assert [step.args['path'] for step in plan.steps if step.name == 'swap'] == ['/srv/httpd']

    @pytest.mark.parametrize('mpm', model.MPMS)
    @pytest.mark.parametrize('php', [None, 'keep', 'none'])
    @pytest.mark.parametrize('text', [hosts.STOCK_PHP, hosts.EL5_PHP], ids=['el6', 'el5'])
    def test_a_second_time_nothing_is_planned(self, text, php, mpm):
        state = hosts.el6_host(php_conf=text)
        wanted = hosts.wanted(mpm, php=php, directives={'MaxClients': 200})
        once = planner.build_plan(state, wanted)
        again = planner.build_plan(hosts.after(state, once), wanted)
        assert (again.edits, again.steps, again.restart) == ([], [], False)

    def test_the_same_host_gives_the_same_plan_and_is_left_alone(self):
        def plan():
            return planner.build_plan(hosts.el6_host(), hosts.wanted('event', directives={'StartServers': 3}), token='abc')

        state = hosts.el6_host()
        before = repr(state)
        assert planner.build_plan(state, hosts.wanted('event', directives={'StartServers': 3}), token='abc') == plan() == plan()
        assert repr(state) == before

    def test_there_and_back_on_a_stock_host_changes_no_byte(self):
        state = hosts.el6_host()
        there = hosts.after(state, planner.build_plan(state, hosts.wanted('worker')))
        back = hosts.after(there, planner.build_plan(there, hosts.wanted('prefork')))
        assert there.choice.mpm == 'worker' and back.choice.mpm == 'prefork'
        assert (back.tree.files, back.choice.text) == (state.tree.files, state.choice.text)

    def test_an_unchanged_host_gives_warnings_only(self):
        broken = model.CommandResult(['/usr/sbin/httpd', '-t'], 1, u'', u'Syntax error')
        plan = planner.build_plan(hosts.el6_host(panels=[PLESK], config_test=broken, php_files={}), hosts.wanted('prefork'))
        assert set(finding.level for finding in plan.findings) == set(['warn'])
        assert [finding.rule for finding in plan.findings] == ['plesk', 'config_broken', 'php_lost']

    def test_numbers_that_cannot_be_meant_are_refused_even_where_nothing_changes(self):
        plan = planner.build_plan(hosts.el6_host(), hosts.wanted('prefork', directives={'ThreadsPerChild': 5}))
        assert [finding.rule for finding in planner.refused(plan)] == ['directives_invalid']

    def test_a_missing_program_is_refused_and_nothing_is_edited_for_it(self):
        plan = planner.build_plan(hosts.el6_host(mpms=('prefork',), build=hosts.el6_host().build._replace(version='2.4.62')), hosts.wanted('worker'))
        assert [finding.rule for finding in planner.refused(plan)] == ['mpm_missing']
        assert plan.edits == []

    def test_directives_and_php_are_written_into_one_tree(self):
        plan = planner.build_plan(hosts.el6_host(), hosts.wanted('event', directives={'ThreadsPerChild': 50}))
        assert set(edit.path for edit in plan.edits) == set([hosts.SYSCONFIG, hosts.PHP_CONF, hosts.MAIN])
        assert plan.target.directives['ThreadsPerChild'].value == 50
