# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _report, _words
from ansible_collections.webops.apache.plugins.module_utils._errors import Error
from ansible_collections.webops.apache.plugins.module_utils._model import (
    FileEdit,
    Link,
    PageResult,
    Step,
)
from ansible_collections.webops.apache.plugins.module_utils._orders import NOTHING
from ansible_collections.webops.apache.plugins.module_utils._plan.outlook import look_ahead
from ansible_collections.webops.apache.plugins.module_utils._plan.planner import build_plan
from ansible_collections.webops.apache.plugins.module_utils._transaction import journal
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.plugins.module_utils._transaction.engine import Execution
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts, orders

PROVE = Step('prove', 'prove', orders.PROOF, None, NOTHING, '')


def described(state):
    return _report.describe_host(state, look_ahead(state, state.tree, state.choice.mpm))


class TestDescribeHost:
    @pytest.mark.parametrize(
        'state, answers',
        [
            (hosts.el6_host(), ('prefork', 'prefork', 'prefork', True)),
            (
                hosts.el6_host(sysconfig=u'HTTPD=/usr/sbin/httpd.worker\n'),
                ('worker', 'worker', 'prefork', False),
            ),
            (hosts.el9_host(), ('event', 'event', None, True)),
            (hosts.el9_host(running='worker'), ('worker', 'event', None, False)),
            (hosts.el9_host(running=None), (None, 'event', None, True)),
        ],
        ids=['stock', 'another program', 'a loaded MPM', 'another one runs', 'stopped'],
    )
    def test_answers_the_three_questions_side_by_side(self, state, answers):
        found = described(state)
        assert (
            tuple(found[name] for name in ('running', 'configured', 'compiled', 'agree')) == answers
        )


class TestDescribeEdits:
    @pytest.mark.parametrize(
        'before, after, lines',
        [
            (Link(u'../a'), None, ['-link to ../a']),
            (None, Link(u'../b'), ['+link to ../b']),
            (u'a\n', Link(u'../b'), ['-a', '+link to ../b']),
            (u'a\nb\n', u'a\nc\n', ['-b', '+c']),
        ],
    )
    def test_a_link_is_shown_by_its_target(self, before, after, lines):
        (diff,) = _report.describe_edits([FileEdit('/x', '/x', before, after, 'why')])
        assert [
            line for line in diff['prepared'].splitlines()[2:] if not line.startswith('@@')
        ] == lines


class TestExplainSwitch:
    @pytest.mark.parametrize(
        'socket, unheard, measured, words',
        [
            (None, None, {}, 'it did not listen for 9 ms.'),
            (None, 0.007, {}, 'it did not listen for 7 ms.'),
            (None, 0.0, {}, 'a socket listened on every port all the time.'),
            (
                None,
                0.007,
                {'held': 3, 'held_ms': 12},
                'it did not listen for 7 ms, while 3 connections waited, for 12 ms at most.',
            ),
            ('httpd.socket', 0.0, {}, 'connections waited in httpd.socket for 9 ms.'),
        ],
    )
    def test_says_what_became_of_new_connections(self, socket, unheard, measured, words):
        state = hosts.el9_host()
        state = state._replace(service=state.service._replace(socket=socket))
        after = look_ahead(state, state.tree, 'worker')
        context = Context(None, None)
        context.went_down, context.came_up, context.unheard, context.measured = (
            1.0,
            1.009,
            unheard,
            measured,
        )
        plan = build_plan(state, hosts.wanted('worker'))
        assert _words.explain_switch(hosts.wanted('worker'), state, plan, after, context).endswith(
            words
        )

    @pytest.mark.parametrize(
        'state, mpm, words',
        [
            (hosts.el6_host(), 'worker', ', as the program httpd.worker and no longer httpd; '),
            (hosts.suse_host(), 'worker', ', as the program httpd-worker and no longer '),
            (hosts.el9_host(), 'worker', None),
            (hosts.debian_host(), 'event', None),
        ],
        ids=['el6', 'suse', 'el9', 'debian'],
    )
    def test_says_that_the_program_has_another_name(self, state, mpm, words):
        wanted = hosts.wanted(mpm, php='none')
        context = Context(None, None)
        context.went_down, context.came_up = 1.0, 1.009
        after, plan = look_ahead(state, state.tree, mpm), build_plan(state, wanted)
        said = _words.explain_switch(wanted, state, plan, after, context)
        assert (words or '; ') in said
        assert ('no longer' in said) is bool(words)


