# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.playbook.task import Task
from ansible_collections.webops.apache.plugins.action import mpm_call

URL = {'module': 'ansible.builtin.uri', 'arguments': {'url': 'http://web1/'}}


class Connection(object):
    class _shell(object):
        tmpdir = None


class Other(object):
    """The action plugin of the module that is called, and Ansible's loader, which finds it."""

    def __init__(self, answer):
        self._answer, self.parsed = answer, []

    def get(self, name, task=None, **others):
        self.name, self.task, self.others = name, task, others
        return self if name == URL['module'] else None

    def run(self, task_vars):
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def _parse_returned_data(self, res, profile):
        self.parsed.append((json.loads(res['stdout']), profile))


def call(answer, arguments=None, delegate_to=None):
    """Return (result of the call, the Other that was called)."""
    other, task = Other(answer), Task()
    task.args, task.delegate_to = URL if arguments is None else arguments, delegate_to
    loaders = type('Loaders', (), {'action_loader': other})
    action = mpm_call.ActionModule(task, Connection(), None, None, None, loaders)
    # ansible-core 2.19 takes its own loaders, whatever it is given.
    action._shared_loader_obj = loaders
    return action.run(None, {}), other


class TestRun:
    def test_gives_the_module_its_options_and_leaves_the_task_as_it_is(self):
        _result, other = call({'changed': False})
        assert (other.name, other.task.args) == ('ansible.builtin.uri', {'url': 'http://web1/'})

    @pytest.mark.parametrize(
        'answer, result',
        [
            (
                {'changed': True, 'msg': 'ok\x1b[2J', 'status': 200},
                {'changed': True, 'failed': False, 'msg': 'ok [2J'},
            ),
            (
                {'failed': True, 'msg': 'E: no package', 'stderr': 'E:\u202e x', 'rc': 100},
                {
                    'changed': False,
                    'failed': True,
                    'msg': 'E: no package',
                    'stderr': 'E: x',
                    'rc': 100,
                },
            ),
            (
                {
                    'changed': False,
                    'ansible_facts': {'switch_mpm_before_tasks': '/x'},
                    'unreachable': '1',
                    'skipped': 'yes',
                    'add_host': 'x',
                    'location': '{{ 7 * 7 }}',
                    'content': 'x' * 10**6,
                },
                {'changed': False, 'failed': False},
            ),
        ],
        ids=['a page', 'a package', 'headers that steer'],
    )
    def test_hands_on_how_it_ended_and_what_it_said(self, answer, result):
        assert call(answer)[0] == result

    @pytest.mark.parametrize(
        'answer', ['text', [], {'changed': 'maybe'}, {'failed': 'no'}, {'msg': 7}], ids=repr
    )
    def test_says_of_an_odd_answer_that_it_cannot_be_read(self, answer):
        result = call(answer)[0]
        assert result['failed'] is True and 'cannot be read' in result['msg']

    def test_has_ansible_parse_expected_keys_only(self):
        other = call({'changed': False})[1]
        said = {
            'changed': False,
            'ansible_facts': {'ansible_pkg_mgr': 'apt'},
            '_ansible_x': 1,
            'add_host': {},
            'deprecations': ['x'],
        }
        other._parse_returned_data({'stdout': json.dumps(said)}, 'legacy')
        facts = {'ansible_pkg_mgr': 'apt'}
        assert other.parsed == [({'changed': False, 'ansible_facts': facts}, 'legacy')]

    def test_refuses_a_module_that_it_could_not_check(self):
        with pytest.raises(AnsibleError, match='has no action plugin'):
            call({}, {'module': 'ansible.builtin.stat', 'arguments': {}})


class TestAHostThatIsNotReached:
    LOST = AnsibleConnectionFailure('no route\x1b[2J to host')

    def test_is_unreachable_as_ever_if_it_is_that_of_the_task(self):
        with pytest.raises(AnsibleConnectionFailure):
            call(self.LOST)

    def test_is_a_failure_if_it_is_another_one(self):
        result = call(self.LOST, delegate_to='probe1')[0]
        assert result['failed'] is True
        assert result['msg'] == 'The host probe1 was not reached: no route [2J to host'
