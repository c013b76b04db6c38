# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Read and edit variable assignments in a file that a shell sources, such as /etc/sysconfig/httpd.

This is not a shell. If only a shell could tell a value (a substitution, a branch, another file),
the answer says so, and the file is not changed.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from collections import namedtuple

from .lines import body_of, common_end, insert_lines, line_end, replace_line, split_lines
from .shell_code import BLOCK, MAX_LENGTH, TOP, leading_word, read_script

# line: 1 is the first; head: everything up to and with '='; word: the value as written; tail: what
# follows it. value: the word without its quotes; unclear: None, or why only a shell can tell the
# value.
Assignment = namedtuple('Assignment', 'line head word tail value unclear')

_HEAD = r'^([ \t]*(?:export[ \t]+)?%s=)(.*)$'
_TAIL = r'^[ \t]*(;[ \t]*(export[ \t]+%s[ \t]*(;[ \t]*)?)?)?(#.*)?$'
# The parts of a word. Blanks, tabs and operators end it; a CR or a vertical tab does not.
_PART = re.compile(
    r"""(?P<plain>[^ \t;&|()<>'"\\]+)|'(?P<single>[^']*)'|"""
    r""""(?P<double>(?:[^"\\]|\\.)*)"|\\(?P<escaped>.)""",
    re.DOTALL,
)
_OTHER_VARIABLE = re.compile(r'^[A-Za-z_][A-Za-z0-9_]*\+?=')
# Commands that set the variable whose name follows.
_SETTERS = frozenset(
    [u'unset', u'read', u'printf', u'getopts', u'mapfile', u'readarray', u'for', u'select']
)
_RUNNERS = frozenset([u'eval', u'trap', u'alias', u'let'])
_SOURCE = frozenset([u'.', u'source'])
_SAFE_VALUE = re.compile(r'^[A-Za-z0-9_@%+=:,./-]+$')


def find_assignments(text, name):
    """Return every active Assignment of the variable `name`, in the order in which a shell would
    make them.
    """
    script, lines, found = read_script(text), split_lines(text), []
    simple, seen = re.compile(_HEAD % re.escape(name), re.DOTALL), 0
    for command in script.commands:
        # Only the first command of a line can be a plain assignment.
        line = lines[command.line - 1] if command.line != seen else u''
        body, seen = line[:-1] if line.endswith(u'\n') else line, command.line
        match = simple.match(body) if not body[: command.column].strip(u' \t') else None
        if match:
            found.append(_assignment(command, match.group(1), match.group(2), name))
        elif _may_set(command.words, name):
            found.append(
                _unclear(
                    command.line,
                    'line %d sets it in a way that only a shell can follow' % command.line,
                )
            )
    if script.unreadable and name in u''.join(lines[script.unreadable - 1 :]):
        found.append(_unclear(script.unreadable, _unreadable(text, script)))
    return found


def _unreadable(text, script):
    if len(text) > MAX_LENGTH:
        return 'it is longer than %d bytes' % MAX_LENGTH
    return 'line %d begins a text that does not end' % script.unreadable


def last_assignment(text, name):
    """Return the Assignment in force (the last one wins), or None."""
    found = find_assignments(text, name)
    return found[-1] if found else None


def sourced_files(text):
    """Return the words after each active `.` or `source`: files that might set anything.

    What needs a shell is left as written.
    """
    found = []
    for command in read_script(text).commands:
        name = leading_word(command.words)
        for word in command.words[command.words.index(name) + 1 :][:1] if name in _SOURCE else []:
            _word, _tail, value, unclear = _take_word(word)
            found.append(word if unclear else value)
    return found


def set_value(text, name, value):
    """Make `name=value` the assignment in force and change as little as possible.

    An active line gets the new value in its place; else a commented line that has just this value
    is uncommented; else a line is added after the last commented one, or at the end. A line with an
    unclear value is left as it is.
    """
    active, commented = last_assignment(text, name), _commented_lines(text, name)
    if active and not active.unclear:
        return replace_line(
            text,
            active.line,
            active.head + _like(active.word, value) + _guard_cr(text, active.line, active.tail),
        )
    for number, body in commented if not active else []:
        assignment = last_assignment(re.sub(r'^([ \t]*)#', r'\1', body, count=1), name)
        if assignment and assignment.value == value and not assignment.unclear:
            return replace_line(
                text,
                number,
                assignment.head + assignment.word + _guard_cr(text, number, assignment.tail),
            )
    return _add_line(text, name, value, [commented[-1][0]] if commented else [])


def _add_line(text, name, value, places):
    """Add an assignment after the first of the line numbers `places` where it takes effect; else at
    the end, then at the top.
    """
    count = len(split_lines(text))
    added = u'%s=%s' % (name, _quoted(value)) + (
        u' #' if common_end(split_lines(text)) == u'\r\n' else u''
    )
    for after in places + [count, 0]:
        written = insert_lines(text, after, [added])
        now = last_assignment(written, name)
        if now and not now.unclear and now.value == value:
            break
    return written


