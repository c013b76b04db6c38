# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The LoadModule lines of MPMs: find them, and make exactly one of them active without moving any.

Guards may ask which MPM is loaded, so one line can make others active or not. So every proposal is
read as httpd would read it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._model import MPMS
from .._syntax.evaluate import active_directives
from .._syntax.httpd_conf import (
    COMMENT,
    DIRECTIVE,
    OPEN,
    comment_lines,
    parse_comment,
    parse_lines,
    replace_argument,
    uncomment_line,
)
from .._syntax.lines import body_of, insert_lines, replace_line, split_lines
from .._syntax.trees import with_text

SYMBOL = re.compile(r'^mpm_(prefork|worker|event)_module$')
# Put before a line that is disabled for the MPM that is chosen now, where guards make several lines
# active: it was not a comment before, and the next switch looks at it again.
ASIDE = u'# set aside by webops.apache while another MPM is chosen: '


def active_lines(tree, world):
    """Return the active LoadModule lines of MPMs, in the order in which httpd reads them."""
    return [
        item
        for item in active_directives(tree, world)
        if item.name == 'loadmodule' and len(item.args) > 1 and SYMBOL.match(item.args[0])
    ]


def mpm_of(item):
    """The MPM that a LoadModule line loads."""
    return SYMBOL.match(item.args[0]).group(1)


def waiting_lines(text):
    """Return [(commented Line, Line without its '#')] of the commented LoadModule lines of MPMs, in
    order.
    """
    found = []
    for line in parse_lines(text):
        if line.kind == COMMENT:
            inner = parse_comment(
                line._replace(text=u'#' + line.text[len(ASIDE) :])
                if line.text.startswith(ASIDE)
                else line
            )
            found += [(line, inner)] if inner and SYMBOL.match(inner.args[0]) else []
    return found


def home_file(tree):
    """The file for a new line of an MPM: one that has such lines in comments, one named after MPMs,
    else the main file.
    """
    commented = [path for path in sorted(tree.files) if waiting_lines(tree.files[path])]
    named = [path for path in sorted(tree.files) if 'mpm' in os.path.basename(path)]
    return (commented + named + [tree.main])[0]


def load_only(tree, mpm, world, module):
    """Return the tree in which exactly this MPM is loaded. module: path of its file, for a line to
    add.

    The first proposal that loads it is taken; else the first that loads it with other lines set
    aside.
    """
    active = active_lines(tree, world)
    mine = [item for item in active if mpm_of(item) == mpm]
    if mine and len(mine) == len(active):
        return tree
    tree = _released(tree)
    bare = _commented(tree, [item for item in active if item not in mine])
    added = [_with_line(bare, path, mpm, module) for path in (home_file(tree), tree.main)]
    changed = [bare] if mine else _proposals(tree, bare, active, mpm, module)
    for proposals in ([tree], changed, added):
        # What is active now is not simply set aside: it has a form of its own to wait in.
        settled = [_settled(proposal, mpm, world) for proposal in proposals if proposal is not tree]
        for finished in proposals + settled:
            found = [mpm_of(item) for item in active_lines(finished, world)]
            if found == [mpm] or (mine and set(found) == set([mpm])):
                return finished
    return added[0]


def _proposals(tree, bare, active, mpm, module):
    """Where none is active, a waiting line.

    Else, in this order: set the active lines aside, if another line replaces them; activate a
    commented line of the same file and the same folder; rewrite the active line itself.
    """
    if not active:
        return [
            found
            for path in [home_file(tree)] + sorted(tree.files)
            for found in _uncommented(tree, path, mpm)
        ]
    path, folder = active[0].path, os.path.dirname(active[0].line.args[1])
    rewritten = _rewritten(tree, active, mpm, module)
    return (
        [_set_aside(tree, active)]
        + _uncommented(bare, path, mpm, folder)
        + ([rewritten] if rewritten else [])
    )


def _commented(tree, items):
    for item in items:
        tree = with_text(tree, item.path, comment_lines(tree.files[item.path], item.line))
    return tree


def _uncommented(tree, path, mpm, folder=None):
    """Trees with one of the MPM's commented lines active, the last first, since an example in some
    text comes before the line itself.

    folder: a line that names another folder is such an example. A line that continues on the next
    is taken only if each MPM has one. Elsewhere the active line may be a rewritten one, and only
    that line can get its old text back.
    """
    waiting = waiting_lines(tree.files[path])
    complete = len(set(inner.args[0] for _line, inner in waiting)) == len(MPMS)
    return [
        with_text(tree, path, uncomment_line(tree.files[path], line))
        for line, inner in reversed(waiting)
        if inner.args[0] == 'mpm_%s_module' % mpm
        and folder in (None, os.path.dirname(inner.args[1]))
        and (line.count == 1 or complete)
    ]


def _rewritten(tree, active, mpm, module):
    """The first line loads the wanted MPM instead, from the same folder where the module is there;
    the others are commented out.

    None where a word is cut in two.
    """
    first, rest = active[0], _commented(tree, active[1:])
    beside = os.path.join(os.path.dirname(first.args[1]), 'mod_mpm_%s.so' % mpm)
    if os.path.join(tree.root, beside) == os.path.join(tree.root, module):
        # As the line has it, with the names of variables.
        module = os.path.join(os.path.dirname(first.line.args[1]), os.path.basename(beside))
    text = rest.files[first.path]
    for index, value in (
        (1, u'"%s"' % module if u'"' in first.line.text else module),
        (0, u'mpm_%s_module' % mpm),
    ):
        line = [line for line in parse_lines(text) if line.number == first.line.number][0]
        text = replace_argument(text, line, index, value) if len(line.args) > index else None
        if text is None:
            return None
    return with_text(rest, first.path, text)


def _set_aside(tree, items):
    for item in items:
        text, number = tree.files[item.path], item.line.number
        tree = with_text(
            tree,
            item.path,
            replace_line(text, number, ASIDE + body_of(split_lines(text)[number - 1])),
        )
    return tree


def _released(tree):
    """The tree in which every line that was set aside is active again."""
    for path in sorted(path for path in tree.files if ASIDE in tree.files[path]):
        text = tree.files[path]
        for line in parse_lines(text):
            if line.kind == COMMENT and line.text.startswith(ASIDE):
                text = replace_line(
                    text,
                    line.number,
                    body_of(split_lines(text)[line.number - 1]).replace(ASIDE, u'', 1),
                )
        tree = with_text(tree, path, text)
    return tree


def _settled(tree, mpm, world):
    """The tree without the lines that would load another MPM beside this one; they are set aside
    one at a time, since each may decide about others.
    """
    for _round in range(len(tree.files) * 10):
        others = [item for item in active_lines(tree, world) if mpm_of(item) != mpm]
        if not others:
            break
        tree = _set_aside(tree, others[:1])
    return tree


def _with_line(tree, path, mpm, module):
    """Add a line where nothing has been loaded yet."""
    before = [
        line.number for line in parse_lines(tree.files[path]) if line.kind in (DIRECTIVE, OPEN)
    ]
    text = insert_lines(
        tree.files[path], (before or [1])[0] - 1, [u'LoadModule mpm_%s_module %s' % (mpm, module)]
    )
    return with_text(tree, path, text)
