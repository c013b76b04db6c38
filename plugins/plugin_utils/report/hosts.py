# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""What a report says of each host, from what the tasks of a playbook have registered on it.

A host is not believed: all of it goes through `answers`, and a host whose answer has an odd shape
is a host with a problem, while every other host has its own lines.
"""

from __future__ import annotations

from typing import Any, Mapping, NamedTuple, Sequence

from ansible_collections.webops.apache.plugins.module_utils import _outcomes
from ansible_collections.webops.apache.plugins.plugin_utils import answers, fleet
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM, MPM_INFO

# Where a host stands, the most urgent first.
DEADLY, DIFFERS, UNKNOWN, BAD, BLOCKED, WARNED, GOOD = range(7)
MPMS = ('prefork', 'worker', 'event')
# When memory was measured: of the server that runs (in a switch: that ran) first; of the new server
# in private; of the new server in the end.
NOW, BEFORE, REHEARSED, AFTER = WHEN = ('now', 'before', 'rehearsed', 'after')
_RELOAD = 'A reload or a graceful restart would end this server'
_RESTART = 'The next restart changes the MPM from %s to %s'
_STOPPED = 'The server is stopped'


class Finding(NamedTuple):
    """What was found against a switch, or worth a warning. level: 'refuse' or 'warn'."""

    rule: str
    level: str
    reason: str
    fix: str


class Site(NamedTuple):
    """How one site serves some names of files.

    place: the section with rules of its own, empty for the whole site; now, then: as the module
    documents them.
    """

    name: str
    place: str
    ports: Sequence[int]
    names: Sequence[str]
    now: str
    then: str


class Switch(NamedTuple):
    """What a switch did. outage: milliseconds or None."""

    before: str | None
    after: str | None
    outcome: str
    strategy: str | None
    outage: int | None
    why: str
    steps: Sequence[str]


class Advice(NamedTuple):
    """Which MPM to run. php: what `switch_mpm_php` has to say for it, empty for nothing."""

    mpm: str
    php: str
    reasons: Sequence[str]

    @property
    def words(self) -> str:
        """The advice in short."""
        return '%s, php: %s' % (self.mpm, self.php) if self.php else self.mpm


class HostReport(NamedTuple):
    """All that a report says of one host.

    rank: one of the constants above; state: the rank in words; problem: why nothing is known of the
    host, else empty; running: None where the server is stopped; blocked: {MPM: what refuses it};
    memory: {when: KiB}, when is one of WHEN; switch: None in an audit; advice: None in a switch.
    """

    name: str
    rank: int
    state: str
    problem: str = ''
    running: str | None = None
    configured: str | None = None
    compiled: str | None = None
    version: str | None = None
    layout: str | None = None
    php: Sequence[str] = ()
    panels: Sequence[str] = ()
    processes: int | None = None
    threads: int | None = None
    memory: Mapping[str, int] = {}
    directives: Mapping[str, float] = {}
    effective: Mapping[str, float] = {}
    findings: Sequence[Finding] = ()
    blocked: Mapping[str, Sequence[Finding]] = {}
    sites: Sequence[Site] = ()
    switch: Switch | None = None
    advice: Advice | None = None


def audited(host: str, variables: Mapping[str, Any]) -> HostReport:
    """Return the HostReport of a host that `mpm_info` has read, as `mpm_audit` of its variables."""
    said = variables.get('mpm_audit')
    try:
        result = answers.read_keys(
            MPM_INFO, {} if said is None else said, ('msg',) + tuple(MPM_INFO.keys)
        )
    except answers.Unreadable as e:
        return HostReport(host, UNKNOWN, 'Unreadable', 'Its answer cannot be read: %s' % e)
    if not result.get('mpm'):
        return HostReport(host, UNKNOWN, 'No answer', result.get('msg') or 'It gave no answer.')
    described = _describe(result['mpm'])
    blocked = {
        mpm: refusals
        for mpm, found in sorted((result.get('switch_to') or {}).items())
        if (refusals := [each for each in _findings(found) if each.level == 'refuse'])
    }
    findings = _findings(result.get('findings'))
    rank, state = _stand(described, findings, blocked)
    return HostReport(
        host,
        rank,
        state,
        findings=findings,
        blocked=blocked,
        sites=_sites(result.get('php_sites')),
        advice=_advice(result.get('advice')),
        **described,
    )


def switched(host: str, variables: Mapping[str, Any]) -> HostReport:
    """Return the HostReport of a host of a switch, from `switch_mpm_result` of its variables."""
    end = fleet.end_of_host(host, variables)
    result: dict[str, Any] = {}
    if end.outcome != _outcomes.UNREADABLE:
        keys = ('before', 'after', 'findings', 'steps', 'rehearsal', 'php_sites')
        result = answers.read_keys(MPM, variables.get('switch_mpm_result') or {}, keys)
    known = _outcomes.outcome_named(end.outcome)
    described = _describe(result.get('after') or result.get('before') or {})
    described['memory'] = _memory_of_switch(end.outcome, result)
    findings = _findings(result.get('findings'))
    return HostReport(
        host,
        BAD if known.failed else WARNED if findings else GOOD,
        end.outcome.replace('_', ' ').capitalize(),
        end.why,
        findings=findings,
        sites=_sites(result.get('php_sites')),
        switch=Switch(
            end.before,
            end.after,
            end.outcome,
            end.strategy,
            end.outage,
            end.why,
            result.get('steps') or (),
        ),
        **described,
    )


def _memory_of_switch(outcome: str, result: dict[str, Any]) -> dict[str, int]:
    """Return what was measured of the old server and of the new one."""
    found = {
        BEFORE: _memory_of(result.get('before')),
        REHEARSED: (result.get('rehearsal') or {}).get('memory_kib'),
        AFTER: _memory_of(result.get('after')) if outcome == _outcomes.SWITCHED else None,
    }
    return {when: kib for when, kib in found.items() if kib is not None}


def _memory_of(mpm: dict[str, Any] | None) -> int | None:
    return ((mpm or {}).get('process') or {}).get('memory_kib')


def in_order(reports: Sequence[HostReport]) -> list[HostReport]:
    """Return the reports with what a reader has to see first at the front."""
    return sorted(reports, key=lambda report: (report.rank, _order_of(report)))


def _order_of(report: HostReport) -> int:
    return _outcomes.rank_of(report.switch.outcome) if report.switch else 0


def _describe(mpm: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a HostReport that a description of a host fills."""
    process = mpm.get('process') or {}
    memory = _memory_of(mpm)
    return {
        'running': mpm.get('running'),
        'configured': mpm.get('configured'),
        'compiled': mpm.get('compiled'),
        'version': mpm.get('version'),
        'layout': mpm.get('layout'),
        'php': [_name_php(module) for module in mpm.get('php') or []],
        'panels': mpm.get('panels') or (),
        'processes': process.get('processes'),
        'threads': process.get('threads'),
        'memory': {} if memory is None else {NOW: memory},
        'directives': dict(sorted((mpm.get('directives') or {}).items())),
        'effective': dict(sorted((mpm.get('effective') or {}).items())),
    }


