# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import access_log
from ansible_collections.webops.apache.plugins.module_utils._syntax.access_log import (
    network_of,
    page_of,
    parse_format,
    parse_time,
    read_line,
)

COMMON = u'%h %l %u %t "%r" %>s %b'
COMBINED = COMMON + u' "%{Referer}i" "%{User-Agent}i"'
WITH_HOST = u'%v:%p ' + COMBINED
TIME = u'[10/Oct/2000:13:55:36 -0700]'
SECONDS = 971211336


class TestFormats:
    @pytest.mark.parametrize(
        'text',
        [
            COMMON,
            COMBINED,
            WITH_HOST,
            u'%h %l %u %t \\"%r\\" %>s',
            u'%h %t "%m %U%q %H" %s',
            u'{"time":"%t","request":"%r","status":"%>s"}',
            u'%t\\t%r\\t%s',
            u'%>s %t %r',
            u'%{X-Forwarded-For}i %l %u %t "%r" %>s',
            u'100%% %t "%r" %<s',
        ],
    )
    def test_that_say_all_that_counts_are_read(self, text):
        assert parse_format(text) is not None

    @pytest.mark.parametrize(
        'text',
        [
            u'',
            u'%',
            u'common',
            u'%t %h %{SSL_PROTOCOL}x %{SSL_CIPHER}x "%r" %b',
            u'%h "%r" %>s',
            u'%h %{%Y-%m-%d}t "%r" %>s',
            u'%t %m %>s',
            u'%t%r %>s',
            u'%t "%r" %400s',
            u'%t "%r" %>s%b',
            u'%t "%r"\\n%>s',
            u'%t "%r" %>s' + u' ' * 2000,
        ],
        ids=repr,
    )
    def test_that_do_not_are_left_out(self, text):
        assert parse_format(text) is None

    @pytest.mark.parametrize(
        'text, names, clients',
        [(COMMON, False, True), (WITH_HOST, True, True), (u'%V %t "%r" %>s', True, False)],
    )
    def test_say_whether_a_line_has_the_site_and_the_address(self, text, names, clients):
        form = parse_format(text)
        assert (form.names, form.clients) == (names, clients)


class TestLines:
    @pytest.mark.parametrize(
        'form, line, found',
        [
            (
                COMMON,
                u'192.0.2.1 - - %s "GET /a?b=1 HTTP/1.1" 200 12',
                (200, u'GET', u'/a?b=1', u'192.0.2.1', None, None),
            ),
            (
                COMBINED,
                u'2001:db8::1 - jo ann %s "GET / HTTP/2.0" 304 - "-" "a \\"b\\" c"',
                (304, u'GET', u'/', u'2001:db8::1', None, None),
            ),
            (
                WITH_HOST,
                u'WWW.example.com:8080 ::1 - - %s "POST /x HTTP/1.1" 404 9 "-" "-"',
                (404, u'POST', u'/x', u'::1', u'www.example.com', 8080),
            ),
            (
                u'%h %t "%m %U%q %H" %s',
                u'a %s "GET /x?y HTTP/1.1" 200',
                (200, u'GET', u'/x?y', u'a', None, None),
            ),
            (
                u'%{X-Forwarded-For}i %l %u %t "%r" %>s',
                u'192.0.2.1, 192.0.2.2 - - %s "GET /x HTTP/1.1" 200',
                (200, u'GET', u'/x', None, None, None),
            ),
            (
                u'{"t":"%t","r":"%r","s":"%>s"}',
                u'{"t":"%s","r":"GET /\\"x HTTP/1.1","s":"200"}',
                (200, u'GET', u'/\\"x', None, None, None),
            ),
        ],
    )
    def test_are_read_by_their_format(self, form, line, found):
        assert read_line(parse_format(form), line % TIME) == (SECONDS,) + found

    @pytest.mark.parametrize(
        'line',
        [
            u'',
            u'192.0.2.1',
            u'192.0.2.1 - - %s "GET / HTTP/1.1"' % TIME,
            u'192.0.2.1 - - %s "GET / HTTP/1.1" 20x 1' % TIME,
            u'192.0.2.1 - - %s "GET /" 200 1' % TIME,
            u'192.0.2.1 - - %s "GET /a b HTTP/1.1" 200 1' % TIME,
            u'192.0.2.1 - - %s "-" 408 -' % TIME,
            u'192.0.2.1 - - %s "\\x16\\x03\\x01" 400 1' % TIME,
            u'192.0.2.1 - - [10/Okt/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 1',
            u'192.0.2.1 - - [10/Oct/0000:13:55:36 -0700] "GET / HTTP/1.1" 200 1',
            u'192.0.2.1 - - %s "GET / HTTP/1.1\\" 200 1' % TIME,
            u'x' * 40000,
        ],
        ids=lambda line: line[:60],
    )
    def test_of_another_shape_do_not_count(self, line):
        assert read_line(parse_format(COMMON), line) is None

    @pytest.mark.parametrize(
        'line',
        [
            # Somebody sends a user, or a header, that reads like the rest of a line.
            u'192.0.2.1 - a %s \\"GET /b HTTP/1.1\\" 200 1 %s "GET /a HTTP/1.1" 401 1',
            u'192.0.2.1 - a [ b %s "GET /a HTTP/1.1" 401 1%s',
        ],
    )
    def test_with_forged_parts_do_not_count(self, line):
        assert read_line(parse_format(COMMON), line % (TIME, TIME)) is None

    def test_with_a_forged_request_say_what_was_asked(self):
        line = u'192.0.2.1 - - %s "GET /a\\" 200 1 \\"GET HTTP/1.1" 404 1' % TIME
        assert read_line(parse_format(COMMON), line) is None
        line = u'192.0.2.1 - - %s "GET /a\\"200 HTTP/1.1" 404 1' % TIME
        assert read_line(parse_format(COMMON), line)[1:4] == (404, u'GET', u'/a\\"200')

    @pytest.mark.parametrize(
        'text, seconds',
        [
            (TIME, SECONDS),
            (u'[10/Oct/2000:20:55:36 +0000]', SECONDS),
            (u'[11/Oct/2000:02:25:36 +0530]', SECONDS),
            (u'[29/Feb/2024:00:00:00 +0000]', 1709164800),
            (u'[10/Oct/2000:13:55:36]', None),
            (u'10/Oct/2000:13:55:36 -0700', None),
            (u'[10/XXX/2000:13:55:36 -0700]', None),
        ],
    )
    def test_have_a_time(self, text, seconds):
        assert parse_time(text) == seconds


