# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""Make a checked result of whatever a host said: documented keys and types only, clean and cut.

A managed host is not believed. Its answer is data about that host, and nothing in it reaches a
variable, an option or a terminal of the controller but through here.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable, TypeVar

from ansible_collections.webops.apache.plugins.module_utils import _outcomes
from ansible_collections.webops.apache.plugins.module_utils._model import PRESENT
from ansible_collections.webops.apache.plugins.plugin_utils import text
from ansible_collections.webops.apache.plugins.plugin_utils.documented import (
    BROKEN,
    COMMON,
    DECIMAL,
    LAST_LINES,
    LINES,
    MESSAGE,
    MPM,
    NUMBER,
    TEXT,
    Description,
    Kind,
    Map,
)

# Entries of one list or dictionary, and characters of all texts of an answer together.
MOST_ENTRIES = 1000
MOST_OF_ALL = 262144
# Numbers beyond this are no counts, ports or milliseconds.
MOST_NUMBER = 2**53

CUTTERS: Dict[str, Callable[[str], str]] = {
    TEXT: text.short,
    MESSAGE: lambda value: text.short(value, text.MOST_OF_MESSAGE),
    LINES: text.short_lines,
    LAST_LINES: text.last_lines,
}
CUT = 'The answer of the host was too long to be kept whole. Cut: %s.'
UNREADABLE = (
    '%s ran on this host, and its answer cannot be read: %s. Only a host that is broken, '
    'or that lies, answers so; what state it is in is not known. Nothing else of the '
    'answer was used. Look at the host itself before anything else is done to it.'
)


_Type = TypeVar('_Type')


class Unreadable(Exception):
    """An answer that no module of this collection gives; the argument says in words why not."""


class Reader:
    """Read the values of one answer. cut: names of the keys that were too long, in order."""

    def __init__(self) -> None:
        self.cut: list[str] = []
        self._left = MOST_OF_ALL

    def read(self, kind: Kind, value: Any, name: str) -> Any:
        """Return the value as what its kind says, clean and cut, or None. Raises Unreadable."""
        if value is None:
            return None
        if isinstance(kind, list):
            return self._list(kind[0], _demand(list, value, name), name)
        if isinstance(kind, Map):
            return self._map(kind.kind, _demand(dict, value, name), name)
        if isinstance(kind, dict):
            return self._record(kind, _demand(dict, value, name), name)
        if kind in CUTTERS:
            return self._text(kind, _demand(str, value, name), name)
        if kind == DECIMAL and isinstance(value, float):
            return _decimal(value, name)
        return _number(value, name) if kind in (NUMBER, DECIMAL) else _demand(bool, value, name)

    def _record(self, kinds: dict[str, Kind], values: dict[str, Any], name: str) -> dict[str, Any]:
        return dict(
            (key, self.read(kinds[key], values[key], '%s.%s' % (name, key)))
            for key in kinds
            if key in values
        )

    def _list(self, kind: Kind, values: list[Any], name: str) -> list[Any]:
        kept = []
        for value in values[:MOST_ENTRIES]:
            if self._left <= 0:
                break
            if value is None:
                raise Unreadable('%s has an entry that is empty' % name)
            kept.append(self.read(kind, value, name))
        self._note(name, len(kept) < len(values))
        return kept

    def _map(self, kind: Kind, values: dict[Any, Any], name: str) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for key, value in values.items():
            if self._left <= 0 or len(kept) == MOST_ENTRIES:
                break
            kept[self._text(TEXT, _demand(str, key, name), name)] = self.read(kind, value, name)
        self._note(name, len(kept) < len(values))
        return kept

    def _text(self, kind: str, value: str, name: str) -> str:
        short = CUTTERS[kind](value)
        self._note(name, len(short) > self._left)
        short = short[: max(0, self._left)]
        # An entry takes room even where its text is empty.
        self._left -= len(short) + 1
        return short

    def _note(self, name: str, is_cut: bool) -> None:
        if is_cut and name not in self.cut:
            self.cut.append(name)


def _demand(kind: type[_Type], value: Any, name: str) -> _Type:
    """Return the value if it is of this type. Raises Unreadable."""
    if not isinstance(value, kind):
        found = type(value).__name__
        raise Unreadable('%s is of type %s and not %s' % (name, found, kind.__name__))
    return value


def _decimal(value: float, name: str) -> float:
    # A value that is no number at all is not below any bound either.
    if not abs(value) <= MOST_NUMBER:
        raise Unreadable('%s is a number beyond all bounds' % name)
    return float(value)


def _number(value: Any, name: str) -> int:
    if isinstance(value, bool):
        raise Unreadable('%s is of type bool and not int' % name)
    number = _demand(int, value, name)
    if abs(number) > MOST_NUMBER:
        raise Unreadable('%s is a number beyond all bounds' % name)
    return int(number)


def read_keys(description: Description, answer: Any, keys: Iterable[str]) -> dict[str, Any]:
    """Return those of the keys that are in the answer, checked. Raises Unreadable.

    description: what the module documents; answer: anything; keys: names of the description, of
    COMMON and of BROKEN.
    """
    known = dict(COMMON, **BROKEN)
    known.update(description.keys)
    answer, reader = _demand(dict, answer, 'the answer'), Reader()
    result = dict((key, reader.read(known[key], answer[key], key)) for key in keys if key in answer)
    if reader.cut:
        result['warnings'] = (result.get('warnings') or []) + [CUT % ', '.join(reader.cut)]
    return result


def check_answer(description: Description, answer: Any, state: str = PRESENT) -> dict[str, Any]:
    """Return the result of a module as its action plugin hands it on. Never raises.

    state: what the module was asked for, by that option.
    """
    try:
        keys = list(description.keys) + list(COMMON)
        if _is_broken(description, answer):
            keys += list(BROKEN)
        result = read_keys(description, answer, keys)
        result['failed'] = bool(result.get('failed'))
        result['changed'] = bool(result.get('changed'))
        return _judge(description, result, state)
    except Unreadable as e:
        return unreadable(description, '%s' % e)


def _is_broken(description: Description, answer: Any) -> bool:
    """Return whether this can be what Ansible makes of a module that did not run to its end."""
    if not isinstance(answer, dict) or answer.get('failed') is not True:
        return False
    return not description.needed or not set(description.needed) <= set(answer)


def _judge(description: Description, result: dict[str, Any], state: str) -> dict[str, Any]:
    """Return the result with what follows from its outcome, if it has one. Raises Unreadable."""
    missing = [key for key in description.needed if result.get(key) is None]
    if missing and not result['failed']:
        raise Unreadable('it says nothing of %s' % ', '.join(missing))
    if description is not MPM or missing:
        return result
    if result['outcome'] not in _outcomes.names_said_by(_outcomes.MODULE):
        raise Unreadable('its outcome is %s' % text.short(result['outcome'], 40))
    failed = _outcomes.is_failed(result['outcome'], state)
    if result['failed'] and not failed:
        raise Unreadable('its outcome is %s, and it failed all the same' % result['outcome'])
    return dict(result, failed=failed, changed=_outcomes.is_changed(result['outcome'], state))


def unreadable(description: Description, problem: str) -> dict[str, Any]:
    """Return the result of an answer that cannot be read. problem: why, as part of a sentence."""
    result = {'failed': True, 'changed': False, 'msg': UNREADABLE % (description.module, problem)}
    return dict(result, outcome=_outcomes.UNREADABLE) if 'outcome' in description.keys else result
