# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The command line of httpd: the options that decide what it reads, and what `-l` says of the
program.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._model import MPMS

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable  # noqa: F401

# Options whose value may be the next word.
WITH_VALUE = ('-d', '-f', '-D', '-C', '-c', '-e', '-E')


def defined_names(options):
    # type: (Iterable[str]) -> list[str]
    """Return the names that -D defines: `-D NAME` and `-DNAME`.

    There are no values: `-D A=1` defines the name `A=1`.
    """
    names, words = [], list(options)
    while words:
        word = words.pop(0)
        if word == '-D' and words:
            names.append(words.pop(0))
        elif word.startswith('-D'):
            names.append(word[2:])
    return names


# httpd's options that take a value (server/main.c), and those that ask for something and end.
_WITH_VALUE = 'CDcdEefk'
_QUESTIONS = 'tSMvVlLh'
_SIGNALS = ('graceful', 'graceful-stop', 'restart', 'stop')


def split_options(words):
    """Return [(letter, value or None)] of the options of a command line, as httpd reads them: in
    one word there may be several, and the value of the last.
    """
    found, words = [], list(words)
    while words:
        word = words.pop(0)
        if word[:1] != '-' or word in ('-', '--'):
            break
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            value = None
            if letter in _WITH_VALUE:
                value, letters = letters or (words.pop(0) if words else ''), ''
            found.append((letter, value))
    return found


def starts_no_server(words):
    """Return whether options only ask for something, or send a signal."""
    return any(
        letter in _QUESTIONS or (letter == 'k' and value in _SIGNALS)
        for letter, value in split_options(words)
    )


def without_directives(options):
    """Return (other options, [directives of -C], [directives of -c])."""
    rest, given, words = [], {'-C': [], '-c': []}, list(options)
    while words:
        word = words.pop(0)
        if word in given and words:
            given[word].append(words.pop(0))
        elif word[:2] in given:
            given[word[:2]].append(word[2:])
        else:
            rest.append(word)
    return rest, given['-C'], given['-c']


def last_option(options, flag):
    """Return the last value of an option that takes one (`-f path` or `-fpath`), or None."""
    found, previous = None, None
    for word in options:
        if previous == flag:
            found, word = word, None
        elif word.startswith(flag) and word != flag:
            found = word[len(flag) :]
        previous = word
    return found


def compiled_mpm(sources):
    """Return which MPM is among the linked modules; None for a server that loads its MPM, or has an
    unknown one.
    """
    found = [mpm for mpm in MPMS if mpm + '.c' in sources]
    return found[0] if len(found) == 1 else None
