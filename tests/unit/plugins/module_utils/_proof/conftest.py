# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The sites of these tests have no limits, so they need not be asked gently."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._proof import probes, prove


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    for name in ('PAGE_PAUSE', 'SITE_PAUSE'):
        monkeypatch.setattr(probes, name, 0)
    monkeypatch.setattr(prove, 'LIMIT_PAUSES', (0.05, 0.3))
