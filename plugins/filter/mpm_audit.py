# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The audit of a fleet: a line for each host."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mpm_audit
short_description: A line for each host, with the MPM that runs and what stands against a switch
version_added: 0.1.0
author: The webops.apache authors (@webops)
description:
  - Hosts that any reload would end come first, then those whose next restart changes the MPM.
  - A host that answered with something else than a reading has a line that says so. What a host
    said is cleaned of control characters and cut.
options:
  _input:
    description: C(hostvars), with the result of M(webops.apache.mpm_info) registered as
      C(mpm_audit).
    type: dict
    required: true
  hosts:
    description: Names of the hosts.
    type: list
    elements: str
    required: true
positional: hosts
"""

EXAMPLES = r"""
- name: Audit
  ansible.builtin.debug:
    msg: "{{ hostvars | webops.apache.mpm_audit(ansible_play_hosts_all) }}"
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
from ansible_collections.webops.apache.plugins.plugin_utils.tables import audit_lines


def mpm_audit(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """Return the lines of the table, risks first."""
    # Hosts said some of it: never a template.
    return wrap_var(audit_lines(hostvars, hosts))


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        """Return {name: function}, as Ansible asks for it."""
        return {'mpm_audit': mpm_audit}
