# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    Evidence,
    Expectation,
    StageOrder,
    StopOrder,
    plain_order,
    read_order,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._proof import prove
from ansible_collections.webops.apache.plugins.module_utils._transaction import actions
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

WORKER_LINE = u'HTTPD=/usr/sbin/httpd.worker\n'


def plan_of(state, mpm, token='t0k', **wanted):
    return planner.build_plan(
        state,
        hosts.wanted(mpm, **wanted),
        [model.Answer('http://localhost:80/', 200, False, True, None)],
        token,
    )


def swapped(plan):
    """The path of each file that is swapped, in order."""
    swaps = [step.order for step in plan.steps if step.action == 'swap_file']
    return [plan.moves[each.staged].real for each in swaps]


def in_order(plan):
    """(action, undo) of each step, files by name."""
    paths = iter(swapped(plan))
    return [
        (step.action if step.action != 'swap_file' else next(paths), step.undo)
        for step in plan.steps
    ]


def acts(plan):
    return [what for what, _undo in in_order(plan)]


def through_json(action, order):
    return read_order(action, json.loads(json.dumps(plain_order(order))))


# What lays the files ready, and looks once more, before anything is stopped.
STAGE = [('stage_files', 'forget_staged'), ('demand_unchanged', None)]
STAGED = [what for what, _undo in STAGE]


def step_named(plan, name):
    return [step for step in plan.steps if step.name == name][0]


def again(plan):
    """The StartOrder by which the server is brought up as it was."""
    stop = step_named(plan, 'stop')
    return actions.STARTS[stop.undo](stop.undo_order)


