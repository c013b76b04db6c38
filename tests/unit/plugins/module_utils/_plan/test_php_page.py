# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import PathFacts
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

ROOT = '/var/www/html'
READ_ONLY = ROOT + ' is on a file system that is mounted read-only'


def with_root(facts, **changes):
    """A host with these PathFacts of its document root, or with none."""
    state = hosts.el6_host(**changes)
    paths = dict((path, state.disk.paths[path]) for path in state.disk.paths if path != ROOT)
    return hosts.changed(state, paths=dict(paths, **({ROOT: facts} if facts else {})))


class TestPhpNotAsked:
    """Wherever a page could ask PHP, either a step does it or a warning says that none does."""

    @pytest.mark.parametrize(
        'facts, why',
        [
            (PathFacts(ROOT, ROOT, None, 'utf-8'), None),
            (PathFacts(ROOT, '/srv/www', None, 'utf-8'), None),
            (PathFacts(ROOT, ROOT, None, 'utf-8', READ_ONLY), READ_ONLY),
            (PathFacts(ROOT, ROOT, 'it belongs to user 48', 'utf-8'), 'it belongs to user 48'),
            (PathFacts(ROOT, ROOT, 'it belongs to user 48', 'utf-8', READ_ONLY), READ_ONLY),
            (None, 'no document root of the main server is known'),
        ],
    )
    def test_is_said_with_the_reason_where_there_is_no_page(self, facts, why):
        plan = planner.build_plan(with_root(facts), hosts.wanted('worker'), token='t0k')
        said = [item for item in plan.findings if item.rule == 'php_not_asked']
        assert [(item.level, why in item.reason) for item in said] == [('warn', True)] * bool(why)
        assert ('write_page' in [step.action for step in plan.steps]) == (not why)
        assert plan.steps

    @pytest.mark.parametrize(
        'state, wanted',
        [
            (with_root(None, php_conf=None), hosts.wanted('worker')),
            (with_root(None), hosts.wanted('worker', php='none')),
            (with_root(None), hosts.wanted('prefork')),
            (with_root(None, running=None), hosts.wanted('worker')),
        ],
        ids=['no PHP', 'none is wanted', 'nothing to do', 'the server is stopped'],
    )
    def test_is_not_said_where_nothing_would_be_asked(self, state, wanted):
        plan = planner.build_plan(state, wanted, token='t0k')
        assert 'php_not_asked' not in [item.rule for item in plan.findings]
