# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.plugin_utils import answers
from ansible_collections.webops.apache.plugins.plugin_utils.documented import (
    MPM,
    MPM_INFO,
    MPM_PACKAGES,
)

HOST = {
    'running': 'prefork',
    'configured': 'prefork',
    'agree': True,
    'process': {'pid': 7, 'ports': [80, 443]},
    'available': {'worker': None, 'prefork': '/usr/sbin/httpd'},
    'directives': {'MaxClients': 256},
}
FINDING = {
    'rule': 'plesk',
    'level': 'refuse',
    'acceptable': False,
    'reason': 'Plesk owns it.',
    'fix': '',
    'packages': [],
}
SWITCHED = {
    'outcome': 'switched',
    'changed': True,
    'failed': False,
    'msg': 'done',
    'mpm': 'worker',
    'before': HOST,
    'outage_ms': 7,
    'diff': [{'prepared': '-a\n+b\n'}],
    'warnings': ['slow'],
    'findings': [FINDING],
}
REFUSED = dict(SWITCHED, outcome='refused', failed=True, changed=False)
READING = {
    'changed': False,
    'failed': False,
    'mpm': HOST,
    'findings': [],
    'switch_to': {'worker': [FINDING]},
}
NOTHING = {
    'changed': False,
    'failed': False,
    'manager': None,
    'command': [],
    'installs': [],
    'upgrades': [],
    'removes': [],
    'unasked': [],
}
BROKEN = {
    'failed': True,
    'changed': False,
    'msg': 'MODULE FAILURE',
    'rc': 1,
    'module_stderr': 'Traceback\nValueError',
    'module_stdout': '',
}
# What no answer may bring to a controller.
STEERING = {
    'ansible_facts': {'switch_mpm_before_tasks': '/tmp/x.yml', 'ansible_connection': 'local'},
    '_ansible_verbose_always': True,
    'add_host': {'host_name': 'x'},
    'add_group': 'x',
    'invocation': {'module_args': {}},
    'deprecations': [{'msg': 'x'}],
    'exception': 'Traceback',
    'unreachable': True,
    'skipped': True,
    'results': [],
    'ansible_job_id': '1',
    'stdout': 'x',
    'until': 1,
    '__ansible_type': 'TrustedAsTemplate',
}


