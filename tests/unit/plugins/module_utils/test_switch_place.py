# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _switch
from ansible_collections.webops.apache.plugins.module_utils._errors import InputError
from ansible_collections.webops.apache.plugins.module_utils._model import Place
from ansible_collections.webops.apache.plugins.module_utils._transaction.last import Earlier
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

BLUE, GREEN = Place(None, 'httpd@blue', None), Place(None, 'httpd@green', None)
USUAL = Earlier('prefork', 'worker', None, {}, False)
OF_BLUE = USUAL._replace(place=list(BLUE))


class TestPlaceOf:
    """Whose switch is taken back: one journal a host, whatever server it was of."""

    @pytest.mark.parametrize(
        'earlier, named, place', [(USUAL, None, None), (OF_BLUE, None, BLUE), (OF_BLUE, BLUE, BLUE)]
    )
    def test_is_that_of_the_earlier_switch(self, earlier, named, place):
        assert _switch._place_of(earlier, hosts.wanted('prefork')._replace(place=named)) == place

    @pytest.mark.parametrize(
        'earlier, words', [(USUAL, 'the usual one'), (OF_BLUE, 'service=httpd@blue')]
    )
    def test_another_one_is_told(self, earlier, words):
        with pytest.raises(InputError) as caught:
            _switch._place_of(earlier, hosts.wanted('prefork')._replace(place=GREEN))
        assert words in caught.value.message


class TestTakenBackAlready:
    """To ask twice for the way back is to ask for the same."""

    @pytest.mark.parametrize('check', [False, True])
    def test_changes_nothing_and_says_so(self, monkeypatch, check):
        earlier = USUAL._replace(taken_back=True)
        monkeypatch.setattr(_switch.last, 'recall', lambda folder: earlier)
        request = hosts.wanted('prefork')._replace(state='rolled_back')
        result = _switch._decide(None, request, False, '/none', check).result
        assert (result['outcome'], result['changed'], result['failed']) == (
            'unchanged',
            False,
            False,
        )
        assert 'from prefork to worker, was taken back already' in result['msg']

    def test_another_server_that_is_named_is_still_an_error(self, monkeypatch):
        earlier = OF_BLUE._replace(taken_back=True)
        monkeypatch.setattr(_switch.last, 'recall', lambda folder: earlier)
        request = hosts.wanted('prefork')._replace(state='rolled_back', place=GREEN)
        with pytest.raises(InputError, match='service=httpd@blue'):
            _switch._decide(None, request, False, '/none')
