# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import itertools

import pytest
from ansible_collections.webops.apache.plugins.module_utils._layouts import loadmodule as layout
from ansible_collections.webops.apache.plugins.module_utils._layouts import mpm_lines
from ansible_collections.webops.apache.plugins.module_utils._model import MPMS
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._layouts.conf_files import (
    ALL,
    BLANKS,
    ODD,
    ONE,
    OTHER_CONF,
    TUNING,
    host,
    load,
    loaded,
    stock,
)


def counts(tree):
    return dict((path, text.count(u'\n')) for path, text in tree.files.items())


def where_signs_do_not_count(tree):
    """The texts, each line's sign at its beginning, if it has one."""
    return dict(
        (path, [(u'#' in line, line.replace(u'#', u'', 1)) for line in text.split(u'\n')])
        for path, text in tree.files.items()
    )


class TestChoose:
    @pytest.mark.parametrize('mpm', MPMS)
    @pytest.mark.parametrize('name', sorted(ALL))
    def test_loads_exactly_the_one_that_is_wanted(self, name, mpm):
        state = host(ALL[name])
        tree = layout.choose(state, state.tree, mpm)
        assert set(loaded(state, tree)) == set([mpm])
        assert (
            layout.read_choice(
                hosts.reading_of(tree, {}, {hosts.HTTPD: hosts.SHARED}, hosts.HTTPD, '2.4.62')
            ).mpm
            == mpm
        )

    @pytest.mark.parametrize('mpm', MPMS)
    @pytest.mark.parametrize('name', sorted(ALL))
    def test_a_second_time_changes_nothing(self, name, mpm):
        state = host(ALL[name])
        once = layout.choose(state, state.tree, mpm)
        assert layout.choose(state, once, mpm) == once

    @pytest.mark.parametrize('mpm', MPMS)
    @pytest.mark.parametrize('name', sorted(ONE))
    def test_there_and_back_changes_no_byte(self, name, mpm):
        start, files = ONE[name]
        state = host(files)
        assert loaded(state, state.tree) == [start]
        there = layout.choose(state, state.tree, mpm)
        assert (there == state.tree) is (mpm == start)
        assert layout.choose(state, there, start) == state.tree

    @pytest.mark.parametrize('mpm', MPMS)
    @pytest.mark.parametrize('name', sorted(BLANKS))
    def test_there_and_back_only_moves_a_sign_that_stood_behind_blanks(self, name, mpm):
        start, files = BLANKS[name]
        state = host(files)
        back = layout.choose(state, layout.choose(state, state.tree, mpm), start)
        assert loaded(state, back) == [start]
        assert where_signs_do_not_count(back) == where_signs_do_not_count(state.tree)

    @pytest.mark.parametrize('name', sorted(ONE))
    def test_round_by_every_other_and_back_changes_no_byte(self, name):
        start, files = ONE[name]
        state = host(files)
        tree = state.tree
        for mpm in [other for other in MPMS if other != start] * 2:
            tree = layout.choose(state, tree, mpm)
            assert loaded(state, tree) == [mpm]
        assert layout.choose(state, tree, start) == state.tree

    @pytest.mark.parametrize('mpm', MPMS)
    @pytest.mark.parametrize(
        'name', sorted(name for name, files in ALL.items() if loaded(host(files), host(files).tree))
    )
    def test_no_line_comes_or_goes_where_one_was_active(self, name, mpm):
        state = host(ALL[name])
        tree = layout.choose(state, state.tree, mpm)
        assert counts(tree) == counts(state.tree)
        assert (tree.includes, tree.present, tree.links) == (
            state.tree.includes,
            state.tree.present,
            state.tree.links,
        )

    def test_a_stock_switch_moves_one_sign(self):
        state = hosts.el9_host()
        tree = layout.choose(state, state.tree, 'worker')
        assert tree.files == dict(
            state.tree.files,
            **{
                hosts.MPM_CONF: hosts.EL9_MPM.replace(
                    u'\nLoadModule mpm_event', u'\n#LoadModule mpm_event'
                ).replace(u'#LoadModule mpm_worker', u'LoadModule mpm_worker')
            }
        )

    @pytest.mark.parametrize('mpm', ['prefork', 'event'])
    def test_of_several_the_others_get_a_sign_and_nothing_else_changes(self, mpm):
        state = host(ODD['two in two files'])
        tree = layout.choose(state, state.tree, mpm)
        path, other = (hosts.MPM_CONF, 'event') if mpm == 'prefork' else (OTHER_CONF, 'prefork')
        text = state.tree.files[path].replace(load(other), u'#' + load(other))
        assert (
            tree.files == dict(state.tree.files, **{path: text}) and text != state.tree.files[path]
        )

    def test_a_line_is_added_before_any_that_may_ask_for_the_mpm(self):
        state = host({hosts.MPM_CONF: u'# MPM\n' + TUNING})
        tree = layout.choose(state, state.tree, 'event')
        assert (
            tree.files[hosts.MPM_CONF]
            == u'# MPM\nLoadModule mpm_event_module %s\n' % hosts.MPM_MODULES['event'] + TUNING
        )

    def test_without_a_file_for_mpms_the_line_goes_into_the_main_file(self):
        state = hosts.el9_host(running=None)
        tree = hosts.conf_tree(hosts.EL_HTTPD, None)
        text = layout.choose(state, tree, 'worker').files[hosts.MAIN]
        assert text == hosts.EL_HTTPD.replace(
            u'ServerRoot',
            u'LoadModule mpm_worker_module %s\nServerRoot' % hosts.MPM_MODULES['worker'],
        )

    def test_a_module_of_an_unusual_folder_is_taken_from_beside_the_active_one(self):
        state = host({hosts.MPM_CONF: load(u'event', u'/opt/httpd/lib/mod_mpm_%s.so')})
        tree = layout.choose(state, state.tree, 'prefork')
        assert tree.files[hosts.MPM_CONF] == load(u'prefork', u'/opt/httpd/lib/mod_mpm_%s.so')


