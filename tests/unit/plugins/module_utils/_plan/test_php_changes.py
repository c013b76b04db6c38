# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Served
from ansible_collections.webops.apache.plugins.module_utils._plan.php_changes import (
    every_mapping,
    kept_denials,
)
from ansible_collections.webops.apache.plugins.module_utils._plan.php_mapping import SiteMappings

UP = '<Directory /srv/a/up>'


def sites(how, name='page.php', place=None):
    served = {(None, name): Served('file', None, None, None)}
    served[place, name] = Served(how, None, '/c', 1)
    return [SiteMappings('a', served, [], {None: '', UP: '/up'})]


@pytest.mark.parametrize(
    'now, then, found',
    [
        (sites('denied'), sites('denied'), [(None, '')]),
        (sites('denied', place=UP), sites('denied', place=UP), [(UP, '/up')]),
        (sites('denied', 'page.phps'), sites('denied', 'page.phps'), [(None, '')]),
        (sites('denied'), sites('mod_php'), []),
        (sites('mod_php'), sites('denied'), []),
        # Many hosts deny pages that are no scripts.
        (sites('denied', 'page.html'), sites('denied', 'page.html'), []),
    ],
)
def test_scripts_that_stay_denied_are_known(now, then, found):
    assert [(one.place, one.url) for one in kept_denials(now, then)] == found


def test_each_place_has_the_address_at_which_it_is_asked():
    found = every_mapping(sites('mod_php', place=UP), sites('mod_php', place=UP))
    assert [(one.place, one.url) for one in found] == [(None, ''), (UP, '/up')]