class TestBuildSteps:
    def test_a_stock_switch_asks_first_then_stops_swaps_starts_and_proves(self):
        plan = plan_of(hosts.el6_host(), 'worker')
        asks = [('write_page', 'remove_page'), ('observe', 'prove_restored')]
        acts = [
            ('keep_way_back', 'end_drained'),
            ('stop_listening', 'start_beside_drained'),
            (hosts.SYSCONFIG, 'put_back'),
            ('start_server', 'stop_whatever_runs'),
            ('prove', None),
            ('end_drained', None),
        ]
        assert in_order(plan) == asks + STAGE + acts
        assert [(step.action, step.undo) for step in plan.cleanup] == [
            ('remove_page', None),
            ('discard_staged', None),
        ]

    def test_the_files_are_laid_ready_in_the_order_in_which_they_are_swapped(self):
        plan = plan_of(hosts.el6_host(), 'event', directives={'StartServers': 3})
        numbers = [step.order.staged for step in plan.steps if step.action == 'swap_file']
        assert len(numbers) == 3 and numbers == list(range(3))
        assert step_named(plan, 'stage').order == StageOrder(paths=swapped(plan))

    def test_the_choice_of_the_program_is_the_last_file(self):
        plan = plan_of(hosts.el6_host(), 'event')
        assert acts(plan)[6:8] == [hosts.PHP_CONF, hosts.SYSCONFIG]

    def test_steps_count_the_staged_files_in_their_order(self):
        state = hosts.el6_host()
        plan = plan_of(state, 'event', directives={'StartServers': 3})
        staged = [(edit.before, edit.after) for edit in plan.moves]
        swaps = [step for step in plan.steps if step.name == 'swap']
        by_path = dict((edit.real, (edit.before, edit.after)) for edit in plan.edits)
        paths = [hosts.PHP_CONF, hosts.MAIN, hosts.SYSCONFIG]
        assert step_named(plan, 'stage').order.paths == paths
        assert [staged[step.order.staged] for step in swaps] == [by_path[path] for path in paths]
        assert all(step.undo_order == step.order for step in swaps)

    @pytest.mark.parametrize(
        'state',
        [
            hosts.el6_host(running=None),
            hosts.el6_host(running='worker'),
        ],
        ids=['the server is stopped', 'the wanted MPM runs and only the disk says something else'],
    )
    def test_without_a_restart_only_files_are_swapped(self, state):
        plan = plan_of(state, 'worker')
        assert in_order(plan) == STAGE + [(hosts.SYSCONFIG, 'put_back')]
        assert (plan.restart, [step.action for step in plan.cleanup]) == (False, ['discard_staged'])

    def test_a_stopped_server_stays_stopped_even_if_php_changes(self):
        plan = plan_of(hosts.el6_host(running=None), 'event')
        assert acts(plan) == STAGED + [hosts.PHP_CONF, hosts.SYSCONFIG]

    def test_without_php_there_is_no_page_that_asks_it(self):
        plan = plan_of(hosts.el6_host(php_conf=None), 'worker')
        assert acts(plan) == ['observe'] + STAGED + [
            'keep_way_back',
            'stop_listening',
            hosts.SYSCONFIG,
            'start_server',
            'prove',
            'end_drained',
        ]
        assert (
            step_named(plan, 'prove').order.page is None
            and step_named(plan, 'prove').order.token is None
        )
        assert [step.action for step in plan.cleanup] == ['discard_staged']

    @pytest.mark.parametrize('problem', ['it belongs to user 48', 'missing'])
    def test_no_page_goes_where_others_may_write_or_nothing_is_known(self, problem):
        state = hosts.el6_host()
        paths = dict(
            state.disk.paths,
            **{
                '/var/www/html': model.PathFacts('/var/www/html', '/var/www/html', problem, 'utf-8')
            }
        )
        if problem == 'missing':
            del paths['/var/www/html']
        assert 'write_page' not in acts(plan_of(hosts.changed(state, paths=paths), 'worker'))

    def test_running_and_configured_differ_the_way_back_is_what_runs(self):
        state = hosts.el6_host(running='prefork', sysconfig=WORKER_LINE)
        plan = plan_of(state, 'event')
        swap = (hosts.SYSCONFIG, 'put_back')
        assert in_order(plan)[:2] + in_order(plan)[4:] == [
            ('write_page', 'remove_page'),
            ('observe', 'prove_restored'),
            swap,
            ('keep_way_back', 'end_drained'),
            ('stop_listening', 'start_beside_drained'),
            (hosts.PHP_CONF, 'put_back'),
            swap,
            ('start_server', 'stop_whatever_runs'),
            ('prove', None),
            ('end_drained', None),
        ]
        stop, observe = step_named(plan, 'stop'), step_named(plan, 'observe')
        assert stop.order.pid == state.servers.running.main.pid
        assert stop.detail.startswith('stop prefork')
        assert again(plan).exe == hosts.BINARIES['prefork']
        assert observe.undo_order.expected.mpm == 'prefork'
        assert observe.undo_order.expected.modules == [hosts.NTS]

    def test_running_and_configured_differ_and_the_configured_one_is_wanted(self):
        plan = plan_of(hosts.el6_host(running='prefork', sysconfig=WORKER_LINE), 'worker')
        assert plan.edits == [] and plan.restart
        assert acts(plan) == ['write_page', 'observe'] + STAGED + [
            hosts.SYSCONFIG,
            'keep_way_back',
            'stop_listening',
            hosts.SYSCONFIG,
            'start_server',
            'prove',
            'end_drained',
        ]
        first, second = [step for step in plan.steps if step.name == 'swap']
        assert (first.order.staged, second.order.staged) == (0, 1)
        assert [(move.before, move.after) for move in plan.moves] == [
            (WORKER_LINE, u'#' + WORKER_LINE),
            (u'#' + WORKER_LINE, WORKER_LINE),
        ]
        assert [step.action for step in plan.cleanup] == ['remove_page', 'discard_staged']

    def test_a_program_that_runs_and_cannot_be_chosen_leaves_what_is_configured_as_the_way_back(
        self,
    ):
        state = hosts.el6_host(running='prefork', sysconfig=WORKER_LINE)
        state = state._replace(
            servers=state.servers._replace(
                running=hosts.server('prefork', exe='/opt/httpd.itk')._replace(mpm=None)
            )
        )
        plan = plan_of(state, 'event')
        assert swapped(plan) == [
            hosts.PHP_CONF,
            hosts.SYSCONFIG,
        ]
        assert again(plan).exe == hosts.BINARIES['worker']

    def test_each_undo_brings_back_what_was(self):
        plan = plan_of(hosts.el6_host(), 'worker')
        start, page = step_named(plan, 'start'), step_named(plan, 'php page')
        assert again(plan).exe == hosts.BINARIES['prefork']
        assert again(plan).argv == ['/sbin/service', 'httpd', 'start']
        assert start.undo_order.exe == hosts.BINARIES['worker']
        assert start.undo_order.evidence.programs == sorted(hosts.BINARIES.values())
        assert step_named(plan, 'observe').undo_order.expected.exe == hosts.BINARIES['prefork']
        assert (
            page.undo_order == page.order
            and page.order.path == '/var/www/html/webops-mpm-t0k.php'
            and 't0k' in page.order.content
        )

    def test_the_stop_knows_what_it_must_see_gone(self):
        state = hosts.el6_host()
        running = state.servers.running._replace(users=frozenset([48]))
        state = state._replace(servers=state.servers._replace(running=running))
        plan = plan_of(state, 'worker', drain_timeout=7, stop_timeout=3)
        assert step_named(plan, 'stop').order == StopOrder(
            evidence=Evidence(
                programs=['/usr/sbin/httpd', '/usr/sbin/httpd.event', '/usr/sbin/httpd.worker'],
                owners=[0],
                users=[48],
                sockets=[7080],
                ports=[80],
                groups=[],
                spare=[],
                spare_services=[],
            ),
            pid=100,
            start_time=1100,
            threaded=False,
            drain_timeout=7,
            stop_timeout=3,
            pid_file='/var/run/httpd/httpd.pid',
            announce=None,
            settle=['/sbin/service', 'httpd', 'stop'],
            service_timeout=23,
        )

    def test_the_start_knows_what_it_must_see_there_and_whom_to_spare(self):
        stranger = model.Process(300, 1, 5, 'httpd', '/usr/sbin/httpd')
        state = hosts.el6_host(build=hosts.el6_host().build._replace(version='2.4.62'))
        state = state._replace(servers=state.servers._replace(strangers=[stranger]))
        order = step_named(plan_of(state, 'event', accept=['not_ours']), 'start').order
        assert (order.exe, order.evidence.ports, order.pid_file, order.evidence.spare) == (
            hosts.BINARIES['event'],
            [80],
            '/var/run/httpd/httpd.pid',
            [300, 100],
        )
        assert order.log == '/etc/httpd/logs/error_log'

    def test_another_server_is_spared_and_whatever_its_service_starts_in_its_place(self):
        process = model.Process(300, 1, 5, 'httpd', '/usr/sbin/httpd')
        beside = [
            model.Other(process, '/b.conf', frozenset(), 'httpd@blue.service'),
            model.Other(process._replace(pid=400), '/c.conf', frozenset(), None),
        ]
        for name in ('start', 'stop'):
            step = step_named(
                plan_of(hosts.changed(hosts.el9_host(), others=beside), 'worker'), name
            )
            order = step.order if name == 'start' else step.undo_order
            assert order.evidence.spare == [300, 400]
            assert order.evidence.spare_services == ['httpd@blue.service']

    def test_the_program_that_runs_is_among_those_that_may_be_stopped(self):
        state = hosts.el6_host()
        state = state._replace(
            servers=state.servers._replace(
                running=hosts.server('prefork', exe='/opt/httpd.itk')._replace(mpm=None)
            )
        )
        start = step_named(plan_of(state, 'worker'), 'start').order
        assert '/opt/httpd.itk' in start.evidence.programs

    def test_the_proof_expects_the_thread_safe_module(self):
        order = step_named(plan_of(hosts.el6_host(), 'worker', soak=9), 'prove').order
        assert order.expected == Expectation(
            mpm='worker',
            exe=hosts.BINARIES['worker'],
            pid_file='/var/run/httpd/httpd.pid',
            ports=[80],
            modules=[hosts.ZTS],
        )
        assert order.threaded_php is True and order.soak == 9
        assert order.page == '/webops-mpm-t0k.php' and order.addresses == [('0.0.0.0', 80)]

    @pytest.mark.parametrize(
        'state, mpm',
        [
            (hosts.el6_host(), 'event'),
            (hosts.el6_host(running=None), 'worker'),
            (hosts.el6_host(running='worker'), 'worker'),
            (hosts.el6_host(running='prefork', sysconfig=WORKER_LINE), 'event'),
            (hosts.el6_host(php_conf=hosts.EL5_PHP), 'worker'),
            (hosts.el9_host(), 'prefork'),
            (hosts.el9_host(running='worker'), 'prefork'),
        ],
    )
    def test_every_step_can_be_written_as_json_and_names_known_actions(self, state, mpm):
        known = dict(actions.ACTIONS, **prove.ACTIONS)
        plan = plan_of(state, mpm, probes=[model.Probe('http://a/', 200, u'caf\xe9')])
        assert plan.steps
        for step in plan.steps + plan.cleanup:
            assert through_json(step.action, step.order) == step.order
            assert step.action in known and (step.undo is None or step.undo in known)
            if step.undo:
                assert through_json(step.undo, step.undo_order) == step.undo_order


