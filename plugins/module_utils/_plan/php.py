# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Decide how the configuration has to change so that PHP is there, and thread-safe, under the MPM that is wanted.

Every proposal is tried by reading the changed configuration as httpd would; nothing is told from the look of a file.
"""
import os

from . import outlook
from .._model import MPMS, PREFORK, THREADED
from .._syntax.evaluate import module_names
from .._syntax.httpd_conf import (CLOSE, COMMENT, OPEN, append_lines, comment_lines, parse_comment, parse_lines, uncomment_line,
                                  wrap_lines)
from .._syntax.lines import insert_lines, split_lines

KEEP, ZTS, NONE = 'keep', 'zts', 'none'


def write_php(state, mpm, php):
    """Give the ConfigTree in which PHP is as wanted under `mpm`; the same tree where nothing has to change.

    php: None (what the MPM needs), 'keep', 'zts' or 'none'. A tree that still lacks PHP is for the rules to judge.
    """
    if php == KEEP:
        return state.tree
    if php == NONE:
        return _without_php(state, mpm)
    now, then = outlook.look_ahead(state, state.tree, state.choice.mpm or PREFORK), outlook.look_ahead(state, state.tree, mpm)
    wanted = now.php or (php == ZTS and _anchors(state)) or then.php
    if not wanted or (then.php and all(_fits(module, mpm) for module in then.php)):
        return state.tree
    return _uncommented(state, mpm) or _with_block(state, mpm, (now.php or wanted)[0], then)


def _fits(module, mpm):
    return module.thread_safety == 'ts' or (mpm == PREFORK and module.thread_safety != 'missing')


def _with(tree, path, text):
    return tree._replace(files=dict(tree.files, **{str(path): text}))


def _anchors(state):
    """PHP modules that any MPM would load: where one stands, another may stand too."""
    return [module for mpm in MPMS for module in outlook.look_ahead(state, state.tree, mpm).php]


def _uncommented(state, mpm):
    """A commented LoadModule line that, made active, gives this MPM its PHP and takes none from the others; else None."""
    for path in sorted(state.tree.files):
        for line in parse_lines(state.tree.files[path]):
            inner = parse_comment(line) if line.kind == COMMENT and line.count == 1 else None
            if inner and outlook.PHP_SYMBOL.match(inner.args[0]):
                tree = _with(state.tree, path, uncomment_line(state.tree.files[path], line))
                php = outlook.look_ahead(state, tree, mpm).php
                if php and all(_fits(module, mpm) for module in php) and _others_unchanged(state, tree, mpm):
                    return tree
    return None


def _others_unchanged(state, tree, mpm):
    def paths(some_tree, other):
        return [module.path for module in outlook.look_ahead(state, some_tree, other).php]
    return all(paths(tree, other) == paths(state.tree, other) for other in MPMS if other != mpm)


def _with_block(state, mpm, anchor, then):
    """Guard what this MPM cannot load, and add a block of its own behind it; the same tree where no module is to be had."""
    module = _module_for(state, mpm, anchor)
    if not module:
        return state.tree
    text = state.tree.files[anchor.file]
    guard = _guard_around(text, anchor.line)
    last = guard[1] if guard else anchor.line
    block = [u'<IfModule %s.c>' % mpm, u'  LoadModule %s %s' % (anchor.symbol, module), u'</IfModule>']
    text = insert_lines(text, last, block)
    if any((item.file, item.line) == (anchor.file, anchor.line) for item in then.php):
        # The line loads under every MPM: leave it to the one it was made for.
        text = wrap_lines(text, anchor.line, anchor.line, u'<IfModule %s.c>' % PREFORK, u'</IfModule>')
    return _with(state.tree, anchor.file, text)


def _module_for(state, mpm, anchor):
    """Give the argument of LoadModule for a PHP of the anchor's version that fits the MPM, or None."""
    folder, name = os.path.split(anchor.path)
    stem = name[:-3].replace('-zts', '')
    wanted = [stem + '-zts.so'] if mpm in THREADED else [stem + '.so', stem + '-zts.so']
    for candidate in wanted:
        safety = state.php_files.get(os.path.join(folder, candidate), 'missing')
        if safety == 'ts' or (mpm == PREFORK and safety != 'missing'):
            path = os.path.join(folder, candidate)
            return path[len(state.tree.root) + 1:] if path.startswith(state.tree.root + '/') else path
    return None


def _guard_around(text, number):
    """Give (first, last) line number of the innermost <IfModule> about an MPM around a line, or None."""
    opened, found = [], None
    for line in parse_lines(text):
        if line.kind == OPEN:
            opened.append(line)
        elif line.kind == CLOSE and opened:
            start = opened.pop()
            about_mpm = start.name == 'ifmodule' and any(mpm in ''.join(start.args) for mpm in MPMS)
            if about_mpm and start.number < number < line.number and found is None:
                found = (start.number, line.number)
    return found


def _without_php(state, mpm):
    """Load no PHP under this MPM, and serve no source in its place."""
    tree = state.tree
    for _round in range(len(MPMS) * 4):
        loaded = outlook.look_ahead(state, tree, mpm).php
        if not loaded:
            break
        tree = _unloaded(state, tree, mpm, loaded[0])
    return _guard_sources(state, tree, mpm)


def _unloaded(state, tree, mpm, module):
    text = tree.files[module.file]
    line = [item for item in parse_lines(text) if item.number == module.line][0]
    elsewhere = [other for other in MPMS if other != mpm and any(
        (item.file, item.line) == (module.file, module.line) for item in outlook.look_ahead(state, tree, other).php)]
    if elsewhere:
        last = line.number + line.count - 1
        return _with(tree, module.file, wrap_lines(text, line.number, last, u'<IfModule !%s.c>' % mpm, u'</IfModule>'))
    return _with(tree, module.file, comment_lines(text, line))


def _guard_sources(state, tree, mpm):
    """Where files are still mapped to the PHP module, deny them for as long as no module is loaded."""
    handlers = outlook.look_ahead(state, tree, mpm).handlers
    anchors = _anchors(state)
    if not handlers or not anchors:
        return tree
    opening = u'<IfModule !%s>' % module_names(anchors[0].symbol)[1]
    block = [opening, u'  <FilesMatch "\\.(php[3457]?|phtml|phar)$">', u'    <IfModule mod_authz_core.c>', u'      Require all denied',
             u'    </IfModule>', u'    <IfModule !mod_authz_core.c>', u'      Order allow,deny', u'      Deny from all', u'    </IfModule>',
             u'  </FilesMatch>', u'</IfModule>']
    path = handlers[-1].path
    lines = [line.strip() for line in split_lines(tree.files[path])]
    present = any(lines[i:i + len(block)] == [line.strip() for line in block] for i in range(len(lines)))
    return tree if present else _with(tree, path, append_lines(tree.files[path], block))
