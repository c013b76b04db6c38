# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _report
from ansible_collections.webops.apache.plugins.module_utils._errors import CommandError
from ansible_collections.webops.apache.plugins.module_utils._text import (
    MOST_ENTRIES,
    clean,
    clean_lines,
    foreign,
    list_some,
    presentable,
)

HIDDEN = [
    u'\u202a',
    u'\u202e',
    u'\u2066',
    u'\u2069',
    u'\ufeff',
    u'\u200b',
    u'\u200d',
    u'\u00ad',
    u'\u3164',
    u'\ufe0f',
]
SPACES = [
    u'\u2028',
    u'\u2029',
    u'\x1b',
    u'\x07',
    u'\x7f',
    u'\x85',
    u'\x9b',
    u'\r',
    u'\n',
    u'\t',
    u'\x00',
    u'\u00a0',
]


def on_target(text):
    """The text as it is on a target: a character for each byte."""
    return text.encode('utf-8').decode('latin-1')


class TestClean:
    @pytest.mark.parametrize('form', [on_target, lambda text: text], ids=['bytes', 'characters'])
    @pytest.mark.parametrize('hidden', HIDDEN, ids=repr)
    def test_drops_what_is_not_seen(self, hidden, form):
        assert clean(form(u'a%sb\u20ac' % hidden)) == u'ab\u20ac'

    @pytest.mark.parametrize('form', [on_target, lambda text: text], ids=['bytes', 'characters'])
    @pytest.mark.parametrize('space', SPACES, ids=repr)
    def test_makes_a_blank_of_what_moves_the_cursor(self, space, form):
        assert clean(form(u'a%sb\u20ac' % space)) == u'a b\u20ac'

    @pytest.mark.parametrize(
        'text, expected',
        [
            (b'caf\xc3\xa9', u'caf\xe9'),
            (b'caf\xe9', u'caf\xe9'),
            (b'\xff\xe2\x80\xae', u'\xff\xe2 \xae'),
            (b'', u''),
            (b'  a  b ', u'a b'),
        ],
    )
    def test_reads_bytes_as_they_are_meant(self, text, expected):
        assert clean(text) == clean(text.decode('latin-1')) == expected


class TestForeign:
    def test_keeps_beginning_and_end(self):
        text = foreign(u'begin ' + u'x' * 9000000 + u' end')
        assert len(text) == 500
        assert (
            text.startswith(u'begin xxx')
            and text.endswith(u'xxx end')
            and u'characters ...]' in text
        )

    def test_takes_what_is_no_text(self):
        assert foreign(OSError(2, 'No such file')) == u'[Errno 2] No such file'
        assert foreign(u'x' * 500) == u'x' * 500


class TestPresentable:
    def test_goes_through_all_of_a_result(self):
        result = {u'a\x1b': [u'b\x1b[2J', (1, None, True, 1.5)], 'c': {'d': u'\xe2\x80\xaee'}}
        assert presentable(result) == {u'a': [u'b [2J', [1, None, True, 1.5]], 'c': {'d': u'e'}}

    def test_bounds_texts_and_lists(self):
        assert len(presentable(u'x' * 100000)) == 4000
        assert len(presentable([u'x'] * 100000)) == MOST_ENTRIES


class TestResults:
    def test_leave_with_their_diff_as_it_is(self):
        diff = [{'prepared': u'--- a\n+++ b\n-\tx  y\n+\tz\n'}]
        assert _report.finish({'diff': diff, 'msg': u'a\x1bb', 'changed': True}) == {
            'diff': diff,
            'msg': u'a b',
            'changed': True,
        }

    def test_of_an_error_are_its_details(self):
        error = CommandError(
            u'x\x1b said: a', argv=[u'x\x1b'], stdout=u'y' * 5000, outcome='failed'
        )
        found = _report.describe_error(error, outcome='refused', mpm='event')
        assert (
            found['msg'],
            found['argv'],
            len(found['stdout']),
            found['outcome'],
            found['mpm'],
        ) == (u'x said: a', [u'x'], 4000, 'failed', 'event')

    def test_keep_lines_and_tabs_of_a_diff(self):
        assert clean_lines(u'a\tb\n\x1b[1mc\u202e\r\n') == u'a\tb\n [1mc \n'


@pytest.mark.parametrize(
    'count, words',
    [(0, ''), (1, '0'), (2, '0; 1'), (3, '0; 1 and 1 more'), (22, '0; 1 and 20 more')],
)
def test_a_list_says_how_many_it_leaves_out(count, words):
    assert list_some([str(number) for number in range(count)], 2, '; ') == words
