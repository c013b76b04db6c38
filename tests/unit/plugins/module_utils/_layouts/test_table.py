# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.module_utils._layouts import table


class TestLayouts:
    def test_have_names_of_their_own(self):
        names = [layout.name for layout in table.LAYOUTS]
        assert sorted(set(names)) == sorted(names)

    def test_look_at_the_file_that_they_write(self):
        assert all(layout.choice_file in layout.evidence for layout in table.LAYOUTS)


class TestLayoutNamed:
    def test_finds_each(self):
        assert [table.layout_named(layout.name) for layout in table.LAYOUTS] == list(table.LAYOUTS)
