# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Decide how the configuration has to change so that PHP is there, and thread-safe, under the
MPM that is wanted.

Every proposal is tried by reading the changed configuration as httpd would; nothing is told from
the look of a file.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._layouts.table import layout_named
from .._model import MPMS, PREFORK, THREADED
from .._syntax.evaluate import module_names
from .._syntax.httpd_conf import (
    CLOSE,
    COMMENT,
    DIRECTIVE,
    OPEN,
    append_lines,
    comment_lines,
    parse_comment,
    parse_lines,
    uncomment_line,
    wrap_lines,
)
from .._syntax.lines import insert_lines, split_lines
from .._syntax.trees import with_file, with_text, without_file
from . import outlook

KEEP, ZTS, NONE = 'keep', 'zts', 'none'
# What a thread-safe module's name has and its sister's has not.
_MARK = '-zts'
# The first line of a file that we have put in the place of PHP; behind it the modules that it
# stands for.
DENIAL_MARK = u'# webops.apache denies the sources for as long as these are disabled: '
MAX_SETTINGS = 200
# Endings of scripts, whatever the configuration maps; it may map more.
_SCRIPTS = ('php[0-9]?', 'phtml', 'phar')


def write_php(state, mpm, php):
    """Return the ConfigTree in which PHP is as wanted under `mpm`; the same tree where nothing
    has to change.

    php: None (what the MPM needs), 'keep', 'zts' or 'none'. A tree that still lacks PHP is for the
    rules to judge.
    """
    if php == KEEP:
        return state.tree
    if php == NONE:
        return _without_php(state, mpm)
    restored = _restored(state) if mpm == PREFORK else None
    if restored:
        return restored
    then = outlook.look_ahead(state, state.tree, mpm).php
    had = _php_now(state) or (_anchors(state) if php == ZTS else []) or then
    if not had or (then and all(_fits(module.thread_safety, mpm) for module in then)):
        return state.tree
    return _uncommented(state, mpm) or _with_block(state, mpm, had[0], then)


def _php_now(state):
    """The PHP of the MPM that is configured; where that has none, of the one that runs, since
    that is what would be lost.
    """
    running = state.servers.running
    for mpm in (state.choice.mpm or PREFORK, running.mpm if running else None):
        php = outlook.look_ahead(state, state.tree, mpm).php if mpm else []
        if php:
            return php
    return []


def _fits(thread_safety, mpm):
    return thread_safety == 'ts' or (mpm == PREFORK and thread_safety != 'missing')


def _anchors(state):
    """PHP modules that any MPM would load: where one stands, another may stand too."""
    return [module for mpm in MPMS for module in outlook.look_ahead(state, state.tree, mpm).php]


def _uncommented(state, mpm):
    """A commented LoadModule line that, made active, gives this MPM its PHP and takes none from
    the others; else None.
    """
    for path in sorted(state.tree.files):
        for line in parse_lines(state.tree.files[path]):
            inner = parse_comment(line) if line.kind == COMMENT and line.count == 1 else None
            if inner and outlook.PHP_SYMBOL.match(inner.args[0]):
                tree = with_text(state.tree, path, uncomment_line(state.tree.files[path], line))
                php = outlook.look_ahead(state, tree, mpm).php
                if (
                    php
                    and all(_fits(module.thread_safety, mpm) for module in php)
                    and _others_unchanged(state, tree, mpm)
                ):
                    return tree
    return None


def _others_unchanged(state, tree, mpm):
    def paths(some_tree, other):
        return [module.path for module in outlook.look_ahead(state, some_tree, other).php]

    return all(paths(tree, other) == paths(state.tree, other) for other in MPMS if other != mpm)


