# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import (
    DeadlineError,
    IsolationError,
    SlowCommandError,
    StrangerError,
)
from ansible_collections.webops.apache.plugins.module_utils._model import Answer, Rehearsal
from ansible_collections.webops.apache.plugins.module_utils._orders import Workers
from ansible_collections.webops.apache.plugins.module_utils._proof import compare, rehearsal
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import orders

URL = 'http://localhost:80/'
BEFORE = Answer(URL, 200, False, True, None)
HTML = BEFORE._replace(kind='text/html')


class TestJudgeAnswers:
    @pytest.mark.parametrize(
        'before, now, wrong, unjudged',
        [
            (BEFORE, BEFORE, 0, 0),
            (BEFORE, BEFORE._replace(status=404), 1, 0),
            (HTML, BEFORE._replace(kind='text/plain'), 0, 1),
            (HTML, BEFORE._replace(kind='text/plain', source=True), 2, 0),
            (HTML, BEFORE._replace(kind='text/plain', status=404), 1, 0),
            (BEFORE, BEFORE._replace(source=True), 1, 0),
            (BEFORE, BEFORE._replace(status=503), 0, 1),
            (BEFORE, BEFORE._replace(status=500), 0, 1),
            (BEFORE._replace(status=500), BEFORE._replace(status=500), 0, 0),
            (BEFORE._replace(status=500), BEFORE._replace(status=502), 1, 0),
            (
                BEFORE,
                BEFORE._replace(status=None, error='no answer: the page did not end within 10 s'),
                0,
                1,
            ),
            (
                BEFORE,
                BEFORE._replace(status=None, error='no answer: Connection reset by peer'),
                1,
                0,
            ),
            (
                BEFORE._replace(status=None, error='no answer'),
                BEFORE._replace(status=None, error='no answer'),
                0,
                0,
            ),
        ],
    )
    def test_what_needs_another_server_is_not_judged(self, before, now, wrong, unjudged):
        found = compare.judge_answers([(before, now)])
        assert (len(found[0]), len(found[1])) == (wrong, unjudged)


class TestJudgePages:
    @pytest.mark.parametrize(
        'statuses, seconds, wrong, unjudged',
        [
            ([200] * 9, 9, 0, []),
            ([404] * 2 + [200], 9, 2, []),
            ([500] * 7, 9, 0, [URL] * 5 + ['2 more pages could not be judged']),
            ([200] * 9, 0, 0, ['8 pages were not asked in the rehearsal']),
        ],
    )
    def test_there_may_be_more_pages_than_time(
        self, monkeypatch, statuses, seconds, wrong, unjudged
    ):
        monkeypatch.setattr(rehearsal, 'ASK_SECONDS', seconds)
        pairs = [(BEFORE, BEFORE._replace(status=status)) for status in statuses]
        monkeypatch.setattr(rehearsal.prove, 'ask_again', lambda proof, addresses: iter(pairs))
        found = rehearsal._judge_pages(
            orders.PROOF._replace(answers=[BEFORE] * len(pairs)), []
        )
        assert len(found[0]) == wrong and len(found[1]) == len(unjudged)
        assert all(said.startswith(words) for said, words in zip(found[1], unjudged))


class TestLacksWorkers:
    @pytest.mark.parametrize(
        'processes, threads, children, lacks',
        [
            (1, 25, [27], False),
            (2, 25, [27, 27, 1], False),
            (2, 25, [27, 1], True),
            (2, 25, [27, 19], True),
            (1, 25, [], True),
            (1, 1, [1], True),
            (1, 1, [3], False),
            (5, 0, [1] * 5, False),
            (5, 0, [1] * 4, True),
            (1, 0, [2, 1], False),
        ],
    )
    def test_by_what_the_kernel_counts(self, processes, threads, children, lacks):
        found = rehearsal.lacks_workers(Workers(processes, threads), children)
        assert bool(found) is lacks

    def test_says_how_many_are_there(self):
        assert rehearsal.lacks_workers(Workers(processes=2, threads=25), [27, 1]) == [
            'it made only 1 of 2 processes with all of their 25 threads'
        ]


class TestRehearse:
    @pytest.mark.parametrize(
        'error, state',
        [
            (IsolationError('no namespaces'), 'unavailable'),
            (StrangerError('a link'), 'unavailable'),
            (DeadlineError('it did not end within 60 s and was killed'), 'failed'),
        ],
    )
    def test_what_had_to_be_killed_has_failed(self, monkeypatch, error, state):
        def run_apart(*_unused):
            raise error

        monkeypatch.setattr(rehearsal.namespaces, 'run_apart', run_apart)
        found = rehearsal.rehearse(orders.REHEARSAL._replace(live=os.getpid()), '/nowhere')
        assert found.state == state and error.message in found.reason

    def test_so_has_a_test_of_the_configuration_that_hangs(self, monkeypatch):
        class Stage(object):
            def __init__(self, base):
                self.lay_over = lambda order: None

        def run(argv, *_unused, **_options):
            raise SlowCommandError('%s did not end within 20 s and was killed.' % argv[0])

        monkeypatch.setattr(rehearsal, 'Stage', Stage)
        monkeypatch.setattr(rehearsal, 'run_command', run)
        order = orders.REHEARSAL._replace(argv=['/httpd'])
        found = rehearsal._perform(order, rehearsal._Bounds({}, None), '/nowhere')
        assert found == Rehearsal('failed', '/httpd did not end within 20 s and was killed')
