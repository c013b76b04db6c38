# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""The action plugins of all modules of the collection: a host's answer is checked before use."""

from __future__ import annotations

import re
from typing import Any, Callable

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible_collections.webops.apache.plugins.plugin_utils import (
    answers,
    output,
    single_tries,
    text,
)
from ansible_collections.webops.apache.plugins.plugin_utils.documented import (
    BROKEN,
    COMMON,
    Description,
)

# The one fact that is handed on: Ansible itself looked for it, and would look before each task.
_INTERPRETER = 'discovered_interpreter_python'
_PATH = re.compile(r'/[A-Za-z0-9_./+-]{1,200}\Z')


class CheckedAction(ActionBase):
    """Run a module of the collection and return nothing but the documented keys of its answer.

    description: the Description of the module, given by each subclass.
    """

    description: Description
    _supports_check_mode = True
    # With async Ansible, and not the plugin, would fetch the answer later.
    _supports_async = False

    def run(
        self, tmp: str | None = None, task_vars: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Return the checked answer. Raises AnsibleError for a host that was not reached."""
        super().run(tmp, task_vars)
        return self._with_interpreter(self._ask(dict(self._task.args), task_vars))

    def _ask(self, arguments: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Return the checked answer to one run of the module with these options."""
        name = self.description.module
        return self._answer_of(
            lambda: self._execute_module(
                module_name=name, module_args=arguments, task_vars=task_vars
            ),
            arguments,
        )

    def _answer_of(
        self, run: Callable[[], dict[str, Any]], arguments: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the checked answer that `run()` gives. Raises AnsibleError as that does."""
        try:
            answer = run()
        except output.Oversized as e:
            return answers.unreadable(self.description, '%s' % e)
        except AnsibleConnectionFailure as e:
            raise single_tries.as_seen(e, text.short('%s' % e.message))
        except AnsibleError:
            raise
        except Exception as e:  # Ansible takes more for granted of an answer than is in this one
            problem = 'Ansible gave up on it with %s' % type(e).__name__
            return answers.unreadable(self.description, problem)
        return self._check(answer, arguments)

    def _check(self, answer: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
        return answers.check_answer(self.description, answer)

    def _parse_returned_data(
        self, res: dict[str, Any], *args: Any, **options: Any
    ) -> dict[str, Any]:
        """Have Ansible parse no more than the documented keys. Raises output.Oversized."""
        keys = list(self.description.keys) + list(COMMON) + list(BROKEN)
        washed = output.wash(res, keys)
        return super()._parse_returned_data(washed, *args, **options)

    def _with_interpreter(self, result: dict[str, Any]) -> dict[str, Any]:
        found = self._discovered_interpreter
        if self._discovered_interpreter_key != _INTERPRETER or not isinstance(found, str):
            return result
        return dict(result, ansible_facts={_INTERPRETER: found}) if _PATH.match(found) else result
