# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Records that say of each field what it holds: to mypy; or so that they can be written as plain
JSON, and what is read again is checked.

A record of the second kind is a named tuple with a form. Each kind of value has two functions:
`plain(value)` returns what JSON has for it, and `read(data)` the value again. `read` raises
ValueError, in words, for anything else.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import sys
from collections import namedtuple

# True for mypy alone: what stands under it is never run, so it may be newer than Python 2.
TYPE_CHECKING = False
if TYPE_CHECKING:  # novm
    from typing import NamedTuple
else:

    def NamedTuple(name, fields):
        """Return a new class of records without a form. fields: [(name, its type as text)], of
        which only mypy looks at the types.
        """
        made = namedtuple(name, [each for each, _type in fields])
        # By which pickle finds it.
        made.__module__ = sys._getframe(1).f_globals['__name__']
        return made


# The default of a field that has none.
NEEDED = object()
# Characters of a wrong value that are shown.
_LONGEST = 40

# name: in the record; kind: has `plain` and `read`; default: NEEDED, or what it is where JSON has
# no such key; key: the name in JSON, None for a record whose own fields stand beside the others in
# JSON, not within a key of their own.
Field = namedtuple('Field', 'name kind default key')


def field(name, kind, default=NEEDED, key=None):
    """Return a Field with a key of its own. kind: one of those below, or a class of records; key:
    its name in JSON where that is another one.
    """
    return Field(name, getattr(kind, 'FORM', kind), default, key or name)


def part(name, record):
    """Return a Field for a record that is spread out among the other fields."""
    return Field(name, record.FORM, NEEDED, None)


def record(name, *fields):
    """Return a new class of records: a named tuple, with its Form as FORM.

    Fields with a default come last.
    """
    made = namedtuple(name, [each.name for each in fields])
    made.__new__.__defaults__ = tuple(
        each.default for each in fields if each.default is not NEEDED
    )
    made.FORM = Form(made, fields)
    return made


class Form(object):
    """How records of one class are written: as an object, with a key for each field."""

    def __init__(self, made, fields):
        self.made, self.fields = made, fields

    def plain(self, value):
        """Return a dictionary that JSON can hold."""
        found = {}
        for each in self.fields:
            held = each.kind.plain(getattr(value, each.name))
            if each.key is None:
                found.update(held)
            else:
                found[each.key] = held
        return found

    def read(self, data):
        """Return the record. Keys that it does not know are left out.

        Raises ValueError for a key that is missing, or that holds something else.
        """
        if not isinstance(data, dict):
            raise ValueError(_is_not(data, 'object'))
        return self.made(*[_read_field(each, data) for each in self.fields])


class Row(Form):
    """Written without the names of the fields: as a list."""

    def plain(self, value):
        """Return a list that JSON can hold."""
        return [each.kind.plain(held) for each, held in zip(self.fields, value)]

    def read(self, data):
        """Return the record. Raises ValueError."""
        if not isinstance(data, (list, tuple)) or len(data) != len(self.fields):
            raise ValueError(_is_not(data, 'list of %d' % len(self.fields)))
        return self.made(*[each.kind.read(held) for each, held in zip(self.fields, data)])


def _read_field(each, data):
    if each.key is None:
        return each.kind.read(data)
    if each.key not in data:
        if each.default is NEEDED:
            raise ValueError('it has no %s' % each.key)
        return each.default
    try:
        return each.kind.read(data[each.key])
    except ValueError as e:
        raise ValueError('%s: %s' % (each.key, e))


class _Plain(object):
    """What JSON knows itself. words: what it is called; types: of Python that it may have."""

    def __init__(self, words, *types):
        self.words, self.types = words, types

    def plain(self, value):
        return value

    def read(self, data):
        # A bool is an int in Python.
        if not isinstance(data, self.types) or (isinstance(data, bool) and bool not in self.types):
            raise ValueError(_is_not(data, self.words))
        return data


class maybe(object):
    """A value of some kind, or None."""

    def __init__(self, kind):
        self.kind = getattr(kind, 'FORM', kind)

    def plain(self, value):
        """Return what JSON has for it."""
        return None if value is None else self.kind.plain(value)

    def read(self, data):
        """Return the value. Raises ValueError."""
        return None if data is None else self.kind.read(data)


class list_of(object):
    """A list of values of one kind."""

    def __init__(self, kind):
        self.kind = getattr(kind, 'FORM', kind)

    def plain(self, value):
        """Return what JSON has for it."""
        return [self.kind.plain(each) for each in value]

    def read(self, data):
        """Return the list. Raises ValueError."""
        if not isinstance(data, (list, tuple)):
            raise ValueError(_is_not(data, 'list'))
        return [self.kind.read(each) for each in data]


def _is_not(data, kind):
    return '%s is not %s %s' % (repr(data)[:_LONGEST], 'an' if kind[0] in 'aeiou' else 'a', kind)


# Python 2 has two types for each of these.
_WHOLE = tuple(set([int, type(2**64)]))
FLAG = _Plain('flag', bool)
WHOLE = _Plain('whole number', *_WHOLE)
NUMBER = _Plain('number', float, *_WHOLE)
TEXT = _Plain('text', *set([str, type(u'')]))
