# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import (
    Answer,
    LeftOut,
    SiteAnswer,
    SiteRequest,
)
from ansible_collections.webops.apache.plugins.module_utils._proof import probes
from ansible_collections.webops.apache.plugins.module_utils._proof import sites as proof
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._proof import sites

BY_ITSELF = 'it changes by itself'


def in_turn(*shown):
    """Return a page that is another one each time, and stays the last one."""
    left = list(shown)

    def show(connection):
        connection.sendall(sites.answer(*(left.pop(0) if len(left) > 1 else left[0])))

    return show


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr(proof, 'PAUSES', (0.01, 0.02))
    for name in ('PAGE_PAUSE', 'SITE_PAUSE'):
        monkeypatch.setattr(probes, name, 0)
    with sites.serving(sites.Site({})) as found:
        yield found


def request(site, name, address=None):
    return SiteRequest(name, site.url('/', host=name), address, None)


class TestBefore:
    @pytest.mark.parametrize(
        'pages, kept, why',
        [
            ([(200, b'x')], 200, None),
            ([(302, b'x')], 302, None),
            ([(301, b'x'), (302, b'x')], 301, None),
            ([(403, b'x')], 403, None),
            ([(404, b'x')], 404, None),
            ([(401, b'x')], 401, proof.WANTS_LOGIN),
            ([(500, b'x')], None, 'it answers 500 already'),
            ([(503, b'x')], None, 'it answers 503 already'),
            ([(400, b'x')], None, 'it answers 400 already'),
            ([(421, b'x')], None, 'it answers 421 already'),
            ([(429, b'x')], None, 'it answers 429 already'),
            ([(200, b'x'), (404, b'x')], None, BY_ITSELF),
            ([(200, b'x'), (500, b'x')], None, BY_ITSELF),
            ([(200, b'x'), (200, b'<?php')], None, BY_ITSELF),
        ],
    )
    def test_what_can_be_compared_is_kept(self, site, pages, kept, why):
        site.pages['/'] = in_turn(*pages)
        used, left = proof.ask_twice([request(site, 'a')], site.addresses, 0)
        assert [one.status for one in used] == ([kept] if kept else [])
        assert left == ([LeftOut('a', why)] if why else [])

    def test_no_answer_is_told(self, site):
        site.pages['/'] = sites.hang_up
        used, left = proof.ask_twice([request(site, 'a')], site.addresses, 0)
        assert used == [] and left[0].why.startswith('it gives no answer already: ')

    def test_an_address_of_another_host_is_not_asked_in_another_place(self, site):
        site.pages['/'] = (200, b'of somebody else')
        used, left = proof.ask_twice([request(site, 'a', '192.0.2.77')], site.addresses, 0)
        assert used == [] and left[0].why == 'its address 192.0.2.77 is not one of this host'

    def test_what_there_is_no_time_for_is_told(self, site):
        used, left = proof.ask_twice([request(site, 'a'), request(site, 'b')], site.addresses, 0, 0)
        assert used == [] and left == [LeftOut('a', proof.LATE), LeftOut('b', proof.LATE)]

    def test_a_site_is_told_once(self, site):
        site.pages['/'] = (500, b'x')
        left = proof.ask_twice([request(site, 'a')] * 3, site.addresses, 0)[1]
        assert left == [LeftOut('a', 'it answers 500 already')]


def before(site, name='a', status=200, turns=None, source=False):
    return SiteAnswer(name, site.url('/', host=name), None, turns, status, source)


def now(status, source=False, error=None):
    return Answer('http://a/', status, source, True, error)


