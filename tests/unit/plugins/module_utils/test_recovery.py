# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _recovery as recovery
from ansible_collections.webops.apache.plugins.module_utils import _report as report
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import Ability, Step
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    NOTHING,
    ORDERS,
    PageOrder,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._transaction import actions, journal
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts, orders

NAMES = ['page', 'stop', 'swap', 'start', 'prove']
# Any actions do: what they are told is their name.
DO, UNDO = 'write_page', 'remove_page'
CLEANUP = Step('tidy', DO, PageOrder('tidy', ''), None, NOTHING, 'tidy up')
HEADER = journal.Header('w0rd', 'prefork', 'worker', cleanup=[CLEANUP])


def step(name, action=DO, order=None, undo=UNDO, undo_order=None):
    """A step whose inverse is told its name."""
    named = PageOrder(name, '')
    return Step(name, action, order or named, undo, undo_order or named, 'do ' + name)


# The proof has no inverse, and the stop is known by the name of its action.
STEPS = [
    step('page'),
    step('stop', 'stop_server', orders.STOP),
    step('swap'),
    step('start'),
    step('prove', undo=None, undo_order=NOTHING),
]

# {what brings the server up again: StartOrder -> what it is told}
WAYS_UP = {
    'ensure_started': lambda start: start,
    'start_beside_drained': lambda start: orders.START_BESIDE._replace(start=start),
    'start_again_by_reload': lambda start: orders.RETURN._replace(afresh=start),
}


@pytest.fixture
def folder(tmpdir):
    return str(tmpdir.mkdir('state'))


@pytest.fixture
def stage(monkeypatch):
    """Actions that write down what was asked of them, and fail where they are told to."""

    class Stage(object):
        log, failing, contexts = [], [], []

        def act(self, word):
            def action(order, context):
                self.log.append('%s %s' % (word, order.path))
                self.contexts.append(context)
                if order.path in self.failing:
                    raise StepError('cannot ' + order.path)

            return action

    made = Stage()
    made.log, made.failing, made.contexts = [], [], []
    monkeypatch.setattr(
        recovery,
        'TABLE',
        {DO: made.act('do'), UNDO: made.act('undo')},
    )
    return made


def journal_of(folder, done, begun=None, undone=()):
    """Write the journal of a transaction that did the first `done` steps, began one more if so
    told, and undid some.
    """
    book = journal.Journal(folder, HEADER, STEPS)
    book.keep(0, {'path': '/etc/x', 'new': '/n', 'old': '/o', 'before': 'aa', 'after': 'bb'})
    for step in STEPS[:done]:
        book.note(journal.BEGIN, step)
        book.note(journal.DONE, step)
    if begun is not None:
        book.note(journal.BEGIN, STEPS[done])
    for name in undone:
        book.note(journal.UNDONE, STEPS[NAMES.index(name)])
    return book


