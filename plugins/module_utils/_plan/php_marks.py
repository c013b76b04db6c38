# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What we have written because a module of PHP is not loaded: how it is known again, and removed.

Denials keep its sources from visitors; guards keep lines of others for the module alone.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import DENIED
from .._syntax.lines import line_end, split_lines
from .._syntax.trees import with_text, without_file

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import ConfigTree, HostState, Served  # noqa: F401

# The first line of a file that we have put in the place of PHP; behind it the modules that it
# stands for.
DENIAL_MARK = u'# webops.apache denies the sources for as long as these are disabled: '
# Around the lines that we have put into a file of somebody else.
BEGIN = u'# webops.apache denies the sources of PHP here for as long as no module runs them: begin'
END = u'# webops.apache: end'
# Around lines of somebody else that we have put into a section; the section goes, the lines stay.
GUARD = u'# webops.apache keeps these lines for mod_php alone: begin'
GUARD_END = u'# webops.apache keeps these lines for mod_php alone: end'


def has_denials(state, tree):
    # type: (HostState, ConfigTree) -> bool
    """Return whether something of ours may be there."""
    path = (layout_named(state.layout).denial or (None,))[0]
    return path in tree.files or any(BEGIN in text for text in tree.files.values())


def without_denials(state, tree):
    # type: (HostState, ConfigTree) -> ConfigTree
    """Return the tree without our own file, and without our lines in the files of others."""
    path = (layout_named(state.layout).denial or (None,))[0]
    if path in tree.files and tree.files[path].startswith(DENIAL_MARK):
        tree = without_file(tree, path)
    for name in sorted(tree.files):
        if BEGIN in tree.files[name]:
            tree = with_text(tree, name, _without_blocks(tree.files[name]))
    return tree


def is_ours(state, tree, served, known=None):
    # type: (HostState, ConfigTree, Served, dict[str, set[int]] | None) -> bool
    """Return whether a line of ours denies what is served so.

    known: {path: numbers of our lines in it}, which grows; for many questions about one tree.
    """
    if served.how != DENIED or served.path not in tree.files:
        return False
    text = tree.files[served.path]
    if served.path == (layout_named(state.layout).denial or (None,))[0]:
        return text.startswith(DENIAL_MARK)
    known = {} if known is None else known
    if served.path not in known:
        known[served.path] = _our_lines(text)
    return served.line in known[served.path]


def _our_lines(text):
    # type: (str) -> set[int]
    """Return the numbers of the lines from BEGIN to END, from 1."""
    found, inside = set(), False
    for number, line in enumerate(split_lines(text) if BEGIN in text else (), 1):
        word = line.strip()
        inside = inside or word == BEGIN
        if inside:
            found.add(number)
        inside = inside and word != END
    return found


def modules_denied_for(state):
    # type: (HostState) -> list[str] | None
    """Return the names of the modules for which our own file stands; None where there is none."""
    path = (layout_named(state.layout).denial or (None,))[0]
    first = state.tree.files.get(path, u'').split(u'\n')[0]
    return first[len(DENIAL_MARK) :].split() if first.startswith(DENIAL_MARK) else None


def _without_blocks(text):
    # type: (str) -> str
    """Return a text without the lines from BEGIN to END."""
    ours = _our_lines(text)
    return _without_lines(split_lines(text), set(number - 1 for number in ours))


def without_guards(tree):
    # type: (ConfigTree) -> ConfigTree
    """Return the tree with what we guarded as it was; the same tree where there is no guard."""
    for name in sorted(tree.files):
        if GUARD in tree.files[name]:
            tree = with_text(tree, name, _unguarded(tree.files[name]))
    return tree


def _unguarded(text):
    # type: (str) -> str
    """Return a text without our guards, one within another, too: a mark and the line of the section
    that is next to it, behind the first mark and before the last one, were not there.
    """
    lines = split_lines(text)
    words = [line.strip() for line in lines]
    ours = set()  # type: set[int]
    for number, word in enumerate(words):
        if word == GUARD:
            ours.update((number, number + 1))
        elif word == GUARD_END:
            ours.update((number - 1, number))
    return _without_lines(lines, ours)


def _without_lines(lines, ours):
    # type: (list[str], set[int]) -> str
    """Return a text without some lines, as it was before they came. ours: their places, from 0."""
    kept = [line for number, line in enumerate(lines) if number not in ours]
    if kept and len(lines) - 1 in ours and not line_end(lines[-1]):
        # The last line had no end. Ours came behind it, and took that over.
        kept[-1] = kept[-1][: -len(line_end(kept[-1]))]
    return u''.join(kept)
