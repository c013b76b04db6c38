# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal
import socket
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import CommandError, StepError
from ansible_collections.webops.apache.plugins.module_utils._system import processes, sockets
from ansible_collections.webops.apache.plugins.module_utils._system.clock import (
    monotonic,
    wait_until,
)
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command
from ansible_collections.webops.apache.plugins.module_utils._transaction import ending, services
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._transaction.service import (
    NOTHING,
    changed,
    free_port,
)


def seconds_of(act, *args):
    began = monotonic()
    act(*args)
    return monotonic() - began


class TestStopServer:
    @pytest.mark.parametrize(
        'mood, drain, stop, least, most',
        [
            ('obeys', 5, 5, 0, 4),
            ('obeys', 0, 5, 0, 4),
            ('ignores WINCH', 0.2, 5, 0.2, 3),
            ('ignores TERM', 0.2, 0.2, 0.4, 4),
            ('orphans', 0.2, 5, 0.2, 3),
            ('stubborn orphans', 0.2, 0.2, 0.4, 4),
            ('forks when it is stopped', 0.2, 3, 0.2, 4),
        ],
    )
    def test_leaves_no_process_and_no_socket_whatever_the_mood_and_in_bounded_time(
        self, service, context, mood, drain, stop, least, most
    ):
        service.up(mood)
        assert len(service.all()) == 3 and service.listens()
        took = seconds_of(services.stop_server, service.stop_order(drain, stop), context)
        assert (service.all(), service.listens()) == ([], False)
        assert least <= took < most
        assert context.went_down is not None

    @pytest.mark.parametrize('threaded, least, most', [(True, 0, 3), (False, 4, 8)])
    def test_a_child_without_threads_serves_nobody_where_servers_have_threads(
        self, service, context, threaded, least, most
    ):
        service.up('ignores WINCH')
        order = service.stop_order(4, 5, threaded=threaded)
        assert least <= seconds_of(services.stop_server, order, context) < most
        assert service.all() == []

    def test_a_process_that_has_the_pid_by_now_is_spared(self, service, context):
        service.up()
        order = service.stop_order(start_time=1)
        with pytest.raises(StepError) as caught:
            services.stop_server(order, context)
        assert 'ended by itself' in caught.value.message
        assert len(service.all()) == 3 and context.went_down is None

    def test_a_server_that_ended_by_itself_is_told(self, service, context):
        service.up()
        order = service.stop_order()
        service.kill_all()
        with pytest.raises(StepError):
            services.stop_server(order, context)
        assert context.went_down is None

    def test_another_server_of_the_same_program_is_spared(self, service, context):
        other = {'pid_file': os.path.join(service.folder, 'other'), 'port': free_port()}
        service.up(**other)
        strangers = set(process.pid for process in service.all())
        service.up('stubborn orphans')
        services.stop_server(service.stop_order(0.1, 0.1), context)
        assert set(process.pid for process in service.all()) == strangers

    def test_a_program_that_a_script_of_it_started_is_neither_awaited_nor_ended(
        self, service, context
    ):
        service.up('runs a script')

        def scripts():
            return [
                p
                for p in processes.family_of(service.main(), processes.read_processes())
                if p.name == 'sleep'
            ]

        script = wait_until(scripts, 5)[0]
        try:
            assert seconds_of(services.stop_server, service.stop_order(4, 4), context) < 2
            assert service.all() == [] and processes.is_alive(script)
        finally:
            os.kill(script.pid, signal.SIGKILL)

    def test_a_socket_that_something_else_holds_is_told(self, service, context, monkeypatch):
        monkeypatch.setattr(ending, 'OUTSIDER_WAIT', 0.1)
        service.up()
        held = socket.socket()
        held.bind(('127.0.0.1', 0))
        held.listen(1)
        inode = [
            item.inode for item in sockets.read_listeners() if item.port == held.getsockname()[1]
        ]
        order = service.stop_order()
        order = changed(order, sockets=order.evidence.sockets + inode)
        with pytest.raises(StepError) as caught:
            services.stop_server(order, context)
        held.close()
        assert 'sockets' in caught.value.message and service.all() == []

    def test_the_service_manager_tidies_up_whatever_it_says(self, service, context):
        service.up()
        noted = os.path.join(service.folder, 'noted')
        order = service.stop_order(settle=['/bin/sh', '-c', 'touch %s; exit 1' % noted])
        services.stop_server(order, context)
        assert os.path.exists(noted)

    def test_a_member_whose_program_cannot_be_read_while_it_ends_breaks_nothing(
        self, service, context, monkeypatch
    ):
        service.up()
        real, calls = processes.read_processes, []

        def fading():
            calls.append(1)
            return [p._replace(exe=None) if len(calls) > 1 else p for p in real()]

        monkeypatch.setattr(services.processes, 'read_processes', fading)
        services.stop_server(service.stop_order(1, 1), context)
        monkeypatch.undo()
        assert service.all() == []

    def test_a_child_that_missed_the_signal_gets_it_again(self, service, context):
        service.up('a child misses the stop')
        order = service.stop_order(60, 5, ports=[service.port])
        assert seconds_of(services.stop_server, order, context) < 30
        assert (service.all(), service.listens()) == ([], False) and context.unheard > 0