class TestRecover:
    def test_no_journal_is_nothing_to_do(self, folder, stage):
        assert recovery.recover(None, folder) is None
        assert not recovery.is_unfinished(folder) and stage.log == []

    @pytest.mark.parametrize('done', range(5))
    @pytest.mark.parametrize('begun', [None, True], ids=['between two steps', 'within a step'])
    def test_takes_back_what_was_begun_in_reverse_wherever_it_was_cut_off(
        self, folder, stage, done, begun
    ):
        journal_of(folder, done, begun)
        assert recovery.is_unfinished(folder)
        result = recovery.recover(None, folder)
        reached = [name for name in NAMES[: done + (1 if begun else 0)] if name != 'prove']
        assert stage.log == ['undo ' + name for name in reversed(reached)]
        assert (result['outcome'], result['failed'], result['changed'], result['mpm']) == (
            report.RECOVERED,
            False,
            True,
            'prefork',
        )
        assert os.listdir(folder) == [journal.RECOVERED]
        assert recovery.recover(None, folder) is None

    def test_what_was_undone_already_is_not_undone_again(self, folder, stage):
        journal_of(folder, 4, undone=['start', 'swap'])
        recovery.recover(None, folder)
        assert stage.log == ['undo stop', 'undo page']

    @pytest.mark.parametrize(
        'done, begun, down',
        [(0, True, False), (1, None, False), (1, True, True), (2, None, True), (4, True, True)],
    )
    def test_a_server_that_may_have_been_signalled_counts_as_down(
        self, folder, stage, done, begun, down
    ):
        journal_of(folder, done, begun)
        recovery.recover(None, folder)
        assert (stage.contexts[0].went_down is not None) == down

    @pytest.mark.parametrize('inverse', sorted(actions.STARTS))
    @pytest.mark.parametrize(
        'begun, log',
        [
            (0, []),
            (1, ['start', 'undo observe']),
            (2, ['undo stage', 'start', 'undo observe']),
            (3, ['start', 'undo stage', 'undo observe']),
            (4, ['undo swap', 'start', 'undo stage', 'undo observe']),
        ],
    )
    def test_has_the_server_up_before_anything_is_asked_of_it_even_if_nobody_stopped_it(
        self, folder, stage, monkeypatch, begun, log, inverse
    ):
        # A power cut before the stop, and a service that is not started at boot.
        monkeypatch.setitem(
            recovery.TABLE, inverse, lambda order, context: stage.log.append('start')
        )
        steps = [
            step('observe'),
            step('stage', 'stage_files', orders.STAGE),
            step('stop', 'stop_server', orders.STOP, inverse, WAYS_UP[inverse](orders.START)),
            step('swap'),
        ]
        book = journal.Journal(folder, HEADER, steps)
        for each in steps[:begun]:
            book.note(journal.BEGIN, each)
        assert recovery.recover(None, folder)['outcome'] == report.RECOVERED
        assert stage.log == log

    def test_every_way_of_stopping_is_known_by_what_brings_the_server_up_again(self):
        details = {
            'unit': 'httpd.service',
            'type': 'notify',
            'start': ['/usr/sbin/httpd'],
            'control': '/bin/systemctl',
            'remove': '/bin/rm',
        }
        ways = [
            planner.build_plan(state._replace(abilities=abilities), hosts.wanted('worker'))
            for state, abilities in (
                (hosts.el6_host(), {}),
                (hosts.el9_host(), {}),
                (hosts.el9_host(), {'beside': Ability('a drop-in', None, details)}),
            )
        ]
        ends = [
            each
            for plan in ways
            for each in plan.steps
            if each.action in ('stop_server', 'stop_listening')
        ]
        assert sorted(set(each.undo for each in ends)) == sorted(actions.STARTS)

    @pytest.mark.parametrize('proved', [True, False])
    def test_says_that_it_was_proved_only_if_it_was(self, proved):
        assert (
            'proved' in report.build_recovery(report.RECOVERED, HEADER, [], [], [], proved)['msg']
        ) == proved

    def test_starts_no_server_that_the_switch_had_no_business_to_stop(self, folder, stage):
        book = journal.Journal(folder, HEADER, [STEPS[0], STEPS[2]])
        book.keep(0, {'path': '/etc/x', 'new': '/n', 'old': '/o', 'before': 'aa', 'after': 'bb'})
        assert recovery.recover(None, folder)['outcome'] == report.RECOVERED
        assert stage.log == []

    def test_knows_how_every_file_was_staged(self, folder, stage):
        journal_of(folder, 3)
        recovery.recover('a way to run commands', folder)
        context = stage.contexts[0]
        assert context.metas[0]['old'] == '/o' and (context.run, context.folder) == (
            'a way to run commands',
            folder,
        )

    def test_every_step_done_is_committed_and_tidied_up(self, folder, stage):
        journal_of(folder, 5)
        result = recovery.recover(None, folder)
        assert stage.log == ['do tidy']
        assert (result['outcome'], result['failed'], result['mpm']) == (
            report.SWITCHED,
            False,
            'worker',
        )
        assert os.listdir(folder) == [journal.COMMITTED]

    def test_a_tidying_up_that_fails_takes_nothing_back(self, folder, stage):
        journal_of(folder, 5)
        stage.failing = ['tidy']
        assert recovery.recover(None, folder)['outcome'] == report.SWITCHED
        assert stage.log == ['do tidy'] and not recovery.is_unfinished(folder)

    def test_what_cannot_be_taken_back_keeps_the_journal_and_the_next_call_tries_again(
        self, folder, stage
    ):
        journal_of(folder, 4)
        stage.failing = ['swap']
        for _time in range(2):
            del stage.log[:]
            result = recovery.recover(None, folder)
            assert stage.log == ['undo start', 'undo swap', 'undo stop', 'undo page']
            assert (result['outcome'], result['failed']) == (report.ROLLBACK_FAILED, True)
            assert (
                'cannot swap' in result['msg']
                and 'listens on every port' in result['msg']
                and os.listdir(folder) == [journal.NAME]
            )
        stage.failing = []
        assert recovery.recover(None, folder)['outcome'] == report.RECOVERED

    @pytest.mark.parametrize('undo', sorted(WAYS_UP))
    def test_what_could_not_be_taken_back_says_whether_anything_listens(self, undo):
        listener = socket.socket()
        listener.bind(('127.0.0.1', 0))
        port = listener.getsockname()[1]
        start = orders.START._replace(evidence=orders.EVIDENCE._replace(ports=[port]))
        stop = step('stop', 'stop_server', orders.STOP, undo, WAYS_UP[undo](start))
        assert recovery._deaf_ports([STEPS[0], stop]) == [port]
        listener.listen(1)
        assert recovery._deaf_ports([STEPS[0], stop]) == []
        listener.close()

    def test_a_plan_that_never_reached_the_disk_is_settled(self, folder, stage):
        with open(os.path.join(folder, journal.NAME), 'wb') as stream:
            stream.write(b'cut o')
        assert recovery.recover(None, folder)['outcome'] == report.RECOVERED
        assert stage.log == [] and os.listdir(folder) == [journal.RECOVERED]

    @pytest.mark.parametrize('done', [2, 5])
    def test_a_step_that_nobody_can_read_stops_the_recovery_before_the_first(
        self, folder, stage, monkeypatch, done
    ):
        journal_of(folder, done)
        monkeypatch.delitem(ORDERS, DO)
        for look in (recovery.is_unfinished, lambda folder: recovery.recover(None, folder)):
            with pytest.raises(StepError) as caught:
                look(folder)
            assert 'there is no action' in caught.value.message and DO in caught.value.message
        assert stage.log == [] and os.listdir(folder) == [journal.NAME]

    def test_a_damaged_journal_is_left_and_nothing_is_done(self, folder, stage):
        journal_of(folder, 2)
        with open(os.path.join(folder, journal.NAME), 'ab') as stream:
            stream.write(b'garbled\n')
        with pytest.raises(StepError):
            recovery.recover(None, folder)
        assert stage.log == [] and os.listdir(folder) == [journal.NAME]


class TestConclude:
    @pytest.mark.parametrize(
        'name, word, outcome',
        [
            (journal.COMMITTED, 'w0rd', report.SWITCHED),
            (journal.ROLLED_BACK, 'w0rd', report.ROLLED_BACK),
            (journal.COMMITTED, 'another', report.REFUSED),
            (journal.ROLLED_BACK, 'another', report.REFUSED),
            (None, 'w0rd', report.REFUSED),
        ],
    )
    def test_says_what_became_of_a_transaction_that_left_no_result(
        self, folder, stage, name, word, outcome
    ):
        if name:
            journal_of(folder, 5).finish(name)
        result = recovery.conclude(None, folder, word)
        assert (result['outcome'], result['failed']) == (outcome, outcome != report.SWITCHED)
        assert stage.log == []

    def test_a_journal_that_is_there_comes_first(self, folder, stage):
        journal_of(folder, 5).finish(journal.COMMITTED)
        journal_of(folder, 2)
        assert recovery.conclude(None, folder, 'w0rd')['outcome'] == report.RECOVERED
        assert stage.log == ['undo stop', 'undo page']
