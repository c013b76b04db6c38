# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import fnmatch
import itertools

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import wildcards

TEXTS = [
    u''.join(letters)
    for length in range(4)
    for letters in itertools.product(u'ab-]', repeat=length)
]


class TestMatches:
    def test_answers_as_fnmatch_does(self):
        patterns = [
            u''.join(parts)
            for length in range(5)
            for parts in itertools.product(u'*?[]!-ab', repeat=length)
        ]
        # Python refuses such a range, or takes it for none.
        patterns = [
            pattern
            for pattern in patterns
            if u'b-a' not in pattern
            and u']-' not in pattern
            and u'a--' not in pattern
            and u'b--' not in pattern
        ]
        wrong = [
            (pattern, text)
            for pattern in patterns
            for text in TEXTS[:30]
            if wildcards.matches(pattern, text) != fnmatch.fnmatchcase(text, pattern)
        ]
        assert (len(patterns) > 3000, wrong) == (True, [])

    @pytest.mark.parametrize(
        'pattern, text',
        [
            (u'*a' * 60 + u'b', u'a' * 255),
            (u'*' * 100000 + u'b', u'a' * 255),
            (u'[' * 100000, u'a' * 255),
            (u'a' * 200000, u'a' * 255),
            (u'*[%sb]' % (u'a-z' * 60000), u'-' * 255),
        ],
        ids=['stars', 'one long star', 'brackets', 'letters', 'ranges'],
    )
    def test_is_bounded(self, pattern, text):
        assert not wildcards.matches(pattern, text)

    def test_takes_every_byte(self):
        assert wildcards.matches(u'[\xe0-\xff]?', u'\xe9\n')
        assert not wildcards.matches(u'[!\xe0-\xff]*', u'\xe9')


class TestMatchNames:
    @pytest.mark.parametrize(
        'pattern, expected',
        [
            (u'*.conf', [u'B.conf', u'a.conf']),
            (u'.*', [u'.hidden.conf']),
            (u'[^a]*.conf', [u'B.conf']),
            (u'*', [u'B.conf', u'a.conf', u'x']),
        ],
    )
    def test_sorts_and_leaves_hidden_names_out(self, pattern, expected):
        assert (
            wildcards.match_names(pattern, [u'x', u'a.conf', u'B.conf', u'.hidden.conf'])
            == expected
        )