class TestStartServer:
    def test_brings_it_up_and_notes_when(self, service, context):
        services.start_server(service.start_order(), context)
        assert len(service.all()) == 3 and service.listens()
        assert context.came_up is not None

    def test_a_server_that_comes_late_is_awaited(self, service, context):
        services.start_server(service.start_order('comes late'), context)
        assert service.listens()

    def test_a_service_that_wrongly_says_that_it_failed_is_not_believed(self, service, context):
        services.start_server(service.start_order('says it failed'), context)
        assert service.listens()

    @pytest.mark.parametrize('mood', ['dies at once', 'never listens'])
    def test_a_start_that_comes_to_nothing_ends_with_what_was_said(
        self, service, context, short_waits, patient, mood
    ):
        order = service.start_order(mood, timeout=30 if mood == 'dies at once' else 0.5)
        began = monotonic()
        with pytest.raises(StepError) as caught:
            services.start_server(order, context)
        assert monotonic() - began < 10
        assert str(service.port) in caught.value.message and caught.value.details['rc'] == 0
        assert context.came_up is None

    def test_a_failing_command_is_told_with_its_words_at_once(self, service, context):
        order = service.start_order(
            argv=['/bin/sh', '-c', 'echo no such thing >&2; exit 7'], timeout=30
        )
        began = monotonic()
        with pytest.raises(StepError) as caught:
            services.start_server(order, context)
        assert monotonic() - began < 3
        assert 'no such thing' in caught.value.message and 'exit code 7' in caught.value.message
        assert caught.value.details['stderr'] == u'no such thing\n'

    @pytest.mark.parametrize('mood', ['dies at once', 'says it failed', 'fails'])
    def test_what_nothing_runs_of_is_not_waited_for(
        self, service, context, patient, monkeypatch, mood
    ):
        monkeypatch.setattr(services, 'DOUBT_WAIT', 60)
        argv = service.command(mood) if mood != 'fails' else ['/bin/sh', '-c', 'exit 1']
        began = monotonic()
        try:
            services.start_server(service.start_order(argv=argv, timeout=60), context)
        except StepError:
            assert mood != 'says it failed'
        assert monotonic() - began < 20

    @pytest.mark.parametrize('rc', [0, 1])
    def test_one_that_somebody_started_with_the_old_files_is_replaced(
        self, service, context, patient, monkeypatch, rc
    ):
        service.up()
        other, real = service.main(), services.main_process
        monkeypatch.setattr(
            services,
            'main_process',
            lambda order: None if processes.is_alive(other) else real(order),
        )
        # As an init script does where a server runs: nothing, or it fails.
        command = ' '.join(service.command())
        words = 'test -e %s && exit %d; exec %s' % (service.pid_file, rc, command)
        services.start_server(service.start_order(argv=['/bin/sh', '-c', words]), context)
        assert service.listens() and not processes.is_alive(other)

    def test_one_that_is_started_with_the_old_files_again_and_again_is_a_failure(
        self, service, context, patient, monkeypatch
    ):
        monkeypatch.setattr(services, 'main_process', lambda order: None)
        with pytest.raises(StepError) as caught:
            services.start_server(service.start_order(), context)
        assert 'main process missing' in caught.value.message

    def test_the_watch_goes_on_until_the_proof_is_over(self, service, context):
        service.up()
        order = service.stop_order(ports=[service.port])
        services.stop_server(order, context)
        services.start_server(service.start_order(), context)
        # It came up, and ends while it is proved: nobody is served until the next one.
        service.kill_all()
        time.sleep(1.5)
        services.start_server(service.start_order(), context)
        context.end_watch()
        assert context.outage_ms() >= 1500 and context.watch is None

    def test_another_program_at_the_pid_is_not_taken_for_it(self, service, context, patient):
        service.up()
        with pytest.raises(StepError):
            services.start_server(
                service.start_order(
                    argv=NOTHING, exe='/usr/sbin/other', timeout=0.2, programs=['/usr/sbin/other']
                ),
                context,
            )

    def test_notes_where_the_log_ended_before(self, service, context):
        with open(service.log, 'w') as stream:
            stream.write('child pid 7 exit signal Segmentation fault (11)\n')
        services.start_server(service.start_order(), context)
        assert context.log_size == os.path.getsize(service.log)
        services.stop_server(service.stop_order(), context)
        services.start_server(service.start_order(log=None), context)
        assert context.log_size == 0


