# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""What became of each host of a run.

Whatever a host's variables hold, it is an end of that host and of no other.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, NamedTuple, Sequence

from ansible_collections.webops.apache.plugins.module_utils import _outcomes
from ansible_collections.webops.apache.plugins.module_utils._words import NOT_KNOWN
from ansible_collections.webops.apache.plugins.plugin_utils import answers, text
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM

# Who may have said the outcome of a registered result.
_SPEAKERS = _outcomes.names_said_by(_outcomes.MODULE, _outcomes.ACTION)
# What of a result ends in a summary.
_KEYS = ('outcome', 'before', 'after', 'strategy', 'outage_ms', 'findings', 'msg', 'module_stderr')
_HELD = 'an earlier wave did not go well'
_SKIPPED = 'packages would be installed first, and then it would be planned'
_LOST = (
    'The host was not reached: %s If it was lost in the middle of the switch, '
    'what became of it is unknown.'
)


class HostEnd(NamedTuple):
    """How a host ended.

    outcome: a name of _outcomes.OUTCOMES; strategy: 'overlap', 'hold' or 'stop', None where no
    server was restarted; outage: milliseconds or None; why: empty where there is nothing to
    explain.
    """

    host: str
    before: str | None
    after: str | None
    outcome: str
    strategy: str | None
    outage: int | None
    why: str


def end_of_host(host: str, variables: Mapping[str, Any]) -> HostEnd:
    """Return the HostEnd from the variables that the playbook leaves on a host."""
    result = variables.get('switch_mpm_result')
    result = {} if result is None else result
    failure = _words(variables.get('mpm_failure'))
    try:
        outcome, answer = _outcome_of(result)
    except answers.Unreadable as e:
        return HostEnd(host, None, None, _outcomes.UNREADABLE, None, None, '%s' % e)
    known = _outcomes.outcome_named(outcome)
    if failure and not known.failed:
        outcome = _outcomes.FAILED
    why = _why(outcome, result, answer, failure)
    after = _after(answer, variables.get('switch_mpm_back'))
    return HostEnd(
        host,
        _running(answer.get('before')),
        after,
        outcome,
        _strategy(outcome, answer),
        answer.get('outage_ms'),
        why,
    )


def _after(answer: dict[str, Any], back: Any) -> str | None:
    """Return the MPM that ran in the end. back: the result of the switch back, if there was one."""
    if not back:
        return _running(answer.get('after'))
    try:
        return _running(answers.read_keys(MPM, back, ('after',)).get('after')) or NOT_KNOWN
    except answers.Unreadable:
        return NOT_KNOWN


def _outcome_of(result: Any) -> tuple[str, dict[str, Any]]:
    """Return (outcome, checked keys of the result). Raises Unreadable for what no call leaves."""
    answer = answers.read_keys(MPM, result, _KEYS)
    if result.get('unreachable'):
        return _outcomes.UNREACHABLE, answer
    if not result or result.get('skipped'):
        return _outcomes.NOT_TRIED, answer
    outcome = answer.get('outcome')
    if outcome is None:
        return _outcomes.FAILED, answer
    if outcome not in _SPEAKERS:
        raise answers.Unreadable('its outcome is %s' % text.short(outcome, 40))
    return outcome, answer


def _strategy(outcome: str, answer: dict[str, Any]) -> str | None:
    """Return the way that was taken, None where no server was restarted."""
    if outcome in (_outcomes.REFUSED, _outcomes.UNCHANGED):
        return None
    return (answer.get('strategy') or {}).get('used')


def _why(outcome: str, result: Any, answer: dict[str, Any], failure: str) -> str:
    """Return the reason for an end that is not good, as text."""
    if not _outcomes.outcome_named(outcome).failed:
        if outcome != _outcomes.NOT_TRIED:
            return ''
        return _SKIPPED if result.get('skipped') else _HELD
    if outcome == _outcomes.UNREACHABLE:
        return _words(result.get('msg'))
    return _refusals(outcome, answer) or failure or _said(answer)


