# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What we have written to deny the sources of PHP: how it is known again, and removed."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import DENIED
from .._syntax.lines import split_lines
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
    """Return the numbers of the lines from BEGIN to END."""
    found, inside = set(), False
    for number, line in enumerate(split_lines(text) if BEGIN in text else (), 1):
        inside = (inside or line.strip() == BEGIN) and line.strip() != END
        if inside:
            found.add(number)
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
    kept, inside = [], False
    for line in split_lines(text):
        word = line.strip()
        inside = inside or word == BEGIN
        if not inside:
            kept.append(line)
        inside = inside and word != END
    return u''.join(kept)
