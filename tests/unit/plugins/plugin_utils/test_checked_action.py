# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

import pytest
from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.playbook.task import Task
from ansible_collections.webops.apache.plugins.action import mpm, mpm_info, mpm_packages
from ansible_collections.webops.apache.plugins.plugin_utils import output

READING = {
    'changed': False,
    'failed': False,
    'mpm': {'running': 'prefork'},
    'findings': [],
    'switch_to': {},
}


class Connection(object):
    """As much of a connection as an action plugin looks at before it runs anything."""

    class _shell(object):
        tmpdir = None

    def get_option(self, name):
        raise KeyError(name)


def make_action(monkeypatch, answer, module=mpm_info, **args):
    """Return an action plugin whose host gives this answer, or at which this error comes up."""

    def execute(module_name, module_args, task_vars):
        if isinstance(answer, Exception):
            raise answer
        return answer

    task = Task()
    task.args = args
    action = module.ActionModule(task, Connection(), None, None, None, None)
    monkeypatch.setattr(action, '_execute_module', execute)
    return action


class TestRun:
    @pytest.mark.parametrize(
        'module, answer',
        [
            (mpm, {'changed': False, 'failed': False, 'outcome': 'unchanged'}),
            (mpm_info, READING),
            (
                mpm_packages,
                {'changed': False, 'failed': False, 'installs': [], 'removes': [], 'unasked': []},
            ),
        ],
        ids=['mpm', 'mpm_info', 'mpm_packages'],
    )
    def test_drops_what_steers_ansible(self, monkeypatch, module, answer):
        said = dict(
            answer,
            ansible_facts={'switch_mpm_before_tasks': '/x'},
            _ansible_facts_cacheable=True,
            invocation={},
            unreachable=True,
        )
        assert make_action(monkeypatch, said, module).run(None, {}) == answer

    @pytest.mark.parametrize(
        'answer', ['text', None, [], {}, dict(READING, mpm='prefork')], ids=repr
    )
    def test_says_of_an_odd_answer_that_it_cannot_be_read(self, monkeypatch, answer):
        result = make_action(monkeypatch, answer).run(None, {})
        assert (
            result['failed'] is True
            and 'webops.apache.mpm_info ran on this host, and its answer cannot be read'
            in result['msg']
        )

    @pytest.mark.parametrize(
        'error, words',
        [
            (AttributeError('keys'), 'Ansible gave up on it with AttributeError'),
            (RecursionError(), 'RecursionError'),
            (output.Oversized('it is too long'), 'it is too long'),
        ],
        ids=repr,
    )
    def test_says_so_where_ansible_itself_did_not_expect_it(self, monkeypatch, error, words):
        assert words in make_action(monkeypatch, error).run(None, {})['msg']

    def test_leaves_errors_of_ansible_to_ansible(self, monkeypatch):
        with pytest.raises(AnsibleError, match='no such option'):
            make_action(monkeypatch, AnsibleError('no such option')).run(None, {})

    def test_cleans_what_ssh_says_of_a_host_that_was_not_reached(self, monkeypatch):
        error = AnsibleConnectionFailure('Failed to connect: \x1b[2J\u202ebanner' + 'x' * 9999)
        with pytest.raises(AnsibleConnectionFailure) as caught:
            make_action(monkeypatch, error).run(None, {})
        assert '[2Jbannerx' in caught.value.message and len(caught.value.message) <= 500

    def test_refuses_async(self, monkeypatch):
        action = make_action(monkeypatch, READING)
        action._task.async_val = 60
        with pytest.raises(AnsibleError, match='async'):
            action.run(None, {})


class TestTheInterpreter:
    @pytest.mark.parametrize(
        'found, handed_on',
        [
            ('/usr/bin/python3.11', True),
            ('/opt/rh/python38/bin/python', True),
            ('/usr/bin/python; touch /x', False),
            ('/usr/bin/python\n', False),
            ('python', False),
            (['/x'], False),
            (None, False),
        ],
        ids=repr,
    )
    def test_that_ansible_found_is_handed_on_if_it_is_a_path(self, monkeypatch, found, handed_on):
        action = make_action(
            monkeypatch, dict(READING, ansible_facts={'discovered_interpreter_python': '/evil'})
        )
        action._discovered_interpreter_key, action._discovered_interpreter = (
            'discovered_interpreter_python',
            found,
        )
        expected = {'discovered_interpreter_python': found} if handed_on else None
        assert action.run(None, {}).get('ansible_facts') == expected

    def test_that_the_user_named_is_no_fact(self, monkeypatch):
        assert 'ansible_facts' not in make_action(monkeypatch, READING).run(None, {})


class TestParseReturnedData:
    def test_has_ansible_parse_documented_keys_only(self, monkeypatch):
        parsed = []
        monkeypatch.setattr(
            'ansible.plugins.action.ActionBase._parse_returned_data',
            lambda self, res, *args, **options: parsed.append(res['stdout']),
        )
        make_action(monkeypatch, READING)._parse_returned_data(
            {'stdout': json.dumps(dict(READING, ansible_facts={})), 'stderr': '', 'rc': 0}
        )
        assert json.loads(parsed[0]) == READING
