# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate between two waves."""

from __future__ import annotations

DOCUMENTATION = r"""
name: mpm_failed_hosts
short_description: Names of the hosts whose switch did not go well so far
version_added: 0.1.0
author: The webops.apache authors (@webops)
description:
  - Every end counts but a good one (V(switched), V(planned), V(unchanged)); hosts that were not
    tried yet do not. So a host that was recovered, or of which nothing is known, holds the waves
    that follow, too.
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
- name: Stop here if an earlier wave failed
  ansible.builtin.meta: end_play
  when: hostvars | webops.apache.mpm_failed_hosts(ansible_play_hosts_all) | length > 0
"""

RETURN = r"""
_value:
  description: Names of hosts.
  type: list
  elements: str
"""

from typing import Any, Callable, Iterable, Mapping

from ansible_collections.webops.apache.plugins.plugin_utils.fleet import end_of_host, is_bad


def mpm_failed_hosts(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """Return the hosts that must hold the waves that follow."""
    return [host for host in hosts if is_bad(end_of_host(host, hostvars[host]))]


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        """Return {name: function}, as Ansible asks for it."""
        return {'mpm_failed_hosts': mpm_failed_hosts}
