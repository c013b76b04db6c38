# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import changes
from ansible_collections.webops.apache.plugins.module_utils._syntax.trees import (
    with_file,
    with_text,
    without_file,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

A, B, C = '/etc/httpd/conf.d/a.conf', '/etc/httpd/conf.d/b.conf', '/etc/httpd/conf.d/c.conf'
AVAILABLE = '/etc/httpd/available/b.conf'
LINK = model.Link('../available/b.conf')


def host():
    """A host with a.conf and, behind a link that has to stay one, b.conf; c.conf may be linked
    as well.
    """
    state = hosts.el9_host(more=[(A, u'Listen 81\n')])
    tree = with_file(state.tree, B, u'Listen 82\n', LINK.target)
    paths = dict(state.disk.paths, **{B: model.PathFacts(B, AVAILABLE, None, 'utf-8')})
    evidence = {AVAILABLE: u'Listen 82\n', '/etc/httpd/available/c.conf': u'Listen 83\n'}
    return hosts.changed(state, tree=tree, paths=paths, evidence=evidence)


def brief(edits):
    return [(edit.path, edit.real, edit.before, edit.after) for edit in edits]


class TestListEdits:
    @pytest.mark.parametrize(
        'change, edits',
        [
            (lambda tree: tree, []),
            (
                lambda tree: with_text(tree, A, u'Listen 91\n'),
                [(A, A, u'Listen 81\n', u'Listen 91\n')],
            ),
            (lambda tree: without_file(tree, A), [(A, A, u'Listen 81\n', None)]),
            (lambda tree: with_file(tree, C, u'x\n'), [(C, C, None, u'x\n')]),
            (lambda tree: without_file(tree, B), [(B, B, LINK, None)]),
            (
                lambda tree: with_file(tree, C, u'Listen 83\n', '../available/c.conf'),
                [(C, C, None, model.Link('../available/c.conf'))],
            ),
            (
                lambda tree: without_file(with_text(tree, A, u''), B),
                [(A, A, u'Listen 81\n', u''), (B, B, LINK, None)],
            ),
        ],
        ids=[
            'nothing',
            'a text',
            'a file goes',
            'a file comes',
            'a link goes',
            'a link comes',
            'two',
        ],
    )
    def test_give_each_path_once(self, change, edits):
        state = host()
        assert brief(changes.list_edits(state, change(state.tree), 'event')) == edits

    def test_write_behind_a_link_whose_text_changes(self):
        state = host()
        edits = changes.list_edits(state, with_text(state.tree, B, u'Listen 92\n'), 'event')
        assert brief(edits) == [(B, AVAILABLE, u'Listen 82\n', u'Listen 92\n')]

    def test_have_the_choice_last(self):
        state = hosts.el6_host()
        tree = with_text(with_text(state.tree, hosts.PHP_CONF, u''), hosts.MAIN, u'')
        assert [edit.path for edit in changes.list_edits(state, tree, 'worker')] == [
            hosts.PHP_CONF,
            hosts.MAIN,
            hosts.SYSCONFIG,
        ]
        state = host()
        tree = with_text(with_text(state.tree, hosts.MPM_CONF, u''), hosts.MAIN, u'')
        assert [edit.path for edit in changes.list_edits(state, tree, 'event')] == [
            hosts.MAIN,
            hosts.MPM_CONF,
        ]


def edit(path, before, after, real=None):
    return model.FileEdit(path, real or path, before, after, 'why')


class TestFollow:
    @pytest.mark.parametrize(
        'align, edits, left',
        [
            ([], [], []),
            ([], [edit(A, u'1', u'2')], [(A, A, u'1', u'2')]),
            ([edit(A, u'1', u'2')], [], [(A, A, u'2', u'1')]),
            ([edit(A, u'1', u'2')], [edit(A, u'1', u'2')], []),
            ([edit(A, u'1', u'2')], [edit(A, u'1', u'3')], [(A, A, u'2', u'3')]),
            (
                [edit(A, u'1', u'2')],
                [edit(B, u'1', u'2')],
                [(A, A, u'2', u'1'), (B, B, u'1', u'2')],
            ),
            (
                [edit(A, None, LINK)],
                [edit(B, LINK, None)],
                [(A, A, LINK, None), (B, B, LINK, None)],
            ),
            ([edit(A, u'1', None)], [edit(A, u'1', u'3')], [(A, A, None, u'3')]),
            (
                [edit(A, u'1', u'2', '/real')],
                [edit(B, u'1', u'3', '/real')],
                [(B, '/real', u'2', u'3')],
            ),
        ],
        ids=[
            'nothing',
            'no align',
            'goes back',
            'is there already',
            'goes on',
            'beside',
            'links',
            'comes back',
            'one file under two names',
        ],
    )
    def test_gives_what_is_left_to_do(self, align, edits, left):
        assert brief(changes.follow(align, edits)) == left

    def test_both_in_turn_come_to_the_same_as_the_edits_alone(self):
        align, edits = (
            [edit(A, u'1', u'2'), edit(B, u'1', None)],
            [edit(B, u'1', u'3'), edit(C, None, u'4')],
        )
        disk = {A: u'1', B: u'1', C: None}
        for move in align + changes.follow(align, edits):
            assert disk[move.real] == move.before
            disk[move.real] = move.after
        assert disk == {A: u'1', B: u'3', C: u'4'}


class TestWithContents:
    @pytest.mark.parametrize(
        'contents, files, links',
        [
            ({}, {}, {}),
            ({A: u'x\n'}, {A: u'x\n'}, {}),
            ({AVAILABLE: u'x\n'}, {B: u'x\n'}, {}),
            ({A: None}, {A: None}, {}),
            ({B: None}, {B: None}, {B: None}),
            (
                {C: model.Link('../available/c.conf')},
                {C: u'Listen 83\n'},
                {C: '../available/c.conf'},
            ),
            (
                {C: model.Link('/etc/httpd/available/c.conf')},
                {C: u'Listen 83\n'},
                {C: '/etc/httpd/available/c.conf'},
            ),
            (
                {B: model.Link('../available/c.conf')},
                {B: u'Listen 83\n'},
                {B: '../available/c.conf'},
            ),
            ({C: model.Link('../nowhere')}, {C: u''}, {C: '../nowhere'}),
            ({'/elsewhere': u'x\n'}, {}, {}),
            ({C: u'x\n'}, {C: u'x\n'}, {}),
            ({B: u'x\n'}, {B: u'x\n'}, {B: None}),
            ({'/etc/httpd/conf.d/c.txt': u'x\n'}, {}, {}),
            ({'/elsewhere': None}, {}, {}),
        ],
        ids=[
            'nothing',
            'a text',
            'behind a link',
            'a file goes',
            'a link goes',
            'a link comes',
            'an absolute link',
            'another link',
            'a dangling one',
            'not of the tree',
            'a file comes',
            'a file in the place of a link',
            'not included',
            'nothing of the tree',
        ],
    )
    def test_holds_every_value(self, contents, files, links):
        state = host()
        tree = changes.with_contents(state, contents)
        wanted, led = dict(state.tree.files, **files), dict(state.tree.links, **links)
        assert tree.files == dict((path, text) for path, text in wanted.items() if text is not None)
        assert tree.links == dict(
            (path, target) for path, target in led.items() if target is not None
        )

    @pytest.mark.parametrize(
        'contents, included',
        [
            ({}, [A, B]),
            ({A: None}, [B]),
            ({C: model.Link('../available/c.conf')}, [A, B, C]),
            ({A: None, B: None}, []),
            ({C: u'x\n'}, [A, B, C]),
            ({B: u'x\n'}, [A, B]),
        ],
    )
    def test_includes_what_is_there_then(self, contents, included):
        tree = changes.with_contents(host(), contents)
        assert [
            names
            for (path, _line), names in tree.includes.items()
            if path == hosts.MAIN and hosts.MPM_CONF not in names
        ] == [included]

    @pytest.mark.parametrize('mpm', model.MPMS)
    def test_and_what_a_switch_had_before_is_how_it_was(self, mpm):
        state = hosts.el9_host()
        edits = changes.list_edits(
            state,
            with_text(state.tree, hosts.MPM_CONF, u'LoadModule mpm_%s_module x.so\n' % mpm),
            mpm,
        )
        there = state._replace(
            tree=changes.with_contents(state, dict((item.real, item.after) for item in edits))
        )
        assert there.tree.files != state.tree.files
        assert (
            changes.with_contents(there, dict((item.real, item.before) for item in edits))
            == state.tree
        )


class TestListRestored:
    @pytest.mark.parametrize(
        'contents, edits',
        [
            ({}, []),
            ({A: u'Listen 81\n'}, []),
            ({A: u'x\n'}, [(A, A, u'Listen 81\n', u'x\n')]),
            ({A: None}, [(A, A, u'Listen 81\n', None)]),
            ({B: LINK}, []),
            ({B: None}, [(B, B, LINK, None)]),
            ({B: model.Link('../other')}, [(B, B, LINK, model.Link('../other'))]),
            ({C: LINK}, [(C, C, None, LINK)]),
            ({C: None}, []),
            ({AVAILABLE: u'Listen 82\n'}, []),
            ({AVAILABLE: u'x\n'}, [(B, AVAILABLE, u'Listen 82\n', u'x\n')]),
            (
                {hosts.MPM_CONF: u'', A: u''},
                [(A, A, u'Listen 81\n', u''), (hosts.MPM_CONF, hosts.MPM_CONF, hosts.EL9_MPM, u'')],
            ),
        ],
        ids=[
            'nothing',
            'as it is',
            'a text',
            'a file goes',
            'a link as it is',
            'a link goes',
            'another link',
            'a link comes',
            'never there',
            'behind a link as it is',
            'behind a link',
            'the choice last',
        ],
    )
    def test_gives_what_differs(self, contents, edits):
        assert brief(changes.list_restored(host(), contents)) == edits

    def test_the_choice_may_be_beside_the_tree(self):
        state = hosts.el6_host()
        assert changes.list_restored(state, {hosts.SYSCONFIG: hosts.STOCK_SYSCONFIG}) == []
        edits = changes.list_restored(state, {hosts.SYSCONFIG: u'HTTPD=/x\n', hosts.PHP_CONF: u''})
        assert brief(edits) == [
            (hosts.PHP_CONF, hosts.PHP_CONF, hosts.STOCK_PHP, u''),
            (hosts.SYSCONFIG, hosts.SYSCONFIG, hosts.STOCK_SYSCONFIG, u'HTTPD=/x\n'),
        ]