def _refusals(outcome: str, answer: dict[str, Any]) -> str:
    if outcome != _outcomes.REFUSED:
        return ''
    findings = [found for found in answer.get('findings') or [] if found.get('level') == 'refuse']
    return '; '.join('%s: %s' % (found.get('rule'), found.get('reason')) for found in findings)


def _said(answer: dict[str, Any]) -> str:
    """Return what the module said of itself, with the end of its traceback if it has one."""
    said = [answer.get('msg'), answer.get('module_stderr')]
    return text.short(' '.join(words for words in said if words), text.MOST_OF_MESSAGE)


def _running(description: dict[str, Any] | None) -> str | None:
    return (description.get('running') or 'stopped') if description else None


def _words(value: Any) -> str:
    """Return what a variable holds as text: empty for nothing, its type for what is not text."""
    if value in (None, '', {}, []):
        return ''
    if isinstance(value, str):
        return text.short(value, text.MOST_OF_MESSAGE)
    return 'of type %s, where text belongs' % type(value).__name__


def failure_of(result: Any) -> str:
    """Return why a result of the module is not a success, as text.

    It is empty for a success, and where the module did not have to run. result: what a task
    registered, of any type.
    """
    if not isinstance(result, dict):
        return 'The result is %s.' % (_words(result) or 'empty')
    if result.get('unreachable'):
        return _LOST % _words(result.get('msg'))
    if result.get('skipped'):
        return ''
    try:
        outcome, answer = _outcome_of(result)
    except answers.Unreadable as e:
        return answers.UNREADABLE % (MPM.module, e)
    if not _outcomes.outcome_named(outcome).failed and outcome != _outcomes.NOT_TRIED:
        return ''
    return _said(answer) or 'no answer'


def reason_of(result: Any, task: Any = '') -> str:
    """Return why a task failed, as text.

    result: what Ansible keeps of it, of any type; task: its name.
    """
    result = result if isinstance(result, dict) else {}
    failed = [item for item in _items(result) if isinstance(item, dict) and item.get('failed')]
    # Of a loop Ansible says no more than that an item failed.
    words = _words((failed[0] if failed else result).get('msg'))
    return words or 'the task %s failed and did not say why' % (_words(task) or 'before')


def _items(result: dict[str, Any]) -> list[Any]:
    return result['results'] if isinstance(result.get('results'), list) else []


def is_bad(end: HostEnd) -> bool:
    """Return whether this end of a host must hold the waves that follow."""
    return _outcomes.outcome_named(end.outcome).holds


def in_order(ends: Sequence[HostEnd]) -> list[HostEnd]:
    """Return the ends with what a reader has to see first at the front."""
    return sorted(ends, key=lambda end: _outcomes.rank_of(end.outcome))


def count(ends: Sequence[HostEnd]) -> str:
    """Return how many hosts ended how, as text: '3 hosts: 1 refused, 2 switched'."""
    names = [end.outcome for end in ends]
    counts = [
        '%d %s' % (names.count(outcome.name), outcome.name)
        for outcome in _outcomes.OUTCOMES
        if outcome.name in names
    ]
    return '%d hosts: %s' % (len(names), ', '.join(counts))


def print_table(head: Sequence[str | None], rows: Iterable[Sequence[str | None]]) -> list[str]:
    """Return the lines of a table whose last column is as long as it likes."""
    cells = [[plain(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head) - 1)]
    return [
        '  '.join([cell.ljust(width) for cell, width in zip(row, widths)] + [row[-1]]).rstrip()
        for row in cells
    ]


def plain(value: Any) -> str:
    """Return a cell of a table as text for a terminal: one line, clean and cut; a dash for None."""
    return '-' if value is None else text.short('%s' % (value,), text.MOST_OF_MESSAGE)
