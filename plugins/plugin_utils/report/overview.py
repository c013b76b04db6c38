# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""What many hosts of a report have in common: their MPMs, and what prevents a switch."""

from __future__ import annotations

from collections import Counter
from typing import Iterator, NamedTuple, Sequence

from ansible_collections.webops.apache.plugins.plugin_utils.report import hosts
from ansible_collections.webops.apache.plugins.plugin_utils.report.hosts import HostReport

STOPPED, NOT_KNOWN = 'stopped', 'not known'
# Names of hosts that a list shows; the number of the others follows.
MOST_NAMES = 20


class Share(NamedTuple):
    """How many hosts have something in common. percent: of all hosts."""

    name: str
    hosts: int
    percent: float


class Blocker(NamedTuple):
    """A rule that some hosts break.

    level: 'refuse' where it refuses anything, else 'warn'; targets: the MPMs that it refuses, empty
    for a warning; fix: as on the first host; names: of the first hosts; more: how many others there
    are.
    """

    rule: str
    level: str
    targets: Sequence[str]
    fix: str
    names: Sequence[str]
    more: int

    @property
    def hosts(self) -> int:
        """How many hosts break it."""
        return len(self.names) + self.more


class Memory(NamedTuple):
    """Memory of the old servers and of the new ones, in KiB. hosts: how many have both."""

    hosts: int
    old: int
    new: int


class Overview(NamedTuple):
    """What the first part of a report says."""

    total: int
    mpms: Sequence[Share]
    states: Sequence[Share]
    risks: Sequence[HostReport]
    blockers: Sequence[Blocker]
    memory: Memory


def look_over(reports: Sequence[HostReport]) -> Overview:
    """Return the Overview of the reports of all hosts, which are in order."""
    return Overview(
        len(reports),
        _shares([_mpm_of(report) for report in reports]),
        _shares([report.state for report in reports]),
        [report for report in reports if report.rank <= hosts.BAD],
        _blockers(reports),
        _memory(reports),
    )


def _mpm_of(report: HostReport) -> str:
    if report.configured is None and report.running is None:
        return NOT_KNOWN
    return report.running or STOPPED


def _shares(names: Sequence[str]) -> list[Share]:
    """Return the Shares, in the order in which they come first."""
    return [
        Share(name, count, 100.0 * count / len(names)) for name, count in Counter(names).items()
    ]


def _broken_rules(report: HostReport) -> Iterator[tuple[str, str, str, str]]:
    """Yield (rule, level, target or '', fix) of all that a host breaks."""
    for found in report.findings:
        yield found.rule, found.level, '', found.fix
    for target, refusals in report.blocked.items():
        for found in refusals:
            yield found.rule, found.level, target, found.fix


def _blockers(reports: Sequence[HostReport]) -> list[Blocker]:
    """Return the Blockers, those that refuse first, and of these the most frequent."""
    # Dictionaries, since they keep the order and have each name once.
    names: dict[str, dict[str, None]] = {}
    targets: dict[str, dict[str, None]] = {}
    levels: dict[str, set[str]] = {}
    fixes: dict[str, str] = {}
    for report in reports:
        for rule, level, target, fix in _broken_rules(report):
            names.setdefault(rule, {})[report.name] = None
            targets.setdefault(rule, {}).update({target: None} if target else {})
            levels.setdefault(rule, set()).add(level)
            fixes.setdefault(rule, fix)
    found = [
        Blocker(
            rule,
            'refuse' if 'refuse' in levels[rule] else 'warn',
            sorted(targets[rule]),
            fixes[rule],
            list(hit)[:MOST_NAMES],
            max(0, len(hit) - MOST_NAMES),
        )
        for rule, hit in names.items()
    ]
    return sorted(found, key=lambda each: (each.level != 'refuse', -each.hosts, each.rule))


def _memory(reports: Sequence[HostReport]) -> Memory:
    pairs = [
        (each.memory[hosts.BEFORE], each.memory.get(hosts.AFTER, each.memory.get(hosts.REHEARSED)))
        for each in reports
        if hosts.BEFORE in each.memory
    ]
    both = [(old, new) for old, new in pairs if new is not None]
    return Memory(len(both), sum(old for old, _new in both), sum(new for _old, new in both))
