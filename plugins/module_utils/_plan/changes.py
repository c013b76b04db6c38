# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What is different on the disk between a host as it is and as it will be, as FileEdits."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import FileEdit, Link
from .._syntax.trees import included_somewhere, value_at, with_file, with_text, without_file

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Mapping  # noqa: F401

    from .._model import ConfigTree, HostState  # noqa: F401


def list_edits(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> list[FileEdit]
    """Return [FileEdit] that make the disk what `tree` is, with this MPM chosen; each path once,
    sorted but for the choice.
    """
    layout = layout_named(state.layout)
    edits = layout.edit_choice_file(state, tree, mpm)
    generated = set(layout.generated(state.disk.evidence))
    for path in sorted((set(state.tree.files) | set(tree.files)) - generated):
        edits = edits + _edits_of(state, tree, path)
    return sorted(_as_moves(edits), key=lambda edit: (edit.path == state.choice.path, edit.path))


def _edits_of(state, tree, path):
    # type: (HostState, ConfigTree, str) -> list[FileEdit]
    before, after, reason = value_at(state.tree, path), value_at(tree, path), 'what the MPM reads'
    if before != after and (None in (before, after) or path in state.tree.links):
        edits = [FileEdit(path, place_of(state, path), before, after, reason)]
        if isinstance(after, Link):
            target, there = _behind(state, path, after.target)
            if there != tree.files[path]:
                real = real_path(state, target)
                edits.append(FileEdit(target, real, there, tree.files[path], reason))
        return edits
    texts = state.tree.files.get(path), tree.files.get(path)
    return [FileEdit(path, real_path(state, path), *(texts + (reason,)))] * (texts[0] != texts[1])


def _as_moves(edits):
    # type: (list[FileEdit]) -> list[FileEdit]
    """Have what only changes its place keep its mode, its owner and its labels."""
    gone = [edit for edit in edits if edit.after is None]
    moved = []
    for edit in edits:
        origins = [other.real for other in gone if other.before == edit.after]
        name = os.path.basename(edit.real)
        near = [other.real for other in gone if _same_entry(name, os.path.basename(other.real))]
        origins = [real for real in near if real in origins] or near or origins
        moved.append(edit._replace(like=origins[0] if edit.before is None and origins else None))
    return moved


def _same_entry(name, other):
    # type: (str, str) -> bool
    return name.startswith(other) or other.startswith(name)


def target_of(path, target):
    # type: (str, str) -> str
    """Return the absolute path to which a link leads, as far as its own text tells."""
    parts = path.split('/')[:-1] if not target.startswith('/') else []
    for part in target.split('/'):
        parts = parts[:-1] if part == '..' else parts + [part]
    return '/'.join(parts)


def real_path(state, path):
    # type: (HostState, str) -> str
    """Where a path leads."""
    return state.disk.paths[path].real if path in state.disk.paths else path


def place_of(state, path):
    # type: (HostState, str) -> str
    """Where an entry of a folder is made or removed: in the folder to which that leads."""
    folder, name = os.path.split(path)
    return os.path.join(real_path(state, folder), name)


def _names(state):
    # type: (HostState) -> dict[str, str]
    """Return {real path: path} of what is known: of a file where it leads, of a link its place."""
    known = sorted(state.disk.paths.items(), reverse=True)
    names = dict((facts.real, path) for path, facts in known)
    names.update((place_of(state, path), path) for path in sorted(state.tree.links))
    names.update((place_of(state, path), path) for path in sorted(state.disk.links))
    return names


def _name_of(names, real):
    # type: (dict[str, str], str) -> str
    """Return the path by which a real path is known, or would be: by that of its folder."""
    folder, name = os.path.split(real)
    return names.get(real) or os.path.join(names.get(folder, folder), name)


def follow(align, edits):
    # type: (list[FileEdit], list[FileEdit]) -> list[FileEdit]
    """Return the edits that are left to do once the edits `align` are done, a path of those that
    has to go back included.
    """
    wanted = dict((edit.real, edit) for edit in edits)
    left = []
    for first in align:
        last = wanted.pop(
            first.real, first._replace(after=first.before, reason='choose what is wanted')
        )
        if last.after != first.after:
            left.append(last._replace(before=first.after))
    return left + [edit for edit in edits if edit.real in wanted]


def with_contents(state, contents):
    # type: (HostState, Mapping[str, str | Link | None]) -> ConfigTree
    """Return the ConfigTree once every real path in `contents` holds its value: a text, a Link
    or None.
    """
    tree, names = state.tree, _names(state)
    for real in sorted(contents):
        value, name = contents[real], _name_of(names, real)
        # What lies behind a link is not what stands in its place.
        path = name if place_of(state, name) == real else real
        if isinstance(value, Link):
            lead, text = _behind(state, path, value.target)
            # No link of ours leads to another one.
            text = contents.get(real_path(state, lead), text) or u''  # type: ignore[assignment]
            taken = with_file(without_file(tree, path), path, text, value.target)
            tree = taken if included_somewhere(taken, path) else tree
        elif value is None:
            tree = without_file(tree, path) if path in tree.files else tree
        else:
            tree = _with_content(state, tree, real, path, value)
    return tree


def _behind(state, path, target):
    # type: (HostState, str, str) -> tuple[str, str | None]
    """Return (path, text or None) of the file to which a link at `path` will lead.

    One that somebody else chose was read where the link waits, and is known by that path.
    """
    lead = target_of(path, target)
    if lead not in state.disk.evidence:
        for other in sorted(state.disk.links):
            if state.disk.links[other] == target and state.disk.evidence[other] is not None:
                return other, state.disk.evidence[other]
    return lead, state.disk.evidence.get(lead)


def _with_content(state, tree, real, path, text):
    # type: (HostState, ConfigTree, str, str, str) -> ConfigTree
    """The tree with a text at a real path: in each file that lies there or leads there, else as
    a new file that an Include takes up.
    """
    if path in tree.links:
        # What was a link is a file then.
        return with_file(without_file(tree, path), path, text)
    names = [name for name in tree.files if real_path(state, name) == real]
    for name in names:
        tree = with_text(tree, name, text)
    taken = tree if names else with_file(tree, path, text)
    return taken if names or included_somewhere(taken, path) else tree


def list_restored(state, contents):
    # type: (HostState, Mapping[str, str | Link | None]) -> list[FileEdit]
    """Return [FileEdit] that put the values of `contents` ({real path: text, Link or None})
    back; what has them already is left alone.
    """
    names, edits = _names(state), []
    for real in sorted(contents):
        path = _name_of(names, real)
        before = _value_at(state, path, real)
        if before != contents[real]:
            edits.append(
                FileEdit(path, real, before, contents[real], 'as it was before the last switch')
            )
    edits = _as_moves(edits)
    return sorted(edits, key=lambda edit: (edit.path == state.choice.path, edit.path))


def _value_at(state, path, real):
    # type: (HostState, str, str) -> str | Link | None
    links = dict(state.disk.links, **state.tree.links)
    if path in links and real == place_of(state, path):
        return Link(links[path])
    if path == state.choice.path:
        return state.choice.text
    return state.tree.files[path] if path in state.tree.files else state.disk.evidence.get(path)
