# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError, StepError
from ansible_collections.webops.apache.plugins.modules import mpm, mpm_info


class Ended(Exception):
    """The module ended, as exit_json and fail_json do."""


class Module(object):
    """As much of AnsibleModule as main() uses. answers: [(how it ended, the result)]."""

    def __init__(self, answers, options, argument_spec, supports_check_mode):
        defaults = dict((name, spec.get('default')) for name, spec in argument_spec.items())
        self.params = dict(defaults, **options)
        self.check_mode, self._diff, self.checks = False, False, supports_check_mode
        self.warnings, self._answers = [], answers

    def warn(self, words):
        self.warnings.append(words)

    def _answer(self, kind, result):
        if self.warnings:
            result = dict(result, warnings=self.warnings)
        self._answers.append((kind, result))
        raise Ended()

    def exit_json(self, **result):
        self._answer('exit', result)

    def fail_json(self, **result):
        self._answer('fail', result)


@pytest.fixture
def call(monkeypatch):
    """Return a function that calls main() of a module with these options and returns what it
    answers; what it calls is replaced by `answer`.
    """

    def run(module, function, answer, **options):
        answers = []

        def make(argument_spec, supports_check_mode, required_if=()):
            return Module(answers, options, argument_spec, supports_check_mode)

        monkeypatch.setattr(module, 'AnsibleModule', make)
        monkeypatch.setattr(module, function, answer)
        monkeypatch.setattr('os.geteuid', lambda: 0)
        with pytest.raises(Ended):
            module.main()
        return answers[0]

    return run


def raise_read_error(*_args, **_options):
    raise ReadError('nothing was found', path='/x')


class TestMpmMain(object):
    def test_a_success_exits(self, call):
        assert call(
            mpm,
            'switch',
            lambda *a, **k: {'failed': False, 'changed': True, 'msg': 'm'},
            name='worker'
        ) == ('exit', {'changed': True, 'msg': 'm'})

    def test_a_refusal_fails_with_the_whole_result(self, call):
        assert call(
            mpm,
            'switch',
            lambda *a, **k: {'failed': True, 'outcome': 'refused', 'msg': 'm'},
            name='worker'
        ) == ('fail', {'outcome': 'refused', 'msg': 'm'})

    @pytest.mark.parametrize('failed, kind', [(False, 'exit'), (True, 'fail')])
    def test_warnings_are_given_as_such(self, call, failed, kind):
        answer = {'failed': failed, 'outcome': 'switched', 'warnings': ['Not tidied up', 'slow']}
        assert call(mpm, 'switch', lambda *a, **k: answer, name='worker') == (
            kind,
            {'outcome': 'switched', 'warnings': ['Not tidied up', 'slow']},
        )

    def test_what_was_found_and_only_warns_is_a_warning(self, call):
        findings = [
            {'level': 'refuse', 'rule': 'a', 'reason': 'No.', 'fix': ''},
            {'level': 'warn', 'rule': 'b', 'reason': 'Slow.', 'fix': 'Look at it.'},
            {'level': 'warn', 'rule': 'c', 'reason': 'Old.', 'fix': ''},
        ]
        answer = {'failed': True, 'outcome': 'refused', 'findings': findings, 'warnings': ['first']}
        kind, result = call(mpm, 'switch', lambda *a, **k: answer, name='worker')
        assert (kind, result['findings']) == ('fail', findings)
        assert result['warnings'] == ['first', 'b: Slow. Look at it.', 'c: Old.']

    def test_a_foreseen_error_fails_by_its_words_and_changes_nothing(self, call):
        kind, result = call(mpm, 'switch', raise_read_error, name='worker')
        assert (kind, result['msg'], result['path'], result['changed']) == (
            'fail',
            'nothing was found',
            '/x',
            False,
        )

    def test_what_could_not_be_settled_fails_by_its_own_outcome(self, call):
        def raise_step_error(*_args, **_options):
            raise StepError('could NOT all be taken back', outcome='rollback_failed')

        kind, result = call(mpm, 'switch', raise_step_error, name='worker')
        assert (kind, result) == (
            'fail',
            {
                'msg': 'could NOT all be taken back',
                'outcome': 'rollback_failed',
                'mpm': 'worker',
                'changed': False,
            },
        )

    def test_a_wrong_option_fails_before_anything_is_read(self, call):
        read = []
        kind, result = call(
            mpm,
            'switch',
            lambda *a, **k: read.append(1),
            name='worker',
            directives={'MinSpareServers': 1}
        )
        assert (kind, read) == ('fail', [])
        assert 'MinSpareServers' in result['msg']


class TestMpmInfoMain(object):
    def test_a_reading_exits(self, call):
        assert call(mpm_info, 'audit', lambda run, place: {'changed': False, 'mpm': {}}) == (
            'exit',
            {'changed': False, 'mpm': {}},
        )

    def test_a_foreseen_error_fails_by_its_words(self, call):
        assert call(mpm_info, 'audit', raise_read_error) == (
            'fail',
            {'msg': 'nothing was found', 'path': '/x'},
        )


class TestArguments(object):
    def test_the_spec_is_plain_data(self):
        assert json.loads(json.dumps(mpm.ARGUMENTS)) == mpm.ARGUMENTS
