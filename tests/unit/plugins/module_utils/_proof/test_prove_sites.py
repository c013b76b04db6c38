# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import SiteAnswer
from ansible_collections.webops.apache.plugins.module_utils._proof import probes, prove
from ansible_collections.webops.apache.plugins.module_utils._proof import sites as proof
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._proof import sites
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._proof.test_prove import (
    Scene,
)

SHOP = '/shop'


@pytest.fixture
def scene(tmpdir, monkeypatch):
    monkeypatch.setattr(prove, 'READY_WAIT', 0.1)
    monkeypatch.setattr(probes, 'TIMEOUT', 0.5)
    monkeypatch.setattr(probes, 'PAGE_PAUSE', 0)
    monkeypatch.setattr(proof, 'PAUSES', (0.01, 0.01))
    with sites.serving(sites.Site({'/': (200, b'hello'), SHOP: (200, b'there')})) as site:
        yield Scene(site, tmpdir)


def order_of(scene):
    url = scene.site.url(SHOP, host='shop.example')
    return scene.order()._replace(sites=[SiteAnswer('shop:80', url, None, None, 200, False)])


def asked(scene):
    return [path for path, _headers in scene.site.asked]


class TestProve:
    def test_a_site_that_answers_as_before_is_proved(self, scene):
        order = order_of(scene)
        assert scene.wrong(order) == []
        assert [one.status for one in scene.context.site_answers.values()] == [200]
        host = dict(scene.site.asked)[SHOP]['Host']
        assert host == 'shop.example:%d' % scene.site.port

    def test_a_site_that_breaks_alone_is_a_failed_proof(self, scene):
        order = order_of(scene)
        scene.site.pages[SHOP] = (404, b'')
        words = 'shop:80 answers 404 at %s, before it was 200' % order.sites[0].url
        assert scene.wrong(order) == [words]

    def test_sites_are_not_asked_where_something_else_is_wrong(self, scene):
        order = order_of(scene)
        scene.site.pages['/'] = (404, b'')
        assert len(scene.wrong(order)) == 1 and SHOP not in asked(scene)

    def test_sites_are_asked_once_for_all_the_time_that_the_server_is_watched(self, scene):
        order = order_of(scene)._replace(soak=1)
        assert scene.wrong(order) == [] and asked(scene).count(SHOP) == 1


class TestProveRestored:
    def test_a_site_that_answers_as_before_is_proved(self, scene):
        scene.context.site_answers = {'as the new server': 'answered'}
        prove.prove_restored(order_of(scene), scene.context)
        assert scene.context.proved and scene.context.unlike == [] and SHOP in asked(scene)
        assert scene.context.site_answers == {'as the new server': 'answered'}

    def test_a_site_that_does_not_is_told(self, scene):
        order = order_of(scene)
        scene.site.pages[SHOP] = (500, b'')
        prove.prove_restored(order, scene.context)
        assert not scene.context.proved
        assert scene.context.unlike[0].startswith('shop:80 answers 500 at ')
