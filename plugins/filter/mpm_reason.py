# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Why a task failed, whatever task it was."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mpm_reason
short_description: Why a task failed, as one line of text
version_added: 0.1.0
author: The webops.apache authors (@webops)
description:
  - Gives the message of a failed task, of its first failed item where it is a loop, cleaned of
    control characters and cut.
options:
  _input:
    description:
      - What Ansible keeps of the task, C(ansible_failed_result). Anything else gives a sentence of
        its own.
    type: raw
    required: true
  task:
    description: The name of the task, which is said where there is no message.
    type: str
    default: ""
positional: task
"""

EXAMPLES = r"""
- name: Try, and note why it failed
  block:
    - name: A task that may fail
      ansible.builtin.command: /bin/false
  rescue:
    - name: Note why
      ansible.builtin.set_fact:
        why: "{{ ansible_failed_result | webops.apache.mpm_reason(ansible_failed_task.name) }}"
"""

RETURN = r"""
_value:
  description: The reason.
  type: str
"""

from typing import Any, Callable

from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.webops.apache.plugins.plugin_utils.fleet import reason_of


def mpm_reason(result: Any, task: Any = '') -> str:
    """Return why a task failed; hosts said some of it, so it is never a template."""
    return wrap_var(reason_of(result, task))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., str]]:
        """Return {name: function}, as Ansible asks for it."""
        return {'mpm_reason': mpm_reason}