QUOTED = {hosts.MPM_CONF: load(u'event', u'"modules/mod_mpm_%s.so"')}
BLANK = {hosts.MPM_CONF: load(u'event', u'"/opt/my web/mod_mpm_%s.so"')}
TWO_LINES = {hosts.MPM_CONF: load(u'event', form=u'LoadModule mpm_%s_module \\\n  %s\n')}
TWO_LINES_STOCK = {
    hosts.MPM_CONF: stock().replace(
        u'LoadModule mpm_event_module ', u'LoadModule mpm_event_module \\\n  '
    )
}
COPY = {hosts.MPM_CONF: u'#' + load(u'event') + load(u'event') + u'#' + load(u'prefork')}
TAKES_OVER = {
    hosts.MPM_CONF: load(u'prefork')
    + u'<IfModule !mpm_prefork_module>\n%s</IfModule>\n' % load(u'event')
}
TWO_AND_GUARD = {
    hosts.MPM_CONF: load(u'event')
    + load(u'prefork')
    + u'<IfModule !mpm_event_module>\n%s</IfModule>\n' % load(u'worker')
}
TAKES_OVER_OF_TWO = {
    hosts.MPM_CONF: load(u'prefork')
    + u'<IfModule !mpm_prefork_module>\n  <IfModule !worker.c>\n  %s  </IfModule>\n</IfModule>\n'
    % load(u'event')
}
CUT_WORD = {
    hosts.MPM_CONF: u'#LoadModule mpm_prefork_module modules/mod_mpm_prefork.so\nLoadModule '
    u'mpm_event_module mod\\\nules/mod_mpm_event.so\n'
}
UNREAD = {
    hosts.MAIN: hosts.EL_HTTPD.replace(u'Include conf.m', u'<IfDefine NO>\nInclude conf.m').replace(
        u'\n\nUser', u'\n</IfDefine>\n\nUser'
    ),
    hosts.MPM_CONF: stock(),
}
PROSE = {
    hosts.MPM_CONF: u'# For example:\n# LoadModule mpm_prefork_module /path/to/mod_mpm_prefork.so\n'
    + stock()
}


@pytest.mark.parametrize(
    'files, mpm',
    [
        (QUOTED, 'worker'),
        (BLANK, 'worker'),
        (PROSE, 'prefork'),
        (TWO_LINES, 'worker'),
        (TWO_LINES_STOCK, 'worker'),
        (COPY, 'prefork'),
        (TAKES_OVER, 'worker'),
        (TAKES_OVER, 'event'),
        (TAKES_OVER_OF_TWO, 'worker'),
        (TAKES_OVER_OF_TWO, 'event'),
        (TWO_AND_GUARD, 'prefork'),
        (TWO_AND_GUARD, 'event'),
        (TWO_AND_GUARD, 'worker'),
        (UNREAD, 'event'),
    ],
)
def test_all_of_this_holds_for_odd_lines(files, mpm):
    state = host(files)
    before, tree = loaded(state, state.tree), layout.choose(state, state.tree, mpm)
    active = layout.active_lines(tree, layout.world_of(state))
    assert [layout.mpm_of(item) for item in active] == [mpm]
    assert len(active[0].args) == 2 and not active[0].args[1].startswith('/path/to')
    assert not before or counts(tree) == counts(state.tree)
    assert len(before) != 1 or layout.choose(state, tree, before[0]) == state.tree


@pytest.mark.parametrize('ways', list(itertools.permutations(MPMS)))
@pytest.mark.parametrize('files', [TAKES_OVER, TAKES_OVER_OF_TWO, TWO_AND_GUARD, TWO_LINES_STOCK])
def test_any_way_round_guards_has_exactly_one_and_no_line_more(files, ways):
    state = host(files)
    tree = state.tree
    for mpm in ways * 2:
        tree = layout.choose(state, tree, mpm)
        assert loaded(state, tree) == [mpm] and counts(tree) == counts(state.tree)


def test_a_line_that_is_set_aside_says_so_and_is_still_known():
    state = host(TAKES_OVER)
    tree = layout.choose(state, state.tree, 'worker')
    assert (
        mpm_lines.ASIDE + u'LoadModule mpm_event_module modules/mod_mpm_event.so\n'
        in tree.files[hosts.MPM_CONF]
    )
    assert [
        inner.args[0] for _line, inner in mpm_lines.waiting_lines(tree.files[hosts.MPM_CONF])
    ] == ['mpm_event_module']


def test_where_a_word_goes_on_in_the_next_line_a_line_is_added():
    state = host(CUT_WORD)
    tree = layout.choose(state, state.tree, 'worker')
    assert (
        loaded(state, tree) == ['worker']
        and load('worker', hosts.MPM_MODULES['worker'][: -len('worker.so')] + '%s.so')
        in tree.files[hosts.MPM_CONF]
    )
