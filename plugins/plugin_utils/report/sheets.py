# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""A report for other programs: CSV with a line for each host, and JSON with everything."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Sequence

from ansible_collections.webops.apache.plugins.plugin_utils.report import hosts
from ansible_collections.webops.apache.plugins.plugin_utils.report.hosts import HostReport

HEAD = (
    'host',
    'state',
    'running',
    'configured',
    'version',
    'layout',
    'php',
    'processes',
    'threads',
    'memory_old_kib',
    'memory_new_kib',
    'not_to',
    'advice',
    'findings',
    'before',
    'after',
    'outcome',
    'strategy',
    'outage_ms',
    'why',
)
# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ('=', '+', '-', '@', '\t', '\r')


def render_csv(reports: Sequence[HostReport]) -> str:
    """Return the lines, with those of the head first."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator='\r\n')
    writer.writerow(HEAD)
    for report in reports:
        writer.writerow([_cell(value) for value in _row(report)])
    return stream.getvalue()


def _row(report: HostReport) -> list[Any]:
    switch = report.switch
    return [
        report.name,
        report.problem or report.state,
        report.running,
        report.configured,
        report.version,
        report.layout,
        '; '.join(report.php),
        report.processes,
        report.threads,
        report.memory.get(hosts.NOW, report.memory.get(hosts.BEFORE)),
        report.memory.get(hosts.AFTER, report.memory.get(hosts.REHEARSED)),
        '; '.join(
            '%s: %s' % (mpm, ', '.join(sorted({found.rule for found in refusals})))
            for mpm, refusals in report.blocked.items()
        ),
        report.advice.words if report.advice else None,
        '; '.join('%s: %s' % (found.rule, found.reason) for found in report.findings),
        *(switch[:6] if switch else [None] * 6),
    ]


def _cell(value: Any) -> str:
    """Return a cell that no spreadsheet evaluates; empty for None."""
    words = '' if value is None else '%s' % (value,)
    return "'" + words if words.startswith(_FORMULA) else words


def render_json(title: str, made: str, reports: Sequence[HostReport]) -> str:
    """Return everything, as one object with a list of hosts."""
    plain = {'title': title, 'made': made, 'hosts': [_plain(report) for report in reports]}
    return json.dumps(plain, indent=1) + '\n'


def _plain(value: Any) -> Any:
    """Return a value with its records as dictionaries."""
    if hasattr(value, '_asdict'):
        return {key: _plain(each) for key, each in value._asdict().items()}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, (list, tuple)) else value
