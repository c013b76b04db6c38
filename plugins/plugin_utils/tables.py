# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""The tables that a terminal shows at the end of an audit or a switch."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ansible_collections.webops.apache.plugins.plugin_utils import answers
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM_INFO
from ansible_collections.webops.apache.plugins.plugin_utils.fleet import (
    HostEnd,
    count,
    end_of_host,
    in_order,
    print_table,
)

AUDIT = ['HOST', 'RUNNING', 'CONFIGURED', 'COMPILED', 'VERSION', 'PHP', 'REMARKS']
SUMMARY = ['HOST', 'BEFORE', 'AFTER', 'OUTCOME', 'STRATEGY', 'OUTAGE', 'WHY']


def audit_lines(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """Return the lines of an audit, risks first. hostvars: with `mpm_audit` of each host."""
    rows = [_row(host, hostvars[host].get('mpm_audit')) for host in hosts]
    return print_table(AUDIT, [row[1] for row in sorted(rows, key=lambda row: row[0])])


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


def summary_lines(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """Return the lines of a switch, and of the count below them. hostvars: with what the playbook
    leaves on each host.
    """
    ends = in_order([end_of_host(host, hostvars[host]) for host in hosts])
    return print_table(SUMMARY, [_end_row(end) for end in ends]) + [count(ends)]


def _end_row(end: HostEnd) -> list[str | None]:
    outage = None if end.outage is None else '%d ms' % end.outage
    return [end.host, end.before, end.after, end.outcome, end.strategy, outage, end.why]
