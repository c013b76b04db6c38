# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""The tables that a terminal shows at the end of an audit or a switch."""

from __future__ import annotations

from typing import Any, Iterable, Mapping

from ansible_collections.webops.apache.plugins.plugin_utils.fleet import (
    HostEnd,
    count,
    end_of_host,
    in_order,
    print_table,
)
from ansible_collections.webops.apache.plugins.plugin_utils.report import hosts as report

AUDIT = ['HOST', 'RUNNING', 'CONFIGURED', 'COMPILED', 'VERSION', 'PHP', 'ADVICE', 'REMARKS']
SUMMARY = ['HOST', 'BEFORE', 'AFTER', 'OUTCOME', 'STRATEGY', 'OUTAGE', 'WHY']


def audit_lines(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[str]:
    """Return the lines of an audit, risks first. hostvars: with `mpm_audit` of each host."""
    reports = report.in_order([report.audited(host, hostvars[host]) for host in hosts])
    return print_table(AUDIT, [_audit_row(each) for each in reports])


def _audit_row(host: report.HostReport) -> list[str | None]:
    if host.problem:
        return [host.name] + [None] * 6 + [host.problem]
    return [
        host.name,
        host.running or 'stopped',
        host.configured,
        host.compiled,
        host.version,
        ', '.join(host.php) or 'none',
        host.advice.words if host.advice else None,
        _remarks(host),
    ]


def _remarks(host: report.HostReport) -> str:
    """Return what was found on a host, and what prevents a switch to each MPM."""
    said = ['%s: %s' % (finding.rule, finding.reason) for finding in host.findings] + [
        'not to %s: %s' % (mpm, ', '.join(sorted({refusal.rule for refusal in refusals})))
        for mpm, refusals in host.blocked.items()
    ]
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
