# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible.playbook.task import Task
from ansible_collections.webops.apache.plugins.action import mpm_fail


class Connection(object):
    class _shell(object):
        tmpdir = None


def fail(**args):
    task = Task()
    task.args = args
    return mpm_fail.ActionModule(task, Connection(), None, None, None, None).run(None, {})


class TestRun:
    def test_fails_with_what_is_documented_of_the_answer(self):
        answer = {
            'unasked': ['psa'],
            'rule': 'packages_removed',
            'msg': 'other',
            'ansible_facts': {'a': 1},
            'invocation': {},
            'failed': True,
        }
        assert fail(msg='why\x1b[2J', answer=answer) == {
            'failed': True,
            'msg': 'why [2J',
            'unasked': ['psa'],
            'rule': 'packages_removed',
        }

    @pytest.mark.parametrize('answer', [None, '', {}, 'text', ['x'], {'unasked': 7}], ids=repr)
    def test_fails_without_it_where_there_is_none(self, answer):
        assert fail(msg='why', answer=answer) == {'failed': True, 'msg': 'why'}
