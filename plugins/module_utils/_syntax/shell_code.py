# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Cut a file that a shell sources into its commands, and find those that always run.

It knows quotes, comments, here-documents, substitutions and compound commands well enough to find
where they begin and end. It expands nothing. If a file has a syntax error, what follows it counts
as run on a condition.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from collections import namedtuple

# line: 1 is the first; column: 0 is the first; where: TOP or BLOCK; words: as written, with their
# quotes, reserved words included.
Command = namedtuple('Command', 'line column where words')
# commands: [Command] in order, without those of subshells, which change nothing outside; places:
# {line: how it begins: TOP, BLOCK, INSIDE or HEREDOC}; unreadable: None, or the line where
# something begins that does not end.
Script = namedtuple('Script', 'commands places unreadable')

MAX_LENGTH = 64 * 1024
# Run whenever the file is read. Run on a condition, if at all. In the middle of a word or a
# command. In a here-document.
TOP, BLOCK, INSIDE, HEREDOC = 'top', 'block', 'inside', 'heredoc'

_OPENERS = {
    u'if': u'fi',
    u'case': u'esac',
    u'for': u'done',
    u'while': u'done',
    u'until': u'done',
    u'select': u'done',
    u'{': u'}',
    u'[[': u']]',
}
_CLOSERS = frozenset(_OPENERS.values())
# Words in the middle of a compound command, and what then closes it.
_MIDDLE = {u'then': u'fi', u'elif': u'fi', u'else': u'fi', u'do': u'done'}
# Commands that may have brackets inside.
_WITH_BRACKETS = frozenset([u'for', u'case'])
_FUNCTION = 'function'
_BEFORE_COMMANDS = frozenset(
    [u'if', u'while', u'until', u'then', u'else', u'elif', u'do', u'{', u'!', u'time']
)
# After one of these the rest of the file may not be read.
_LEAVING = frozenset([u'return', u'exit', u'exec'])
_BEFORE_NAME = re.compile(r'(command|builtin)$|[A-Za-z_][A-Za-z0-9_]*\+?=')
_WORD_END = u' \t\n;&|()<>'
# What is special inside each kind of brackets or quotes.
_SPECIAL = {
    u"'": u'',
    u'"': u'\\$`',
    u'`': u'\\',
    u"$'": u'\\',
    u'}': u'\\$`"\'',
    u')': u'\\$`"\'(',
}
# What may be skipped there, and in a word.
_PLAIN = dict(
    (kind, re.compile(u'[^%s]*' % re.escape(special + kind[-1])))
    for kind, special in _SPECIAL.items()
)
_PLAIN_WORD = re.compile(u'[^%s]*' % re.escape(_WORD_END + u'\\$`"\''))
_HEREDOC_MARK = re.compile(r'<<(?!<)(-?)[ \t]*')


def read_script(text):
    """Return the Script in a text. One that is longer than any file of settings cannot be read."""
    return _Reader(text).read() if len(text) <= MAX_LENGTH else Script([], {}, 1)


def leading_word(words):
    """Return the word of a command that names what is run, or None."""
    return next(
        (
            word
            for word in words
            if word not in _BEFORE_COMMANDS and word not in _MIDDLE and not _BEFORE_NAME.match(word)
        ),
        None,
    )


