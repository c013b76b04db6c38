# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The last word of a run: a line for each host."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mpm_summary
short_description: A line for each host of a run, what needs attention first
version_added: 0.1.0
author: The webops.apache authors (@webops)
description:
  - Gives the lines of a table with the MPM before and after, the outcome, the strategy (the way
    from the old server to the new one), the outage in milliseconds, and why a host did not switch.
  - Whatever a host's variables hold, it has a line, and every other host has its own. What a host
    said is cleaned of control characters and cut.
options:
  _input:
    description: C(hostvars).
    type: dict
    required: true
  hosts:
    description: Names of the hosts of the run.
    type: list
    elements: str
    required: true
positional: hosts
"""

EXAMPLES = r"""
- name: Summary
  ansible.builtin.debug:
    msg: "{{ hostvars | webops.apache.mpm_summary(ansible_play_hosts_all) }}"
  run_once: true
"""

RETURN = r"""
_value:
  description: The lines of the table.
  type: list
  elements: str
"""

from typing import Any, Callable, Iterable, Mapping

from ansible.utils.unsafe_proxy import wrap_var
from ansible_collections.webops.apache.plugins.plugin_utils.tables import summary_lines


def mpm_summary(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """Return the lines of the table and of the count below it."""
    # Hosts said some of it: never a template.
    return wrap_var(summary_lines(hostvars, hosts))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        """Return {name: function}, as Ansible asks for it."""
        return {'mpm_summary': mpm_summary}