PAGE = PageResult('http://a/', 200, 200, 'text/html', True)


class TestPages:
    @pytest.mark.parametrize(
        'compared, words',
        [
            ([], ''),
            (
                [PAGE] * 3,
                ' Pages of the access logs that were asked before and after it: 3; the same: 3.',
            ),
            (
                [PAGE, PAGE._replace(after=500, same=False), PAGE._replace(after=None, same=False)],
                ' Pages of the access logs that were asked before and after it: 3; the same: 1.',
            ),
            (
                [PAGE._replace(after=None, same=False)] * 2,
                ' Pages of the access logs that were asked before it: 2.',
            ),
        ],
    )
    def test_are_told_in_one_sentence(self, compared, words):
        assert _words.explain_pages(compared) == words

    def test_are_told_one_by_one(self):
        assert _report.describe_pages([PAGE]) == [
            {'url': 'http://a/', 'before': 200, 'after': 200, 'kind': 'text/html'}
        ]

    @pytest.mark.parametrize(
        'pages, words',
        [((), '.'), ([PAGE], '. Pages of the access logs that it will compare: 1.')],
    )
    def test_are_counted_in_check_mode(self, pages, words):
        plan = build_plan(hosts.el6_host(), hosts.wanted('worker'))._replace(pages=pages)
        said = _words.explain_plan(hosts.wanted('worker'), plan)
        assert said == 'The switch to worker is possible' + words


class TestExplainRollback:
    @pytest.mark.parametrize(
        'proved, unlike, words',
        [
            (True, [], 'the server runs prefork again and was proved to answer as before.'),
            (False, [], 'the server runs prefork and was never stopped.'),
            (
                False,
                ['/ answers 404, before it was 200'],
                'the server runs prefork again; but pages do not answer as before: / answers 404, '
                'before '
                'it was 200. The configuration is as it was, so look at these pages.',
            ),
        ],
    )
    def test_says_what_was_proved_of_the_restored_server(self, proved, unlike, words):
        done = Execution(PROVE, Error('no'), [], [])
        said = _words.explain_rollback(
            hosts.wanted('worker'), hosts.el6_host(), done, proved, 'prefork', unlike
        )
        assert said.endswith('Everything was taken back: ' + words)

    @pytest.mark.parametrize(
        'now, words',
        [
            ('prefork', 'The server runs prefork now.'),
            (None, 'No server was seen to run.'),
            (_words.NOT_KNOWN, 'What runs now is not known: the host could not be read.'),
        ],
    )
    def test_says_what_runs_after_a_failed_one(self, now, words):
        step = Step('stop', 'stop_server', orders.STOP, None, NOTHING, 'stop it')
        done = Execution(step, Error('no'), [(step, 'no')], [])
        assert words in _words.explain_rollback(
            hosts.wanted('worker'), hosts.el6_host(), done, False, now
        )

    def test_names_no_mpm_that_was_not_seen(self):
        done = Execution(PROVE, Error('no'), [], [])
        said = _words.explain_rollback(
            hosts.wanted('worker'), hosts.el6_host(), done, True, _words.NOT_KNOWN
        )
        assert said.endswith('taken back. What runs now is not known: the host could not be read.')


class TestBuildRecovery:
    def test_says_that_pages_answer_otherwise(self):
        header = journal.Header(before='prefork', to='worker')
        said = _report.build_recovery(
            _report.RECOVERED,
            header,
            [],
            [],
            [],
            False,
            unlike=['/ answers 404, before it was 200'],
        )
        assert (
            'everything was taken back; but pages do not answer as before: / answers' in said['msg']
        )
