# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Try regular expressions that a stranger wrote, in bounded time, and tell names that they take.

Python's own search may take hours for such a pattern. Here the positions at which a match may stand
are kept as a set, so nothing is tried twice. What is not understood is said to be not known.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import string
from collections import namedtuple

MAX_PATTERN, MAX_TEXT, MAX_NAMES = 300, 200, 30
# {(pattern, text): answer}: many sites have the same lines.
_known, _MAX_KNOWN = {}, 100000
# Groups within each other, repeated parts within each other, and repeated parts in all: each makes
# the search longer.
_MAX_DEPTH, _MAX_NESTED, _MAX_REPEATS = 8, 1, 6
_DIGITS = frozenset(string.digits)
_WORD = frozenset(string.ascii_letters + string.digits + '_')
_CLASSES = {
    u'd': (_DIGITS, False),
    u'w': (_WORD, False),
    u'D': (_DIGITS, True),
    u'W': (_WORD, True),
}
# A class of more characters names nothing of which each is worth a look.
_MAX_CHOICES = 10

# One character. chars: those that it may be; negated: or those that it may not be.
_Char = namedtuple('_Char', 'chars negated')
# The begin or the end of the text. sign: ^ or $.
_Edge = namedtuple('_Edge', 'sign')
_Sequence = namedtuple('_Sequence', 'parts')
_Choice = namedtuple('_Choice', 'ways')
# optional: none will do; endless: more than one will do, too.
_Repeat = namedtuple('_Repeat', 'part optional endless')
_ANY = _Char(frozenset(), True)


class _NotUnderstood(Exception):
    pass


def read_pattern(text):
    # type: (str) -> object
    """Return what a regular expression means, for the functions below; None where it has something
    that is not understood here.
    """
    ignores_case = text.startswith(u'(?i)')
    text = text[len(u'(?i)') :] if ignores_case else text
    if len(text) > MAX_PATTERN:
        return None
    try:
        return _Reader(text, ignores_case).read()
    except _NotUnderstood:
        return None


def finds_safely(pattern, text):
    # type: (str, str) -> bool | None
    """Return whether a regular expression finds something; None where that is not known."""
    key = (pattern, text)
    if key not in _known:
        if len(_known) >= _MAX_KNOWN:
            _known.clear()
        meaning = read_pattern(pattern) if len(text) <= MAX_TEXT else None
        found = meaning and bool(_ends(meaning, text, frozenset(range(len(text) + 1))))
        _known[key] = found
    return _known[key]


def example_names(pattern):
    # type: (str) -> list[str]
    """Return some texts that a regular expression is about: each of its words in each form."""
    meaning = read_pattern(pattern)
    return [] if meaning is None else sorted(_examples(meaning))


