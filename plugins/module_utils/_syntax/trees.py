# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Make another ConfigTree: with another text in a file, or with a file added or removed."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._fields import TYPE_CHECKING
from .._model import Link
from .evaluate import INCLUDES
from .httpd_conf import DIRECTIVE, parse_lines
from .variables import replace_variables, variables_in
from .wildcards import matches, names_file

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import ConfigTree  # noqa: F401


def value_at(tree, path):
    # type: (ConfigTree, str) -> str | Link | None
    """Return what stands at a path of a tree: a text, a Link, or None."""
    return Link(tree.links[path]) if path in tree.links else tree.files.get(path)


def named_lines(tree, names):
    """Return the lines of all files, in force or not, that have one of these names and a word."""
    return [
        line
        for text in tree.files.values()
        for line in parse_lines(text)
        if line.kind == DIRECTIVE and line.name in names and line.args
    ]


def with_text(tree, path, text):
    # type: (ConfigTree, str, str) -> ConfigTree
    """Return the tree in which the file `path` has another text; its Include lines may have moved.

    The text must have the same Include lines as the old one, in the same order.
    """
    files, includes = dict(tree.files), dict(tree.includes)
    files[path] = text
    moved = zip(_include_lines(tree.files[path]), _include_lines(text))
    for key in [key for key in includes if key[0] == path]:
        del includes[key]
    for before, now in moved:
        if (path, before) in tree.includes:
            includes[(path, now)] = tree.includes[(path, before)]
    return tree._replace(files=files, includes=includes)


def _include_lines(text):
    return [
        line.number
        for line in parse_lines(text)
        if line.kind == DIRECTIVE and line.name in INCLUDES
    ]


def with_file(tree, path, text, target=None):
    # type: (ConfigTree, str, str, str | None) -> ConfigTree
    """Return the tree with one more file, in every Include that matches its name. target: where it
    leads if it is a link.
    """
    links = dict(tree.links)
    if target is not None:
        links[path] = target
    return _reincluded(tree._replace(files=dict(tree.files, **{path: text}), links=links), path)


def without_file(tree, path):
    # type: (ConfigTree, str) -> ConfigTree
    """Return the tree without a file."""
    files, links = dict(tree.files), dict(tree.links)
    files.pop(path, None)
    links.pop(path, None)
    return _reincluded(tree._replace(files=files, links=links), path)


def included_somewhere(tree, path):
    # type: (ConfigTree, str) -> bool
    """Return whether any Include reads the file."""
    return any(path in included for included in tree.includes.values())


def patterns_of(tree):
    """Return {what an Include line of a tree names: folders in which it found files}."""
    found, patterns = {}, {}
    for (parent, number), included in tree.includes.items():
        if parent not in patterns:
            patterns[parent] = _include_patterns(tree.files.get(parent, u''))
        folders = set(os.path.dirname(path) for path in included)
        found.setdefault(patterns[parent].get(number), set()).update(folders)
    return found


def would_read(root, patterns, path):
    """Return whether an Include of `patterns_of` would read a file of this name, if there were one.

    With a variable a line may name anything; where it has found files is where it leads.
    """
    return any(
        _names_it(root, pattern, path)
        and (not variables_in(pattern) or os.path.dirname(path) in patterns[pattern])
        for pattern in patterns
    )


def _reincluded(tree, path):
    includes, patterns = {}, {}
    for (parent, number), included in tree.includes.items():
        others = [other for other in included if other != path]
        if parent not in patterns:
            patterns[parent] = _include_patterns(tree.files.get(parent, u''))
        named = path in included or _names_it(tree.root, patterns[parent].get(number), path)
        # httpd's order: folder by folder, each sorted by name.
        includes[(parent, number)] = (
            sorted(others + [path], key=lambda name: name.split('/'))
            if path in tree.files and named
            else others
        )
    return tree._replace(includes=includes)


def _include_patterns(text):
    """Return {line number: pattern} of the Include lines of a file."""
    return dict(
        (line.number, line.args[0])
        for line in parse_lines(text)
        if line.kind == DIRECTIVE and line.name in INCLUDES and line.args
    )


def _names_it(root, pattern, path):
    """Return whether an Include names a file: itself, by a pattern, or by a folder that it is in.

    A variable may have any value here; its real one is known once the tree is read in order.
    """
    if pattern is None:
        return False
    if not variables_in(pattern):
        return names_file(os.path.join(root, pattern), path)
    begins_anywhere = pattern.startswith('${')
    pattern = replace_variables(pattern.replace('[^', '[!'), lambda _found: u'*')
    pattern = re.sub('/+', '/', pattern if begins_anywhere else os.path.join(root, pattern)).rstrip(
        '/'
    )
    return matches(pattern, path) or matches(pattern + '/*', path)
