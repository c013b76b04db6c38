# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Decide how the configuration has to change so that PHP is there, and thread-safe, under the
MPM that is wanted.

Every proposal is tried by reading the changed configuration as httpd would; nothing is decided by
the look of a file.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import MPMS, PREFORK, THREADED
from .._syntax.evaluate import PHP_SYMBOL, active_directives, module_names
from .._syntax.httpd_conf import (
    CLOSE,
    COMMENT,
    OPEN,
    parse_comment,
    parse_lines,
    uncomment_line,
    wrap_lines,
)
from .._syntax.lines import insert_blocks, insert_lines
from .._syntax.trees import with_text, without_file
from . import outlook, php_denial, php_marks
from .fpm import marks as fpm_marks

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Sequence  # noqa: F401

    from .._model import ConfigTree, HostState, PhpModule  # noqa: F401
    from .._syntax.evaluate import Active  # noqa: F401
    from .._syntax.httpd_conf import Line  # noqa: F401

KEEP, ZTS, FPM, NONE = 'keep', 'zts', 'fpm', 'none'
# What a thread-safe module's name has and its sister's has not.
_MARK = '-zts'
# A line that was read with a condition may be read again once it is wrapped.
MAX_ROUNDS = 5
# A line by which httpd asks another server, without those that load what it needs for that.
_PROXY = re.compile(r'^\w+ .*(proxy:|fcgi://|[\[,]P[,\]])|^proxypass|^balancer', re.IGNORECASE)


def write_php(state, mpm, php):
    # type: (HostState, str, str | None) -> ConfigTree
    """Return the ConfigTree in which PHP is as wanted under `mpm`; the same tree where nothing
    has to change.

    php: None (what the MPM needs), 'keep', 'zts' or 'none'. A tree that still lacks PHP is for the
    rules to judge.
    """
    if php == KEEP:
        return state.tree
    tree = _without_php(state, mpm) if php == NONE else _with_php(state, mpm, php)
    return _without_idle_guards(state, tree, mpm)


def _with_php(state, mpm, php):
    # type: (HostState, str, str | None) -> ConfigTree
    restored = _restored(state) if mpm == PREFORK else None
    if restored:
        return restored
    state = state._replace(tree=_served_again(state, mpm))
    then = outlook.look_ahead(state, state.tree, mpm).php.modules
    had = _php_now(state) or (_anchors(state) if php == ZTS else []) or then
    if not had or (then and all(_fits(module.thread_safety, mpm) for module in then)):
        return state.tree
    return _uncommented(state, mpm) or _with_block(state, mpm, had[0], then)


