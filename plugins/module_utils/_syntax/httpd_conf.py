# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Cut a configuration file of httpd into directives, and edit single lines of it without
touching another byte.

The rules are httpd's own (server/util.c, ap_cfg_getline and ap_getword_conf): a backslash at the
end of a line continues it, on comment lines too; names are case-insensitive; quotes keep a word
together. Where 2.2 and 2.4 differ, this follows 2.4: two backslashes at the end also continue a
line.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._fields import TYPE_CHECKING, NamedTuple
from .collector import uncollected
from .lines import (
    body_of,
    insert_blocks,
    insert_lines,
    line_end,
    replace_line,
    split_lines,
)

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterator  # noqa: F401

# What httpd takes for white space. In latin-1, Python would also count a no-break space.
SPACE = u' \t\n\r\f\v'
BLANK, COMMENT, DIRECTIVE, OPEN, CLOSE = 'blank', 'comment', 'directive', 'open', 'close'

# number: 1 is the first; count: physical lines that it spans; kind: one of the five above; name: in
# lower case; args: words without their quotes; text: the logical line, without indent, continuation
# and end.
Line = NamedTuple(
    'Line',
    [
        ('number', 'int'),
        ('count', 'int'),
        ('kind', 'str'),
        ('name', 'str'),
        ('args', 'list[str]'),
        ('text', 'str'),
    ],
)

# Each of these goes through a text once, whatever it holds.
_START = re.compile(u'[^%s]' % SPACE)
_WORD = re.compile(u'[^%s]+' % SPACE)
_QUOTED = dict((quote, re.compile(u'[%s\\\\]' % quote)) for quote in u'"\'')
_ESCAPED = dict((quote, re.compile(u'\\\\([%s\\\\])' % quote)) for quote in u'"\'')
# Lines without words share this one; do not change it.
_NO_WORDS = []
_WITHOUT_WORDS = {u'': BLANK, u'#': COMMENT}

# {text: its Lines}: one plan reads a file a dozen times.
_known = {}


def parse_lines(text):
    # type: (str) -> list[Line]
    """Return the logical Lines of a configuration file.

    All callers with the same text share the list: do not change it.
    """
    if text not in _known:
        _known[text] = _cut(text)
    return _known[text]


@uncollected
def _cut(text):
    parsed, blanks, seen = [], 0, {}
    for number, count, logical in _logical_lines(text):
        # One Line for a run of empty ones: a file of empty lines must not fill the memory.
        if not logical and count == 1:
            blanks += 1
            continue
        if blanks:
            parsed.append(Line(number - blanks, blanks, BLANK, u'', _NO_WORDS, u''))
            blanks = 0
        # Many lines repeat: each is cut into words once.
        if logical not in seen:
            seen[logical] = _parse(number, count, logical)[2:]
        parsed.append(Line(number, count, *seen[logical]))
    if blanks:
        parsed.append(Line(len(split_lines(text)) - blanks + 1, blanks, BLANK, u'', _NO_WORDS, u''))
    return parsed


def _logical_lines(text):
    """Yield (number, count of physical lines, text without blanks around it)."""
    physical = text.split(u'\n')
    # Text after the last LF is a line only if it is not empty, and nothing continues it.
    last = len(physical) - (not physical[-1])
    parts, first = [], 1
    for number, part in enumerate(physical[:last], 1):
        if part.endswith((u'\\', u'\\\r')) and number < len(physical):
            parts.append(part.rstrip(u'\r')[:-1])
            if number < last:
                continue
            part = u''
        if parts:
            part, parts = u''.join(parts + [part]), []
        yield first, number - first + 1, part.strip(SPACE)
        first = number + 1


def parse_line(number, count, text):
    """Return the Line for a logical line."""
    return _parse(number, count, text.strip(SPACE))


def _parse(number, count, text):
    first = text[:1]
    if first in _WITHOUT_WORDS:
        return Line(number, count, _WITHOUT_WORDS[first], u'', _NO_WORDS, text)
    if text.startswith(u'</'):
        name = text[2:].strip(SPACE).rstrip(u'>').strip(SPACE).lower()
        return Line(number, count, CLOSE, name, _NO_WORDS, text)
    words = split_words(_inside(text) if first == u'<' else text)
    kind, name = (OPEN if first == u'<' else DIRECTIVE), (words[0].lower() if words else u'')
    return Line(number, count, kind, name, words[1:] if len(words) > 1 else _NO_WORDS, text)


def _inside(text):
    """Return the text in the brackets of a section's first line.

    httpd ignores text after the last bracket.
    """
    return text[1 : text.rindex(u'>')] if u'>' in text else text[1:]


