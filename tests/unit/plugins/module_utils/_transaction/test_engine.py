# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import Step
from ansible_collections.webops.apache.plugins.module_utils._orders import NOTHING, PageOrder
from ansible_collections.webops.apache.plugins.module_utils._transaction import engine

NAMES = ['page', 'stop', 'swap', 'start', 'prove']


def step(name, undo=True):
    order = PageOrder(path=name, content='')
    return Step(
        name,
        'do',
        order,
        'undo' if undo else None,
        order if undo else NOTHING,
        'do ' + name,
    )


class Stage(object):
    """Actions that write down what was asked of them, and fail where they are told to.

    left: how many undos fail yet.
    """

    def __init__(self, failing=None, error=None, failing_undos=()):
        self.log, self._failing, self._error, self._failing_undos = (
            [],
            failing,
            error,
            failing_undos,
        )
        self.left = 1000

    def actions(self):
        return {'do': self._do, 'undo': self._undo}

    def _do(self, order, context):
        self.log.append('do ' + order.path)
        if order.path == self._failing:
            raise self._error

    def _undo(self, order, context):
        self.log.append('undo ' + order.path)
        if order.path in self._failing_undos and self.left:
            self.left -= 1
            raise self._failing_undos[order.path]


ERRORS = [
    StepError('no'),
    ValueError('no'),
    SystemExit(1),
    KeyboardInterrupt(),
    MemoryError(),
    OSError(28, 'No space left'),
]


class TestExecute:
    def test_runs_every_step_in_order_and_undoes_nothing(self):
        stage, notes = Stage(), []
        done = engine.execute(
            [step(name) for name in NAMES],
            stage.actions(),
            None,
            note=lambda phase, s: notes.append((phase, s.name)),
        )
        assert (done.failed, done.error, done.undo_errors) == (None, None, [])
        assert stage.log == ['do ' + name for name in NAMES]
        assert notes == [(phase, name) for name in NAMES for phase in ('begin', 'done')]
        assert [(r.step, r.phase, r.error) for r in done.records] == [
            (name, 'do', None) for name in NAMES
        ]
        assert all(record.seconds >= 0 for record in done.records)

    def test_nothing_to_do_is_done(self):
        assert engine.execute([], {}, None) == engine.Execution(None, None, [], [])

    @pytest.mark.parametrize('error', ERRORS, ids=lambda error: error.__class__.__name__)
    @pytest.mark.parametrize('failing', NAMES)
    def test_whatever_a_step_raises_it_and_all_before_it_are_undone_in_reverse(
        self, failing, error
    ):
        stage, notes = Stage(failing, error), []
        done = engine.execute(
            [step(name) for name in NAMES],
            stage.actions(),
            None,
            note=lambda phase, s: notes.append((phase, s.name)),
        )
        reached = NAMES[: NAMES.index(failing) + 1]
        assert stage.log == ['do ' + name for name in reached] + [
            'undo ' + name for name in reversed(reached)
        ]
        assert (done.failed.name, done.error, done.undo_errors) == (failing, error, [])
        assert notes[-2 * len(reached) :] == [
            (phase, name) for name in reversed(reached) for phase in ('undoing', 'undone')
        ]
        assert ('done', failing) not in notes
        assert done.records[len(reached) - 1].error

    @pytest.mark.parametrize('error', ERRORS, ids=lambda error: error.__class__.__name__)
    def test_a_failing_undo_does_not_stop_the_others(self, error):
        stage = Stage('prove', StepError('no'), {'start': error, 'page': error})
        done = engine.execute([step(name) for name in NAMES], stage.actions(), None)
        undone = [line for line in stage.log if line.startswith('undo')]
        assert sorted(set(undone), key=undone.index) == [
            'undo ' + name for name in reversed(NAMES)
        ]
        assert [failed.name for failed, _text in done.undo_errors] == ['start', 'page']
        assert all(text for _step, text in done.undo_errors)

    @pytest.mark.parametrize(
        'error, tries, failed',
        [
            (OSError(5, 'Input/output error'), 1, []),
            (IOError(28, 'No space left'), 2, []),
            (OSError(5, 'Input/output error'), 3, ['swap']),
            (StepError('no'), 1, ['swap']),
            (KeyboardInterrupt(), 1, ['swap']),
        ],
        ids=['once', 'twice', 'again and again', 'our own', 'an interrupt'],
    )
    def test_what_the_system_refuses_is_tried_again_before_the_next(
        self, monkeypatch, error, tries, failed
    ):
        pauses = []
        monkeypatch.setattr(engine.time, 'sleep', pauses.append)
        stage = Stage('prove', StepError('no'), {'swap': error})
        stage.left = tries
        done = engine.execute([step(name) for name in NAMES], stage.actions(), None)
        count = stage.log.count('undo swap')
        assert [each.name for each, _text in done.undo_errors] == failed
        assert count == (tries if failed else tries + 1)
        assert pauses == [engine.UNDO_PAUSE] * (count - 1)
        assert stage.log[-2:] == ['undo stop', 'undo page']

    def test_a_step_without_an_inverse_is_passed_over(self):
        stage = Stage('prove', StepError('no'))
        engine.execute(
            [step('stop'), step('look', undo=False), step('prove', undo=False)],
            stage.actions(),
            None,
        )
        assert stage.log == ['do stop', 'do look', 'do prove', 'undo stop']

    def test_an_action_that_nobody_knows_is_undone_like_any_failure(self):
        stage = Stage()
        done = engine.execute(
            [step('stop'), step('swap')._replace(action='unheard of')], stage.actions(), None
        )
        assert stage.log == ['do stop', 'undo swap', 'undo stop']
        assert isinstance(done.error, KeyError)

    @pytest.mark.parametrize('phase', ['begin', 'done'])
    def test_a_note_that_fails_leads_to_the_undo(self, phase):
        def note(now, noted):
            if (now, noted.name) == (phase, 'swap'):
                raise OSError(28, 'No space left on device')

        stage = Stage()
        done = engine.execute([step(name) for name in NAMES], stage.actions(), None, note=note)
        assert done.failed.name == 'swap'
        assert [line for line in stage.log if line.startswith('undo')] == [
            'undo swap',
            'undo stop',
            'undo page',
        ]

    @pytest.mark.parametrize('phase', ['undoing', 'undone'])
    def test_a_note_that_fails_while_undoing_stops_no_undo_and_is_no_failed_one(self, phase):
        def note(now, noted):
            if now == phase:
                raise OSError(28, 'No space left on device')

        stage = Stage('swap', StepError('no'))
        done = engine.execute([step(name) for name in NAMES], stage.actions(), None, note=note)
        assert stage.log[-3:] == ['undo swap', 'undo stop', 'undo page']
        assert done.undo_errors == []
        told = [(record.step, record.error) for record in done.records if record.phase == 'note']
        assert told == [
            (name, '[Errno 28] No space left on device') for name in ('swap', 'stop', 'page')
        ]

    @pytest.mark.parametrize(
        'error, text',
        [
            (StepError('in words'), 'in words'),
            (SystemExit(3), '3'),
            (KeyboardInterrupt(), 'KeyboardInterrupt'),
            (ValueError(), 'ValueError'),
            (ValueError(5), '5'),
        ],
    )
    def test_every_record_says_what_went_wrong_in_text(self, error, text):
        done = engine.execute([step('swap')], Stage('swap', error).actions(), None)
        assert [record.error for record in done.records] == [text, None]
