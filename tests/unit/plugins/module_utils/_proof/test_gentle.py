# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sites that limit how often they are asked: the proof stays below, and does not take a limit for
a broken server."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ProofError
from ansible_collections.webops.apache.plugins.module_utils._model import Probe
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    Address,
    Expectation,
    ProofOrder,
)
from ansible_collections.webops.apache.plugins.module_utils._proof import probes, prove
from ansible_collections.webops.apache.plugins.module_utils._system.clock import monotonic
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._proof import sites


class LimitedSite(object):
    """As mod_evasive: after `allowed` requests in `window` s it answers `status` for `block` s, and
    for as long again whenever it is asked meanwhile.
    """

    def __init__(self, allowed, window, block, status=403):
        self.allowed, self.window, self.block, self.status = allowed, window, block, status
        self.times, self.blocked_until = [], 0

    def __call__(self, connection):
        now = monotonic()
        self.times = [each for each in self.times if each > now - self.window] + [now]
        if now < self.blocked_until or len(self.times) > self.allowed:
            self.blocked_until = now + self.block
            connection.sendall(sites.answer(self.status, b'too often'))
        else:
            connection.sendall(sites.answer(200, b'well'))


class AfterAnswers(object):
    """A page that gives these statuses in turn, the last one for ever."""

    def __init__(self, *statuses):
        self.statuses, self.asked = list(statuses), 0

    def __call__(self, connection):
        self.asked += 1
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        connection.sendall(sites.answer(status, b''))


def order_of(site, tmpdir):
    tmpdir.join('pid').write('%d\n' % os.getpid())
    expected = Expectation(
        mpm='worker',
        exe=os.path.realpath('/proc/self/exe'),
        pid_file=str(tmpdir.join('pid')),
        ports=[site.port],
        modules=[],
    )
    return ProofOrder(
        expected=expected,
        answers=prove.observe([], site.addresses),
        probes=[],
        soak=0.1,
        error_log=None,
        addresses=[Address(*each) for each in site.addresses],
        token=None,
        page=None,
        threaded_php=False,
    )


class TestPace:
    @pytest.mark.parametrize(
        'urls, least',
        [
            (['/', '/'], 0.3),
            (['/', '/', '/'], 0.6),
            (['/', '/b'], 0.05),
            (['/', '/b', '/c', '/'], 0.3),
        ],
    )
    def test_one_page_and_one_site_are_asked_with_a_pause(self, monkeypatch, urls, least):
        monkeypatch.setattr(probes, 'PAGE_PAUSE', 0.3)
        monkeypatch.setattr(probes, 'SITE_PAUSE', 0.05)
        with sites.serving(sites.Site(dict((url, (200, b'')) for url in urls))) as site:
            began = monotonic()
            for url in urls:
                probes.ask(Probe(site.url(url), None, None), site.addresses)
        assert least <= monotonic() - began < least + 3

    def test_a_limit_for_each_second_is_not_reached(self, tmpdir, monkeypatch):
        monkeypatch.setattr(probes, 'PAGE_PAUSE', 0.06)
        with sites.serving(sites.Site({'/': LimitedSite(2, 0.1, 60)})) as site:
            prove.prove(order_of(site, tmpdir), Context(None, []))


class TestALimitThatWasReached:
    @pytest.mark.parametrize('status', [403, 429, 503])
    @pytest.mark.parametrize('block', [0.04, 0.2], ids=['a moment', 'as mod_evasive'])
    def test_is_waited_for_and_is_no_failure(self, tmpdir, monkeypatch, status, block):
        monkeypatch.setattr(prove, 'READY_WAIT', 0.1)
        page = LimitedSite(1, 0.01, block, status)
        with sites.serving(sites.Site({'/': page})) as site:
            order = order_of(site, tmpdir)
            # Somebody else asks too often, just before us.
            page.blocked_until = monotonic() + 0.02
            prove.prove(order._replace(soak=0), Context(None, []))

    @pytest.mark.parametrize(
        'statuses, asked', [((200, 403), 4), ((200, 503), 4), ((200, 429, 404), None)]
    )
    def test_that_stays_is_a_failure_after_few_requests(self, tmpdir, monkeypatch, statuses, asked):
        monkeypatch.setattr(prove, 'READY_WAIT', 0.1)
        page = AfterAnswers(*statuses)
        with sites.serving(sites.Site({'/': page})) as site:
            order = order_of(site, tmpdir)
            with pytest.raises(ProofError, match='answers %d' % statuses[-1]):
                prove.prove(order, Context(None, []))
        assert asked in (None, page.asked)

    def test_of_a_restored_server_is_a_warning_that_names_the_proof(self, tmpdir):
        with sites.serving(sites.Site({'/': AfterAnswers(200, 403)})) as site:
            order, context = order_of(site, tmpdir), Context(None, [])
            prove.prove_restored(order, context)
        assert not context.proved and len(context.warnings) == 1
        assert 'the proof of the restored server failed' in context.warnings[0]
        assert 'answers 403, before it was 200' in context.warnings[0]
