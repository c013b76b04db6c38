# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts import loadmodule
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._syntax.trees import with_text
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

PLESK = model.Panel(
    'plesk', 'Plesk', 'the rpm package psa is installed', 'plesk bin optimization_settings'
)


class TestBuildPlan:
    @pytest.mark.parametrize(
        'state, mpm, edited, restart',
        [
            (hosts.el6_host(), 'prefork', [], False),
            (hosts.el6_host(), 'worker', [hosts.SYSCONFIG], True),
            (hosts.el6_host(), 'event', [hosts.PHP_CONF, hosts.SYSCONFIG], True),
            (hosts.el6_host(running=None), 'worker', [hosts.SYSCONFIG], False),
            (hosts.el6_host(running=None), 'prefork', [], False),
            (hosts.el6_host(running='worker'), 'worker', [hosts.SYSCONFIG], False),
            (hosts.el6_host(running='worker'), 'prefork', [], True),
            (hosts.el6_host(sysconfig=u''), 'worker', [hosts.SYSCONFIG], True),
        ],
        ids=[
            'as wanted',
            'stock',
            'event',
            'stopped',
            'stopped and as wanted',
            'disk only',
            'restart only',
            'empty file',
        ],
    )
    def test_says_what_changes_and_whether_the_server_has_to_restart(
        self, state, mpm, edited, restart
    ):
        plan = planner.build_plan(state, hosts.wanted(mpm))
        assert [edit.path for edit in plan.edits] == edited
        assert plan.restart is restart
        assert bool(plan.steps) is bool(edited or restart)

    def test_the_stock_switch_uncomments_one_line(self):
        edit = planner.build_plan(hosts.el6_host(), hosts.wanted('worker')).edits[0]
        assert edit.after == hosts.STOCK_SYSCONFIG.replace(
            u'#HTTPD=/usr/sbin/httpd.worker', u'HTTPD=/usr/sbin/httpd.worker'
        )

    def test_a_missing_file_is_made(self):
        state = hosts.el6_host()
        state = state._replace(choice=state.choice._replace(text=None))
        edit = planner.build_plan(state, hosts.wanted('worker')).edits[0]
        assert (edit.before, edit.after) == (None, u'HTTPD=/usr/sbin/httpd.worker\n')

    def test_a_file_behind_a_link_is_written_where_it_leads(self):
        state = hosts.el6_host()
        paths = dict(
            state.disk.paths,
            **{hosts.SYSCONFIG: model.PathFacts(hosts.SYSCONFIG, '/srv/httpd', None, 'utf-8')}
        )
        plan = planner.build_plan(hosts.changed(state, paths=paths), hosts.wanted('worker'))
        assert (plan.edits[0].path, plan.edits[0].real) == (hosts.SYSCONFIG, '/srv/httpd')
        stage = [step.order for step in plan.steps if step.action == 'stage_files']
        assert [order.paths for order in stage] == [['/srv/httpd']]

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
            return planner.build_plan(
                hosts.el6_host(), hosts.wanted('event', directives={'StartServers': 3}), token='abc'
            )

        state = hosts.el6_host()
        before = repr(state)
        assert (
            planner.build_plan(
                state, hosts.wanted('event', directives={'StartServers': 3}), token='abc'
            )
            == plan()
            == plan()
        )
        assert repr(state) == before

    def test_there_and_back_on_a_stock_host_changes_no_byte(self):
        state = hosts.el6_host()
        there = hosts.after(state, planner.build_plan(state, hosts.wanted('worker')))
        back = hosts.after(there, planner.build_plan(there, hosts.wanted('prefork')))
        assert there.choice.mpm == 'worker' and back.choice.mpm == 'prefork'
        assert (back.tree.files, back.choice.text) == (state.tree.files, state.choice.text)

    def test_an_unchanged_host_gives_warnings_only(self):
        broken = model.CommandResult(['/usr/sbin/httpd', '-t'], 1, u'', u'Syntax error')
        plan = planner.build_plan(
            hosts.el6_host(panels=[PLESK], config_test=broken, php_files={}),
            hosts.wanted('prefork'),
        )
        assert set(finding.level for finding in plan.findings) == set(['warn'])
        assert [finding.rule for finding in plan.findings] == ['plesk', 'config_broken', 'php_lost']

    def test_numbers_that_cannot_be_meant_are_refused_even_where_nothing_changes(self):
        plan = planner.build_plan(
            hosts.el6_host(), hosts.wanted('prefork', directives={'ThreadsPerChild': 5})
        )
        assert [finding.rule for finding in planner.refused(plan)] == ['directives_invalid']

    def test_a_missing_program_is_refused_and_nothing_is_edited_for_it(self):
        plan = planner.build_plan(
            hosts.el6_host(
                mpms=('prefork',), build=hosts.el6_host().build._replace(version='2.4.62')
            ),
            hosts.wanted('worker'),
        )
        assert [finding.rule for finding in planner.refused(plan)] == ['mpm_missing']
        assert plan.edits == []

    def test_directives_and_php_are_written_into_one_tree(self):
        plan = planner.build_plan(
            hosts.el6_host(), hosts.wanted('event', directives={'ThreadsPerChild': 50})
        )
        assert set(edit.path for edit in plan.edits) == set(
            [hosts.SYSCONFIG, hosts.PHP_CONF, hosts.MAIN]
        )
        assert plan.target.directives['ThreadsPerChild'].value == 50


