# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._layouts import table
from ansible_collections.webops.apache.plugins.module_utils._model import MPMS
from ansible_collections.webops.apache.plugins.module_utils._plan import changes
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


class TestLayouts:
    def test_have_names_of_their_own(self):
        names = [layout.name for layout in table.LAYOUTS]
        assert sorted(set(names)) == sorted(names)

    @pytest.mark.parametrize(
        'state', [hosts.el6_host(), hosts.el9_host(), hosts.el7_host()], ids=['el6', 'el9', 'el7']
    )
    def test_look_at_every_file_that_they_write(self, state):
        layout = table.layout_named(state.layout)
        edited = [
            edit.path
            for edit in changes.list_edits(
                state, layout.choose(state, state.tree, 'worker'), 'worker'
            )
        ]
        assert edited and set(edited) <= set(layout.evidence) | set(state.tree.files)

    @pytest.mark.parametrize('layout', table.LAYOUTS, ids=lambda layout: layout.name)
    def test_name_a_package_for_every_mpm(self, layout):
        assert sorted(layout.packages) == sorted(MPMS)


class TestLayoutNamed:
    def test_finds_each(self):
        assert [table.layout_named(layout.name) for layout in table.LAYOUTS] == list(table.LAYOUTS)
