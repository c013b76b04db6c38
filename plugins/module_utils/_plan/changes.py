# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What is different on the disk between a host as it is and as it will be, as FileEdits."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._layouts.table import layout_named
from .._model import FileEdit, Link
from .._syntax.trees import included_somewhere, with_file, with_text, without_file


def list_edits(state, tree, mpm):
    """Return [FileEdit] that make the disk what `tree` is, with this MPM chosen; each path once,
    sorted but for the choice.
    """
    layout = layout_named(state.layout)
    edits = layout.edit_choice_file(state, tree, mpm)
    for path in sorted((set(state.tree.files) | set(tree.files)) - set(layout.generated)):
        edits = edits + _edits_of(state, tree, path)
    return sorted(edits, key=lambda edit: (edit.path == state.choice.path, edit.path))


def _edits_of(state, tree, path):
    before, after, reason = state.tree.files.get(path), tree.files.get(path), 'what the MPM reads'
    if before is None or after is None:
        edits = [
            FileEdit(
                path, path, _as_link(state.tree, path, before), _as_link(tree, path, after), reason
            )
        ]
        target = target_of(path, tree.links[path]) if path in tree.links else None
        if target and state.evidence.get(target) != after:
            edits.append(FileEdit(target, target, state.evidence.get(target), after, reason))
        return edits
    return (
        [FileEdit(path, real_path(state, path), before, after, reason)] if before != after else []
    )


def _as_link(tree, path, text):
    return Link(tree.links[path]) if text is not None and path in tree.links else text


def target_of(path, target):
    """Return the absolute path to which a link leads, as far as its own text tells."""
    parts = path.split('/')[:-1] if not target.startswith('/') else []
    for part in target.split('/'):
        parts = parts[:-1] if part == '..' else parts + [part]
    return '/'.join(parts)


def real_path(state, path):
    """Where a path leads."""
    return state.paths[path].real if path in state.paths else path


def follow(align, edits):
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
    """Return the ConfigTree once every real path in `contents` holds its value: a text, a Link
    or None.
    """
    tree = state.tree
    for path in sorted(contents):
        value = contents[path]
        if isinstance(value, Link):
            target = target_of(path, value.target)
            tree = with_file(
                tree, path, contents.get(target) or state.evidence.get(target) or u'', value.target
            )
        elif value is None:
            tree = without_file(tree, path) if path in tree.files else tree
        else:
            tree = _with_content(state, tree, path, value)
    return tree


def _with_content(state, tree, path, text):
    """The tree with a text at a real path: in each file that lies there or leads there, else as
    a new file that an Include takes up.
    """
    if path in tree.links:
        # What was a link is a file then.
        return with_file(without_file(tree, path), path, text)
    names = [name for name in tree.files if real_path(state, name) == path]
    for name in names:
        tree = with_text(tree, name, text)
    taken = tree if names else with_file(tree, path, text)
    return taken if names or included_somewhere(taken, path) else tree


def list_restored(state, contents):
    """Return [FileEdit] that put the values of `contents` ({real path: text, Link or None})
    back; what has them already is left alone.
    """
    names = dict((facts.real, path) for path, facts in sorted(state.paths.items(), reverse=True))
    edits = []
    for path in sorted(contents):
        before = _value_at(state, path, names.get(path, path))
        if before != contents[path]:
            edits.append(
                FileEdit(
                    names.get(path, path),
                    path,
                    before,
                    contents[path],
                    'as it was before the last switch',
                )
            )
    return sorted(edits, key=lambda edit: (edit.path == state.choice.path, edit.path))


def _value_at(state, path, name):
    if path in state.tree.links:
        return Link(state.tree.links[path])
    if name == state.choice.path:
        return state.choice.text
    return state.tree.files[name] if name in state.tree.files else state.evidence.get(name)
