# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import links

TABLE = (
    u'00000000000000000000000000000001 01 80 10 80       lo\n'
    u'fe800000000000000042acfffe140002 a70 40 20 80     eth0\n'
    u'fd0ed215f25f00000000000000000002 a70 40 00 82     eth0\n'
)


@pytest.mark.parametrize(
    'address, expected',
    [('fe80::42:acff:fe14:2', 'fe80::42:acff:fe14:2%2672'), ('fe80::1', 'fe80::1')],
)
def test_the_link_of_an_address_is_that_which_has_it(address, expected):
    assert links.with_link(address, TABLE) == expected


@pytest.mark.parametrize('address', ['192.0.2.1', '::1', '2001:db8::1', '::'])
def test_other_addresses_need_none(address):
    assert links.reachable(address) == address


@pytest.mark.skipif(not os.path.exists(links.INTERFACES), reason='this host has no IPv6')
def test_of_an_address_that_no_link_has_there_is_none():
    assert links.reachable('fe80::dead') == 'fe80::dead'
