# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Whether the files of a plan can be swapped where they lie, and what follows for the plan."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ._model import REFUSE, Finding, Link
from ._plan import planner
from ._syntax.trees import patterns_of, would_read
from ._system.files import native_path, text_path
from ._text import foreign
from ._transaction.swap_trial import find_places


def try_out(state, plan, check, folder):
    """Return the Plan with the place of each file that is to be swapped, or with what stands
    against it as findings.

    In check mode, and where the plan is refused anyway, nothing is written. folder: the state
    folder, made already if not in check mode.
    """
    if not plan.moves:
        return plan
    write = not check and not planner.refused(plan)
    trees = [state.tree] + ([plan.tree] if plan.tree else [])
    found = find_places(_sizes(plan.moves), folder, _reader(trees), write)
    return plan._replace(
        places=dict((item.path, item.place) for item in found if item.place),
        findings=plan.findings + [_finding(item, write) for item in found if item.problem],
    )


def _finding(item, tried):
    words = '%s cannot be replaced by one rename: %s.' % (foreign(item.path), foreign(item.problem))
    if not tried:
        words += ' This is judged by what can be read; nothing was written to try it.'
    return Finding('cannot_swap', REFUSE, False, words, foreign(item.fix), [])


def _sizes(moves):
    """Return {path: bytes} that the new files and the ways back of some FileEdits need."""
    sizes = {}
    for edit in moves:
        values = [value for value in (edit.before, edit.after) if value is not None]
        needed = sum(len(each.target if isinstance(each, Link) else each) for each in values)
        sizes[edit.real] = sizes.get(edit.real, 0) + needed
    return sizes


def _reader(trees):
    """Return a function that tells whether httpd would read a file of a name, by any tree and by
    any name that its folder has there.
    """
    names, included = {}, [(tree.root, patterns_of(tree)) for tree in trees]
    for tree in trees:
        for path in tree.files:
            folder = os.path.dirname(path)
            while folder not in ('/', '') and folder not in names.get(_real(folder), ()):
                names.setdefault(_real(folder), set()).add(folder)
                folder = os.path.dirname(folder)

    def is_read(path):
        folder, name = os.path.split(text_path(path))
        return any(
            would_read(root, patterns, os.path.join(each, name))
            for root, patterns in included
            for each in sorted(names.get(_real(folder), set()) | set([folder]))
        )

    return is_read


def _real(folder):
    return text_path(os.path.realpath(native_path(folder)))
