# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
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


def order(plan):
    """(action, undo) of each step, files by name."""
    return [
        (step.action if step.action != 'swap_file' else step.args['path'], step.undo)
        for step in plan.steps
    ]


def acts(plan):
    return [what for what, _undo in order(plan)]


# What lays the files ready, and looks once more, before anything is stopped.
STAGE = [('stage_files', 'forget_staged'), ('demand_unchanged', None)]
STAGED = [what for what, _undo in STAGE]


def step_named(plan, name):
    return [step for step in plan.steps if step.name == name][0]


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
        assert order(plan) == asks + STAGE + acts
        assert [(step.action, step.undo) for step in plan.cleanup] == [
            ('remove_page', None),
            ('discard_staged', None),
        ]

    def test_the_files_are_laid_ready_in_the_order_in_which_they_are_swapped(self):
        plan = plan_of(hosts.el6_host(), 'event', directives={'StartServers': 3})
        swapped = [step.args['path'] for step in plan.steps if step.action == 'swap_file']
        assert step_named(plan, 'stage').args == {'paths': swapped}
        assert [step.args['staged'] for step in plan.steps if step.action == 'swap_file'] == list(
            range(len(swapped))
        )

    def test_the_choice_of_the_program_is_the_last_file(self):
        plan = plan_of(hosts.el6_host(), 'event')
        assert acts(plan)[6:8] == [hosts.PHP_CONF, hosts.SYSCONFIG]

    def test_steps_count_the_staged_files_in_their_order(self):
        state = hosts.el6_host()
        plan = plan_of(state, 'event', directives={'StartServers': 3})
        staged = [(edit.before, edit.after) for edit in plan.moves]
        swaps = [step for step in plan.steps if step.name == 'swap']
        by_path = dict((edit.real, (edit.before, edit.after)) for edit in plan.edits)
        assert [step.args['path'] for step in swaps] == [
            hosts.PHP_CONF,
            hosts.MAIN,
            hosts.SYSCONFIG,
        ]
        assert [staged[step.args['staged']] for step in swaps] == [
            by_path[step.args['path']] for step in swaps
        ]
        assert all(step.undo_args == step.args for step in swaps)

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
        assert order(plan) == STAGE + [(hosts.SYSCONFIG, 'put_back')]
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
            step_named(plan, 'prove').args['page'] is None
            and step_named(plan, 'prove').args['token'] is None
        )
        assert [step.action for step in plan.cleanup] == ['discard_staged']

    @pytest.mark.parametrize('problem', ['it belongs to user 48', 'missing'])
    def test_no_page_goes_where_others_may_write_or_nothing_is_known(self, problem):
        state = hosts.el6_host()
        paths = dict(
            state.paths,
            **{
                '/var/www/html': model.PathFacts('/var/www/html', '/var/www/html', problem, 'utf-8')
            }
        )
        if problem == 'missing':
            del paths['/var/www/html']
        assert 'write_page' not in acts(plan_of(state._replace(paths=paths), 'worker'))

    def test_running_and_configured_differ_the_way_back_is_what_runs(self):
        state = hosts.el6_host(running='prefork', sysconfig=WORKER_LINE)
        plan = plan_of(state, 'event')
        swap = (hosts.SYSCONFIG, 'put_back')
        assert order(plan)[:2] + order(plan)[4:] == [
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
        assert stop.args['pid'] == state.servers.running.main.pid
        assert stop.detail.startswith('stop prefork')
        assert stop.undo_args['exe'] == hosts.BINARIES['prefork']
        assert observe.undo_args['expected']['mpm'] == 'prefork'
        assert observe.undo_args['expected']['modules'] == [hosts.NTS]

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
        assert (first.args['staged'], second.args['staged']) == (0, 1)
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
        assert [step.args['path'] for step in plan.steps if step.name == 'swap'] == [
            hosts.PHP_CONF,
            hosts.SYSCONFIG,
        ]
        assert step_named(plan, 'stop').undo_args['exe'] == hosts.BINARIES['worker']

    def test_each_undo_brings_back_what_was(self):
        plan = plan_of(hosts.el6_host(), 'worker')
        stop, start, page = (
            step_named(plan, 'stop'),
            step_named(plan, 'start'),
            step_named(plan, 'php page'),
        )
        assert stop.undo_args['exe'] == hosts.BINARIES['prefork']
        assert stop.undo_args['argv'] == ['/sbin/service', 'httpd', 'start']
        assert start.undo_args['exe'] == hosts.BINARIES['worker']
        assert start.undo_args['programs'] == sorted(hosts.BINARIES.values())
        assert step_named(plan, 'observe').undo_args['expected']['exe'] == hosts.BINARIES['prefork']
        assert (
            page.undo_args == page.args
            and page.args['path'] == '/var/www/html/webops-mpm-t0k.php'
            and 't0k' in page.args['content']
        )

    def test_the_stop_knows_what_it_must_see_gone(self):
        state = hosts.el6_host()
        running = state.servers.running._replace(users=frozenset([48]))
        state = state._replace(servers=state.servers._replace(running=running))
        args = step_named(plan_of(state, 'worker', drain_timeout=7, stop_timeout=3), 'stop').args
        assert args == {
            'pid': 100,
            'start_time': 1100,
            'threaded': False,
            'sockets': [7080],
            'drain_timeout': 7,
            'stop_timeout': 3,
            'announce': None,
            'settle': ['/sbin/service', 'httpd', 'stop'],
            'service_timeout': 23,
            'ports': [80],
            'pid_file': '/var/run/httpd/httpd.pid',
            'owners': [0],
            'users': [48],
            'groups': [],
            'programs': ['/usr/sbin/httpd', '/usr/sbin/httpd.event', '/usr/sbin/httpd.worker'],
        }

    def test_the_start_knows_what_it_must_see_there_and_whom_to_spare(self):
        stranger = model.Process(300, 1, 5, 'httpd', '/usr/sbin/httpd')
        state = hosts.el6_host(build=hosts.el6_host().build._replace(version='2.4.62'))
        state = state._replace(servers=state.servers._replace(strangers=[stranger]))
        args = step_named(plan_of(state, 'event', accept=['not_ours']), 'start').args
        assert (args['exe'], args['ports'], args['pid_file'], args['spare']) == (
            hosts.BINARIES['event'],
            [80],
            '/var/run/httpd/httpd.pid',
            [300, 100],
        )
        assert args['log'] == '/etc/httpd/logs/error_log'

    def test_another_server_is_spared_and_whatever_its_service_starts_in_its_place(self):
        process = model.Process(300, 1, 5, 'httpd', '/usr/sbin/httpd')
        beside = [
            model.Other(process, '/b.conf', frozenset(), 'httpd@blue.service'),
            model.Other(process._replace(pid=400), '/c.conf', frozenset(), None),
        ]
        for name in ('start', 'stop'):
            step = step_named(plan_of(hosts.el9_host()._replace(others=beside), 'worker'), name)
            args = step.args if name == 'start' else step.undo_args
            assert (args['spare'], args['spare_services']) == ([300, 400], ['httpd@blue.service'])

    def test_the_program_that_runs_is_among_those_that_may_be_stopped(self):
        state = hosts.el6_host()
        state = state._replace(
            servers=state.servers._replace(
                running=hosts.server('prefork', exe='/opt/httpd.itk')._replace(mpm=None)
            )
        )
        assert '/opt/httpd.itk' in step_named(plan_of(state, 'worker'), 'start').args['programs']

    def test_the_proof_expects_the_thread_safe_module(self):
        args = step_named(plan_of(hosts.el6_host(), 'worker', soak=9), 'prove').args
        assert args['expected'] == {
            'mpm': 'worker',
            'exe': hosts.BINARIES['worker'],
            'pid_file': '/var/run/httpd/httpd.pid',
            'ports': [80],
            'modules': [hosts.ZTS],
        }
        assert args['threaded_php'] is True and args['soak'] == 9
        assert args['page'] == '/webops-mpm-t0k.php' and args['addresses'] == [('0.0.0.0', 80)]

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
            assert json.loads(json.dumps(step._asdict()))['name'] == step.name
            assert step.action in known and (step.undo is None or step.undo in known)


class TestLoadedMpm:
    """What is different where the MPM is a module, and systemd owns the server."""

    def test_a_server_is_up_only_with_the_module_of_its_mpm(self):
        plan = plan_of(hosts.el9_host(), 'worker')
        start, stop = step_named(plan, 'start'), step_named(plan, 'stop')
        assert start.args['loaded'] == start.undo_args['loaded'] == [hosts.REAL_MODULES['worker']]
        assert stop.undo_args['loaded'] == [hosts.REAL_MODULES['event']]
        assert start.args['exe'] == stop.undo_args['exe'] == hosts.HTTPD and start.args[
            'programs'
        ] == [hosts.HTTPD]
        assert step_named(plan, 'prove').args['expected']['modules'] == [
            hosts.REAL_MODULES['worker']
        ]
        assert step_named(plan, 'observe').undo_args['expected']['modules'] == [
            hosts.REAL_MODULES['event']
        ]

    def test_the_module_of_php_is_proved_beside_that_of_the_mpm(self):
        plan = plan_of(hosts.el7_host(running='prefork'), 'prefork', directives={'MaxClients': 100})
        assert step_named(plan, 'prove').args['expected']['modules'] == sorted(
            [hosts.REAL_MODULES['prefork'], hosts.NTS]
        )

    def test_where_the_mpm_is_linked_in_nothing_has_to_be_loaded(self):
        plan = plan_of(hosts.el6_host(), 'worker')
        assert (
            step_named(plan, 'start').args['loaded']
            == step_named(plan, 'stop').undo_args['loaded']
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
        assert [args['announce'] for args in (stop.undo_args, start.args, start.undo_args)] == [
            announce
        ] * 3
        # Stopping the units of Debian and SUSE cuts requests off: told first is only a manager that
        # would start another server.
        assert stop.args['announce'] is None
        told = plan_of(state._replace(service=state.service._replace(restarts=True)), 'worker')
        assert step_named(told, 'stop').args['announce'] == announce
        assert [args['prepare'] for args in (stop.undo_args, start.args, start.undo_args)] == [
            prepare
        ] * 3
        assert [args['settle'] for args in (stop.args, start.args)] == [state.service.stop] * 2

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
            ).args['sockets']
            == sockets
        )

    def test_nobody_waits_for_the_manager_where_a_connection_starts_the_server_again(self):
        state = hosts.el9_host()
        plan = plan_of(
            state._replace(service=state.service._replace(socket='httpd.socket')), 'worker'
        )
        assert (
            step_named(plan, 'stop').args['settle'] is None
            and step_named(plan, 'start').args['settle'] is None
        )

    def test_the_choice_of_the_module_is_the_last_file(self):
        plan = plan_of(hosts.el9_host(), 'worker', directives={'ThreadsPerChild': 50})
        assert [step.args['path'] for step in plan.steps if step.name == 'swap'] == [
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
        assert step_named(plan, 'stop').undo_args['loaded'] == [hosts.REAL_MODULES['worker']]
        assert step_named(plan, 'observe').undo_args['expected']['mpm'] == 'worker'
        assert step_named(plan, 'start').args['loaded'] == [hosts.REAL_MODULES['prefork']]