def active(state, tree):
    """The MPMs that httpd would load from a tree."""
    return [
        loadmodule.mpm_of(item)
        for item in loadmodule.active_lines(tree, loadmodule.world_of(state))
    ]


def texts_of(state, plan):
    """What each rename writes: the tree after each."""
    tree, found = state.tree, []
    for move in plan.moves:
        assert tree.files[move.path] == move.before
        tree = with_text(tree, move.path, move.after)
        found.append(tree)
    return found


class TestWhereTheMpmIsAModule:
    @pytest.mark.parametrize(
        'state, mpm, edited, restart',
        [
            (hosts.el9_host(), 'event', [], False),
            (hosts.el9_host(), 'prefork', [hosts.MPM_CONF], True),
            (hosts.el9_host(), 'worker', [hosts.MPM_CONF], True),
            (hosts.el9_host(running=None), 'worker', [hosts.MPM_CONF], False),
            (hosts.el9_host(running=None), 'event', [], False),
            (hosts.el9_host(running='worker'), 'worker', [hosts.MPM_CONF], False),
            (hosts.el9_host(running='worker'), 'event', [], True),
            (hosts.el9_host(running='worker'), 'prefork', [hosts.MPM_CONF], True),
            (hosts.el9_host(running='event', mpm_conf=u'#\n'), 'event', [hosts.MPM_CONF], False),
            (hosts.el9_host(mpm_conf=u'#\n'), 'worker', [hosts.MPM_CONF], False),
            (hosts.el7_host(), 'prefork', [], False),
            (hosts.el7_host(running='prefork'), 'worker', [hosts.MPM_CONF], True),
        ],
        ids=[
            'as wanted',
            'prefork',
            'worker',
            'stopped',
            'stopped and as wanted',
            'disk only',
            'restart only',
            'another than either',
            'none on disk',
            'none at all',
            'EL7',
            'EL7 worker',
        ],
    )
    def test_says_what_changes_and_whether_the_server_has_to_restart(
        self, state, mpm, edited, restart
    ):
        plan = planner.build_plan(state, hosts.wanted(mpm))
        assert [edit.path for edit in plan.edits] == edited
        assert plan.restart is restart
        assert bool(plan.steps) is bool(edited or restart)

    @pytest.mark.parametrize('mpm', model.MPMS)
    @pytest.mark.parametrize('running', model.MPMS + (None,))
    @pytest.mark.parametrize(
        'make, text',
        [
            (hosts.el9_host, hosts.EL9_MPM),
            (hosts.el7_host, hosts.EL7_MPM),
            (hosts.el9_host, u'LoadModule mpm_worker_module modules/mod_mpm_worker.so'),
        ],
        ids=['EL9', 'EL7', 'one line'],
    )
    def test_the_disk_holds_exactly_one_mpm_after_every_rename(self, make, text, running, mpm):
        state = make(running, text)
        plan = planner.build_plan(state, hosts.wanted(mpm, directives={'StartServers': 7}))
        trees = texts_of(state, plan)
        assert trees and all(len(active(state, tree)) == 1 for tree in trees)
        assert active(state, trees[-1]) == [mpm]

    def test_from_event_to_prefork_to_worker_and_home_changes_no_byte(self):
        start = state = hosts.el9_host()
        for mpm in ('prefork', 'worker', 'prefork', 'event'):
            plan = planner.build_plan(state, hosts.wanted(mpm))
            assert planner.refused(plan) == [] and plan.target.mpm == mpm and plan.restart
            state = hosts.after(state, plan)
            assert (state.choice.mpm, state.servers.running.mpm) == (mpm, mpm)
            assert active(state, state.tree) == [mpm]
        assert state == start

    @pytest.mark.parametrize('mpm', model.MPMS)
    def test_a_second_time_nothing_is_planned(self, mpm):
        state, wanted = hosts.el9_host(), hosts.wanted(mpm, directives={'StartServers': 5})
        once = planner.build_plan(state, wanted)
        again = planner.build_plan(hosts.after(state, once), wanted)
        assert once.edits and (again.edits, again.steps, again.restart) == ([], [], False)

    @pytest.mark.parametrize(
        'mpm, chosen', [('prefork', ['worker', 'prefork']), ('event', ['worker', 'event'])]
    )
    def test_what_runs_and_is_not_configured_is_chosen_first(self, mpm, chosen):
        state = hosts.el9_host(running='worker')
        plan = planner.build_plan(state, hosts.wanted(mpm))
        assert [active(state, tree) for tree in texts_of(state, plan)] == [[one] for one in chosen]
        assert [step.name for step in plan.steps if step.name in ('swap', 'stop')] == [
            'swap',
            'stop',
            'swap',
        ]
        assert plan.moves[0].reason.startswith('choose worker, which runs')
        assert plan.edits == (
            []
            if mpm == 'event'
            else [plan.edits[0]._replace(before=hosts.EL9_MPM, after=plan.moves[1].after)]
        )

    @pytest.mark.parametrize('running', [None, 'other exe', 'no mpm'])
    def test_what_cannot_be_chosen_is_not_chosen_first(self, running):
        state = hosts.el9_host(running='worker' if running else None)
        server = {
            'other exe': hosts.server('worker', exe='/opt/httpd'),
            'no mpm': hosts.server(None, exe=hosts.HTTPD),
        }.get(running)
        state = state._replace(servers=state.servers._replace(running=server))
        assert len(planner.build_plan(state, hosts.wanted('prefork')).moves) == 1

    @pytest.mark.parametrize(
        'state, mpm, edited',
        [
            (hosts.el9_host(), 'event', [hosts.MAIN]),
            (hosts.el9_host(), 'worker', [hosts.MAIN, hosts.MPM_CONF]),
            (hosts.el9_host(running=None), 'event', [hosts.MAIN]),
        ],
        ids=['the same MPM', 'another one', 'stopped'],
    )
    def test_directives_are_written_where_only_the_mpm_reads_them(self, state, mpm, edited):
        plan = planner.build_plan(
            state, hosts.wanted(mpm, directives={'ThreadsPerChild': 50, 'ServerLimit': 8})
        )
        assert [edit.path for edit in plan.edits] == edited and planner.refused(plan) == []
        assert (
            plan.edits[0].after
            == hosts.EL_HTTPD
            + u'<IfModule %s.c>\nServerLimit 8\nThreadsPerChild 50\n</IfModule>\n' % mpm
        )
        assert dict((name, setting.value) for name, setting in plan.target.directives.items()) == {
            'ThreadsPerChild': 50,
            'ServerLimit': 8,
        }
        assert plan.now.directives == {} and plan.restart is (state.servers.running is not None)

    def test_a_directive_that_is_there_already_changes_nothing(self):
        state = hosts.el9_host(
            mpm_conf=hosts.EL9_MPM
            + u'<IfModule mpm_event_module>\nThreadsPerChild 50\n</IfModule>\n'
        )
        plan = planner.build_plan(state, hosts.wanted('event', directives={'ThreadsPerChild': 50}))
        assert (plan.edits, plan.restart) == ([], False)

    def test_a_directive_beside_the_choice_is_written_into_one_file_with_it(self):
        state = hosts.el9_host(
            mpm_conf=hosts.EL9_MPM
            + u'<IfModule mpm_worker_module>\nThreadsPerChild 25\n</IfModule>\n'
        )
        plan = planner.build_plan(
            state,
            hosts.wanted('worker', directives={'ThreadsPerChild': 50, 'MaxRequestWorkers': 100}),
        )
        assert [edit.path for edit in plan.edits] == [hosts.MAIN, hosts.MPM_CONF]
        assert u'ThreadsPerChild 50\n' in plan.edits[1].after and active(
            state, texts_of(state, plan)[-1]
        ) == ['worker']

    @pytest.mark.parametrize('mpm', ['worker', 'event'])
    def test_taking_a_switch_back_is_planned_from_what_it_had_before(self, mpm):
        state = hosts.el7_host(more=())
        there = hosts.after(
            state, planner.build_plan(state, hosts.wanted(mpm, directives={'ThreadsPerChild': 50}))
        )
        plan = planner.build_plan(
            there,
            hosts.wanted('prefork', php='keep'),
            contents=dict(
                (path, text)
                for path, text in state.tree.files.items()
                if there.tree.files[path] != text
            ),
        )
        assert hosts.after(there, plan) == state and plan.restart
        assert [edit.path for edit in plan.edits] == [hosts.MAIN, hosts.MPM_CONF]