def _with_block(state, mpm, anchor, then):
    """Guard what this MPM cannot load, and add a block of its own behind it; the same tree where
    there is no module for it.
    """
    module = _module_for(state, mpm, anchor)
    if not module:
        return state.tree
    text = state.tree.files[anchor.file]
    line = _line_at(text, anchor.line)
    last = line.number + line.count - 1
    block = [
        u'<IfModule %s.c>' % mpm,
        u'  LoadModule %s %s' % (anchor.symbol, module),
        u'</IfModule>',
    ]
    text = insert_lines(text, _end_of_guard(text, anchor.line) or last, block)
    if any((item.file, item.line) == (anchor.file, anchor.line) for item in then):
        # The line loads under every MPM: leave it to the one it was made for.
        text = wrap_lines(text, line.number, last, u'<IfModule %s.c>' % PREFORK, u'</IfModule>')
    return with_text(state.tree, anchor.file, text)


def _line_at(text, number):
    return [line for line in parse_lines(text) if line.number == number][0]


def _module_for(state, mpm, anchor):
    """Return the argument of LoadModule for a PHP of the anchor's version that fits the MPM, or
    None.
    """
    folder, name = os.path.split(anchor.path)
    sisters = [
        path
        for path, thread_safety in state.php_files.items()
        if os.path.dirname(path) == folder
        and _fits(thread_safety, mpm)
        and os.path.basename(path).replace(_MARK, '') == name.replace(_MARK, '')
    ]
    if not sisters:
        return None
    best = min(
        sisters, key=lambda path: ((_MARK in os.path.basename(path)) != (mpm in THREADED), path)
    )
    return best[len(state.tree.root) + 1 :] if best.startswith(state.tree.root + '/') else best


def _end_of_guard(text, number):
    """Return the last line of the outermost <IfModule> about an MPM around a line, or None:
    behind it another MPM's block is read.
    """
    opened, found = [], None
    for line in parse_lines(text):
        if line.kind == OPEN:
            opened.append(line)
        elif line.kind == CLOSE and opened:
            start = opened.pop()
            about_mpm = start.name == 'ifmodule' and any(mpm in ''.join(start.args) for mpm in MPMS)
            if about_mpm and start.number < number < line.number:
                found = line.number
    return found


def _without_php(state, mpm):
    """Load no PHP under this MPM, and serve no source in its place."""
    tree, layout = state.tree, layout_named(state.layout)
    had = outlook.look_ahead(state, tree, state.choice.mpm or PREFORK)
    for _round in range(len(MPMS) * 4):
        loaded = outlook.look_ahead(state, tree, mpm).php
        if not loaded:
            break
        tree = layout.drop(tree, loaded[0].file) or _unloaded(state, tree, mpm, loaded[0])
    look = outlook.look_ahead(state, tree, mpm)
    if layout.denial and not look.handlers and had.handlers and not look.proxied_php:
        # What mapped the files went away with the module; unless another program takes them, they
        # would be sent as they are.
        path, target = layout.denial
        names = sorted(set(os.path.basename(module.file)[: -len('.load')] for module in had.php))
        tree = _guard_settings(state, tree, mpm)
        lines = [DENIAL_MARK + u' '.join(names)] + _denial(_named_symbols(state.tree), had.handlers)
        return with_file(tree, path, u'\n'.join(lines) + u'\n', target)
    return _guard_sources(state, _guard_settings(state, tree, mpm), mpm)


def _guard_settings(state, tree, mpm):
    """Where php_value and its like are read without the module, httpd does not start: have them
    read with it only.
    """
    for _round in range(MAX_SETTINGS):
        settings = outlook.look_ahead(state, tree, mpm).php_settings
        # On Debian the line that names it went away with its link.
        symbols = _named_symbols(tree) or _named_symbols(state.tree)
        if not settings or not symbols:
            break
        path, number = settings[0]
        last = number + _line_at(tree.files[path], number).count - 1
        tree = with_text(
            tree,
            path,
            wrap_lines(
                tree.files[path],
                number,
                last,
                u'<IfModule %s>' % module_names(symbols[0])[1],
                u'</IfModule>',
            ),
        )
    return tree


