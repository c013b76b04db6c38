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
from ansible_collections.webops.apache.plugins.plugin_utils import answers
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM_INFO
from ansible_collections.webops.apache.plugins.plugin_utils.fleet import print_table

HEAD = ['HOST', 'RUNNING', 'CONFIGURED', 'COMPILED', 'VERSION', 'PHP', 'REMARKS']


def mpm_audit(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """Return the lines of the table, risks first."""
    rows = [_row(host, hostvars[host].get('mpm_audit')) for host in hosts]
    # Hosts said some of it: never a template.
    return wrap_var(print_table(HEAD, [row[1] for row in sorted(rows, key=lambda row: row[0])]))


def _row(host: str, said: Any) -> tuple[int, list[str | None]]:
    """Return (rank, cells of the line) of a host that said anything, or nothing."""
    try:
        keys = ('msg',) + MPM_INFO.needed
        result = answers.read_keys(MPM_INFO, {} if said is None else said, keys)
    except answers.Unreadable as e:
        return 2, [host] + [None] * 5 + ['unreadable: %s' % e]
    mpm = result.get('mpm')
    if not mpm:
        return 2, [host] + [None] * 5 + [result.get('msg') or 'no answer']
    running = mpm.get('running') or 'stopped'
    return _risk(result, mpm), [
        host,
        running,
        mpm.get('configured'),
        mpm.get('compiled'),
        mpm.get('version'),
        _php(mpm),
        _remarks(result),
    ]


def _risk(result: dict[str, Any], mpm: dict[str, Any]) -> int:
    """Return 0 for the most urgent; 2 is a host that gave no answer."""
    if 'reload_would_kill' in [finding.get('rule') for finding in result.get('findings') or []]:
        return 0
    if mpm.get('running') is not None and mpm['running'] != mpm.get('configured'):
        return 1
    return 3


def _php(mpm: dict[str, Any]) -> str:
    return (
        ', '.join(
            '%s (%s)' % ((module.get('path') or '').split('/')[-1], _safety(module))
            for module in mpm.get('php') or []
        )
        or 'none'
    )


def _safety(module: dict[str, Any]) -> str:
    return 'thread-safe' if module.get('thread_safe') else 'not thread-safe'


def _remarks(result: dict[str, Any]) -> str:
    said = [
        '%s: %s' % (finding.get('rule'), finding.get('reason'))
        for finding in result.get('findings') or []
    ]
    switch_to = result.get('switch_to') or {}
    for target in sorted(switch_to):
        refusals = [found for found in switch_to[target] or [] if found.get('level') == 'refuse']
        against = sorted(set('%s' % found.get('rule') for found in refusals))
        if against:
            said.append('not to %s: %s' % (target, ', '.join(against)))
    return '; '.join(said) or 'can switch'


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., list[str]]]:
        """Return {name: function}, as Ansible asks for it."""
        return {'mpm_audit': mpm_audit}
