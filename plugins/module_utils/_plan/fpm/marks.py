# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What we leave on a host whose PHP a switch has moved to FPM: how it is known again, what it says
of the host before, and how it is taken away.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ..._fields import TYPE_CHECKING, NamedTuple
from ..._syntax.lines import split_lines
from ..._syntax.trees import with_text, without_file
from ..php_marks import without_guards

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..._model import ConfigTree, HostState  # noqa: F401

# The first words of each file of ours.
MANAGED = u'Managed by webops.apache (php: fpm)'
# What httpd's part says: names of modules that it stands for; paths of files that came with it.
_OFF, _ON = u'# webops.apache off: ', u'# webops.apache on: '
# What the drop-in says of the unit before.
_BEFORE = re.compile(r'^# webops\.apache before: enabled=(yes|no|-) active=(yes|no)$', re.MULTILINE)
_WORDS = {True: 'yes', False: 'no', None: '-'}
# Around a block that we have put into a file of somebody else.
BLOCK = u'# webops.apache has FPM run PHP here for as long as mod_php does not: begin'
BLOCK_END = u'# webops.apache has FPM run PHP here: end'
# Below /run, for the sockets. Root alone can change it.
FOLDER = 'webops-php-fpm'
SOCKETS = '/run/%s/' % FOLDER

# How the unit of FPM was before. enabled: None where that stays as it is; active: it ran.
Before = NamedTuple('Before', [('enabled', 'bool | None'), ('active', 'bool')])


def head_lines(unit, off, on):
    # type: (str, list[str], list[str]) -> list[str]
    """Return the first lines of httpd's part.

    off: names of the modules of PHP that are off; on: paths of the files that came with it.
    """
    return [
        u'# %s: %s runs PHP in place of mod_php.' % (MANAGED, unit),
        u'# A switch to prefork takes this away, and brings mod_php back.',
        _OFF + u' '.join(off),
        _ON + u' '.join(on),
    ]


def before_line(before):
    # type: (Before) -> str
    """Return the line by which the drop-in says how the unit was."""
    return u'# webops.apache before: enabled=%s active=%s' % (
        _WORDS[before.enabled],
        _WORDS[before.active],
    )


def unit_before(text):
    # type: (str | None) -> Before | None
    """Return the Before that a drop-in says; None where it is none of ours."""
    found = _BEFORE.search(text or u'')
    if not found or MANAGED not in text:
        return None
    known = dict((word, value) for value, word in _WORDS.items())
    return Before(known[found.group(1)], known[found.group(2)])


def is_carried(state):
    # type: (HostState) -> bool
    """Return whether a switch of ours has moved PHP to FPM, and nobody has taken that away."""
    text = state.fpm and state.tree.files.get(state.fpm.places.part)
    return bool(text) and MANAGED in split_lines(text)[0]


def modules_off(state):
    # type: (HostState) -> list[str]
    """Return the names of the modules of PHP that httpd's part stands for."""
    return _named(state, _OFF)


def files_on(state):
    # type: (HostState) -> list[str]
    """Return the paths of the files that came with httpd's part."""
    return _named(state, _ON)


def _named(state, start):
    # type: (HostState, str) -> list[str]
    for line in split_lines(state.tree.files[state.fpm.places.part]):
        if line.startswith(start):
            return line[len(start) :].split()
    return []


def is_our_backend(words):
    # type: (str | None) -> bool
    """Return whether a handler asks one of our own pools."""
    return bool(words) and 'unix:' + SOCKETS in words


def without_ours(state, tree):
    # type: (HostState, ConfigTree) -> ConfigTree
    """Return the tree without httpd's part, and without our lines in the files of others."""
    part = state.fpm.places.part
    if part in tree.files:
        tree = without_file(tree, part)
    for path in sorted(tree.files):
        if BLOCK in tree.files[path]:
            tree = with_text(tree, path, _cleaned(tree.files[path]))
    return without_guards(tree)


def _cleaned(text):
    # type: (str) -> str
    """Return a text without our blocks."""
    kept, inside = [], False
    for line in split_lines(text):
        word = line.strip()
        inside = inside or word == BLOCK
        if not inside:
            kept.append(line)
        inside = inside and word != BLOCK_END
    return u''.join(kept)