class _Reader(object):
    """Goes through a text once.

    `open` holds what closes each compound command that is open, innermost last.
    """

    def __init__(self, text):
        self.text, self.position, self.line, self.line_start = text, 0, 1, 0
        self.commands, self.places, self.unreadable = [], {1: TOP}, None
        self.open, self.heredocs, self.words, self.began = [], [], [], None
        # fresh: a reserved word may come; idle: nothing since the last separator; closed: a
        # compound command has just ended; defining: a function's body has to come; dangling: the
        # last token was && || or |; conditional: one of those comes before; lost: there was a
        # syntax error, or a command that leaves the file.
        self.fresh, self.idle, self.closed, self.defining = True, True, False, False
        self.dangling, self.conditional, self.lost = False, False, False

    def read(self):
        handlers = {
            u'\n': self._newline,
            u'#': self._comment,
            u' ': self._step,
            u'\t': self._step,
            u'(': self._bracket,
            u')': self._end_of_pattern,
            u'<': self._redirection,
            u'>': self._redirection,
            u';': self._separator,
            u'&': self._separator,
            u'|': self._separator,
        }
        while self.position < len(self.text):
            handlers.get(self.text[self.position], self._word)()
        self._end_command()
        return Script(self.commands, self.places, self.unreadable)

    def _where(self):
        return BLOCK if self.open or self.conditional or self.defining or self.lost else TOP

    def _step(self, count=1):
        end = min(self.position + count, len(self.text))
        newline = self.text.find(u'\n', self.position, end)
        while newline >= 0:
            self._begin_line(newline + 1, INSIDE)
            newline = self.text.find(u'\n', newline + 1, end)
        self.position += count

    def _pass(self, plain):
        self._step(plain.match(self.text, self.position).end() - self.position)

    def _begin_line(self, offset, place):
        self.line, self.line_start = self.line + 1, offset
        self.places[self.line] = place

    def _newline(self):
        self._end_command()
        self.idle = True
        self.conditional = self.conditional and self.dangling
        self._step()
        heredocs, self.heredocs = self.heredocs, []
        for delimiter, tabs in heredocs:
            self._heredoc(delimiter, tabs)
        self.places[self.line] = self._where()

    def _heredoc(self, delimiter, tabs):
        first = self.line
        while self.position < len(self.text):
            end = self.text.find(u'\n', self.position)
            body = self.text[self.position :] if end < 0 else self.text[self.position : end]
            self.places[self.line] = HEREDOC
            self._step(len(body) + 1)
            if (body.lstrip(u'\t') if tabs else body) == delimiter:
                return
        self.unreadable = self.unreadable or first

    def _comment(self):
        end = self.text.find(u'\n', self.position)
        self.position = len(self.text) if end < 0 else end

    def _bracket(self):
        """A subshell, an array, the brackets of a function, or part of a pattern or of
        arithmetic.
        """
        start, fresh, words, defining = self.position, self.fresh, self.words, self.defining
        self._end_command()
        self._step()
        self._enclosed(u')')
        self.idle, self.dangling = False, False
        within_word = start > 0 and self.text[start - 1] in u'=@?*+!<>'
        named = defining or (len(words) == 1 and not fresh and not within_word)
        self.defining = named and not self.text[start : self.position].strip(u'() \t')
        self.closed = fresh and not self.defining and self.open[-1:] != [u'esac']
        if not (
            fresh
            or self.defining
            or within_word
            or self.open[-1:] == [u']]']
            or _WITH_BRACKETS.intersection(words)
        ):
            self.lost = True

    def _end_of_pattern(self):
        self.lost = self.lost or self.open[-1:] != [u'esac']
        self.words, self.fresh, self.idle = [], True, False
        self._step()

    def _redirection(self):
        mark = _HEREDOC_MARK.match(self.text, self.position)
        if mark:
            self._step(len(mark.group()))
            self.heredocs.append((re.sub(r'[\'"\\]', u'', self._raw_word()), bool(mark.group(1))))
        else:
            while self.text[self.position : self.position + 1] in (u'<', u'>', u'&', u'|'):
                self._step()
        self.fresh, self.idle = False, False

    def _separator(self):
        two = self.text[self.position : self.position + 2]
        in_case = two[:1] == u';' and two in (u';;', u';&')
        if (self.idle and not in_case) or (in_case and self.open[-1:] != [u'esac']):
            self.lost = True
        self._end_command()
        self.dangling = two in (u'&&', u'||') or two[0] == u'|'
        self.conditional, self.idle = self.dangling, True
        self._step(2 if in_case or two in (u'&&', u'||', u'|&') else 1)

    def _word(self):
        if self.text.startswith(u'\\\n', self.position):
            self._step(2)
            return
        if not self.words:
            self.began = (self.line, self.position - self.line_start, self._where())
        word = self._raw_word().replace(u'\\\n', u'')
        if word.isdigit() and self.text[self.position : self.position + 1] in (u'<', u'>'):
            return  # the number of a descriptor
        self.words.append(word)
        self.idle, self.dangling = False, False
        if self.fresh or (word == u']]' and self.open[-1:] == [word]):
            self._first_word(word)

    def _first_word(self, word):
        defining, self.defining = self.defining, False
        self.lost = (
            self.lost
            or (defining and word not in _OPENERS)
            or (self.closed and word not in _CLOSERS and word not in _MIDDLE)
        )
        if word in _OPENERS:
            self.open.append(_FUNCTION if defining and word == u'{' else _OPENERS[word])
        elif word in _CLOSERS:
            expected = self.open.pop() if self.open else None
            self.lost = self.lost or (word != expected and (word, expected) != (u'}', _FUNCTION))
        elif word == u'function':
            while self.text[self.position : self.position + 1] in (u' ', u'\t'):
                self._step()
            self._raw_word()
            self.defining = True
        elif word in _MIDDLE:
            self.lost = self.lost or self.open[-1:] != [_MIDDLE[word]]
        self.closed = word in _CLOSERS
        self.fresh = word in _BEFORE_COMMANDS or self.closed or self.defining

    def _end_command(self):
        if self.words:
            self.commands.append(Command(*(self.began + (self.words,))))
            self.lost = self.lost or (
                leading_word(self.words) in _LEAVING and _FUNCTION not in self.open
            )
        self.words, self.fresh, self.closed = [], True, False

    def _raw_word(self):
        start = self.position
        while self.position < len(self.text) and self.text[self.position] not in _WORD_END:
            self._pass(_PLAIN_WORD)
            if self.position < len(self.text) and self.text[self.position] not in _WORD_END:
                kind = self._piece(None)
                if kind:
                    self._enclosed(kind)
        return self.text[start : self.position]

    def _piece(self, inside):
        """Skip one special character; return what closes the quoted or bracketed part that it
        begins, or None.

        inside: what closes the part around it, None for a word.
        """
        two = self.text[self.position : self.position + 2]
        if two[0] == u'\\':
            self._step(2)
            return None
        if two in (u'$(', u'${') or (two == u"$'" and inside != u'"'):
            self._step(2)
            return {u'(': u')', u'{': u'}', u"'": u"$'"}[two[1]]
        self._step()
        return two[0] if two[0] in u'"\'`' else None

    def _enclosed(self, kind):
        """Go to the end of a quoted or bracketed part, and of all parts within it."""
        # [(what closes it, its first line)], the innermost last.
        parts = [(kind, self.line)]
        while parts and self.position < len(self.text):
            kind = parts[-1][0]
            char = self.text[self.position]
            if char == kind[-1]:
                self._step()
                parts.pop()
            elif char == u'(' and kind == u')':
                self._step()
                parts.append((u')', self.line))
            elif char in _SPECIAL[kind]:
                inner = self._piece(kind)
                parts += [(inner, self.line)] if inner else []
            else:
                self._pass(_PLAIN[kind])
        if parts:
            self.unreadable = self.unreadable or parts[-1][1]
            self._step(len(parts))
