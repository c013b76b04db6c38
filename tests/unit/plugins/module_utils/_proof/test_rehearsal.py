# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Answer
from ansible_collections.webops.apache.plugins.module_utils._proof import rehearsal

URL = 'http://localhost:80/'
BEFORE = Answer(URL, 200, False, True, None)


class TestJudgeAnswers:
    @pytest.mark.parametrize(
        'before, now, wrong, unjudged',
        [
            (BEFORE, BEFORE, 0, 0),
            (BEFORE, BEFORE._replace(status=404), 1, 0),
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
        found = rehearsal.judge_answers([(before, now)])
        assert (len(found[0]), len(found[1])) == (wrong, unjudged)


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
        found = rehearsal.lacks_workers({'processes': processes, 'threads': threads}, children)
        assert bool(found) is lacks

    def test_says_how_many_are_there(self):
        workers = {'processes': 2, 'threads': 25}
        assert rehearsal.lacks_workers(workers, [27, 1]) == [
            'it made only 1 of 2 processes with all of their 25 threads'
        ]
