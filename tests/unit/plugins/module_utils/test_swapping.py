# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a trial of the swaps means for a plan, and which names httpd would read."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _swapping
from ansible_collections.webops.apache.plugins.module_utils._model import (
    ConfigTree,
    Finding,
    SwapPlace,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

STATE = '/var/lib/webops-apache-mpm'
FOUND = (None, 'a rename was answered: EXDEV', 'See what is mounted there.')


class Trial(object):
    """Stands for find_places: notes how it was called, and gives each file this answer."""

    def __init__(self, monkeypatch, answer):
        self.answer, self.sizes, self.write = answer, {}, None
        monkeypatch.setattr(_swapping, 'find_places', self)

    def __call__(self, sizes, folder, is_read, write):
        self.sizes, self.write = sizes, write
        return [SwapPlace(path, *self.answer) for path in sorted(sizes)]


def planned(monkeypatch, answer, check=False, refused=False):
    state = hosts.el6_host()
    plan = planner.build_plan(state, hosts.wanted('worker', directives={'StartServers': 3}))
    assert plan.moves and not planner.refused(plan)
    if refused:
        plan = plan._replace(findings=[Finding('old_event', 'refuse', True, '', '', [])])
    trial = Trial(monkeypatch, answer)
    return trial, plan, _swapping.try_out(state, plan, check, STATE)


class TestTryOut:
    def test_gives_each_file_the_place_that_was_found(self, monkeypatch):
        trial, before, plan = planned(monkeypatch, (STATE, None, None))
        assert plan.findings == before.findings and trial.write
        assert plan.places == dict((edit.real, STATE) for edit in before.moves)

    @pytest.mark.parametrize(
        'check, refused, write', [(0, 0, True), (1, 0, False), (0, 1, False), (1, 1, False)]
    )
    def test_refuses_by_name_and_says_whether_it_was_tried(
        self, monkeypatch, check, refused, write
    ):
        trial, before, plan = planned(monkeypatch, FOUND, check, refused)
        found = [item for item in plan.findings if item.rule == 'cannot_swap']
        assert trial.write == write
        assert len(found) == len(set(edit.real for edit in before.moves))
        assert set((item.level, item.acceptable) for item in found) == set([('refuse', False)])
        assert all('EXDEV' in item.reason and 'mounted' in item.fix for item in found)
        assert all(('nothing was written' in item.reason) != write for item in found)

    def test_asks_for_room_for_the_new_file_and_for_the_way_back(self, monkeypatch):
        trial, before, _plan = planned(monkeypatch, (STATE, None, None))
        for edit in before.moves:
            assert trial.sizes[edit.real] >= len(edit.before or '') + len(edit.after or '')

    def test_asks_nothing_where_no_file_changes(self, monkeypatch):
        state = hosts.el6_host()
        plan = planner.build_plan(state, hosts.wanted('prefork'))
        trial = Trial(monkeypatch, FOUND)
        assert _swapping.try_out(state, plan, False, STATE) == plan and trial.write is None


class TestWhatHttpdReads:
    @pytest.mark.parametrize(
        'line, beside',
        [
            (u'Include conf.modules.d/*.conf', False),
            (u'IncludeOptional conf.modules.d/*', False),
            (u'Include conf.modules.d/', True),
            (u'Include conf.modules.d', True),
            (u'Include /etc/httpd/conf.mod*', True),
            (u'Include conf.modules.d/.*', True),
            (u'Include ${WHERE}', True),
            (u'Include conf.d/*.conf', False),
        ],
    )
    def test_is_told_of_a_hidden_name_beside_a_file(self, line, beside):
        main, module = u'/etc/httpd/conf/httpd.conf', u'/etc/httpd/conf.modules.d/00-mpm.conf'
        files = {main: line + u'\n', module: u''}
        tree = ConfigTree(main, u'/etc/httpd', files, {(main, 1): [module]}, frozenset())
        is_read = _swapping._reader([tree])
        assert is_read('/etc/httpd/conf.modules.d/.webops-0-new') is beside
        assert is_read('/etc/httpd/.webops-0-new') is False

    def test_counts_every_name_of_a_folder(self, tmpdir):
        real = tmpdir.mkdir('real').mkdir('mods')
        tmpdir.mkdir('etc').join('mods').mksymlinkto(real)
        main, module = [
            u'%s' % tmpdir.join('etc', *name) for name in (['main'], ['mods', 'x.conf'])
        ]
        files = {main: u'Include mods/\n', module: u''}
        tree = ConfigTree(
            main, u'%s' % tmpdir.join('etc'), files, {(main, 1): [module]}, frozenset()
        )
        assert _swapping._reader([tree])(str(real.join('.webops-0-new')))
        assert not _swapping._reader([tree])(str(tmpdir.join('real', '.webops-0-new')))
