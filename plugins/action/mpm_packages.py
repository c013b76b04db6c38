# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the module mpm_packages, and hand on no more of the host's answer than it documents."""

from __future__ import annotations

from ansible_collections.webops.apache.plugins.plugin_utils.checked_action import CheckedAction
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM_PACKAGES


class ActionModule(CheckedAction):
    """There is nothing to add to what all modules have in common."""

    description = MPM_PACKAGES
