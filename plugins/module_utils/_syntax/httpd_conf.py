# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Cut a configuration file of httpd into directives, and edit single lines of it without touching another byte.

The rules are httpd's own (server/util.c, ap_cfg_getline and ap_getword_conf): a backslash at the end of a line
continues it, on comment lines too; names are case-insensitive; quotes hold a word together.
"""
from collections import namedtuple

from .lines import body_of, insert_lines, line_end, replace_line, split_lines

BLANK, COMMENT, DIRECTIVE, OPEN, CLOSE = 'blank', 'comment', 'directive', 'open', 'close'

# number: 1 is the first; count: physical lines that it spans; kind: one of the five above; name: in lower case;
# args: words without their quotes; text: the logical line, without indent, continuation and end.
Line = namedtuple('Line', 'number count kind name args text')


def parse_lines(text):
    """Give the logical Lines of a configuration file."""
    physical, parsed, index = split_lines(text), [], 0
    while index < len(physical):
        first, joined = index, u''
        while True:
            body = body_of(physical[index])
            index += 1
            if not (body.endswith(u'\\') and line_end(physical[index - 1]) and index < len(physical)):
                break
            joined += body[:-1]
        parsed.append(_classify(first + 1, index - first, (joined + body).strip(u' \t\r\f\v')))
    return parsed


def _classify(number, count, text):
    if not text:
        return Line(number, count, BLANK, u'', [], text)
    if text.startswith(u'#'):
        return Line(number, count, COMMENT, u'', [], text)
    if text.startswith(u'</'):
        return Line(number, count, CLOSE, text[2:].strip().rstrip(u'>').strip().lower(), [], text)
    if text.startswith(u'<'):
        name, rest = _first_word(text[1:])
        rest = rest.strip()
        name, rest = (name[:-1], u'') if not rest and name.endswith(u'>') else (name, rest)
        rest = rest[:-1] if rest.endswith(u'>') else rest
        return Line(number, count, OPEN, name.lower(), split_words(rest), text)
    name, rest = _first_word(text)
    return Line(number, count, DIRECTIVE, name.lower(), split_words(rest), text)


def _first_word(text):
    parts = text.split(None, 1)
    return (parts[0], parts[1]) if len(parts) == 2 else (parts[0] if parts else u'', u'')


def split_words(text):
    """Cut the arguments of a directive into words as httpd does."""
    return [word for word, _start, _end in _words(text)]


def _words(text):
    """Give (word without quotes, start, end) for every argument in `text`."""
    found, position = [], 0
    while True:
        while position < len(text) and text[position].isspace():
            position += 1
        if position >= len(text):
            return found
        start, quote, word = position, text[position] if text[position] in u'"\'' else None, []
        position += 1 if quote else 0
        while position < len(text) and (text[position] != quote if quote else not text[position].isspace()):
            if text[position] == u'\\' and text[position + 1:position + 2] in (u'\\', quote or u'\\'):
                position += 1
            word.append(text[position])
            position += 1
        position += 1 if quote else 0
        found.append((u''.join(word), start, position))


def replace_argument(text, line, index, value):
    """Put `value` in the place of argument `index` (0: the first) of a directive that stands on one physical line."""
    physical = body_of(split_lines(text)[line.number - 1])
    indent = len(physical) - len(physical.lstrip())
    name_end = indent + len(_first_word(physical.strip())[0])
    _word, start, end = _words(physical[name_end:])[index]
    return replace_line(text, line.number, physical[:name_end + start] + value + physical[name_end + end:])


def comment_lines(text, line):
    """Comment a logical line out."""
    return replace_line(text, line.number, u'#' + body_of(split_lines(text)[line.number - 1]))


def uncomment_line(text, line):
    """Make a comment a directive again: only its first '#' goes."""
    return replace_line(text, line.number, body_of(split_lines(text)[line.number - 1]).replace(u'#', u'', 1))


def parse_comment(line):
    """Give the Line that a comment would be without its '#', or None where that is no LoadModule."""
    inner = _classify(line.number, line.count, line.text.lstrip(u'#').strip())
    return inner if inner.kind == DIRECTIVE and inner.name == u'loadmodule' and len(inner.args) == 2 else None


def wrap_lines(text, first, last, opening, closing):
    """Put the line `opening` before line number `first` and `closing` after line number `last`."""
    return insert_lines(insert_lines(text, last, [closing]), first - 1, [opening])


def append_lines(text, added):
    """Add lines at the end."""
    return insert_lines(text, len(split_lines(text)), added)
