# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Read and edit variable assignments in a file that a shell sources, such as /etc/sysconfig/httpd.

This is no shell. Where only a shell could tell a value (a substitution, a branch, another file), the answer
says so, and the file is left alone.
"""
import re
from collections import namedtuple

from .lines import body_of, common_end, insert_lines, line_end, replace_line, split_lines

# line: 1 is the first; head: everything up to and with '='; word: the value as written; tail: what follows it.
# value: the word without its quotes; unclear: None, or why only a shell can tell the value.
Assignment = namedtuple('Assignment', 'line head word tail value unclear')
# line: 1 is the first; body: text of the line without its end; where: 'top', 'block', 'quote' or 'heredoc'.
_Code = namedtuple('_Code', 'line body where')

_OPENERS = re.compile(r'^\s*(if|case|for|while|until|select|function)\b|^\s*[A-Za-z_]\w*\s*\(\)|^\s*[{(]')
_CLOSERS = re.compile(r'(^|[;\s])(fi|esac|done)\s*(;|#|\s|$)|^\s*[})]|[;\s][})]\s*$')
_HEREDOC = re.compile(r'''<<-?\s*(['"]?)(\w+)\1''')
_TAIL = re.compile(r'^\s*(;\s*)?(export\s+%s\s*)?(;\s*)?(#.*)?$')
_SOURCED = re.compile(r'^\s*(?:\.|source)\s+("?)([^\s;"]+)\1')
_WORD_END = u' \t\r\f\v;&|()<>'


def find_assignments(text, name):
    """Give every active Assignment of the variable `name`, in the order in which a shell would make them."""
    simple = re.compile(r'^(\s*(?:export\s+)?%s=)(.*)$' % re.escape(name), re.DOTALL)
    mention = re.compile(r'(^|[^A-Za-z0-9_])(unset\s+(\S+\s+)*%(n)s\b|%(n)s\+?=|\{%(n)s:?=|read\s+(\S+\s+)*%(n)s\b)'
                         % {'n': re.escape(name)})
    found = []
    for code in _code_lines(text):
        if code.where in ('quote', 'heredoc'):
            continue
        match = simple.match(code.body)
        if match:
            found.append(_assignment(code, match.group(1), match.group(2), name))
        elif mention.search(_without_comment(code.body)):
            found.append(Assignment(code.line, u'', u'', u'', None, 'line %d sets it in a way that only a shell can follow' % code.line))
    return found


def last_assignment(text, name):
    """Give the Assignment in force (the last one wins), or None."""
    found = find_assignments(text, name)
    return found[-1] if found else None


def sourced_files(text):
    """Give the words after each active `.` or `source`: files that might set anything."""
    words = []
    for code in _code_lines(text):
        match = _SOURCED.match(code.body) if code.where in ('top', 'block') else None
        if match:
            words.append(match.group(2))
    return words


def set_value(text, name, value):
    """Make `name=value` the assignment in force and change as little as can be.

    An active line gets the new value in its place; else a commented line that has just this value is uncommented;
    else a line is added after the last commented one, or at the end.
    """
    active = last_assignment(text, name)
    if active:
        return replace_line(text, active.line, active.head + _like(active.word, value) + _guard_cr(text, active.line, active.tail))
    commented = _commented_lines(text, name)
    for number, body in commented:
        bare = re.sub(r'^(\s*)#', r'\1', body, count=1)
        assignment = last_assignment(bare, name)
        if assignment and assignment.value == value and not assignment.unclear:
            return replace_line(text, number, assignment.head + assignment.word + _guard_cr(text, number, assignment.tail))
    added = u'%s=%s' % (name, value)
    if common_end(split_lines(text)) == u'\r\n':
        added += u' #'
    return insert_lines(text, commented[-1][0] if commented else len(split_lines(text)), [added])


def comment_out(text, name):
    """Comment out every active assignment of `name`, so that the default is in force again."""
    for assignment in find_assignments(text, name):
        body = body_of(split_lines(text)[assignment.line - 1])
        if body.endswith(u' #') and line_end(split_lines(text)[assignment.line - 1]) == u'\r\n':
            body = body[:-2]
        text = replace_line(text, assignment.line, u'#' + body)
    return text


def _guard_cr(text, number, tail):
    # The shell takes the CR of a CR LF line into the value; behind a blank and a '#' it is part of a comment.
    if line_end(split_lines(text)[number - 1]) != u'\r\n':
        return tail
    tail = tail[:-1] if tail.endswith(u'\r') else tail
    return tail if u'#' in tail else tail + u' #'


def _like(word, value):
    quote = word[:1]
    return quote + value + quote if quote in (u'"', u"'") and word.endswith(quote) else value


def _commented_lines(text, name):
    pattern = re.compile(r'^\s*#\s*(export\s+)?%s=' % re.escape(name))
    return [(code.line, code.body.rstrip(u'\r')) for code in _code_lines(text) if code.where == 'top' and pattern.match(code.body)]


def _assignment(code, head, rest, name):
    word, tail, value, unclear = _take_word(rest)
    if code.where == 'block':
        unclear = 'line %d stands inside a branch, a loop or a function' % code.line
    elif not unclear and not re.match(_TAIL.pattern % re.escape(name), tail):
        unclear = 'line %d does more than set it' % code.line
    elif unclear:
        unclear = 'line %d: %s' % (code.line, unclear)
    return Assignment(code.line, head, word, tail, value, unclear)


def _take_word(rest):
    """Cut the first shell word off `rest`: (word as written, what follows, value, why it is unclear or None)."""
    value, quote, position, unclear = [], None, 0, None
    while position < len(rest):
        char = rest[position]
        if quote is None and char in _WORD_END and not (char == u'\r' and position == len(rest) - 1):
            break
        if char in u'$`' and quote != u"'":
            unclear = 'its value needs a shell (%s)' % char
        if quote is None and char in u'"\'':
            quote = char
        elif char == quote:
            quote = None
        elif char == u'\\' and quote != u"'":
            position += 1
            value.append(rest[position:position + 1])
        else:
            value.append(char)
        position += 1
    if quote:
        unclear = 'its quotes do not end on this line'
    return rest[:position], rest[position:], u''.join(value), unclear


def _code_lines(text):
    """Give each line with the place that it stands in, so that prose and here-documents are not taken for code."""
    where, depth, heredoc, quote, continued = 'top', 0, None, None, False
    for number, line in enumerate(split_lines(text), 1):
        body = line[:-1] if line.endswith(u'\n') else line
        plain = body_of(line)
        if heredoc:
            yield _Code(number, body, 'heredoc')
            heredoc = None if plain.strip() == heredoc else heredoc
            continue
        if quote or continued:
            yield _Code(number, body, 'quote')
            quote, continued = _open_quote(plain, quote), plain.endswith(u'\\')
            continue
        code = _without_comment(plain)
        depth += 1 if _OPENERS.search(code) else 0
        where = 'block' if depth else 'top'
        yield _Code(number, body, where)
        depth = max(0, depth - (1 if _CLOSERS.search(code) else 0))
        quote, continued = _open_quote(code, None), code.endswith(u'\\')
        match = _HEREDOC.search(code)
        heredoc = match.group(2) if match else None


def _without_comment(body):
    quote, previous = None, u' '
    for position, char in enumerate(body):
        if quote is None and char == u'#' and previous in u' \t;':
            return body[:position]
        if quote is None and char in u'"\'':
            quote = char
        elif char == quote and previous != u'\\':
            quote = None
        previous = char
    return body


def _open_quote(code, quote):
    escaped = False
    for char in code:
        if escaped:
            escaped = False
        elif char == u'\\' and quote != u"'":
            escaped = True
        elif quote is None and char in u'"\'':
            quote = char
        elif char == quote:
            quote = None
    return quote