def split_words(text):
    # type: (str) -> list[str]
    """Cut a directive into words as httpd does."""
    if u'"' in text or u"'" in text:
        return [word for word, _start, _end in _words(text)]
    words = _WORD.findall(text)
    return [word.replace(u'\\\\', u'\\') for word in words] if u'\\' in text else words


def _words(text):
    """Yield (word without quotes, start, end) for every word in `text`."""
    found = _START.search(text)
    while found:
        start, quote = found.start(), found.group()
        if quote in _QUOTED:
            end = _end_of_quoted(text, start + 1, quote)
            word = text[start + 1 : end]
            end += 1
            yield _ESCAPED[quote].sub(r'\1', word) if u'\\' in word else word, start, end
        else:
            found = _WORD.match(text, start)
            end = found.end()
            yield found.group().replace(u'\\\\', u'\\'), start, end
        found = _START.search(text, end)


def _end_of_quoted(text, position, quote):
    """Return the position of the quote that closes a word; the end of the text if there is none."""
    find = _QUOTED[quote].search
    found = find(text, position)
    while found and found.group() != quote:
        escaped = text[found.end() : found.end() + 1]
        found = find(text, found.end() + (escaped == quote or escaped == u'\\'))
    return found.start() if found else len(text)


def parse_condition(line):
    """Return (whether it is negated, words) of the condition that an <If...> line sets; a mark
    in quotes negates nothing.
    """
    condition = _inside(line.text).lstrip(SPACE)[len(line.name) :].strip(SPACE)
    negated = condition.startswith(u'!')
    return negated, split_words(condition[1:] if negated else condition)


def replace_argument(text, line, index, value):
    # type: (str, Line, int, str) -> str | None
    """Put `value` in the place of argument `index` (0: the first) of a directive, on whichever
    of its physical lines it stands.

    Return None if the argument continues on the next line.
    """
    physical = split_lines(text)[line.number - 1 : line.number - 1 + line.count]
    bodies = [body_of(one) for one in physical]
    # A backslash that continues a line does not count as text.
    parts = [
        body[:-1] if body.endswith(u'\\') and line_end(one) else body
        for one, body in zip(physical, bodies)
    ]
    whole = u''.join(parts)
    _word, start, end = list(_words(whole))[index + 1]
    end = min(end, len(whole))  # an argument in quotes that nobody closed
    for offset, part in enumerate(parts):
        if 0 <= start and end <= len(part):
            return replace_line(
                text, line.number + offset, part[:start] + value + bodies[offset][end:]
            )
        if start < len(part):
            break
        start, end = start - len(part), end - len(part)
    return None


def comment_lines(text, line):
    # type: (str, Line) -> str
    """Comment a logical line out."""
    return replace_line(text, line.number, u'#' + body_of(split_lines(text)[line.number - 1]))


def uncomment_line(text, line):
    # type: (str, Line) -> str
    """Make a comment a directive again: only its first '#' goes.

    If it continues on the next line, that is part of it.
    """
    return replace_line(
        text, line.number, body_of(split_lines(text)[line.number - 1]).replace(u'#', u'', 1)
    )


def parse_comment(line):
    # type: (Line) -> Line | None
    """Return the Line that a comment would be without its '#', or None if that is not a LoadModule.
    """
    if u'loadmodule' not in line.text.lower():
        return None
    inner = parse_line(line.number, line.count, line.text.lstrip(u'#'))
    return (
        inner
        if inner.kind == DIRECTIVE and inner.name == u'loadmodule' and len(inner.args) == 2
        else None
    )


def module_lines(text):
    # type: (str) -> Iterator[Line]
    """Yield the LoadModule lines of a text, commented ones as they would be without their '#'."""
    for line in parse_lines(text):
        line = parse_comment(line) if line.kind == COMMENT else line
        if line and line.kind == DIRECTIVE and line.name == u'loadmodule':
            yield line


def wrap_lines(text, first, last, opening, closing):
    # type: (str, int, int, str, str) -> str
    """Put the line `opening` before line number `first` and `closing` after line number `last`."""
    return wrap_ranges(text, [(first, last)], opening, closing)


def wrap_ranges(text, ranges, opening, closing):
    """Wrap several ranges of lines, each as `wrap_lines` does. ranges: [(first, last)]."""
    blocks = []
    for first, last in sorted(ranges):
        blocks += [(first - 1, [opening]), (last, [closing])]
    return insert_blocks(text, blocks)


def append_lines(text, added):
    # type: (str, list[str]) -> str
    """Add lines at the end; after a blank one if they would continue the last line."""
    lines = split_lines(text)
    if lines and body_of(lines[-1]).endswith(u'\\'):
        added = [u''] + list(added)
    return insert_lines(text, len(lines), added)
