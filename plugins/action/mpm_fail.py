# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fail for what an earlier task failed for, with what is documented of its answer."""

from __future__ import annotations

from typing import Any

from ansible.plugins.action import ActionBase
from ansible_collections.webops.apache.plugins.plugin_utils import answers, text
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM_FAIL


class ActionModule(ActionBase):
    """Asks no host."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the failure, whatever the earlier answer holds."""
        super().run(tmp, task_vars)
        words = '%s' % self._task.args.get('msg')
        return dict(self._details(), failed=True, msg=text.short(words, text.MOST_OF_MESSAGE))

    def _details(self) -> dict[str, Any]:
        try:
            return answers.read_keys(MPM_FAIL, self._task.args.get('answer') or {}, MPM_FAIL.keys)
        except answers.Unreadable:
            return {}
