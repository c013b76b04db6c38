# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Probe
from ansible_collections.webops.apache.plugins.module_utils._proof import pages, probes
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._proof import sites


def typed(status, kind, body=b'x'):
    """Return a page with a Content-Type."""
    header = b'Content-Type: %s\r\n' % kind
    return lambda connection: connection.sendall(sites.answer(status, body, header))


def in_turn(*shown):
    """Return a page that is another one each time."""
    left = list(shown)

    def show(connection):
        left.pop(0)(connection)
    return show


PAGES = {
    '/well': typed(200, b'text/html; charset=UTF-8'),
    '/moved': typed(302, b'text/html'),
    '/missing': typed(404, b'text/html'),
    '/broken': typed(500, b'text/html'),
    '/silent': sites.hang_up,
    '/flaps': in_turn(typed(200, b'text/html'), typed(302, b'text/html')),
    '/forms': in_turn(typed(200, b'text/html'), typed(200, b'text/plain')),
    '/breaks': in_turn(typed(200, b'text/html'), sites.hang_up),
    '/source': in_turn(typed(200, b'text/html'), typed(200, b'text/html', b'<?php')),
}


@pytest.fixture
def site():
    with sites.serving(sites.Site(PAGES)) as found:
        yield found


def ask(site, names, **bounds):
    asked = [Probe(site.url(name), None, None, '127.0.0.1') for name in names]
    used, left = pages.ask_twice(asked, site.addresses, **bounds)
    base = len(site.url(''))
    return used, dict((item.what[base:], item.why) for item in left)


def test_only_pages_that_answer_well_and_the_same_are_used(site):
    used, left = ask(site, sorted(PAGES))
    assert [(answer.status, answer.kind, answer.address) for answer in used] == [
        (302, 'text/html', '127.0.0.1'),
        (200, 'text/html', '127.0.0.1'),
    ]
    by_itself = 'it changes by itself'
    assert left == {
        '/missing': 'it answers 404 already',
        '/broken': 'it answers 500 already',
        '/silent': 'it answers nothing already',
        '/flaps': by_itself,
        '/forms': by_itself,
        '/breaks': by_itself,
        '/source': by_itself,
    }
    assert len([path for path, _headers in site.asked if path == '/well']) == 2
    assert len([path for path, _headers in site.asked if path == '/broken']) == 1


@pytest.mark.parametrize(
    'bounds', [{'first_seconds': 0}, {'seconds': 0, 'first_seconds': 9}], ids=str
)
def test_pages_for_which_there_is_no_time_are_left_out(site, monkeypatch, bounds):
    monkeypatch.setattr(probes, 'SITE_PAUSE', 0.01)
    used, left = ask(site, ['/well', '/moved'], **bounds)
    assert used == []
    assert [why.startswith('others took the') for why in left.values()] in ([True] * 2, [True])
    assert '/moved' in left


@pytest.mark.parametrize(
    'header, kind',
    [
        ('text/html', 'text/html'),
        ('Text/HTML; charset=UTF-8', 'text/html'),
        (' image/png ;x', 'image/png'),
        ('', None),
        (None, None),
        (';', None),
        ('a' * 9999, None),
        (u'text/\x1b[2Jhtml', u'text/ [2jhtml'),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_the_kind_of_a_page_is_its_content_type_without_parameters(header, kind):
    found = probes.kind_of(header)
    assert found == kind if header is None or len(header) < 999 else len(found) <= probes.MAX_KIND