def _name_php(module: dict[str, Any]) -> str:
    safety = {True: 'thread-safe', False: 'not thread-safe', None: 'thread safety unknown'}
    name = (module.get('path') or '').split('/')[-1]
    return '%s (%s)' % (name, safety[module.get('thread_safe')])


def _findings(found: Any) -> list[Finding]:
    return [
        Finding(*['%s' % (each.get(key) or '') for key in Finding._fields]) for each in found or []
    ]


def _advice(found: Any) -> Advice | None:
    if not found or not found.get('mpm'):
        return None
    return Advice(found['mpm'], found.get('php') or '', found.get('reasons') or ())


def _sites(found: Any) -> list[Site]:
    return [
        Site(
            each.get('site') or 'the main server',
            each.get('place') or '',
            each.get('ports') or (),
            each.get('names') or (),
            each.get('now') or '',
            each.get('then') or '',
        )
        for each in found or []
    ]


def _stand(
    described: dict[str, Any],
    findings: Sequence[Finding],
    blocked: Mapping[str, Sequence[Finding]],
) -> tuple[int, str]:
    """Return (rank, state) of a host that was read."""
    running, configured = described['running'], described['configured']
    if 'reload_would_kill' in [found.rule for found in findings]:
        return DEADLY, _RELOAD
    if running is not None and running != configured:
        return DIFFERS, _RESTART % (running, configured or 'none')
    others = [mpm for mpm in MPMS if mpm != configured]
    if all(mpm in blocked for mpm in others):
        return BLOCKED, 'No other MPM is possible as it is'
    if findings:
        return WARNED, 'With warnings'
    return GOOD, _STOPPED if running is None else 'Good'