def _restored(state):
    """Return the tree with the PHP modules back that a switch to a threaded MPM disabled, and
    sources served by them again; else None.

    Where FPM took over meanwhile, that is how it was before: there and back is the start. php: keep
    leaves it with FPM.
    """
    layout, tree = layout_named(state.layout), state.tree
    text = tree.files.get(layout.denial[0], u'') if layout.denial else u''
    if text.startswith(DENIAL_MARK):
        tree, modules = (
            without_file(tree, layout.denial[0]),
            text.split(u'\n')[0][len(DENIAL_MARK) :].split(),
        )
    elif layout.dropped and not outlook.look_ahead(state, tree, PREFORK).php:
        modules = layout.dropped(state)
    else:
        return None
    for module in modules:
        tree = layout.restore(state, tree, module)
    return tree if tree != state.tree else None


def _unloaded(state, tree, mpm, module):
    text = tree.files[module.file]
    line = _line_at(text, module.line)
    elsewhere = [
        other
        for other in MPMS
        if other != mpm
        and any(
            (item.file, item.line) == (module.file, module.line)
            for item in outlook.look_ahead(state, tree, other).php
        )
    ]
    if elsewhere:
        last = line.number + line.count - 1
        return with_text(
            tree,
            module.file,
            wrap_lines(text, line.number, last, u'<IfModule !%s.c>' % mpm, u'</IfModule>'),
        )
    return with_text(tree, module.file, comment_lines(text, line))


def _guard_sources(state, tree, mpm):
    """Where files are still mapped to the PHP module, deny them for as long as no module is
    loaded.
    """
    handlers = outlook.look_ahead(state, tree, mpm).handlers
    symbols = _named_symbols(tree)
    if not handlers or not symbols:
        return tree
    block = _denial(symbols, handlers)
    everywhere = [
        item
        for item in handlers
        if not item.sections or all(name.startswith('if') for name, _a, _p, _n in item.sections)
    ]
    path = everywhere[-1].path if everywhere else tree.main
    lines = [line.strip() for line in split_lines(tree.files[path])]
    wanted = [line.strip() for line in block]
    present = any(lines[i : i + len(wanted)] == wanted for i in range(len(lines)))
    return tree if present else with_text(tree, path, append_lines(tree.files[path], block))


def _named_symbols(tree):
    """Symbols of PHP in LoadModule lines, commented ones too, since such a line may load again
    one day.
    """
    found = set()
    for text in tree.files.values():
        for line in parse_lines(text):
            line = parse_comment(line) if line.kind == COMMENT else line
            if (
                line
                and line.kind == DIRECTIVE
                and line.name == 'loadmodule'
                and outlook.PHP_SYMBOL.match((line.args or [''])[0])
            ):
                found.add(line.args[0])
    return sorted(found)


def _denial(symbols, handlers):
    opening = [u'<IfModule !%s>' % module_names(symbol)[1] for symbol in symbols]
    return (
        opening
        + [
            # mod_mime takes an ending anywhere in a name, and in upper case too.
            u'  <FilesMatch "%s%s)(\\.|$)">'
            % (outlook.DENIED_FILES[: -len(_SCRIPTS[0]) - 1], u'|'.join(_endings(handlers))),
            u'    <IfModule mod_authz_core.c>',
            u'      Require all denied',
            u'    </IfModule>',
            u'    <IfModule !mod_authz_core.c>',
            u'      Order allow,deny',
            u'      Deny from all',
            u'    </IfModule>',
            u'  </FilesMatch>',
        ]
        + [u'</IfModule>' for _symbol in symbols]
    )


def _endings(handlers):
    """The usual endings, and those that the configuration maps to PHP beside them."""
    mapped = set(
        arg.lstrip('.').lower()
        for item in handlers
        if item.name != 'sethandler'
        for arg in item.args[1:]
    )
    usual = re.compile(r'^(%s)$' % '|'.join(_SCRIPTS))
    return list(_SCRIPTS) + sorted(
        ending for ending in mapped if re.match(r'^[\w-]+$', ending) and not usual.match(ending)
    )
