# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest

from ansible_collections.webops.apache.plugins.module_utils import _switch
from ansible_collections.webops.apache.plugins.module_utils._errors import InputError
from ansible_collections.webops.apache.plugins.module_utils._model import Place
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

BLUE, GREEN = Place(None, 'httpd@blue', None), Place(None, 'httpd@green', None)


class TestPlaceOf:
    """Whose switch is taken back: one journal a host, whatever server it was of."""

    @pytest.mark.parametrize('earlier, named, place', [
        ({'place': None}, None, None), ({}, None, None), ({'place': list(BLUE)}, None, BLUE), ({'place': list(BLUE)}, BLUE, BLUE)], ids=repr)
    def test_is_that_of_the_earlier_switch(self, earlier, named, place):
        assert _switch._place_of(earlier, hosts.wanted('prefork')._replace(place=named)) == place

    @pytest.mark.parametrize('earlier, words', [({'place': None}, 'the usual one'), ({}, 'the usual one'), ({'place': list(BLUE)}, 'service=httpd@blue')])
    def test_another_one_is_told(self, earlier, words):
        with pytest.raises(InputError) as caught:
            _switch._place_of(earlier, hosts.wanted('prefork')._replace(place=GREEN))
        assert words in caught.value.message
