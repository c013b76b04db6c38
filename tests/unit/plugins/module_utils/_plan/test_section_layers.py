# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._plan.section_layers import (
    SitePlace,
    url_of,
)


def place(name, words, folder=None, url='/'):
    return SitePlace(folder, (name, words, '/c', 1), url)


@pytest.mark.parametrize(
    'where, url',
    [
        (SitePlace('/srv/a', None, '/'), ''),
        (place('directory', ('/srv/a/up',), '/srv/a/up'), '/up'),
        (place('directory', ('/srv/a/up/x',), '/srv/a/up/x'), '/up/x'),
        # Not below the root, or nobody knows where.
        (place('directory', ('/srv/b/up',), '/srv/b/up'), None),
        (place('directory', ('/srv/ab',), '/srv/ab'), None),
        (place('directory', ('/srv/a/*',), '/srv/a/*'), None),
        (place('directory', ('~', '/up'), None), None),
        (place('directorymatch', ('/up',), '/srv/a'), None),
        (place('location', ('/in/',), '/srv/a', '/in/'), '/in'),
        (place('location', ('/../x',), '/srv/a', '/../x'), None),
        (place('location', ('/a b',), '/srv/a', '/a b'), None),
        (place('locationmatch', ('/in',), '/srv/a', '/in'), None),
        (SitePlace('/srv/b', ('alias', ('/b', '/srv/b')), '/b'), '/b'),
        (place('if', ('true',), '/srv/a'), None),
    ],
)
def test_a_place_is_asked_by_its_address(where, url):
    assert url_of(where, '/srv/a') == url


def test_without_a_folder_of_documents_no_folder_has_an_address():
    assert url_of(place('directory', ('/srv/a/up',), '/srv/a/up'), None) is None