def _without_idle_guards(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> ConfigTree
    """Return the tree without our guards where httpd reads the same without them."""
    bare = php_marks.without_guards(tree)
    if bare is tree:
        return tree
    within, without = (outlook.look_ahead(state, one, mpm).php for one in (tree, bare))
    same = [module.path for module in within.modules] == [module.path for module in without.modules]
    return bare if same and not without.settings else tree


def _served_again(state, mpm):
    # type: (HostState, str) -> ConfigTree
    """Return the tree without a denial of ours for what another program runs meanwhile."""
    bare = php_marks.without_denials(state, state.tree)
    return state.tree if bare is state.tree else php_denial.settle_denials(state, state.tree, mpm)


def _php_now(state):
    # type: (HostState) -> Sequence[PhpModule]
    """The PHP of the MPM that is configured; where that has none, of the one that runs, since
    that is what would be lost.
    """
    running = state.servers.running
    for mpm in (state.choice.mpm or PREFORK, running.mpm if running else None):
        php = outlook.look_ahead(state, state.tree, mpm).php.modules if mpm else []
        if php:
            return php
    return []


def _fits(thread_safety, mpm):
    # type: (str, str) -> bool
    return thread_safety == 'ts' or (mpm == PREFORK and thread_safety != 'missing')


def _anchors(state):
    # type: (HostState) -> list[PhpModule]
    """PHP modules that any MPM would load: where one stands, another may stand too."""
    return [
        module for mpm in MPMS for module in outlook.look_ahead(state, state.tree, mpm).php.modules
    ]


def _uncommented(state, mpm):
    # type: (HostState, str) -> ConfigTree | None
    """A commented LoadModule line that, made active, gives this MPM its PHP and takes none from
    the others; else None.
    """
    for path in sorted(state.tree.files):
        for line in parse_lines(state.tree.files[path]):
            inner = parse_comment(line) if line.kind == COMMENT and line.count == 1 else None
            if inner and PHP_SYMBOL.match(inner.args[0]):
                tree = with_text(state.tree, path, uncomment_line(state.tree.files[path], line))
                php = outlook.look_ahead(state, tree, mpm).php.modules
                if (
                    php
                    and all(_fits(module.thread_safety, mpm) for module in php)
                    and _others_unchanged(state, tree, mpm)
                ):
                    return tree
    return None


def _others_unchanged(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> bool
    def paths(some_tree, other):
        # type: (ConfigTree, str) -> list[str]
        return [module.path for module in outlook.look_ahead(state, some_tree, other).php.modules]

    return all(paths(tree, other) == paths(state.tree, other) for other in MPMS if other != mpm)


def _with_block(state, mpm, anchor, then):
    # type: (HostState, str, PhpModule, Sequence[PhpModule]) -> ConfigTree
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
    # type: (str, int) -> Line
    return [line for line in parse_lines(text) if line.number == number][0]


def _module_for(state, mpm, anchor):
    # type: (HostState, str, PhpModule) -> str | None
    """Return the argument of LoadModule for a PHP of the anchor's version that fits the MPM, or
    None.
    """
    folder, name = os.path.split(anchor.path)
    sisters = [
        path
        for path, thread_safety in state.installed.php_files.items()
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
    # type: (str, int) -> int | None
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
    # type: (HostState, str) -> ConfigTree
    """Load no PHP under this MPM, and serve no source in its place."""
    return php_denial.settle_denials(state, unload_php(state, mpm), mpm)


def unload_php(state, mpm):
    # type: (HostState, str) -> ConfigTree
    """Return the tree in which nothing of PHP's module is read under this MPM.

    Lines are guarded and not made comments: a guard is known again by its marks. Files that the
    service writes anew at each start keep theirs, and the rule php_stays refuses the switch.
    """
    tree, layout = state.tree, layout_named(state.layout)
    generated = layout.generated(state.disk.evidence)
    for _round in range(len(MPMS) * 4):
        modules = outlook.look_ahead(state, tree, mpm).php.modules
        loaded = [module for module in modules if module.file not in generated]
        if not loaded:
            break
        tree = layout.drop(tree, loaded[0].file) or _unloaded(tree, mpm, loaded[0])
    return _guard_settings(state, tree, mpm)


def _guard_settings(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> ConfigTree
    """Where php_value and its like are read without the module, httpd does not start: have them
    read with it only.
    """
    # On Debian the line that names the module went away with its link.
    symbols = php_denial.named_symbols(tree) or php_denial.named_symbols(state.tree)
    if not symbols:
        return tree
    opening = u'<IfModule %s>' % module_names(symbols[0])[1]
    for _round in range(MAX_ROUNDS):
        places = {}  # type: dict[str, set[int]]
        for path, number in outlook.look_ahead(state, tree, mpm).php.settings:
            places.setdefault(path, set()).add(number)
        for path in sorted(places):
            ranges = _ranges(tree.files[path], places[path])
            tree = with_text(tree, path, _guarded(tree.files[path], ranges, opening))
        if not places:
            break
    return tree


def _guarded(text, ranges, opening):
    # type: (str, list[tuple[int, int]], str) -> str
    """Put ranges of lines into a section each, between our marks. opening: its first line."""
    blocks = []
    for begin, end in sorted(ranges):
        blocks += [
            (begin - 1, [php_marks.GUARD, opening]),
            (end, [u'</IfModule>', php_marks.GUARD_END]),
        ]
    return insert_blocks(text, blocks)


def _ranges(text, numbers):
    # type: (str, set[int]) -> list[tuple[int, int]]
    """Return [(first, last)] of the lines that begin at these numbers, neighbours together."""
    ranges = []  # type: list[tuple[int, int]]
    for line in parse_lines(text):
        if line.number in numbers:
            last = line.number + line.count - 1
            if ranges and ranges[-1][1] == line.number - 1:
                ranges[-1] = (ranges[-1][0], last)
            else:
                ranges.append((line.number, last))
    return ranges


def _restored(state):
    # type: (HostState) -> ConfigTree | None
    """Return the tree with the PHP modules back that a switch to a threaded MPM disabled, and
    sources served by them again; else None.

    Where FPM took over meanwhile, that is how it was before: there and back is the start. php: keep
    leaves it with FPM.
    """
    layout, tree = layout_named(state.layout), php_marks.without_denials(state, state.tree)
    if fpm_marks.is_carried(state):
        return _back_from_fpm(state, tree)
    modules = php_marks.modules_denied_for(state)
    if modules is None:
        if not layout.dropped or outlook.look_ahead(state, tree, PREFORK).php.modules:
            return None
        modules = layout.dropped(state)
    for module in modules:
        tree = layout.restore(state, tree, module)
    return tree if tree != state.tree else None


def _back_from_fpm(state, tree):
    # type: (HostState, ConfigTree) -> ConfigTree
    """Return the tree as it was before a switch of ours moved PHP to FPM."""
    layout = layout_named(state.layout)
    for path in () if _is_proxy_used(state, tree) else fpm_marks.files_on(state):
        tree = without_file(tree, path)
    for module in fpm_marks.modules_off(state):
        tree = layout.restore(state, tree, module)
    return fpm_marks.without_ours(state, tree)


def _is_proxy_used(state, tree):
    # type: (HostState, ConfigTree) -> bool
    """Return whether something else than our own lines has httpd ask other servers by now."""
    ours = set(fpm_marks.files_on(state))
    active = active_directives(
        fpm_marks.without_ours(state, tree), outlook.world_of(state, state.choice.mpm or PREFORK)
    )
    return any(
        item.path not in ours
        and (
            _PROXY.search(' '.join([item.name] + item.args))
            or (item.name.startswith('proxy') and not _is_guarded(item))
        )
        for item in active
    )


def _is_guarded(item):
    # type: (Active) -> bool
    """Return whether httpd passes over a line without the modules that came with FPM."""
    return any(
        name == 'ifmodule' and 'proxy' in ' '.join(args)
        for name, args, _path, _number in item.sections
    )


def _unloaded(tree, mpm, module):
    # type: (ConfigTree, str, PhpModule) -> ConfigTree
    text = tree.files[module.file]
    line = _line_at(text, module.line)
    ranges = [(line.number, line.number + line.count - 1)]
    guarded = _guarded(text, ranges, u'<IfModule !%s.c>' % mpm)
    return with_text(tree, module.file, guarded)
