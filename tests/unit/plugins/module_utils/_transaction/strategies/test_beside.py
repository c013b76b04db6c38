# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A server that follows another one in its unit: what is asked of systemd, which here is a
stand-in that keeps to what it is told.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import signal

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._system import processes
from ansible_collections.webops.apache.plugins.module_utils._system.clock import (
    monotonic,
    wait_until,
)
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command
from ansible_collections.webops.apache.plugins.module_utils._transaction import systemd
from ansible_collections.webops.apache.plugins.module_utils._transaction.strategies import (
    beside,
    drain,
)

CONTROL = '/bin/systemctl'


class Systemd(object):
    """Answers as systemd does: it follows to the process that the file of the drop-in names, as
    soon as the one it knows is gone.
    """

    def __init__(self, service, main, paths):
        self.service, self.main, self.paths, self.active, self.said = service, main, paths, True, []

    def run(self, argv, **options):
        if argv[0] != CONTROL:
            return run_command(argv, **options)
        self.said.append(argv[1])
        answer = {'show': lambda: self._show(argv[3]), 'reload': self._reload}.get(
            argv[1], lambda: (0, u'')
        )()
        return CommandResult(argv, answer[0], answer[1], u'')

    def _look(self):
        self.main = processes.noted_process(self.paths['main_file']) or self.main

    def _show(self, name):
        if self.main and not processes.is_alive(self.main):
            # It looks once, when a main process ends.
            self.main = None
            self._look()
        return 0, u'%s=%s\n' % (
            name,
            {
                'MainPID': self.main.pid if self.main else 0,
                'ActiveState': 'active' if self.active else 'inactive',
                'PIDFile': self.paths['main_file'],
            }[name],
        )

    def _reload(self):
        if not self.active or not os.path.exists(self.paths['ticket']):
            return 1, u''
        os.unlink(self.paths['ticket'])
        with open(self.paths['drop_in']) as stream:
            starts = stream.read().rstrip().endswith('start')
        code = run_command(self.service.command(), timeout=10).rc if starts else 0
        if code == 0:
            self._look()
        return code, u''


@pytest.fixture
def unit(service, context, tmpdir, monkeypatch):
    """(args of the steps, Systemd) of a service that runs, with the drop-in in force."""
    monkeypatch.setattr(systemd, 'MAIN_WAIT', 0.5)
    service.up('drains')
    folder = str(tmpdir.mkdir('run'))
    paths = {
        'folder': folder,
        'main_file': os.path.join(folder, 'pid'),
        'ticket': os.path.join(folder, 'ticket'),
        'drop_in': os.path.join(str(tmpdir), 'unit.d', 'drop-in'),
    }
    os.chmod(folder, 0o700)
    old = dict(service.stop_args(), ports=[service.port], pid_file=service.pid_file)
    start = service.start_args(spare=[old['pid']])
    told = Systemd(service, service.main(), paths)
    context.run = told.run
    args = dict(
        paths,
        pid=old['pid'],
        unit='dummy.service',
        control=CONTROL,
        text='ExecReload=rm\nExecReload=start\n',
        start=start,
        old=old,
        stop_all=start,
        afresh=service.start_args(),
    )
    systemd.tell_manager(args, context)
    return args, told


def is_alone(service):
    return service.listens() and len(service.all()) == 3