class TestMainProcess:
    @pytest.mark.parametrize('content', [None, '', 'nonsense', '999999999', '-5'])
    def test_a_pid_file_that_names_nothing_gives_nothing(self, service, content):
        if content is not None:
            with open(service.pid_file, 'w') as stream:
                stream.write(content)
        assert services.main_process(service.start_order()) is None


class TestStopWhateverRuns:
    @pytest.mark.parametrize('mood', ['obeys', 'ignores TERM', 'never listens', 'stubborn orphans'])
    def test_leaves_nothing_of_the_program(self, service, context, short_waits, mood):
        service.up(mood)
        took = seconds_of(services.stop_whatever_runs, service.start_order(), context)
        assert (service.all(), service.listens()) == ([], False)
        assert took < 4

    def test_orphans_without_a_main_process_are_found(self, service, context):
        service.up()
        os.kill(service.main().pid, signal.SIGKILL)
        assert wait_until(lambda: len(service.all()) == 2, 2)
        services.stop_whatever_runs(service.start_order(), context)
        assert service.all() == []

    def test_strangers_are_spared_with_their_children(self, service, context):
        service.up(pid_file=os.path.join(service.folder, 'other'), port=free_port())
        with open(os.path.join(service.folder, 'other')) as stream:
            stranger = int(stream.read())
        spared = set(process.pid for process in service.all())
        service.up()
        services.stop_whatever_runs(service.start_order(spare=[stranger]), context)
        assert set(process.pid for process in service.all()) == spared

    @pytest.mark.parametrize(
        'units, spared',
        [([], False), (['httpd@blue.service'], True), (['httpd@green.service'], False)],
        ids=repr,
    )
    def test_what_belongs_to_the_service_of_another_server_is_spared(
        self, service, context, monkeypatch, units, spared
    ):
        service.up()
        monkeypatch.setattr(
            processes,
            'control_groups',
            lambda pid: set(['/', '/system.slice/system-httpd.slice/httpd@blue.service']),
        )
        services.stop_whatever_runs(service.start_order(spare_services=units), context)
        assert bool(service.all()) is spared

    def test_nothing_to_stop_takes_no_time(self, service, context):
        assert seconds_of(services.stop_whatever_runs, service.start_order(), context) < 1


class TestEnsureStarted:
    def test_a_server_that_never_went_down_is_left_alone(self, service, context):
        service.up()
        before = service.all()
        services.ensure_started(service.start_order(), context)
        assert service.all() == before

    def test_a_server_that_went_down_is_started_afresh(self, service, context):
        service.up()
        main = service.main()
        services.stop_server(service.stop_order(), context)
        services.ensure_started(service.start_order(), context)
        assert service.listens() and service.main().pid != main.pid
        assert context.outage_ms() > 0

    def test_a_half_stopped_server_is_replaced(self, service, context):
        service.up()
        os.kill(service.main().pid, signal.SIGKILL)
        context.went_down = monotonic()
        services.ensure_started(service.start_order(), context)
        assert len(service.all()) == 3 and service.listens()

    def test_a_first_start_that_fails_is_tried_again(self, service, context):
        flag = os.path.join(service.folder, 'flag')
        script = 'test -e %s && exec %s; touch %s; exit 1' % (
            flag,
            ' '.join(service.command()[:-2]) + ' obeys 2',
            flag,
        )
        context.went_down = monotonic()
        services.ensure_started(service.start_order(argv=['/bin/sh', '-c', script]), context)
        assert service.listens()

    def test_a_service_manager_that_hangs_does_not_keep_the_server_down(self, service, context):
        def run(argv, **options):
            if argv == NOTHING:
                raise CommandError('service httpd stop did not end within 60 s and was killed.')
            return run_command(argv, **options)

        context.run, context.went_down = run, monotonic()
        services.ensure_started(service.start_order(), context)
        assert service.listens()

    def test_a_server_that_cannot_start_is_told(self, service, context, short_waits):
        context.went_down = monotonic()
        with pytest.raises(StepError):
            services.ensure_started(service.start_order('dies at once'), context)
