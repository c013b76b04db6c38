# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""What a module printed on a host, before Ansible reads it: no keys but those that are expected.

Ansible acts on some keys of an answer as soon as it has parsed it, and prints others as they are.
"""

from __future__ import annotations

import json
from typing import Any, Iterable

from ansible_collections.webops.apache.plugins.plugin_utils import text

# Characters of a whole answer; an honest one of a host with thousands of sites is a tenth of that.
MOST_OF_OUTPUT = 4 * 1024 * 1024
# Digits of a number: to parse millions of them takes minutes.
MOST_DIGITS = 20
# By this newer versions of Ansible make objects of their own from a dictionary.
_TYPE = '__ansible_type'


class Oversized(Exception):
    """An answer that is not parsed; the argument says why, in words."""


def parse_answer(output: str) -> dict[str, Any] | None:
    """Return the dictionary that a module printed, or None where it printed none. Raises Oversized.

    As in Ansible itself, what stands before it is ignored.
    """
    if len(output) > MOST_OF_OUTPUT:
        raise Oversized('it is longer than %d characters' % MOST_OF_OUTPUT)
    start = 0 if output.startswith('{') else output.find('\n{') + 1
    if not output.startswith('{', start):
        return None
    try:
        return _DECODER.raw_decode(output, start)[0]
    except RecursionError:
        raise Oversized('it is nested too deeply')
    except ValueError:
        return None


def _read_int(digits: str) -> float:
    return int(digits) if len(digits) <= MOST_DIGITS else float('inf')


def _read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict((key, value) for key, value in pairs if key != _TYPE)


_DECODER = json.JSONDecoder(parse_int=_read_int, object_pairs_hook=_read_object, strict=False)


def wash(result: dict[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return what a command printed, with one answer in `stdout` that has no keys but these.

    result: {'stdout': text, 'stderr': text, ...} of the command. Where no answer was printed, both
    are cut. Raises Oversized.
    """
    answer = parse_answer(result.get('stdout') or '')
    if answer is None:
        return dict(
            result,
            stdout=text.last_lines(result.get('stdout') or ''),
            stderr=text.last_lines(result.get('stderr') or ''),
        )
    kept = dict((key, answer[key]) for key in keys if key in answer)
    if 'warnings' in kept:
        kept['warnings'] = _words_of(kept['warnings'])
    return dict(result, stdout=json.dumps(kept))


def _words_of(warnings: Any) -> list[str]:
    """Return warnings as a list of texts: newer versions of Ansible make records of them."""
    warnings = warnings if isinstance(warnings, list) else [warnings]
    return [text.short(_words_of_one(warning)) for warning in warnings[:100]]


def _words_of_one(warning: Any) -> str:
    event = warning.get('event') if isinstance(warning, dict) else None
    words = event.get('msg') if isinstance(event, dict) else warning
    return words if isinstance(words, str) else 'a warning of type %s' % type(words).__name__