class TestWorse:
    @pytest.mark.parametrize(
        'was, turns, answer, words',
        [
            (200, None, now(204), None),
            (301, None, now(302), None),
            (401, None, now(403), None),
            (404, None, now(410), None),
            (418, None, now(418), None),
            (200, None, now(302), 'a answers 302 at http://a/, before it was 200'),
            (200, None, now(404), 'a answers 404 at http://a/, before it was 200'),
            (404, None, now(200), 'a answers 200 at http://a/, before it was 404'),
            (403, None, now(200), 'a answers 200 at http://a/, before it was 403'),
            (404, None, now(403), 'a answers 403 at http://a/, before it was 404'),
            (418, None, now(417), 'a answers 417 at http://a/, before it was 418'),
            (200, None, now(None, error='no'), 'a answers no at http://a/, before it was 200'),
            (200, None, now(200, True), 'a serves the source of a script at http://a/'),
            (200, 'off', now(403), None),
            (200, 'off', now(404), 'a answers 404 at http://a/, before it was 200'),
            (200, 'off', now(403, True), 'a serves the source of a script at http://a/'),
            (403, 'off', now(200), 'a answers 200 at http://a/, before it was 403'),
            (403, 'on', now(200), None),
            (403, 'on', now(404), None),
            (403, 'on', now(500), 'a answers 500 at http://a/, before it was 403'),
            (200, 'on', now(403), 'a answers 403 at http://a/, before it was 200'),
        ],
    )
    def test_what_becomes_of_a_request_is_compared(self, was, turns, answer, words):
        one = SiteAnswer('a', 'http://a/', None, turns, was, False)
        assert proof.worse(one, answer) == words

    def test_a_source_that_was_shown_before_is_not_the_switch(self):
        one = SiteAnswer('a', 'http://a/', None, None, 200, True)
        assert proof.worse(one, now(200, True)) is None


def again(site, asked, goes_on=lambda: True, **bounds):
    return proof.ask_again(asked, proof.asking(site.addresses), 0, goes_on, **bounds)


class TestAgain:
    def test_one_that_there_is_no_time_to_ask_again_stays_wrong(self, site, monkeypatch):
        monkeypatch.setattr(proof, 'RETRY_SECONDS', -1)
        site.pages['/'] = in_turn((404, b'x'), (200, b'x'))
        found = again(site, [before(site)], seconds=0.001)
        assert (len(found.unlike), found.left, len(site.asked)) == (1, [], 1)

    def test_a_site_that_needs_a_moment_gets_one(self, site):
        site.pages['/'] = in_turn((503, b'x'), (200, b'x'))
        found = again(site, [before(site)])
        assert (found.unlike, found.left) == ([], [])
        assert [answer.status for answer in found.answers.values()] == [200]

    @pytest.mark.parametrize(
        'pages, unlike, asked',
        [
            # Asked once more after a pause, and again if it says that it is asked too often.
            ([(404, b'x')], 1, 2),
            ([(403, b'x')], 1, 3),
            ([(403, b'x'), (403, b'x'), (200, b'x')], 0, 3),
        ],
    )
    def test_a_site_is_asked_again_and_not_for_ever(self, site, pages, unlike, asked):
        site.pages['/'] = in_turn(*pages)
        found = again(site, [before(site)])
        assert (len(found.unlike), len(site.asked)) == (unlike, asked)

    def test_enough_is_enough_and_the_others_are_asked_if_it_gets_better(self, site):
        many = [before(site, 's%d' % number) for number in range(proof.ENOUGH + 2)]
        site.pages['/'] = (500, b'x')
        found = again(site, many)
        assert len(found.unlike) == proof.ENOUGH and len(found.left) == 2
        site.pages['/'] = in_turn(*[(500, b'x')] * proof.ENOUGH + [(200, b'x')])
        found = again(site, many)
        assert (found.unlike, found.left, len(found.answers)) == ([], [], len(many))

    def test_it_ends_with_its_time_or_its_server(self, site):
        site.pages['/'] = (200, b'x')
        asked = [before(site)]
        for bounds in ({'seconds': 0}, {'goes_on': lambda: False}):
            found = again(site, asked, **bounds)
            assert (found.answers, found.unlike, found.left) == ({}, [], asked)


@pytest.mark.parametrize(
    'answer, wrong, unjudged',
    [
        (now(404), 1, 0),
        (now(403), 1, 0),
        (now(200, True), 1, 0),
        # It says so where it does not find its database.
        (now(500), 0, 1),
        (now(302), 0, 1),
        (now(None, error='no'), 0, 1),
    ],
)
def test_a_rehearsal_judges_what_needs_no_other_server(answer, wrong, unjudged):
    one = SiteAnswer('a', 'http://a/', None, None, 200, False)
    found = proof.Round({('http://a/', None): answer}, [one], [])
    assert [len(part) for part in proof.judge_rehearsed(found)] == [wrong, unjudged]


def test_a_rehearsal_says_what_it_had_no_time_for():
    one = SiteAnswer('a', 'http://a/', None, None, 200, False)
    wrong, unjudged = proof.judge_rehearsed(proof.Round({}, [], [one]))
    assert wrong == [] and unjudged[0].startswith('1 requests to sites were not made')