class TestForth:
    def test_the_new_server_is_named_before_the_old_one_has_finished(self, service, context, unit):
        args, told = unit
        old = service.main()
        drain.stop_listening(args['old'], context)
        beside.start_by_reload(args, context)
        new = service.main()
        assert new.pid != old.pid and processes.noted_process(args['main_file']) == new
        beside.end_followed(args, context)
        assert not processes.is_alive(old) and told.main == new and is_alone(service)
        beside.hand_unit_back(args, context)
        assert (
            not os.path.exists(args['drop_in'])
            and not os.path.exists(args['main_file'])
            and context.warnings == []
        )

    def test_an_old_one_that_ended_before_the_new_one_was_named_is_followed_all_the_same(
        self, service, context, unit
    ):
        args, told = unit
        drain.stop_listening(args['old'], context)
        beside.start_by_reload(args, context)
        os.unlink(args['main_file'])
        os.kill(args['pid'], signal.SIGKILL)
        assert wait_until(lambda: drain.old_main(args['old']) is None, 5)
        assert systemd._ask(args, context, 'MainPID') == '0'
        beside.end_followed(args, context)
        assert told.main == service.main() and told.said.count('reload') == 2
        with open(args['drop_in']) as stream:
            assert stream.read() == args['text']

    def test_a_unit_that_ended_with_its_server_is_started_afresh(self, service, context, unit):
        args, told = unit
        drain.stop_listening(args['old'], context)
        told.active = False
        beside.start_by_reload(args, context)
        assert service.listens() and context.came_up is not None

    def test_what_somebody_started_beside_the_unit_makes_room(self, service, context, unit):
        args, _told = unit
        drain.stop_listening(args['old'], context)
        service.up()
        other = service.main()
        beside.start_by_reload(args, context)
        assert (
            not processes.is_alive(other) and service.main().pid != other.pid and service.listens()
        )

    @pytest.mark.parametrize('follows', [True, False])
    def test_a_systemd_that_does_not_follow_is_no_success(self, service, context, unit, follows):
        args, told = unit
        drain.stop_listening(args['old'], context)
        beside.start_by_reload(args, context)
        if not follows:
            told._look = lambda: None
            with pytest.raises(StepError) as caught:
                beside.end_followed(args, context)
            assert 'does not take' in caught.value.message
        else:
            beside.end_followed(args, context)
            assert told.main == service.main()


class TestBack:
    def test_the_old_server_finishes_while_its_follower_starts(self, service, context, unit):
        args, told = unit
        old, began = service.main(), monotonic()
        drain.stop_listening(args['old'], context)
        beside.start_by_reload(args, context)
        new = service.main()
        beside.end_started(args, context)
        assert not processes.is_alive(new) and not service.listens()
        beside.start_again_by_reload(args, context)
        assert service.listens()
        beside.leave_unit(args, context)
        # It was not cut off.
        assert (
            is_alone(service)
            and told.main == service.main()
            and not processes.is_alive(old)
            and monotonic() - began > 0.9
        )
        assert not os.path.exists(args['drop_in']) and 'start' not in told.said

    def test_a_server_that_was_never_told_is_left_alone(self, service, context, unit):
        args, told = unit
        old = service.main()
        beside.start_again_by_reload(args, context)
        beside.leave_unit(args, context)
        assert (
            service.main() == old
            and told.main == old
            and is_alone(service)
            and not os.path.exists(args['drop_in'])
        )

    @pytest.mark.parametrize('gone', ['the drop-in', 'the unit'])
    def test_where_systemd_knows_nothing_of_it_any_more_all_goes_the_plain_way(
        self, service, context, unit, gone
    ):
        # After a boot, or when somebody started the unit afresh; or when the unit ended with its
        # server.
        args, told = unit
        old = service.main()
        drain.stop_listening(args['old'], context)
        if gone == 'the drop-in':
            os.unlink(args['drop_in'])
        else:
            told.active = False
        beside.end_started(args, context)
        beside.start_again_by_reload(args, context)
        beside.leave_unit(args, context)
        assert service.listens() and not processes.is_alive(old) and 'reload' not in told.said

    def test_may_come_from_another_process_and_twice(self, service, context, unit):
        args, told = unit
        drain.stop_listening(args['old'], context)
        for _each in range(2):
            beside.end_started(args, context)
            beside.start_again_by_reload(args, context)
            beside.leave_unit(args, context)
            context.went_down = monotonic()
        assert is_alone(service)