class TestPages:
    @pytest.mark.parametrize(
        'target, without, with_query',
        [
            (u'/', u'/', u'/'),
            (u'/a/b.php', u'/a/b.php', u'/a/b.php'),
            (u'/a?page=2', u'/a', u'/a?page=2'),
            (u'/a?', u'/a', u'/a'),
            (u'/caf%C3%A9/~x', u'/caf%C3%A9/~x', u'/caf%C3%A9/~x'),
            (u'/a..b/...', u'/a..b/...', u'/a..b/...'),
            (u'/a?action=delete', u'/a', None),
            (u'/a?token=17', u'/a', None),
            (u'/a?x="', u'/a', None),
            (u'/a?x=%00', u'/a', None),
            (u'/micron', u'/micron', u'/micron'),
            (u'/a?x=../y', u'/a', u'/a?x=../y'),
        ],
    )
    def test_are_asked_with_their_query_where_that_is_wanted(self, target, without, with_query):
        assert (page_of(target, False), page_of(target, True)) == (without, with_query)

    @pytest.mark.parametrize(
        'target',
        [
            u'',
            u'*',
            u'a',
            u'http://example.com/',
            u'/a b',
            u'/caf\xe9',
            u'/a\\"b',
            u'/<x>',
            u'/a#b',
            u'/../etc/passwd',
            u'/a/..',
            u'/a/../b?c',
            u'/%2e%2E/b',
            u'/a/./b',
            u'/%0d%0aHost:x',
            u'/%00',
            u'/logout',
            u'/user/Log-Out/now',
            u'/wp-cron.php',
            u'/cron',
            u'/item/7/delete',
            u'/unsubscribe/me',
            u'/' + u'a' * 1000,
            u'/\n',
        ],
        ids=lambda target: repr(target[:30]),
    )
    def test_that_may_harm_are_never_asked(self, target):
        assert page_of(target, False) is None and page_of(target, True) is None


@pytest.mark.parametrize(
    'one, other, same',
    [
        (u'192.0.2.1', u'192.0.2.2', False),
        (u'192.0.2.1', u'192.0.2.1', True),
        (u'2001:db8:1:2:3:4:5:6', u'2001:db8:1:2::9', True),
        (u'2001:db8:1:2:3:4:5:6', u'2001:db8:1:3:3:4:5:6', False),
        (u'a.example', u'b.example', False),
    ],
)
def test_one_visitor_is_known_by_his_network(one, other, same):
    assert (network_of(one) == network_of(other)) is same


@pytest.mark.parametrize('client', [u'127.0.0.1', u'127.1.2.3', u'::1', u'localhost', u'-', u''])
def test_a_program_of_the_host_is_no_visitor(client):
    assert network_of(client) is None


def test_no_backslash_makes_a_line_slow():
    form = parse_format(COMBINED)
    line = u'a - - %s "GET /%s HTTP/1.1" 200 1 "-" "-"' % (TIME, u'\\"' * 14000)
    assert len(line) < access_log.MAX_LINE
    assert read_line(form, line).status == 200
