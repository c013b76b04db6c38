# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""Make text that came from a host fit for an operator's terminal: clean and short."""

from __future__ import annotations

import re
import unicodedata

# Characters of one text. A message puts several texts together: every finding with its reason.
MOST = 500
MOST_OF_MESSAGE = 4000
MOST_OF_LINES = 65536
MARK = '...'

# Unicode's categories. Spaces of all kinds, line and paragraph separators and control characters
# (terminal escapes begin with one) become a space.
_TO_SPACE = ('Cc', 'Zs', 'Zl', 'Zp')
# Format characters (zero width, overrides of the direction) are dropped, as they stand inside of
# words; halves of characters, private and unassigned ones cannot be printed.
_DROPPED = ('Cf', 'Cs', 'Co', 'Cn')
# Letters and marks by their category, and still invisible.
_INVISIBLE = re.compile(
    '[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]'
)
_PLAIN = re.compile(r'[ -~]*\Z')
_PLAIN_LINES = re.compile(r'[\t\n -~]*\Z')


def clean(text: str) -> str:
    """Return text on one line that cannot move a cursor, hide, or turn words round."""
    if not _PLAIN.match(text):
        text = ''.join(_clean_character(character) for character in _INVISIBLE.sub('', text))
    return ' '.join(text.split())


def _clean_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in _TO_SPACE:
        return ' '
    return '' if category in _DROPPED else character


def cut(text: str, most: int = MOST) -> str:
    """Return the beginning of a text, `most` characters at most; a mark shows that it was cut."""
    return text if len(text) <= most else text[: most - len(MARK)] + MARK


def cut_front(text: str, most: int = MOST) -> str:
    """Return the end of a text, as `cut` does its beginning: a traceback tells its error last."""
    return text if len(text) <= most else MARK + text[len(text) - most + len(MARK) :]


def short(text: str, most: int = MOST) -> str:
    """Return a text clean and cut to `most` characters; only four times that is looked at."""
    begin = text[: most * 4]
    return cut(clean(begin) + ('' if len(begin) == len(text) else MARK), most)


def short_lines(text: str, most: int = MOST_OF_LINES) -> str:
    """Return the beginning of a text of several lines, each clean; line ends and tabs stay."""
    return cut(_clean_lines(text[:most]) + ('' if len(text) <= most else MARK), most)


def last_lines(text: str, most: int = MOST_OF_MESSAGE) -> str:
    """Return the end of a text of several lines, as `short_lines` does its beginning."""
    return cut_front(('' if len(text) <= most else MARK) + _clean_lines(text[-most:]), most)


def _clean_lines(text: str) -> str:
    if _PLAIN_LINES.match(text):
        return text
    return ''.join(
        character if character in '\t\n' else _clean_character(character)
        for character in _INVISIBLE.sub('', text)
    )
