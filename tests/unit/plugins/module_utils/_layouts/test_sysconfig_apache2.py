# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts import (
    sysconfig_apache2 as layout,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

GENERATED = '/etc/apache2/sysconfig.d/loadmodule.conf'
STOCK = hosts.STOCK_APACHE2
EMPTY = u'APACHE_MPM=""'
NO_PHP = STOCK.replace(u' php7"', u'"')


def loaded(tree):
    return [
        line.split()[1]
        for line in tree.files[GENERATED].split(u'\n')
        if line.startswith(u'LoadModule')
    ]


def refused(state, mpm, php=None):
    return [
        finding.rule
        for finding in planner.refused(planner.build_plan(state, hosts.wanted(mpm, php=php)))
    ]


@pytest.mark.parametrize(
    'text, mpm, unclear',
    [
        (STOCK, 'prefork', False),
        (u'', 'prefork', False),
        (STOCK.replace(EMPTY, u'APACHE_MPM="worker"'), 'worker', False),
        (STOCK.replace(EMPTY, u"APACHE_MPM='event'"), 'event', False),
        (STOCK.replace(EMPTY, u'APACHE_MPM=$(cat x)'), None, True),
        (STOCK + u'APACHE_MODULES="$APACHE_MODULES `x`"\n', 'prefork', True),
    ],
)
def test_reads_the_choice(text, mpm, unclear):
    choice = hosts.suse_host(text, running=None).choice
    assert bool(choice.unclear) is unclear and (unclear or choice.mpm == mpm)
    assert not unclear or 'choice_unclear' in refused(
        hosts.suse_host(text, running='prefork'), 'event'
    )


class TestGenerated:
    @pytest.mark.parametrize(
        'mpm, cgi, php',
        [('prefork', 'cgi', True), ('worker', 'cgid', False), ('event', 'cgid', False)],
    )
    def test_names_what_has_a_file(self, mpm, cgi, php):
        state = hosts.suse_host()
        names = loaded(layout.choose(state, state.tree, mpm))
        assert [name for name in names if name.startswith('cgi')] == [cgi + '_module'] and (
            'php7_module' in names
        ) is php

    def test_is_what_start_apache2_writes(self):
        state = hosts.suse_host()
        written = [
            line
            for line in state.tree.files[GENERATED].split(u'\n')
            if line.startswith(u'LoadModule')
        ]
        text = layout.choose(state, state.tree, 'prefork').files[GENERATED]
        assert [
            line for line in text.split(u'\n') if u'ssl' not in line and u'socache' not in line
        ] == written + [u'']

    @pytest.mark.parametrize(
        'start, end', [(a, b) for a in model.MPMS for b in model.MPMS if a != b]
    )
    def test_is_never_edited_and_there_and_back_changes_no_byte(self, start, end):
        text = NO_PHP if start == 'prefork' else NO_PHP.replace(EMPTY, u'APACHE_MPM="%s"' % start)
        there = planner.build_plan(hosts.suse_host(text), hosts.wanted(end))
        assert [edit.path for edit in there.edits] == [layout.CHOICE_FILE] and planner.refused(
            there
        ) == []
        back = planner.build_plan(hosts.suse_host(there.edits[0].after), hosts.wanted(start))
        assert [edit.after for edit in back.edits] == [text]
        assert GENERATED not in [move.path for move in there.moves + back.moves]


@pytest.mark.parametrize('mark', [u'"', u"'"])
def test_quoting_is_kept(mark):
    text = NO_PHP.replace(EMPTY, u'APACHE_MPM=%sworker%s # why' % (mark, mark))
    plan = planner.build_plan(hosts.suse_host(text), hosts.wanted('event'))
    assert plan.edits[0].after == text.replace(u'worker%s #' % mark, u'event%s #' % mark)


class TestRefused:
    @pytest.mark.parametrize('mpm', model.THREADED)
    def test_php_has_its_own_rule(self, mpm):
        assert refused(hosts.suse_host(), mpm) == ['php_not_threadsafe'] or 'php_lost' in refused(
            hosts.suse_host(), mpm
        )
        assert refused(hosts.suse_host(), mpm, 'none') == []

    def test_a_module_that_each_start_loads_again_cannot_be_switched_off(self):
        state = hosts.after(
            hosts.suse_host(), planner.build_plan(hosts.suse_host(), hosts.wanted('event', 'none'))
        )
        assert refused(state, 'prefork', 'none') == ['php_stays']
        assert refused(state, 'prefork') == [] and refused(state, 'prefork', 'keep') == []
        assert refused(hosts.suse_host(NO_PHP), 'prefork', 'none') == []

    def test_another_module_without_a_file(self):
        state = hosts.suse_host(NO_PHP, missing=[('worker', 'expires')])
        assert refused(state, 'worker') == ['modules_lost'] and refused(state, 'event') == []


@pytest.mark.parametrize(
    'flags, words',
    [(u'', []), (u'SSL', ['-D', 'SSL']), (u'-DSSL STATUS', ['-D', 'SSL', '-D', 'STATUS'])],
)
def test_server_flags(flags, words):
    options = layout.read_options(
        {
            layout.CHOICE_FILE: STOCK.replace(
                u'APACHE_SERVER_FLAGS=""', u'APACHE_SERVER_FLAGS="%s"' % flags
            )
        },
        {},
    )
    assert options[4 : 4 + len(words)] == words and options[4 + len(words)] == '-C'


@pytest.mark.parametrize('there', [True, False], ids=['there', 'and back'])
def test_sources_are_denied_before_php_is_lost_and_until_it_is_back(there):
    state, denial = hosts.suse_host(), layout.LAYOUT.denial[0]
    plan = planner.build_plan(state, hosts.wanted('worker', php='none'))
    if not there:
        plan = planner.build_plan(hosts.after(state, plan), hosts.wanted('prefork'))
    assert [move.path for move in plan.moves if move.path in (denial, layout.CHOICE_FILE)] == (
        [denial, layout.CHOICE_FILE] if there else [layout.CHOICE_FILE, denial]
    )
