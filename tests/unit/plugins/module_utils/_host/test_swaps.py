# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._host import swaps
from ansible_collections.webops.apache.plugins.module_utils._layouts.table import (
    LAYOUTS,
    layout_named,
)
from ansible_collections.webops.apache.plugins.module_utils._model import Swap
from ansible_collections.webops.apache.plugins.module_utils._packages.foreseen import make_foreseen


@pytest.fixture
def answer(monkeypatch):
    """Sets what apt-get would do, by package; of any other it says nothing."""

    def make(**removes):
        def foresee(_run, names, manager):
            assert manager == 'apt'
            mpm = names[0].split('-')[-1]
            if mpm not in removes:
                raise ReadError('no such package')
            return make_foreseen('apt', [], names, [], removes[mpm])

        monkeypatch.setattr(swaps, 'foresee', foresee)

    return make


class TestReadSwaps:
    def test_asks_for_every_mpm_that_is_not_there(self, answer):
        answer(worker=['apache2-mpm-prefork', 'libapache2-mod-php5', 'psa'])
        assert swaps.read_swaps(None, layout_named('mpm_package'), {'prefork': None}) == {
            'worker': Swap(
                'apache2-mpm-worker', ['apache2-mpm-prefork'], ['psa', 'libapache2-mod-php5'], None
            ),
            'event': Swap('apache2-mpm-event', [], [], 'no such package'),
        }

    @pytest.mark.parametrize(
        'layout',
        [layout for layout in LAYOUTS if layout.name != 'mpm_package'],
        ids=lambda layout: layout.name,
    )
    def test_asks_nothing_where_a_file_chooses(self, answer, layout):
        answer(prefork=[], worker=[], event=[])
        assert swaps.read_swaps(None, layout, {}) == {}
