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
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    ReloadOrder,
    ReturnOrder,
    UnitOrder,
)
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
        # It waits for the word of a server that has ended, as long as it is asked to.
        self.stuck = False

    def run(self, argv, **options):
        if argv[0] != CONTROL:
            return run_command(argv, **options)
        self.said.append(argv[1])
        if argv[1] == 'reload' and self.stuck:
            os.unlink(self.paths['ticket'])
            return run_command(['/bin/sleep', '60'], **options)
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
                'ActiveState': 'reloading'
                if self.stuck
                else 'active'
                if self.active
                else 'inactive',
                'PIDFile': self.paths['main_file'],
                'ControlPID': 0,
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
    """(ReloadOrder, ReturnOrder, Systemd) of a service that runs, with the drop-in in force."""
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
    old = service.stop_order(ports=[service.port])
    start = service.start_order(spare=[old.pid])
    told = UnitOrder(
        pid=old.pid,
        unit='dummy.service',
        control=CONTROL,
        text='ExecReload=rm\nExecReload=start\n',
        **paths
    )
    manager = Systemd(service, service.main(), paths)
    context.run = manager.run
    systemd.tell_manager(told, context)
    forth = ReloadOrder(told=told, start=start, stop_all=start, old=old)
    back = ReturnOrder(told=told, start=start, afresh=service.start_order(), old=old)
    return forth, back, manager


def is_alone(service):
    return service.listens() and len(service.all()) == 3


class TestForth:
    def test_the_new_server_is_named_before_the_old_one_has_finished(self, service, context, unit):
        forth, _back, manager = unit
        old = service.main()
        drain.stop_listening(forth.old, context)
        beside.start_by_reload(forth, context)
        new = service.main()
        assert new.pid != old.pid and processes.noted_process(forth.told.main_file) == new
        beside.end_followed(forth, context)
        assert not processes.is_alive(old) and manager.main == new and is_alone(service)
        beside.hand_unit_back(forth.told, context)
        assert (
            not os.path.exists(forth.told.drop_in)
            and not os.path.exists(forth.told.main_file)
            and context.warnings == []
        )

    def test_an_old_one_that_ended_before_the_new_one_was_named_is_followed_all_the_same(
        self, service, context, unit
    ):
        forth, _back, manager = unit
        drain.stop_listening(forth.old, context)
        beside.start_by_reload(forth, context)
        os.unlink(forth.told.main_file)
        os.kill(forth.old.pid, signal.SIGKILL)
        assert wait_until(lambda: drain.old_main(forth.old) is None, 5)
        assert systemd._ask(forth.told, context, 'MainPID') == '0'
        beside.end_followed(forth, context)
        assert manager.main == service.main() and manager.said.count('reload') == 2
        with open(forth.told.drop_in) as stream:
            assert stream.read() == forth.told.text

    def test_a_unit_that_ended_with_its_server_is_started_afresh(self, service, context, unit):
        forth, _back, manager = unit
        drain.stop_listening(forth.old, context)
        manager.active = False
        beside.start_by_reload(forth, context)
        assert service.listens() and context.came_up is not None

    def test_what_somebody_started_beside_the_unit_makes_room(self, service, context, unit):
        forth, _back, _manager = unit
        drain.stop_listening(forth.old, context)
        service.up()
        other = service.main()
        beside.start_by_reload(forth, context)
        assert (
            not processes.is_alive(other) and service.main().pid != other.pid and service.listens()
        )

    @pytest.mark.parametrize('follows', [True, False])
    def test_a_systemd_that_does_not_follow_is_no_success(self, service, context, unit, follows):
        forth, _back, manager = unit
        drain.stop_listening(forth.old, context)
        beside.start_by_reload(forth, context)
        if not follows:
            manager._look = lambda: None
            with pytest.raises(StepError) as caught:
                beside.end_followed(forth, context)
            assert 'does not take' in caught.value.message
        else:
            beside.end_followed(forth, context)
            assert manager.main == service.main()

    def test_a_systemd_that_waits_for_a_server_that_has_ended_is_not_waited_for(
        self, service, context, unit
    ):
        forth, _back, manager = unit
        drain.stop_listening(forth.old, context)
        manager.stuck = True
        began = monotonic()
        with pytest.raises(StepError):
            beside.start_by_reload(forth, context)
        beside.end_started(forth, context)
        assert monotonic() - began < 20


class TestBack:
    def test_the_old_server_finishes_while_its_follower_starts(self, service, context, unit):
        forth, back, manager = unit
        old, began = service.main(), monotonic()
        drain.stop_listening(forth.old, context)
        beside.start_by_reload(forth, context)
        new = service.main()
        beside.end_started(forth, context)
        assert not processes.is_alive(new) and not service.listens()
        beside.start_again_by_reload(back, context)
        assert service.listens()
        beside.leave_unit(back, context)
        # It was not cut off.
        assert (
            is_alone(service)
            and manager.main == service.main()
            and not processes.is_alive(old)
            and monotonic() - began > 0.9
        )
        assert not os.path.exists(forth.told.drop_in) and 'start' not in manager.said

    def test_a_server_that_was_never_told_is_left_alone(self, service, context, unit):
        forth, back, manager = unit
        old = service.main()
        beside.start_again_by_reload(back, context)
        beside.leave_unit(back, context)
        assert (
            service.main() == old
            and manager.main == old
            and is_alone(service)
            and not os.path.exists(forth.told.drop_in)
        )

    @pytest.mark.parametrize('gone', ['the drop-in', 'the unit'])
    def test_where_systemd_knows_nothing_of_it_any_more_all_goes_the_plain_way(
        self, service, context, unit, gone
    ):
        # After a boot, or when somebody started the unit afresh; or when the unit ended with its
        # server.
        forth, back, manager = unit
        old = service.main()
        drain.stop_listening(forth.old, context)
        if gone == 'the drop-in':
            os.unlink(forth.told.drop_in)
        else:
            manager.active = False
        beside.end_started(forth, context)
        beside.start_again_by_reload(back, context)
        beside.leave_unit(back, context)
        assert service.listens() and not processes.is_alive(old) and 'reload' not in manager.said

    def test_may_come_from_another_process_and_twice(self, service, context, unit):
        forth, back, manager = unit
        drain.stop_listening(forth.old, context)
        for _each in range(2):
            beside.end_started(forth, context)
            beside.start_again_by_reload(back, context)
            beside.leave_unit(back, context)
            context.went_down = monotonic()
        assert is_alone(service)
