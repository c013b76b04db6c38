# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.playbook.task import Task
from ansible_collections.webops.apache.plugins.action import mpm
from ansible_collections.webops.apache.plugins.module_utils._request import ARGUMENTS, RECONNECT

LOST = 'Failed to connect to the host via ssh: Shared connection to host closed.'
SWITCHED = {'outcome': 'switched', 'changed': True, 'failed': False}
KILLED = {'failed': True, 'rc': 137, 'module_stderr': 'Killed', 'msg': 'MODULE FAILURE'}


class Connection(object):
    """A connection that counts how often it was taken up again."""

    class _shell(object):
        tmpdir = None

    def __init__(self, broken=False, retries=0):
        self.resets, self._broken, self._retries = 0, broken, retries

    def get_option(self, name):
        return {'reconnection_retries': self._retries}[name]

    def set_option(self, name, value):
        assert name == 'reconnection_retries'
        self._retries = value

    def reset(self):
        self.resets += 1
        if self._broken:
            raise AnsibleConnectionFailure('Connection refused')


class Host(object):
    """A host that answers each call by the next of `answers`; the last one again and again."""

    def __init__(self, monkeypatch, answers, args=None, broken=False, retries=0):
        task = Task()
        task.args = dict(args or {'name': 'worker'})
        self.connection, self.calls, self._answers = Connection(broken, retries), [], list(answers)
        self.action = mpm.ActionModule(task, self.connection, None, None, None, None)
        monkeypatch.setattr(self.action, '_execute_module', self._answer)

    def _answer(self, module_name, module_args, task_vars):
        self.calls.append((module_name, dict(module_args), task_vars))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)

    def run(self):
        return self.action.run(None, {'a': 1})

    def words(self):
        return [args.get('transaction') for _name, args, _vars in self.calls]


@pytest.fixture
def host(monkeypatch):
    monkeypatch.setattr(mpm, 'PAUSE', 0.01)
    return lambda *answers, **options: Host(monkeypatch, answers, **options)


class TestWasCutOff:
    @pytest.mark.parametrize(
        'answer, cut',
        [
            (KILLED, True),
            ({'failed': True, 'rc': -9}, True),
            ({'failed': True, 'rc': 143}, True),
            ({'failed': True, 'rc': 255}, True),
            ({'failed': True, 'rc': 129}, True),
            ({'failed': True, 'rc': 1}, False),
            ({'failed': True, 'rc': 0}, False),
            ({'failed': True, 'msg': 'no root'}, False),
            ({'failed': True, 'rc': 137, 'outcome': 'rolled_back'}, False),
            (SWITCHED, False),
            ({'rc': 137}, False),
            ({}, False),
        ],
    )
    def test_tells_a_module_that_was_ended_from_one_that_says_why(self, answer, cut):
        assert mpm.was_cut_off(answer) is cut


