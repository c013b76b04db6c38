# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _backends as backends
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import fpm_hosts, hosts

BROKEN, EMPTY = u'[pool own] cannot get uid for user', u'ERROR: No pool defined. at least one'


def tried(active, rc, words, php='fpm'):
    state = fpm_hosts.debian_with_fpm(fpm_hosts.DEBIAN_FPM._replace(active=active))
    plan = planner.build_plan(state, hosts.wanted('event', php=php))

    def run(argv):
        assert argv == ['/usr/sbin/php-fpm8.2', '-t']
        return CommandResult(argv, rc, u'', words)

    found = backends.try_fpm(run, state, plan)
    return [one.reason for one in found.findings if one.rule == 'fpm_unusable']


@pytest.mark.parametrize(
    'active, rc, words, refused',
    [
        (True, 0, u'test is successful', False),
        (True, 78, BROKEN, True),
        (False, 78, BROKEN, True),
        (True, 78, EMPTY, True),
        (False, 78, EMPTY, False),
    ],
)
def test_an_fpm_that_could_not_start_again_is_refused(active, rc, words, refused):
    found = tried(active, rc, words)
    assert bool(found) == refused
    assert not found or words in found[0]


def test_where_it_is_not_to_take_over_nobody_asks():
    assert tried(True, 78, BROKEN, php='none') == []


def test_our_own_pools_need_not_answer_yet():
    state = fpm_hosts.debian_with_fpm()
    plan = planner.build_plan(state, hosts.wanted('event', php='fpm'))
    assert backends.try_out(plan) == plan