def comment_out(text, name):
    """Comment out every active assignment of `name`, so that the default is in force again.

    Not for a text in which one of them is unclear: a branch without its only command is a syntax
    error.
    """
    for number in sorted(set(assignment.line for assignment in find_assignments(text, name))):
        line = split_lines(text)[number - 1]
        body = body_of(line)
        if body.endswith(u' #') and line_end(line) == u'\r\n':
            body = body[:-2]
        text = replace_line(text, number, u'#' + body)
    return text


def _guard_cr(text, number, tail):
    # The shell makes the CR of a CR LF line part of the value; after a blank and a '#' it is part
    # of a comment.
    if line_end(split_lines(text)[number - 1]) != u'\r\n':
        return tail
    tail = tail[:-1] if tail.endswith(u'\r') else tail
    return tail if u'#' in tail else tail + u' #'


def _like(word, value):
    """Quote a new value as the old word was quoted, without a CR after it."""
    word = word[:-1] if word.endswith(u'\r') else word
    quote = word[:1]
    plain = _SAFE_VALUE.match(value.replace(u' ', u'')) or not value
    if quote in (u'"', u"'") and word.endswith(quote) and plain:
        return quote + value + quote
    return _quoted(value)


def _quoted(value):
    return value if _SAFE_VALUE.match(value) else u"'%s'" % value.replace(u"'", u"'\\''")


def _commented_lines(text, name):
    """Return (line number, text without its end) of each commented line that would set the
    variable.
    """
    pattern = re.compile(r'^[ \t]*#[ \t]*(export[ \t]+)?%s=' % re.escape(name))
    places = read_script(text).places
    return [
        (number, line.rstrip(u'\r\n'))
        for number, line in enumerate(split_lines(text), 1)
        if places.get(number) == TOP and pattern.match(line)
    ]


def _unclear(line, why):
    return Assignment(line, u'', u'', u'', None, why)


def _assignment(command, head, rest, name):
    word, tail, value, unclear = _take_word(rest)
    if command.where == BLOCK:
        unclear = (
            'line %d is inside a branch, a loop or a function, or after a return'
            % command.line
        )
    elif unclear:
        unclear = 'line %d: %s' % (command.line, unclear)
    elif not re.match(_TAIL % re.escape(name), tail, re.DOTALL):
        unclear = 'line %d does more than set it' % command.line
    return Assignment(command.line, head, word, tail, value, unclear)


def _take_word(rest):
    """Cut the first shell word off `rest`: (word as written, what follows, value, why it is
    unclear or None).
    """
    parts, position, unclear = [], 0, None
    match = _PART.match(rest)
    while match:
        if _is_expanded(match):
            unclear = 'its value needs a shell (%s)' % match.group()
        parts.append(_value_of(match))
        position = match.end()
        match = _PART.match(rest, position)
    ahead = rest[position : position + 1]
    if ahead and ahead in u'"\'\\':
        unclear = 'it does not end on this line'
    return rest[:position], rest[position:], u''.join(parts), unclear


def _is_expanded(part):
    if part.group('double') is not None:
        return re.search(r'[$`]', re.sub(r'\\.', u'', part.group('double')))
    return re.search(r'[$`{*?[]|(^|:)~', part.group('plain') or u'')


def is_expanded(word):
    """Return whether only a shell can tell what a word as written is."""
    return _take_word(word)[3] is not None


def unquoted(word):
    """Return what a word that is not expanded means."""
    return _take_word(word)[2]


def _value_of(part):
    if part.group('double') is not None:
        return re.sub(r'\\([$`"\\])', r'\1', part.group('double'))
    return part.group('plain') or part.group('single') or part.group('escaped') or u''


def _may_set(words, name):
    """Return whether a command might set the variable in some other way than by a plain line."""
    if _SETTERS.intersection(words) and name in [_take_word(word)[2] for word in words]:
        return True
    if _RUNNERS.intersection(words) and any(name in word for word in words):
        return True
    return any(
        name in word
        and (
            _sets_inside(word, name)
            or (_sets_anywhere(word, name) and not _sets_another(word, name))
        )
        for word in words
    )


def _sets_inside(word, name):
    """Return whether a word has ${NAME=...}, ${NAME:=...} or the name in arithmetic."""
    arithmetic = word.find(u'((')
    return (
        u'{%s=' % name in word
        or u'{%s:=' % name in word
        or (arithmetic >= 0 and word.find(name, arithmetic + 2) >= 0)
    )


def _sets_anywhere(word, name):
    """Return whether NAME=, NAME+= or NAME[...]= is in a word, not after another letter."""
    bracket = 0
    for found in re.finditer(r'(?:^|[^A-Za-z0-9_])%s' % re.escape(name), word):
        end = found.end()
        if word[end : end + 1] == u'[':
            # Looked for once, however many are not closed.
            bracket = word.find(u']', end) if 0 <= bracket < end else bracket
            end = bracket + 1 if bracket >= 0 else end
        if word[end : end + 1] == u'=' or word[end : end + 2] == u'+=':
            return True
    return False


def _sets_another(word, name):
    variable = _OTHER_VARIABLE.match(word)
    return bool(variable) and variable.group().rstrip(u'+=') != name