class TestRun:
    def test_an_answer_is_given_as_it_is(self, host):
        made = host(SWITCHED)
        result = made.run()
        assert dict((key, result[key]) for key in SWITCHED) == SWITCHED
        name, args, task_vars = made.calls[0]
        assert (name, args['name'], task_vars) == ('webops.apache.mpm', 'worker', {'a': 1})
        assert len(made.calls) == 1 and made.connection.resets == 0

    def test_every_run_has_a_word_of_its_own_and_the_task_is_left_as_it_is(self, host):
        first, second = host(SWITCHED), host(SWITCHED)
        first.run()
        second.run()
        assert all(first.words() + second.words()) and first.words() != second.words()
        assert first.action._task.args == {'name': 'worker'}

    def test_a_word_of_the_user_is_kept(self, host):
        made = host(AnsibleConnectionFailure(LOST), SWITCHED, args={'transaction': 'mine'})
        made.run()
        assert made.words() == ['mine', 'mine']

    @pytest.mark.parametrize(
        'lost', [AnsibleConnectionFailure(LOST), KILLED], ids=['the connection', 'the module']
    )
    @pytest.mark.parametrize('times', [1, 3])
    def test_what_was_lost_is_asked_for_again_by_the_same_word(self, host, lost, times):
        made = host(*[lost] * times + [SWITCHED])
        assert made.run()['outcome'] == 'switched'
        assert len(made.calls) == times + 1 and len(set(made.words())) == 1
        assert made.connection.resets == times

    def test_a_host_that_refuses_for_a_while_after_it_was_lost_is_asked_on(self, host):
        made = host(
            AnsibleConnectionFailure(LOST),
            AnsibleConnectionFailure('Connection refused'),
            SWITCHED,
            broken=True,
        )
        assert made.run()['outcome'] == 'switched'
        assert len(made.calls) == 3

    @pytest.mark.parametrize('words', ['Connection refused', 'Permission denied (publickey)'])
    def test_a_host_that_was_never_reached_is_not_waited_for(self, host, words):
        made = host(AnsibleConnectionFailure(words))
        with pytest.raises(AnsibleConnectionFailure):
            made.run()
        assert len(made.calls) == 1 and made.connection.resets == 0

    def test_it_is_tried_as_often_as_the_user_lets_ssh_try(self, host):
        refused = AnsibleConnectionFailure('Connection refused')
        made = host(refused, refused, SWITCHED, retries=2)
        assert made.run()['outcome'] == 'switched' and len(made.calls) == 3
        assert made.connection.get_option('reconnection_retries') == 2

    def test_ssh_does_not_try_again_by_itself(self, host, monkeypatch):
        made, seen = host(SWITCHED, retries=2), []
        monkeypatch.setattr(
            made.action,
            '_execute_module',
            lambda **_options: (
                seen.append(made.connection.get_option('reconnection_retries')) or dict(SWITCHED)
            ),
        )
        assert made.run()['outcome'] == 'switched' and seen == [0]

    def test_another_error_is_not_swallowed(self, host):
        with pytest.raises(AnsibleError):
            host(AnsibleError('a bug')).run()

    @pytest.mark.parametrize(
        'lost, words',
        [(AnsibleConnectionFailure(LOST), LOST), (KILLED, 'Killed')],
        ids=['the connection', 'the module'],
    )
    def test_a_host_that_does_not_come_back_leaves_the_outcome_unknown(
        self, host, monkeypatch, lost, words
    ):
        monkeypatch.setattr(mpm, 'PATIENCE', 0.1)
        made = host(lost)
        result = made.run()
        assert (result['outcome'], result['failed'], result['changed']) == ('unknown', True, False)
        assert words in result['msg'] and 'call again' in result['msg']
        assert len(made.calls) > 1 and len(set(made.words())) == 1

    def test_a_folder_that_is_left_on_a_lost_host_does_not_hide_the_outcome(
        self, host, monkeypatch
    ):
        made, tried = host(SWITCHED), []

        def fail(path):
            tried.append(path)
            raise AnsibleConnectionFailure('Connection refused')

        monkeypatch.setattr(made.action, '_remove_tmp_path', fail)
        made.action.cleanup()
        assert tried == [None]

    def test_a_module_that_failed_with_a_reason_is_not_called_again(self, host):
        made = host({'failed': True, 'rc': 1, 'msg': 'no root'})
        assert made.run()['msg'] == 'no root' and len(made.calls) == 1

    @pytest.mark.parametrize(
        'answer, outcome, failed',
        [
            ({'outcome': 'recovered', 'changed': True}, 'recovered', True),
            ({'outcome': 'unknown', 'failed': True}, 'unreadable', True),
            ({'outcome': 'fine'}, 'unreadable', True),
            ({'outcome': 'refused'}, 'refused', True),
        ],
        ids=repr,
    )
    def test_an_outcome_says_whether_it_failed(self, host, answer, outcome, failed):
        result = host(answer).run()
        assert (result['outcome'], result['failed']) == (outcome, failed)

    def test_a_recovery_that_was_all_that_was_asked_for_is_a_success(self, host):
        result = host({'outcome': 'recovered', 'changed': True}, args={'state': 'recovered'}).run()
        assert (result['failed'], result['changed']) == (False, True)


class TestReconnectTimeout:
    @pytest.mark.parametrize('value', [0, '0', 1], ids=repr)
    def test_is_how_long_a_lost_host_is_asked(self, host, value):
        made = host(AnsibleConnectionFailure(LOST), args={'reconnect_timeout': value})
        result = made.run()
        assert result['outcome'] == 'unknown' and 'within %s s' % value in result['msg']

    @pytest.mark.parametrize('value', [-1, 3601, 'soon', True, [], ''], ids=repr)
    def test_that_is_not_one_is_told_before_the_host_is_asked(self, host, value):
        made = host(SWITCHED, args={'reconnect_timeout': value})
        with pytest.raises(AnsibleError, match='not a number of seconds'):
            made.run()
        assert not made.calls

    def test_is_what_the_module_says(self):
        assert ARGUMENTS['reconnect_timeout']['default'] == mpm.PATIENCE
        assert RECONNECT['reconnect_timeout'] == mpm.PATIENCES
