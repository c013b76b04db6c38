# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Extensions that are lost where the thread-safe PHP takes over."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import (
    PhpExtension,
    PhpExtensions,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


def side(name, *extensions, **facts):
    loaded = tuple(PhpExtension(one, '/etc/%s.d/%s.ini' % (name, one), 2) for one in extensions)
    folder = '/usr/lib64/%s/modules' % name
    return PhpExtensions(loaded, ('/etc/%s.d' % name,), folder, facts.get('problem'))


def plan_for(nts, ts, mpm='worker', php=None, accept=(), **changes):
    known = {hosts.NTS: nts, hosts.ZTS: ts}
    state = hosts.el6_host(php_extensions=known, **changes)
    return planner.build_plan(state, hosts.wanted(mpm, php=php, accept=list(accept)))


def refused(plan):
    return [
        one for one in planner.refused(plan) if one.rule == 'php_extensions_missing'
    ]


@pytest.mark.parametrize(
    'nts, ts, named',
    [
        ([], [], []),
        (['gd'], ['gd'], []),
        ([], ['gd'], []),
        (['gd', 'mysql'], ['gd'], ['mysql']),
        (['gd', 'mysql'], [], ['gd', 'mysql']),
    ],
)
@pytest.mark.parametrize('php', [None, 'zts'])
def test_each_is_named(nts, ts, named, php):
    found = refused(plan_for(side('php', *nts), side('php-zts', *ts), php=php))
    assert len(found) == bool(named)
    for name in named:
        assert '%s (/etc/php.d/%s.ini line 2)' % (name, name) in found[0].reason
    if named:
        assert '/etc/php-zts.d' in found[0].fix and '/usr/lib64/php-zts/modules' in found[0].fix


@pytest.mark.parametrize(
    'changes',
    [
        {'php': 'none'},
        {'mpm': 'prefork', 'sysconfig': u'HTTPD=/usr/sbin/httpd.worker\n'},
        {'accept': ['php_extensions_missing']},
    ],
)
def test_they_are_of_no_matter_otherwise(changes):
    assert refused(plan_for(side('php', 'gd'), side('php-zts'), **changes)) == []


def test_what_is_not_known_is_refused():
    (found,) = refused(plan_for(side('php', problem='a fifo'), side('php-zts')))
    assert 'a fifo' in found.reason


def test_a_long_list_is_cut():
    names = ['e%d' % number for number in range(30)]
    (found,) = refused(plan_for(side('php', *names), side('php-zts')))
    assert 'e19 ' in found.reason and 'e20 ' not in found.reason
    assert ' and 10 more' in found.reason
