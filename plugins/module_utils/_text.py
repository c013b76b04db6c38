# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Make text that somebody else wrote fit to be read: clean and short.

httpd's output, lines of logs, names of files and processes: any of them may hold what moves the
cursor of a terminal, turns words round, looks like a line of ours, or fills a screen. Texts are
latin-1 here, one character a byte, and become what their bytes say in UTF-8.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
import unicodedata

# Characters of what somebody else wrote, and of a message of ours with several such parts.
MOST, MOST_OF_MESSAGE = 500, 4000
# Entries of a list that a user is shown.
MOST_ENTRIES = 500
# Of a list within a message; the result has all of it.
MOST_SHOWN = 20

_PLAIN_LINE = re.compile(u'[\\t -~]*\\Z')
# Unicode's categories: control characters, all kinds of spaces, ends of lines and paragraphs.
_TO_SPACE = ('Cc', 'Zs', 'Zl', 'Zp')
# Format characters (zero width, direction of text), halves of characters, private and unknown ones.
_DROPPED = ('Cf', 'Cs', 'Co', 'Cn')
# Letters and marks by their category, and still invisible.
_INVISIBLE = re.compile(u'[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0]')


def list_some(words, most=MOST_SHOWN, joint=', '):
    # type: (list[str], int, str) -> str
    """Return some texts as one: the first ones, and the number of the others."""
    left = len(words) - most
    return joint.join(words[:most]) + (' and %d more' % left if left > 0 else '')


def foreign(text, most=MOST):
    # type: (object, int) -> str
    """Return what somebody else wrote on one line, clean, at most `most` characters of it.

    What is too long loses its middle: a program says first what it tried, and last what went wrong.
    """
    text = text if isinstance(text, (bytes, type(u''))) else '%s' % (text,)
    if len(text) > most * 8:
        # Each character is four bytes at most; nobody looks at megabytes.
        text = text[: most * 4] + text[-most * 4 :]
    return _cut_middle(clean(text), most)


def clean(text):
    """Return a text on one line that cannot move a cursor, hide, or turn words round."""
    return u' '.join(_clean_line(decode(text)).split())


def clean_lines(text):
    """Return a text of several lines with nothing but its lines, tabs and what can be seen."""
    return u'\n'.join([_clean_line(line) for line in decode(text).split(u'\n')])


def _clean_line(line):
    if _PLAIN_LINE.match(line):
        return line
    return u''.join(
        [
            character if character == u'\t' else _clean_character(character)
            for character in _INVISIBLE.sub(u'', line)
        ]
    )


def decode(text):
    """Return what the bytes of a latin-1 text say in UTF-8; the text as it is where they say
    nothing.
    """
    try:
        return (text if isinstance(text, bytes) else text.encode('latin-1')).decode('utf-8')
    except UnicodeError:
        return text.decode('latin-1') if isinstance(text, bytes) else text


def presentable(value):
    """Return a result, or a part of one, as it may be shown: texts clean and short, lists
    bounded.
    """
    if isinstance(value, dict):
        return dict((presentable(key), presentable(item)) for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return [presentable(item) for item in value[:MOST_ENTRIES]]
    if isinstance(value, (bytes, type(u''))):
        return foreign(value, MOST_OF_MESSAGE)
    return value


def _clean_character(character):
    category = unicodedata.category(character)
    if category in _TO_SPACE:
        return u' '
    return u'' if category in _DROPPED else character


def _cut_middle(text, most):
    if len(text) <= most:
        return text
    mark = u' [... %d characters ...] ' % (len(text) - most)
    kept = max(0, most - len(mark))
    return text[: kept - kept // 3] + mark + text[len(text) - kept // 3 :]
