# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whatever a host says is an end of that host, and of no other."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import unicodedata

from ansible_collections.webops.apache.plugins.filter.mpm_audit import mpm_audit
from ansible_collections.webops.apache.plugins.filter.mpm_failed_hosts import mpm_failed_hosts
from ansible_collections.webops.apache.plugins.filter.mpm_failure import mpm_failure
from ansible_collections.webops.apache.plugins.filter.mpm_reason import mpm_reason
from ansible_collections.webops.apache.plugins.filter.mpm_summary import mpm_summary
from ansible_collections.webops.apache.plugins.module_utils import _outcomes
from ansible_collections.webops.apache.plugins.plugin_utils import answers, documented, output, text
from ansible_collections.webops.apache.plugins.test.mpm_fixed_by_packages import (
    mpm_fixed_by_packages,
)
from hypothesis import given, settings
from hypothesis import strategies as st

DESCRIPTIONS = (documented.MPM, documented.MPM_INFO, documented.MPM_PACKAGES, documented.MPM_CALL)
KEYS = sorted(
    set(key for description in DESCRIPTIONS for key in description.keys)
    | set(documented.COMMON)
    | set(documented.BROKEN)
    | set(
        [
            'ansible_facts',
            '_ansible_x',
            'unreachable',
            'skipped',
            'results',
            'level',
            'rule',
            'reason',
            'running',
            'used',
        ]
    )
)
WORDS = st.sampled_from(
    [outcome.name for outcome in _outcomes.OUTCOMES]
    + ['refuse', 'prefork', '{{ 7 * 7 }}', '\x1b[2J\u202e']
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner, max_size=6)
    ),
    max_leaves=25,
)
RESULTS = ANYTHING | st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=12)


def is_clean(line):
    return not [
        character
        for character in line
        if unicodedata.category(character) in ('Cc', 'Cf', 'Cs', 'Zl', 'Zp', 'Co')
    ]


def keys_of(kind):
    """Return a test of whether a value has no more than what its kind documents."""
    if isinstance(kind, list):
        return lambda value: value is None or all(keys_of(kind[0])(entry) for entry in value)
    if isinstance(kind, documented.Map):
        return lambda value: (
            value is None or all(keys_of(kind.kind)(entry) for entry in value.values())
        )
    if isinstance(kind, dict):
        return lambda value: (
            value is None or all(key in kind and keys_of(kind[key])(value[key]) for key in value)
        )
    types = {documented.NUMBER: int, documented.FLAG: bool}
    return lambda value: value is None or isinstance(value, types.get(kind, str))


class TestAnAnswer:
    @settings(max_examples=200)
    @given(RESULTS, st.booleans())
    def test_becomes_what_is_documented_or_is_unreadable(self, answer, settling):
        for description in DESCRIPTIONS:
            result = answers.check_answer(description, answer, settling)
            known = dict(documented.COMMON, **documented.BROKEN)
            known.update(description.keys)
            assert keys_of(known)(result) and isinstance(result['failed'], bool)
            assert (
                result.get('outcome') is None
                or _outcomes.outcome_named(result['outcome']).by != _outcomes.PLAYBOOK
            )

    @given(RESULTS)
    def test_that_was_checked_stays_as_it_is(self, answer):
        once = answers.check_answer(documented.MPM, answer)
        if once.get('outcome') != _outcomes.UNREADABLE:
            assert answers.check_answer(documented.MPM, once) == once

    @given(RESULTS)
    def test_that_fails_is_told_as_failed(self, answer):
        result = answers.check_answer(documented.MPM, answer)
        if result.get('outcome') is not None:
            assert result['failed'] == _outcomes.is_failed(result['outcome'])


class TestAFleet:
    @given(
        st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    'switch_mpm_result': RESULTS,
                    'mpm_failure': ANYTHING,
                    'mpm_audit': RESULTS,
                },
            ),
            max_size=5,
        )
    )
    def test_has_a_line_for_each_host_whatever_the_hosts_said(self, said):
        hostvars = dict(('host%d' % number, variables) for number, variables in enumerate(said))
        hostvars['good'] = {'switch_mpm_result': {'outcome': 'switched'}}
        hosts = sorted(hostvars)
        for lines, ends in ((mpm_summary(hostvars, hosts), 1), (mpm_audit(hostvars, hosts), 0)):
            assert sorted(line.split()[0] for line in lines[1 : len(lines) - ends]) == hosts
            assert all(is_clean(line) and len(line) < 9999 for line in lines)
        assert 'good' not in mpm_failed_hosts(hostvars, hosts)

    @given(ANYTHING)
    def test_has_a_reason_for_each_failure(self, said):
        assert isinstance(mpm_failure(said), str) and is_clean(mpm_failure(said))
        assert mpm_reason(said, said) and is_clean(mpm_reason(said, said))
        assert mpm_fixed_by_packages(said) in (True, False)


class TestOutput:
    @given(
        st.text()
        | ANYTHING.map(lambda value: 'motd\n' + json.dumps(value))
        | RESULTS.map(json.dumps)
    )
    def test_comes_to_documented_keys_only(self, stdout):
        washed = output.wash({'stdout': stdout, 'stderr': stdout, 'rc': 0}, KEYS[:5])
        answer = output.parse_answer(washed['stdout'])
        assert answer is None or set(answer) <= set(KEYS[:5])
        assert all(
            isinstance(words, str) and is_clean(words)
            for words in (answer or {}).get('warnings', [])
        )


class TestText:
    @given(st.text(), st.integers(4, 40))
    def test_is_clean_and_short(self, words, most):
        assert is_clean(text.short(words, most)) and len(text.short(words, most)) <= most
        for lines in (text.short_lines(words, most), text.last_lines(words, most)):
            assert len(lines) <= most and is_clean(lines.replace('\n', '').replace('\t', ''))