class _Reader(object):
    """Reads a regular expression from the left."""

    def __init__(self, text, ignores_case):
        self.text, self.ignores_case = text, ignores_case
        self.position, self.depth, self.repeats = 0, 0, 0

    def read(self):
        found = self._choice()
        if self.position < len(self.text) or _nested(found) > _MAX_NESTED:
            raise _NotUnderstood()
        return found

    def _next(self):
        return self.text[self.position : self.position + 1]

    def _take(self):
        char = self._next()
        if not char:
            raise _NotUnderstood()
        self.position += 1
        return char

    def _choice(self):
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _NotUnderstood()
        ways = [self._sequence()]
        while self._next() == u'|':
            self._take()
            ways.append(self._sequence())
        self.depth -= 1
        return _Choice(tuple(ways))

    def _sequence(self):
        parts = []
        while self._next() and self._next() not in u'|)':
            parts.append(self._repeated(self._atom()))
        return _Sequence(tuple(parts))

    def _repeated(self, part):
        sign = self._next()
        if not sign or sign not in u'*+?':
            return part
        self.repeats += sign in u'*+'
        if isinstance(part, _Edge) or self.repeats > _MAX_REPEATS:
            raise _NotUnderstood()
        self._take()
        # A question mark behind it asks for less, and takes the same texts.
        if self._next() == u'?':
            self._take()
        elif self._next() and self._next() in u'+*':
            raise _NotUnderstood()
        return _Repeat(part, sign in u'*?', sign in u'*+')

    def _atom(self):
        char = self._take()
        if char in u'^$':
            return _Edge(char)
        if char == u'.':
            return _ANY
        if char == u'(':
            return self._group()
        if char == u'[':
            return self._class()
        if char == u'\\':
            return self._escaped()
        if char in u'*+?{}':
            raise _NotUnderstood()
        return self._literal(char)

    def _group(self):
        if self._next() == u'?':
            if self.text[self.position : self.position + 2] != u'?:':
                raise _NotUnderstood()
            self.position += 2
        inside = self._choice()
        if self._take() != u')':
            raise _NotUnderstood()
        return inside

    def _escaped(self):
        char = self._take()
        if char in _CLASSES:
            return _Char(*_CLASSES[char])
        if char.isalnum():
            raise _NotUnderstood()
        return self._literal(char)

    def _class(self):
        negated, chars = self._next() == u'^', set()
        if negated:
            self._take()
        while self._next() != u']' or not chars:
            first = self._class_char(chars)
            if first and self._next() == u'-' and self.text[self.position + 1 :][:1] not in u']':
                self._take()
                chars.update(_range(first, self._class_char(set())))
            elif first:
                chars.add(first)
        self._take()
        return _Char(frozenset(self._both_cases(chars)), negated)

    def _class_char(self, chars):
        """Return one character of a class; None where several were added to `chars`."""
        char = self._take()
        if char == u'[' and self._next() in u':.=':
            raise _NotUnderstood()
        if char != u'\\':
            return char
        char = self._take()
        if char in u'dw':
            chars.update(_CLASSES[char][0])
            return None
        if char.isalnum():
            raise _NotUnderstood()
        return char

    def _literal(self, char):
        return _Char(frozenset(self._both_cases([char])), False)

    def _both_cases(self, chars):
        if not self.ignores_case:
            return chars
        return [one for char in chars for one in (char.lower(), char.upper())]


def _range(first, last):
    if last is None or ord(last) < ord(first) or ord(last) > 127:
        raise _NotUnderstood()
    return [chr(number) for number in range(ord(first), ord(last) + 1)]


def _nested(node):
    """Return how many endless parts lie within each other."""
    if isinstance(node, _Repeat):
        return node.endless + _nested(node.part)
    inner = getattr(node, 'parts', None) or getattr(node, 'ways', None) or ()
    return max([0] + [_nested(one) for one in inner])


def _ends(node, text, starts):
    """Return the positions at which a match of a node may end. starts: where it may begin."""
    if isinstance(node, _Char):
        return frozenset(
            start + 1
            for start in starts
            if start < len(text) and (text[start] in node.chars) is not node.negated
        )
    if isinstance(node, _Edge):
        return starts & frozenset([0 if node.sign == u'^' else len(text)])
    if isinstance(node, _Sequence):
        for part in node.parts:
            starts = _ends(part, text, starts) if starts else starts
        return starts
    if isinstance(node, _Choice):
        return frozenset().union(*[_ends(way, text, starts) for way in node.ways])
    return _repeated_ends(node, text, starts)


def _repeated_ends(node, text, starts):
    found = _ends(node.part, text, starts)
    new = found if node.endless else frozenset()
    while new:
        new = _ends(node.part, text, new) - found
        found |= new
    return found | starts if node.optional else found


def _examples(node):
    """Return a set of short texts that a node takes, not all of them."""
    if isinstance(node, _Char):
        # Of a letter in both cases the small one stands for both.
        chars = set(one for one in node.chars if one.islower() or one.lower() not in node.chars)
        chars.update(one for one in node.chars if not one.isalpha())
        return chars if not node.negated and len(chars) <= _MAX_CHOICES else set([u''])
    if isinstance(node, _Sequence):
        found = set([u''])
        for part in node.parts:
            ends = sorted(_examples(part))
            found = set(_first(begin + end for begin in sorted(found) for end in ends))
        return found
    if isinstance(node, _Choice):
        return set(_first(one for way in node.ways for one in sorted(_examples(way))))
    if isinstance(node, _Repeat):
        return _examples(node.part) | set([u''] if node.optional else [])
    return set([u''])


def _first(texts):
    found = []
    for text in texts:
        if len(found) >= MAX_NAMES:
            break
        if len(text) <= MAX_TEXT:
            found.append(text)
    return found