class TestLoadedMpm:
    """What is different where the MPM is a module, and systemd owns the server."""

    def test_a_server_is_up_only_with_the_module_of_its_mpm(self):
        plan = plan_of(hosts.el9_host(), 'worker')
        start = step_named(plan, 'start')
        assert start.order.loaded == start.undo_order.loaded == [hosts.REAL_MODULES['worker']]
        assert again(plan).loaded == [hosts.REAL_MODULES['event']]
        assert start.order.exe == again(plan).exe == hosts.HTTPD
        assert start.order.evidence.programs == [hosts.HTTPD]
        assert step_named(plan, 'prove').order.expected.modules == [
            hosts.REAL_MODULES['worker']
        ]
        assert step_named(plan, 'observe').undo_order.expected.modules == [
            hosts.REAL_MODULES['event']
        ]

    def test_the_module_of_php_is_proved_beside_that_of_the_mpm(self):
        plan = plan_of(hosts.el7_host(running='prefork'), 'prefork', directives={'MaxClients': 100})
        assert step_named(plan, 'prove').order.expected.modules == sorted(
            [hosts.REAL_MODULES['prefork'], hosts.NTS]
        )

    def test_where_the_mpm_is_linked_in_nothing_has_to_be_loaded(self):
        plan = plan_of(hosts.el6_host(), 'worker')
        assert (
            step_named(plan, 'start').order.loaded
            == again(plan).loaded
            == []
        )

    @pytest.mark.parametrize(
        'state, announce, prepare',
        [
            (
                hosts.el9_host(),
                ['/usr/bin/systemctl', 'stop', '--no-block', '--', 'httpd'],
                ['/usr/bin/systemctl', 'reset-failed', '--', 'httpd'],
            ),
            (hosts.el6_host(), None, None),
        ],
        ids=['systemd', 'init'],
    )
    def test_systemd_is_told_before_a_stop_and_before_a_start(self, state, announce, prepare):
        plan = plan_of(state, 'worker')
        stop, start = step_named(plan, 'stop'), step_named(plan, 'start')
        assert [order.announce for order in (again(plan), start.order, start.undo_order)] == [
            announce
        ] * 3
        # Stopping the units of Debian and SUSE cuts requests off: told first is only a manager that
        # would start another server.
        assert stop.order.announce is None
        told = plan_of(state._replace(service=state.service._replace(restarts=True)), 'worker')
        assert step_named(told, 'stop').order.announce == announce
        assert [order.prepare for order in (again(plan), start.order, start.undo_order)] == [
            prepare
        ] * 3
        assert [order.settle for order in (stop.order, start.order)] == [state.service.stop] * 2

    @pytest.mark.parametrize(
        'inherited, sockets',
        [([], [7080, 7443]), ([7080], [7443]), ([7080, 7443], []), ([99], [7080, 7443])],
    )
    def test_a_socket_that_the_service_manager_holds_too_need_not_go(self, inherited, sockets):
        running = hosts.server('event', ports=(443, 80), exe=hosts.HTTPD)._replace(
            inherited=frozenset(inherited)
        )
        state = hosts.el9_host()
        assert (
            step_named(
                plan_of(state._replace(servers=state.servers._replace(running=running)), 'worker'),
                'stop',
            ).order.evidence.sockets
            == sockets
        )

    def test_nobody_waits_for_the_manager_where_a_connection_starts_the_server_again(self):
        state = hosts.el9_host()
        plan = plan_of(
            state._replace(service=state.service._replace(socket='httpd.socket')), 'worker'
        )
        assert (
            step_named(plan, 'stop').order.settle is None
            and step_named(plan, 'start').order.settle is None
        )

    def test_the_choice_of_the_module_is_the_last_file(self):
        plan = plan_of(hosts.el9_host(), 'worker', directives={'ThreadsPerChild': 50})
        assert swapped(plan) == [
            hosts.MAIN,
            hosts.MPM_CONF,
        ]

    def test_running_and_configured_differ_the_way_back_is_what_runs(self):
        plan = plan_of(hosts.el9_host(running='worker'), 'prefork')
        assert [what for what in acts(plan) if what not in ('write_page', 'observe')] == STAGED + [
            hosts.MPM_CONF,
            'stop_server',
            hosts.MPM_CONF,
            'start_server',
            'prove',
        ]
        assert again(plan).loaded == [hosts.REAL_MODULES['worker']]
        assert step_named(plan, 'observe').undo_order.expected.mpm == 'worker'
        assert step_named(plan, 'start').order.loaded == [hosts.REAL_MODULES['prefork']]
