# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import (
    WARN,
    AskedSite,
    LeftOut,
    Probe,
)
from ansible_collections.webops.apache.plugins.module_utils._plan.pages import (
    choose_pages,
    judge_pages,
)

A, B, C = [AskedSite(name, 80, 'http', None) for name in 'abc']
COUNTS = {A: {'/x': 9, '/y': 8, '/z': 7}, B: {'/': 3, '/q': 2}, C: {'/c': 1}}


@pytest.mark.parametrize(
    'counts, most, urls',
    [
        (COUNTS, 1, ['http://a/x']),
        (COUNTS, 2, ['http://a/x', 'http://b/']),
        (COUNTS, 3, ['http://a/x', 'http://b/', 'http://c/c']),
        # Each site has one; the others are the most frequent ones.
        (COUNTS, 4, ['http://a/x', 'http://a/y', 'http://b/', 'http://c/c']),
        (COUNTS, 5, ['http://a/x', 'http://a/y', 'http://a/z', 'http://b/', 'http://c/c']),
        (
            COUNTS,
            200,
            ['http://a/x', 'http://a/y', 'http://a/z', 'http://b/', 'http://b/q', 'http://c/c'],
        ),
        ({A: {'/b': 2, '/a': 2, '/c': 2}}, 2, ['http://a/a', 'http://a/b']),
        ({B: {'/': 2}, A: {'/': 2}}, 1, ['http://a/']),
        ({A: {}}, 5, []),
        ({}, 5, []),
    ],
)
def test_the_most_frequent_pages_are_chosen_and_one_of_each_site(counts, most, urls):
    assert [probe.url for probe in choose_pages(counts, most)] == urls


@pytest.mark.parametrize(
    'site, url, address',
    [
        (AskedSite('a', 80, 'http', None), 'http://a/x', None),
        (AskedSite('a', 8080, 'http', '192.0.2.1'), 'http://a:8080/x', '192.0.2.1'),
        (AskedSite('a', 443, 'https', None), 'https://a/x', None),
        (AskedSite('a', 443, 'http', None), 'http://a:443/x', None),
    ],
)
def test_a_page_is_asked_where_its_site_is(site, url, address):
    assert choose_pages({site: {'/x': 2}}, 1) == [Probe(url, None, None, address)]


OLD = LeftOut('/log/a', 'it has no line of the last hour', True)
PIPED = LeftOut('|/bin/x', 'it is piped to a program')
CHANGES = [LeftOut('http://a/%d' % number, 'it changes by itself') for number in range(5)]


@pytest.mark.parametrize(
    'left, is_any_asked, words',
    [
        ([], True, None),
        ([OLD], True, None),
        ([OLD, PIPED], True, 'not used is |/bin/x: it is piped to a program.'),
        (
            CHANGES + [PIPED],
            True,
            'not used is http://a/0, http://a/1, http://a/2 and 2 more: it changes by itself; '
            '|/bin/x: it is piped to a program.',
        ),
        (
            [OLD],
            False,
            'no page of the access logs is asked; not used is /log/a: it has no line of the last '
            'hour.',
        ),
        ([], False, 'no page of the access logs is asked; no access log is written.'),
    ],
)
def test_what_is_not_used_is_said_in_one_warning(left, is_any_asked, words):
    found = judge_pages(left, is_any_asked)
    assert [finding.reason for finding in found] == (
        ['Of what probe_pages asks for, ' + words] if words else []
    )
    assert all((each.rule, each.level) == ('pages_not_asked', WARN) for each in found)
