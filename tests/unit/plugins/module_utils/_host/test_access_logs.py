# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import access_logs
from ansible_collections.webops.apache.plugins.module_utils._model import AskedSite, LeftOut
from ansible_collections.webops.apache.plugins.module_utils._syntax.access_log import parse_format
from ansible_collections.webops.apache.plugins.module_utils._syntax.log_directives import AccessLog

SITE = AskedSite(u'a.example', 80, u'http', None)
COMMON = parse_format(u'%h %l %u %t "%r" %>s %b')
WITHOUT_ADDRESS = parse_format(u'%t "%r" %>s')
NOW = 971211336
AGO = u'[10/Oct/2000:%s:36 -0700]'
RECENT, OLD, FUTURE = AGO % u'13:15', AGO % u'12:54', AGO % u'13:57'


def line(target=u'/a', client=u'192.0.2.1', when=RECENT, status=200, method=u'GET'):
    return u'%s - - %s "%s %s HTTP/1.1" %d 9' % (client, when, method, target, status)


def asked(target, *clients, **more):
    return [line(target, u'192.0.2.%d' % client, **more) for client in clients]


def count(lines, form=COMMON, queries=False):
    log = AccessLog(u'/log/a', form, [SITE])
    found, left = access_logs.count_pages(log, lines, queries, NOW)
    return dict((page, number) for (_site, page), number in found.items()), left


@pytest.mark.parametrize(
    'lines, pages',
    [
        (asked(u'/a', 1, 2) + asked(u'/b', 1, 2, 2), {u'/a': 2, u'/b': 3}),
        (asked(u'/a?x=1', 1) + asked(u'/a?y=2', 2), {u'/a': 2}),
        (asked(u'/a', 1, 2) + asked(u'/b', *[1] * 50), {u'/a': 2}),
        (asked(u'/a', 1, 2) + asked(u'/b', 1, 2, method=u'POST'), {u'/a': 2}),
        (asked(u'/a', 1, 2, status=304) + asked(u'/b', 1, 2, status=404), {u'/a': 2}),
        (asked(u'/a', 1, 2) + asked(u'/b', 1, 2, when=OLD), {u'/a': 2}),
        (asked(u'/a', 1, 2) + asked(u'/b', 1, 2, when=FUTURE), {u'/a': 2}),
        (asked(u'/a', 1, 2) + asked(u'/../b', 1, 2) + asked(u'/logout', 1, 2), {u'/a': 2}),
        (asked(u'/a', 1, 2) + asked(u'/b', 1) + [line(u'/b', u'127.0.0.1')] * 9, {u'/a': 2}),
        (asked(u'/a', 1, 2) + [line(u'/a', u'::1')] * 9, {u'/a': 2}),
        (asked(u'/a', 1, 2) + [u'nonsense', u'"' * 99, u'\x00'], {u'/a': 2}),
    ],
)
def test_pages_count_that_visitors_at_two_addresses_asked_for_in_the_last_hour(lines, pages):
    assert count(lines) == (pages, [])


def test_pages_with_different_queries_are_different_where_that_is_wanted():
    lines = asked(u'/a?x=1', 1, 2) + asked(u'/a?x=2', 1) + asked(u'/a', 2)
    assert count(lines, queries=True)[0] == {u'/a?x=1': 2}


@pytest.mark.parametrize(
    'lines, form, why, idle',
    [
        ([u''], COMMON, 'no line of the last hour', True),
        (asked(u'/a', 1, 2, when=OLD), COMMON, 'no line of the last hour', True),
        (asked(u'/a', 1, 1), COMMON, 'from 2 addresses', True),
        (asked(u'/a', 1, 2), WITHOUT_ADDRESS, 'no line is as its format says', False),
    ],
)
def test_a_log_without_such_pages_says_why(lines, form, why, idle):
    found, (left,) = count(lines, form)
    assert found == {} and (left.what, left.idle) == (u'/log/a', idle) and why in left.why


