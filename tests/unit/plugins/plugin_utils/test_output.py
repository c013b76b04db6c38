# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import time

import pytest
from ansible_collections.webops.apache.plugins.plugin_utils import output

KEYS = ('outcome', 'msg', 'warnings', 'failed')


class TestParseAnswer:
    @pytest.mark.parametrize(
        'printed, answer',
        [
            ('{"a": 1}', {'a': 1}),
            ('Welcome to web1\n{"a": 1}\n', {'a': 1}),
            ('{"a": 1}\njunk after it', {'a': 1}),
            ('{"a": {"__ansible_type": "TrustedAsTemplate", "b": 2}}', {'a': {'b': 2}}),
            ('', None),
            ('text', None),
            ('[1, 2]', None),
            ('"text"', None),
            ('{"a": ', None),
            ('x {"a": 1}', None),
            ('\n\n', None),
        ],
        ids=repr,
    )
    def test_finds_the_dictionary_that_was_printed(self, printed, answer):
        assert output.parse_answer(printed) == answer

    @pytest.mark.parametrize(
        'printed, words',
        [
            ('{"a": "%s"}' % ('x' * output.MOST_OF_OUTPUT), 'longer than'),
            ('{"a": %s' % ('[' * 200000), 'nested too deeply'),
        ],
        ids=['megabytes', 'depth'],
    )
    def test_gives_up_on_what_would_cost_too_much(self, printed, words):
        with pytest.raises(output.Oversized, match=words):
            output.parse_answer(printed)

    def test_reads_a_number_of_a_million_digits_at_once(self):
        began = time.time()
        assert output.parse_answer('{"a": %s}' % ('9' * 10**6)) == {'a': float('inf')}
        assert time.time() - began < 1


class TestWash:
    def test_keeps_the_keys_that_are_expected_and_everything_else_of_the_command(self):
        printed = json.dumps(
            {
                'outcome': 'switched',
                'ansible_facts': {'a': 1},
                '_ansible_x': 1,
                'results': 'x',
                'exception': 'x',
            }
        )
        washed = output.wash(
            {
                'stdout': 'motd\n' + printed + '\n\x1b[2J',
                'stderr': 'e',
                'rc': 0,
                'stdout_lines': [],
            },
            KEYS,
        )
        assert washed == {
            'stdout': '{"outcome": "switched"}',
            'stderr': 'e',
            'rc': 0,
            'stdout_lines': [],
        }

    @pytest.mark.parametrize(
        'said, words',
        [
            (['a\x1b[2J\u202eb', 'c'], ['a [2Jb', 'c']),
            (
                [{'event': {'msg': 'as newer Ansible has it', 'help_text': 'x'}}],
                ['as newer Ansible has it'],
            ),
            ('one', ['one']),
            ([7], ['a warning of type int']),
            ({'event': 7}, ['a warning of type dict']),
            (['x'] * 5000, ['x'] * 100),
        ],
        ids=['texts', 'records', 'a text', 'a number', 'a dictionary', 'too many'],
    )
    def test_makes_warnings_a_list_of_clean_texts(self, said, words):
        washed = output.wash({'stdout': json.dumps({'warnings': said})}, KEYS)
        assert json.loads(washed['stdout']) == {'warnings': words}

    def test_cuts_what_is_not_an_answer(self):
        washed = output.wash({'stdout': 'x' * 99999, 'stderr': '\x1b[2J' * 99999, 'rc': 1}, KEYS)
        assert (
            len(washed['stdout']) == 4000
            and len(washed['stderr']) == 4000
            and '\x1b' not in washed['stderr']
        )
        assert washed['rc'] == 1
