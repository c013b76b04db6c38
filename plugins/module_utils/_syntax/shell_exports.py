# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which variables a shell script hands on to the programs that it starts, as far as that is plain.

Nothing is expanded or run, as in `shell`.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from collections import namedtuple

from .shell import last_assignment
from .shell_code import leading_word, read_script

# values: {name: value}; unclear: names whose value only a shell can tell.
Exports = namedtuple('Exports', 'values unclear')

# Characters that are read for all names together: the text is read for each.
MOST_READ = 500000
_EXPORTED = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)(\+?=|\Z)')
_ASSIGNED = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)\+?=')
# Words after which the names that follow are exported, and words that export all from there on.
_EXPORTERS = ([u'export'], [u'declare', u'-x'], [u'typeset', u'-x'])
_ALL = ([u'set', u'-a'], [u'set', u'-o', u'allexport'])


def find_exports(text):
    """Return the Exports of a script, or of a file that it sources."""
    values, names = {}, _exported_names(text)
    looked_up = names[: MOST_READ // max(len(text), 1)]
    unclear = set(names[len(looked_up) :])
    for name in looked_up:
        found = last_assignment(text, name)
        if found is None:
            continue
        if found.unclear:
            unclear.add(name)
        else:
            values[name] = found.value
    return Exports(values, frozenset(unclear))


def _exported_names(text):
    names, everything = [], False
    for command in read_script(text).commands:
        lead = leading_word(command.words)
        words = command.words[command.words.index(lead) :] if lead else command.words
        everything = everything or any(words[: len(start)] == start for start in _ALL)
        for start in _EXPORTERS:
            if words[: len(start)] == start:
                names.extend(match.group(1) for match in map(_EXPORTED.match, words) if match)
        if everything and lead is None:
            names.extend(match.group(1) for match in map(_ASSIGNED.match, words) if match)
    return sorted(set(names) - set([u'export', u'declare', u'typeset']))