def test_without_addresses_three_requests_are_needed_and_that_is_said():
    lines = [text.split(u'- - ')[1] for text in asked(u'/a', 1, 1, 1) + asked(u'/b', 1, 2)]
    lines = [text.rsplit(u' ', 1)[0] for text in lines]
    found, (left,) = count(lines, WITHOUT_ADDRESS)
    assert found == {u'/a': 3} and 'has no address' in left.why and not left.idle


def lines_now(target, *clients):
    when = time.strftime('[%d/%b/%Y:%H:%M:%S +0000]', time.gmtime())
    return u'\n'.join(asked(target, *clients, when=when)) + u'\n'


def read(*paths, **more):
    logs = [AccessLog(u'%s' % path, COMMON, [SITE]) for path in paths]
    return access_logs.read_visits(logs, False, more.get('most', 5), time.time())


class TestFiles:
    def test_of_several_logs_the_larger_count_of_a_page_is_taken(self, tmpdir):
        tmpdir.join('a').write(lines_now(u'/a', 1, 2) + lines_now(u'/b', 1, 2))
        tmpdir.join('b').write(lines_now(u'/a', 1, 2, 3))
        visits = read(tmpdir.join('a'), tmpdir.join('b'))
        assert visits == access_logs.Visits({SITE: {u'/a': 3, u'/b': 2}}, [])

    def test_no_more_pages_of_a_site_than_are_of_use_come_back(self, tmpdir):
        text = u''.join(lines_now(u'/%d' % page, *range(page + 2)) for page in range(6))
        tmpdir.join('a').write(text)
        assert read(tmpdir.join('a'), most=2).counts == {SITE: {u'/5': 7, u'/4': 6}}

    def test_only_the_end_of_a_long_log_is_read_from_its_first_whole_line_on(
        self, tmpdir, monkeypatch
    ):
        tmpdir.join('a').write(lines_now(u'/old', 1, 2) + lines_now(u'/a', 1, 2))
        monkeypatch.setattr(access_logs, 'MAX_LOG', len(lines_now(u'/a', 1, 2)) + 9)
        monkeypatch.setattr(access_logs, 'MIN_LOG', 1)
        assert read(tmpdir.join('a')).counts == {SITE: {u'/a': 2}}

    def test_all_logs_together_are_bounded(self, tmpdir, monkeypatch):
        monkeypatch.setattr(access_logs, 'MAX_LOGS', 1)
        for name in ('a', 'b', 'c'):
            tmpdir.join(name).write(lines_now(u'/' + name, 1, 2))
        visits = read(*[tmpdir.join(name) for name in ('a', 'b', 'c')])
        assert visits.counts == {SITE: {u'/a': 2}}
        assert visits.left == [LeftOut('2 logs', 'others took all the time')]

    def test_what_is_no_regular_file_is_not_opened(self, tmpdir):
        os.mkfifo(str(tmpdir.join('fifo')))
        tmpdir.mkdir('folder')
        paths = [tmpdir.join('fifo'), tmpdir.join('folder'), '/dev/zero', tmpdir.join('none')]
        visits = read(*paths)
        assert visits.counts == {}
        assert [item.what for item in visits.left] == ['%s' % path for path in paths]
        assert all('it cannot be read' in item.why for item in visits.left)

    def test_a_link_that_others_may_have_made_is_not_followed(self, tmpdir):
        tmpdir.chmod(0o777)
        tmpdir.join('a').write(lines_now(u'/a', 1, 2))
        tmpdir.join('link').mksymlinkto(tmpdir.join('a'))
        visits = read(tmpdir.join('link'))
        assert visits.counts == {} and 'is a link' in visits.left[0].why

    def test_a_reading_that_takes_too_long_ends(self, tmpdir, monkeypatch):
        tmpdir.join('a').write(lines_now(u'/a', 1, 2))
        monkeypatch.setattr(access_logs, 'MAX_SECONDS', 1)
        monkeypatch.setattr(access_logs, 'count_pages', lambda *_args: time.sleep(60))
        visits = read(tmpdir.join('a'))
        assert visits.counts == {} and visits.left[0].what == 'all logs'