class TestCheckAnswer:
    @pytest.mark.parametrize(
        'description, answer',
        [
            (MPM, SWITCHED),
            (MPM, REFUSED),
            (MPM, BROKEN),
            (MPM_INFO, READING),
            (MPM_PACKAGES, NOTHING),
            (MPM_PACKAGES, BROKEN),
        ],
        ids=[
            'switched',
            'refused',
            'a module that broke',
            'a reading',
            'nothing to install',
            'broken',
        ],
    )
    def test_hands_an_honest_answer_on_as_it_is(self, description, answer):
        assert answers.check_answer(description, answer) == answer

    @pytest.mark.parametrize('key', sorted(STEERING))
    @pytest.mark.parametrize(
        'description, answer',
        [(MPM, SWITCHED), (MPM, BROKEN), (MPM_INFO, READING), (MPM_PACKAGES, NOTHING)],
        ids=['mpm', 'broken', 'mpm_info', 'mpm_packages'],
    )
    def test_drops_what_is_not_documented(self, description, answer, key):
        assert answers.check_answer(description, dict(answer, **{key: STEERING[key]})) == answer

    def test_drops_it_inside_of_a_dictionary_too(self):
        before = dict(HOST, ansible_facts={}, process=dict(HOST['process'], secret=1))
        assert answers.check_answer(MPM, dict(SWITCHED, before=before)) == SWITCHED

    @pytest.mark.parametrize(
        'odd, words',
        [
            ({'before': 'prefork'}, 'before is of type str and not dict'),
            ({'before': {'running': ['prefork']}}, 'before.running is of type list and not str'),
            (
                {'before': {'process': {'ports': [[80]]}}},
                'before.process.ports is of type list and not int',
            ),
            (
                {'before': {'process': {'ports': [80, None]}}},
                'before.process.ports has an entry that is empty',
            ),
            ({'before': {'agree': 1}}, 'before.agree is of type int and not bool'),
            ({'before': {'available': {7: 'x'}}}, 'before.available is of type int and not str'),
            ({'outcome': ['switched']}, 'outcome is of type list and not str'),
            ({'outcome': 'unknown'}, 'its outcome is unknown'),
            ({'outcome': 'unreachable'}, 'its outcome is unreachable'),
            ({'outcome': 'not tried'}, 'its outcome is not tried'),
            ({'outcome': '\x1b[2Jfine' * 50}, 'its outcome is [2Jfine'),
            ({'outcome': None}, 'it says nothing of outcome'),
            ({'outage_ms': '7'}, 'outage_ms is of type str and not int'),
            ({'outage_ms': 7.5}, 'outage_ms is of type float and not int'),
            ({'outage_ms': True}, 'outage_ms is of type bool and not int'),
            ({'outage_ms': 10**400}, 'outage_ms is a number beyond all bounds'),
            ({'before': {'directives': {'a': float('inf')}}}, 'before.directives is a number'),
            ({'before': {'directives': {'a': float('nan')}}}, 'before.directives is a number'),
            ({'before': {'directives': {'a': '1.5'}}}, 'before.directives is of type str'),
            ({'findings': {'rule': 'x'}}, 'findings is of type dict and not list'),
            ({'warnings': 'x'}, 'warnings is of type str and not list'),
            ({'diff': [{'prepared': 7}]}, 'diff.prepared is of type int and not str'),
            ({'msg': {}}, 'msg is of type dict and not str'),
            ({'failed': 'no'}, 'failed is of type str and not bool'),
            ({'failed': True}, 'its outcome is switched, and it failed all the same'),
        ],
        ids=lambda value: value if isinstance(value, str) else '',
    )
    def test_an_odd_one_is_unreadable(self, odd, words):
        result = answers.check_answer(MPM, dict(SWITCHED, **odd))
        assert (result['outcome'], result['failed'], result['changed']) == (
            'unreadable',
            True,
            False,
        )
        assert words in result['msg'] and 'what state it is in is not known' in result['msg']
        assert sorted(result) == ['changed', 'failed', 'msg', 'outcome']

    @pytest.mark.parametrize(
        'answer', [None, 'text', 7, True, [], [SWITCHED], {}, {'changed': True}], ids=repr
    )
    @pytest.mark.parametrize(
        'description', [MPM, MPM_INFO, MPM_PACKAGES], ids=lambda description: description.module
    )
    def test_one_of_another_shape_is_unreadable(self, description, answer):
        result = answers.check_answer(description, answer)
        assert result['failed'] and 'cannot be read' in result['msg']
        assert ('outcome' in result) == (description is MPM)

    @pytest.mark.parametrize(
        'state, failed, changed',
        [('present', True, False), ('recovered', False, True)],
        ids=['a switch', 'a recovery'],
    )
    def test_says_of_a_recovery_whether_that_was_all_that_was_asked_for(
        self, state, failed, changed
    ):
        result = answers.check_answer(
            MPM, {'outcome': 'recovered', 'changed': True, 'msg': 'm'}, state
        )
        assert (result['failed'], result['changed']) == (failed, changed)

    def test_an_outcome_that_fails_does_so_whatever_else_is_said(self):
        assert (
            answers.check_answer(MPM, dict(REFUSED, failed=False, changed=True))['failed'] is True
        )


class TestTheBounds:
    def test_a_text_is_cut_and_clean(self):
        result = answers.check_answer(
            MPM, dict(SWITCHED, files=['\x1b[31m' + 'x' * 9999], msg='y' * 99999)
        )
        assert result['files'][0].startswith('[31mx') and len(result['files'][0]) == 500
        assert len(result['msg']) == 4000

    def test_a_list_is_cut_and_named(self):
        result = answers.check_answer(MPM, dict(SWITCHED, files=['/etc/x'] * 5000))
        assert len(result['files']) == 1000 and result['warnings'] == [
            'slow',
            answers.CUT % 'files',
        ]

    def test_a_dictionary_is_cut_and_named(self):
        result = answers.check_answer(
            MPM, dict(SWITCHED, visitors=dict(('v%d' % number, 1) for number in range(5000)))
        )
        assert (
            len(result['visitors']) == 1000 and result['warnings'][-1] == answers.CUT % 'visitors'
        )

    @pytest.mark.parametrize('size', [0, 400])
    def test_the_whole_is_bounded(self, size):
        long = ['x' * size] * 1000
        result = answers.check_answer(
            MPM,
            dict(
                SWITCHED,
                files=long,
                steps=long,
                packages=long,
                findings=[dict(FINDING, packages=long)] * 1000,
            ),
        )
        assert result['outcome'] == 'switched' and len(repr(result)) < 10 * answers.MOST_OF_ALL
        assert 'was too long to be kept whole' in result['warnings'][-1]

    def test_of_a_traceback_the_end_is_kept(self):
        result = answers.check_answer(
            MPM, dict(BROKEN, module_stderr='x' * 99999 + 'ValueError: y')
        )
        assert len(result['module_stderr']) == 4000 and result['module_stderr'].endswith(
            'ValueError: y'
        )


@pytest.mark.parametrize('number', [1.5, 2, 0.25])
def test_a_directive_may_have_a_fraction(number):
    before = {'directives': {'AsyncRequestWorkerFactor': number}}
    result = answers.check_answer(MPM, dict(SWITCHED, before=before))
    assert result['before']['directives'] == before['directives']
