# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Run a module of others, and hand on no more of its answer than how it ended and what it said."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.webops.apache.plugins.plugin_utils import output, text
from ansible_collections.webops.apache.plugins.plugin_utils.checked_action import CheckedAction
from ansible_collections.webops.apache.plugins.plugin_utils.documented import (
    BROKEN,
    COMMON,
    MPM_CALL,
)

# A module for packages is chosen by this fact; it stays in the action plugin that asks for it.
FACTS = 'ansible_facts'


class ActionModule(CheckedAction):
    """What comes back is a host's own words, or those of a page that it serves."""

    description = MPM_CALL

    def _ask(self, arguments: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Return the checked answer. Raises AnsibleError where a module cannot be run."""
        try:
            action = self._action(arguments)
            return self._answer_of(lambda: action.run(task_vars=task_vars), arguments)
        except AnsibleConnectionFailure as e:
            if not self._task.delegate_to:
                raise
            # It is not the host of the task, which may go on without those that are not reached.
            return {
                'failed': True,
                'changed': False,
                'msg': 'The host %s was not reached: %s'
                % (self._task.delegate_to, text.short('%s' % e.message)),
            }

    def _action(self, arguments: dict[str, Any]) -> ActionBase:
        """Return the action plugin of the module, which asks the host by this one's connection."""
        task = self._task.copy()
        task.action, task.args = arguments.get('module'), arguments.get('arguments') or {}
        action = self._shared_loader_obj.action_loader.get(
            task.action,
            task=task,
            connection=self._connection,
            play_context=self._play_context,
            loader=self._loader,
            templar=self._templar,
            shared_loader_obj=self._shared_loader_obj,
        )
        if action is None:
            words = 'module: %s has no action plugin. No host was asked.'
            raise AnsibleActionFail(words % task.action)
        parse = action._parse_returned_data
        keys = list(MPM_CALL.keys) + list(COMMON) + list(BROKEN) + [FACTS]
        action._parse_returned_data = lambda res, *args, **options: parse(
            output.wash(res, keys), *args, **options
        )
        return action
