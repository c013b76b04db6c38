# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Read a file of environment variables as systemd does (`EnvironmentFile=`), not as a shell: a
value may be in quotes and go on over several lines, and nothing in it is expanded.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

_LINE_ENDS = u'\r\n'
_BLANKS = u' \t' + _LINE_ENDS
_NAME = re.compile(r'[A-Za-z_][A-Za-z0-9_]*\Z')
# What a backslash in double quotes takes its meaning from.
_ESCAPED = u'"\\`$'


def parse_environment_file(text):
    """Return {name: value} of the assignments in a file. Lines that are none are left out."""
    values, position = {}, 0
    while position < len(text):
        if text[position] in _BLANKS:
            position += 1
        elif text[position] in u'#;':
            position = _end_of_comment(text, position)
        else:
            name, equals, position = _read_name(text, position)
            if equals:
                value, position = _read_value(text, position)
                if _NAME.match(name):
                    values[name] = value
    return values


def _end_of_line(text, position):
    while position < len(text) and text[position] not in _LINE_ENDS:
        position += 1
    return position


def _end_of_comment(text, position):
    """A backslash at the end of a comment's line continues it."""
    end = _end_of_line(text, position)
    while text[end - 1] == u'\\' and end < len(text):
        end = _end_of_line(text, end + 1)
    return end


def _read_name(text, position):
    """Return (name, whether an equals sign follows, where to go on)."""
    end = _end_of_line(text, position)
    equals = text.find(u'=', position, end)
    if equals < 0:
        return text[position:end], False, end
    return text[position:equals].rstrip(u' \t'), True, equals + 1


def _read_value(text, position):
    """Return (value, where the line that has its end is over)."""
    while text[position : position + 1] and text[position] in u' \t':
        position += 1
    parts = []
    while text[position : position + 1] in (u'"', u"'"):
        part, position = _read_quoted(text, position)
        parts.append(part)
        while text[position : position + 1] and text[position] in u' \t':
            position += 1
    part, position = _read_plain(text, position)
    return u''.join(parts) + part, position


def _read_plain(text, position):
    """Return (value, where its line ends): blanks at its end do not count, if not escaped."""
    found, kept = [], 0
    while position < len(text) and text[position] not in _LINE_ENDS:
        if text[position] == u'\\':
            position += 1
            if position < len(text) and text[position] not in _LINE_ENDS:
                found.append(text[position])
                kept = len(found)
        else:
            found.append(text[position])
            kept = kept if text[position] in u' \t' else len(found)
        position += 1
    return u''.join(found[:kept]), position


def _read_quoted(text, position):
    """Return (what is in the quotes that begin here, the place behind them)."""
    quote, found, position = text[position], [], position + 1
    while position < len(text) and text[position] != quote:
        if quote == u'"' and text[position] == u'\\' and position + 1 < len(text):
            position += 1
            if text[position] not in _ESCAPED + _LINE_ENDS:
                found.append(u'\\')
            if text[position] not in _LINE_ENDS:
                found.append(text[position])
        else:
            found.append(text[position])
        position += 1
    return u''.join(found), position + 1
