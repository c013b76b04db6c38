# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A service whose manager has to be told, and whose server has to have loaded its MPM."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import CommandError, StepError
from ansible_collections.webops.apache.plugins.module_utils._system import processes
from ansible_collections.webops.apache.plugins.module_utils._system.clock import monotonic
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command
from ansible_collections.webops.apache.plugins.module_utils._transaction import ending, services
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._transaction.service import (
    NOTHING,
    free_port,
)


def a_module_of(process):
    """A library that a process has mapped."""
    return sorted(path for path in processes.mapped_files(process.pid) if '.so' in path)[0]


def script_of(service):
    """The program that the main process has started."""
    table = processes.read_processes()
    return [each for each in processes.family_of(service.main(), table) if each.name == 'sleep'][0]


class TestStopServer:
    def test_the_service_manager_is_told_before_a_process_ends_and_asked_after_all_have(
        self, service, context
    ):
        service.up()
        order, real, seen = service.stop_order(), context.run, []

        def run(argv, **options):
            seen.append((argv[-1], len(service.all()), context.went_down is not None))
            return real(argv, **options)

        context.run = run
        services.stop_server(
            order._replace(announce=NOTHING + ['announced'], settle=NOTHING + ['settled']), context
        )
        assert seen == [('announced', 3, True), ('settled', 0, True)]

    def test_a_service_manager_that_may_not_be_waited_for_is_not_asked(self, service, context):
        service.up()
        order = service.stop_order(settle=None)
        context.run = None
        services.stop_server(order, context)
        assert (service.all(), service.listens()) == ([], False)

    @pytest.mark.parametrize(
        'groups, asked_of, lives',
        [
            (['/x.service'], ['settle'], False),
            (['/y.service'], ['settle'], True),
            ([], ['settle'], True),
            (['/x.service'], [], True),
        ],
        ids=['in it', 'in another', 'no group', 'not to be waited for'],
    )
    def test_what_is_left_in_its_group_is_ended_before_the_manager_is_asked(
        self, service, context, monkeypatch, groups, asked_of, lives
    ):
        """It ignores TERM, and a page has left it there."""
        service.up('runs a script')
        sleeper = script_of(service)
        monkeypatch.setattr(
            processes,
            'control_groups',
            lambda pid: set(['/x.service'] if pid == sleeper.pid else ['/']),
        )
        alive = []
        context.run = lambda argv, **options: alive.append(processes.is_alive(sleeper))
        settle = NOTHING if asked_of else None
        services.stop_server(service.stop_order(groups=groups, settle=settle), context)
        assert alive == [lives] * len(asked_of) and processes.is_alive(sleeper) is lives
        if lives:
            os.kill(sleeper.pid, signal.SIGKILL)


class TestStartServer:
    @pytest.mark.parametrize('rc', [0, 1])
    def test_the_service_manager_forgets_earlier_failures_first(self, service, context, rc):
        noted = os.path.join(service.folder, 'noted')
        prepare = ['/bin/sh', '-c', 'echo prepare >>%s; exit %d' % (noted, rc)]
        start = ['/bin/sh', '-c', 'echo start >>%s; exec %s' % (noted, ' '.join(service.command()))]
        services.start_server(service.start_order(argv=start, prepare=prepare), context)
        with open(noted) as stream:
            assert stream.read() == 'prepare\nstart\n'
        assert service.listens()

    def test_a_server_that_has_not_loaded_its_mpm_is_not_up(
        self, service, context, short_waits, patient
    ):
        with pytest.raises(StepError) as caught:
            services.start_server(
                service.start_order(loaded=['/no/such/mod_mpm_event.so'], timeout=0.3), context
            )
        assert 'main process missing' in caught.value.message
        assert context.came_up is None and service.listens()

    def test_one_that_runs_with_another_mpm_is_replaced(self, service, context, patient):
        service.up()
        before = set(process.pid for process in service.all())
        loaded = a_module_of(service.main())
        services.start_server(service.start_order(loaded=[loaded]), context)
        assert set(process.pid for process in service.all()) == before
        with pytest.raises(StepError):
            services.start_server(
                service.start_order(loaded=[loaded, '/no/such/mod_mpm_event.so'], timeout=0.2),
                context,
            )
        assert not before & set(process.pid for process in service.all())


class TestMainProcess:
    @pytest.mark.parametrize(
        'loaded, found',
        [((), True), (('mapped',), True), (('none',), False), (('mapped', 'none'), False)],
    )
    def test_is_one_only_with_all_that_it_must_have_loaded(self, service, loaded, found):
        service.up()
        paths = {'mapped': a_module_of(service.main()), 'none': '/no/such/mod_mpm_event.so'}
        main = services.main_process(service.start_order(loaded=[paths[name] for name in loaded]))
        assert main == (service.main() if found else None)


class TestStopWhateverRuns:
    @pytest.mark.parametrize('told, spared', [(True, True), (False, False)])
    def test_a_server_that_a_manager_who_was_told_brings_up_meanwhile_is_spared(
        self, service, context, monkeypatch, told, spared
    ):
        service.up('ignores TERM')
        before = set(process.pid for process in service.all())
        other = service.command(pid_file=os.path.join(service.folder, 'other'), port=free_port())
        monkeypatch.setattr(ending, 'TERM_WAIT', 0.3)
        real = services.family.find_family

        def with_another(evidence):
            # The next one comes up right after the family was looked at.
            found = real(evidence)
            if not later:
                later.append(run_command(other, timeout=10))
            return found

        later = []
        monkeypatch.setattr(services.family, 'find_family', with_another)
        order = service.start_order(announce=NOTHING if told else None)
        services.stop_whatever_runs(order, context)
        left = set(process.pid for process in service.all())
        assert later[0].rc == 0 and not left & before
        assert bool(left) is spared

    def test_the_service_manager_is_told_first(self, service, context):
        service.up()
        seen, real = [], context.run

        def run(argv, **options):
            seen.append((argv[-1], len(service.all())))
            return real(argv, **options)

        context.run = run
        services.stop_whatever_runs(
            service.start_order(announce=NOTHING + ['announced'], settle=NOTHING + ['settled']),
            context,
        )
        assert seen == [('announced', 3), ('settled', 0)]


class TestEnsureStarted:
    def test_a_server_with_another_mpm_is_not_left_alone(
        self, service, context, short_waits, patient
    ):
        service.up()
        before = set(process.pid for process in service.all())
        with pytest.raises(StepError):
            services.ensure_started(
                service.start_order(loaded=['/no/such/mod_mpm_event.so'], timeout=0.2), context
            )
        assert not before & set(process.pid for process in service.all())

    @pytest.mark.parametrize(
        'hangs, running', [('announce', False), ('announce', True), ('prepare', False)]
    )
    def test_a_service_manager_that_hangs_when_it_is_told_something_does_not_either(
        self, service, context, short_waits, hangs, running
    ):
        told = NOTHING + ['told']

        def run(argv, **options):
            if argv == told:
                raise CommandError('systemctl did not end within 60 s and was killed.')
            return run_command(argv, **options)

        if running:
            service.up()
            os.kill(service.main().pid, signal.SIGKILL)
        context.run, context.went_down = run, monotonic()
        services.ensure_started(service.start_order(**{hangs: told}), context)
        assert service.listens()
