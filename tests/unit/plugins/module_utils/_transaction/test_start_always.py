# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever fails between a stopped server and one that runs: the start command is run."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _recovery
from ansible_collections.webops.apache.plugins.module_utils._errors import CommandError, StepError
from ansible_collections.webops.apache.plugins.module_utils._model import (
    CommandResult,
    Process,
    Step,
)
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    NOTHING,
    Evidence,
    HoldOrder,
    OverlapOrder,
    ReloadOrder,
    ReturnOrder,
    StartBesideOrder,
    StartOrder,
    StopOrder,
    UnitOrder,
)
from ansible_collections.webops.apache.plugins.module_utils._system import (
    command,
    family,
    processes,
    sockets,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    actions,
    ending,
    engine,
    files,
    journal,
    listen_watch,
    services,
    state_folder,
    systemd,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.plugins.module_utils._transaction.strategies import (
    beside,
    drain,
    hold,
    overlap,
)

START, STOP = ['/sbin/service', 'x', 'start'], ['/sbin/service', 'x', 'stop']
TELL = ['/bin/tell', 'x']
PORT = 18765
# No such process runs, and no such socket is there.
EVIDENCE = Evidence(['/no/such/httpd'], owners=[0], users=[48], sockets=[1], ports=[PORT])
OLD = StopOrder(
    evidence=EVIDENCE,
    pid=2**22 + 7,
    start_time=5,
    threaded=False,
    drain_timeout=0,
    stop_timeout=0,
    pid_file='/no/such/pid',
)
AFRESH = StartOrder(
    evidence=EVIDENCE,
    argv=START,
    exe='/no/such/httpd',
    loaded=[],
    pid_file='/no/such/pid',
    timeout=0.01,
    prepare=TELL,
    announce=TELL,
    settle=STOP,
    log='/no/such/log',
)
LEFT = Process(2**22 + 8, 1, 7, 'httpd', '/no/such/httpd')


def told(folder):
    """What systemd is told of a unit, with all files in a folder."""
    paths = dict((name, os.path.join(folder, name)) for name in ('main_file', 'ticket', 'drop_in'))
    return UnitOrder(
        pid=OLD.pid,
        unit='x.service',
        control='/bin/systemctl',
        folder=folder,
        text='\nExecReload=x\n',
        **paths
    )


def back_in_unit(folder, start=AFRESH):
    return ReturnOrder(told=told(folder), start=start, afresh=start, old=OLD)


# {way: (action, its order from a folder and a StartOrder)}; the last three are inverses.
WAYS = {
    'start': (services.start_server, lambda folder, start: start),
    'start again': (services.ensure_started, lambda folder, start: start),
    'start beside a drained one': (
        drain.start_beside_drained,
        lambda folder, start: StartBesideOrder(start, OLD),
    ),
    'start again in the unit': (beside.start_again_by_reload, back_in_unit),
}


def fail(error):
    def failing(*_words, **_options):
        raise error

    return failing


FULL = OSError(errno.ENOSPC, 'No space left on device')
NO_PROCESS = OSError(errno.EAGAIN, 'Resource temporarily unavailable')
BROKEN = ValueError('nobody thought of this')
# {what fails: (where, the name of it, what is there instead)}
FAULTS = {
    'nothing': [],
    'the process table': [(family, 'find_family', fail(BROKEN))],
    'processes that do not end': [
        (family, 'find_family', lambda evidence: [LEFT]),
        (processes, 'is_alive', lambda process: process == LEFT),
    ],
    'the end of processes': [
        (ending, 'kill', fail(BROKEN)),
        (services, 'end_all', fail(StepError('they do not end'))),
    ],
    'the list of sockets': [(sockets, 'read_listeners', fail(BROKEN))],
    'a process that watches': [(listen_watch, 'ListenWatch', fail(NO_PROCESS))],
    'a watch that breaks': [(listen_watch, 'ListenWatch', fail(BROKEN))],
    'the length of the log': [
        (services, 'size_of', fail(BROKEN)),
        (beside, 'size_of', fail(BROKEN)),
    ],
    'room in /run': [
        (state_folder, 'write_private', fail(FULL)),
        (files, 'write_file', fail(FULL)),
        (files, 'remove_file', fail(FULL)),
    ],
    'what the manager says': [(systemd, '_ask', fail(BROKEN))],
    'the drop-in': [(systemd, 'is_told', fail(FULL))],
    'what is noted of the old one': [
        (drain, 'is_off', fail(BROKEN)),
        (drain, 'old_main', fail(BROKEN)),
    ],
    'the look whether it is up': [(services, 'is_up', fail(BROKEN))],
}
# {what a command that is not the start does}
COMMANDS = {
    'work': lambda argv: CommandResult(argv, 0, '', ''),
    'fail': lambda argv: CommandResult(argv, 1, '', 'no'),
    'hang': fail(CommandError('it did not end within 60 s and was killed.')),
    'break': fail(BROKEN),
}


class Runner(object):
    """Runs nothing. Notes how often the server was started."""

    def __init__(self, others):
        self.others, self.starts = others, 0

    def __call__(self, argv, **_options):
        if argv == START:
            self.starts += 1
            return CommandResult(argv, 1, '', 'not now')
        return self.others(argv)


class NoWatch(object):
    """In the place of a ListenWatch: nobody ends one here, and each keeps a core busy."""

    def __init__(self, ports):
        pass

    def finish(self):
        return None


@pytest.fixture
def broken(monkeypatch):
    """Have something fail."""
    monkeypatch.setattr(listen_watch, 'ListenWatch', NoWatch)
    monkeypatch.setattr(ending, 'TERM_WAIT', 0)
    monkeypatch.setattr(ending, 'KILL_WAIT', 0)
    monkeypatch.setattr(services, 'PAUSES', (0,))
    monkeypatch.setattr(listen_watch, 'ListenWatch', lambda ports: None)
    # A busy machine has many processes.
    monkeypatch.setattr(processes, 'read_processes', lambda: [])
    for module in (services, ending, drain, beside, systemd, hold, overlap):
        monkeypatch.setattr(module, 'wait_until', lambda ready, seconds, pause=0: ready())

    def break_it(fault):
        for place, name, instead in FAULTS[fault]:
            monkeypatch.setattr(place, name, instead)

    return break_it


@pytest.mark.parametrize('commands', sorted(COMMANDS))
@pytest.mark.parametrize('fault', sorted(FAULTS))
@pytest.mark.parametrize('way', sorted(WAYS))
def test_the_start_is_run_whatever_fails_before_it(broken, tmpdir, way, fault, commands):
    act, order_for = WAYS[way]
    run = Runner(COMMANDS[commands])
    context = Context(run, str(tmpdir))
    context.went_down = 1.0
    order = order_for(str(tmpdir), AFRESH)
    broken(fault)
    # It does not come up here: that is said.
    with pytest.raises((StepError, ValueError, OSError)):
        act(order, context)
    assert run.starts >= 1


def steps_of(folder):
    """Every strategy's way back, as steps of which the last ones are taken back first."""
    unit = told(folder)
    forth = ReloadOrder(told=unit, start=AFRESH, stop_all=AFRESH, old=OLD)
    overlapped = OverlapOrder(
        told=unit, old=OLD, start=AFRESH, stop_all=AFRESH, listeners=[], aside='/no/such/aside'
    )
    held = HoldOrder('nfqueue by nft', ports=[PORT], addresses=[], longest=1, token='x')
    ways = [
        ('ensure_started', AFRESH),
        ('leave_unit', back_in_unit(folder)),
        ('release_connections', held),
        ('untell_manager', unit),
        ('put_pid_file_back', overlapped),
        ('end_started', forth),
        ('end_beside', overlapped),
        ('hold_again', held),
        ('stop_whatever_runs', AFRESH),
    ]
    return [Step(undo, 'keep_way_back', NOTHING, undo, order, undo) for undo, order in ways]


@pytest.mark.parametrize('noting', ['works', 'fails'])
@pytest.mark.parametrize('commands', sorted(COMMANDS))
@pytest.mark.parametrize('fault', sorted(FAULTS))
def test_the_start_is_run_at_the_end_of_a_way_back(
    broken, monkeypatch, tmpdir, fault, commands, noting
):
    monkeypatch.setattr(hold, '_find_holder', fail(BROKEN))
    run = Runner(COMMANDS[commands])
    context = Context(run, str(tmpdir))
    context.went_down = 1.0
    broken(fault)
    note = fail(FULL) if noting == 'fails' else lambda phase, step: None
    engine.undo(steps_of(str(tmpdir)), actions.ACTIONS, context, [], note)
    assert run.starts >= 1


@pytest.mark.parametrize('fault', sorted(FAULTS))
def test_the_start_is_run_by_a_recovery(broken, monkeypatch, tmpdir, fault):
    run = Runner(COMMANDS['hang'])
    steps = [
        Step('stop', 'stop_server', OLD, 'ensure_started', AFRESH, 'stop'),
        Step('start', 'start_server', AFRESH, 'stop_whatever_runs', AFRESH, 'start'),
    ]
    monkeypatch.setattr(
        _recovery.journal,
        'read_journal',
        lambda folder: (journal.Header(before='a', to='b'), steps, {0: 'done', 1: 'begin'}, {}),
    )
    monkeypatch.setattr(_recovery, '_deaf_ports', lambda steps: [])
    broken(fault)
    assert _recovery.recover(run, str(tmpdir))['outcome'] == 'rollback_failed'
    assert run.starts >= 1


@pytest.mark.parametrize('way', sorted(WAYS))
def test_the_start_is_run_where_its_output_has_no_room(broken, monkeypatch, tmpdir, way):
    started = tmpdir.join('started')
    act, order_for = WAYS[way]
    monkeypatch.setattr(command, 'open_output', lambda: None)
    context = Context(command.run_command, str(tmpdir))
    context.went_down = 1.0
    start = AFRESH._replace(
        argv=['/bin/sh', '-c', 'touch %s; exit 1' % started],
        timeout=30,
        prepare=None,
        announce=None,
        settle=['/bin/true'],
    )
    order = order_for(str(tmpdir), start)
    if 'told' in order._fields:
        order = order._replace(told=order.told._replace(control='/bin/false'))
    with pytest.raises(StepError):
        act(order, context)
    assert started.check()
