# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Deny the sources of PHP where no module runs them any more, and only there.

A site that another program serves goes on. So a denial is written for the whole server only if
every site loses its PHP; else into the virtual hosts that do. What a denial does is found out as
httpd would: by reading the configuration with it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._layouts.entries import leading
from .._layouts.table import layout_named
from .._model import AS_FILE, DENIED, DENIED_BY_US, PREFORK
from .._syntax.evaluate import PHP_SYMBOL, module_names
from .._syntax.httpd_conf import CLOSE, OPEN, append_lines, module_lines, parse_lines
from .._syntax.lines import insert_blocks
from .._syntax.trees import with_file, with_text
from . import outlook
from .php_changes import every_mapping, read_mappings
from .php_mapping import STEM, is_php, names_php
from .php_marks import BEGIN, DENIAL_MARK, END, modules_denied_for, without_denials

# Endings of scripts, whatever the configuration maps; it may map more.
_SCRIPTS = ('php[0-9]?', 'phtml', 'phar')
_USUAL = re.compile(r'^(%s)$' % '|'.join(_SCRIPTS))
_ENDING = re.compile(r'^[\w-]+$')
# What was PHP before a denial of ours, whatever that denies beside it.
_CERTAIN = tuple(STEM + ending for ending in ('.php', '.phtml', '.phar'))
# What a configuration that denies it does not want to be read.
_SOURCES = re.compile(r'^ph(p[0-9s]?|tml|ar|t)$')


def settle_denials(state, tree, mpm):
    """Return the tree with denials for the sources that it would send under `mpm`, and with none
    that keeps from visitors what another program runs.

    Where no denial that can be written is right, the tree has none; what is left is for the rules.
    """
    before = read_mappings(state, state.tree, state.choice.mpm or PREFORK)
    bare = without_denials(state, tree)
    after = read_mappings(state, bare, mpm)
    exposed = [one for one in every_mapping(before, after) if _is_exposed(one)]
    if not exposed:
        return bare

    def is_right(denied):
        return _is_right(before, after, read_mappings(state, denied, mpm), exposed)

    if bare is not tree and is_right(tree):
        return tree
    where = dict((one.site, two.site) for one, two in zip(before, after))
    for attempt in _attempts(state, bare, mpm, exposed, where):
        if attempt and is_right(attempt):
            return attempt
    return bare


def _attempts(state, tree, mpm, exposed, where):
    """Yield trees with a denial, the simplest first; None for one that cannot be made.

    where: {Site as it is now: Site as it stands in `tree`}.
    """
    symbols = named_symbols(state.tree)
    endings = set(_ending(one.name) for one in exposed)
    blocks = [_denial(symbols, _pattern(endings, wide)) for wide in (True, False)]
    for block in blocks:
        yield _in_own_file(state, tree, block)
    # Without the name of a module it would never end, and only our own file can be removed.
    if symbols:
        for block in blocks:
            yield _beside_handlers(state, tree, mpm, _marked(block))
        lost = {}
        for one in exposed:
            lost.setdefault(where[one.site], set()).add(_ending(one.name))
        made = [
            (site, _marked(_denial(symbols, _pattern(lost[site], False))))
            for site in sorted(lost, key=str)
        ]
        yield _in_sites(_in_own_file(state, tree, []) or tree, made)


def _marked(block):
    return [BEGIN] + block + [END]


def _is_exposed(mapping):
    """Return whether the source would be sent of what was run, denied or meant for PHP."""
    return mapping.then.how == AS_FILE and (
        is_php(mapping.now)
        or names_php(mapping.then.by)
        or (mapping.now.how == DENIED and bool(_SOURCES.match(_ending(mapping.name))))
        or (mapping.now.how == DENIED_BY_US and mapping.name in _CERTAIN)
    )


def _is_right(before, without, within, exposed):
    """Return whether a denial is what it should be: no source is sent, and nothing else is denied.

    before, without, within: [SiteMappings] as it is now, then, and then with the denial; exposed:
    [PhpMapping] of what would be sent without it.
    """
    if any(_is_exposed(mapping) for mapping in every_mapping(before, within)):
        return False
    lost = [one for one in every_mapping(without, within) if one.then.how in (DENIED, DENIED_BY_US)]
    wanted = set((one.site, one.place, one.name) for one in exposed)
    return not [
        one
        for one in lost
        if one.now.how not in (DENIED, DENIED_BY_US, AS_FILE)
        or (
            one.now.how == AS_FILE
            and not _SOURCES.match(_ending(one.name))
            and (one.site, one.place, one.name) not in wanted
        )
    ]


def _ending(name):
    return name.rpartition('.')[2].lower()


def _pattern(endings, wide):
    """Return the regular expression of names with these endings.

    mod_mime takes an ending anywhere in a name, and in upper case too. wide: those that PHP has
    everywhere are among them.
    """
    known = list(_SCRIPTS) if wide else []
    words = known + sorted(
        word for word in endings if _ENDING.match(word) and not (wide and _USUAL.match(word))
    )
    return u'(?i)\\.(%s)(\\.|$)' % u'|'.join(words)


def _denial(symbols, pattern):
    """Return the lines that deny files with such names as long as no module is loaded."""
    opening = [u'<IfModule !%s>' % module_names(symbol)[1] for symbol in symbols]
    return (
        opening
        + [
            u'  <FilesMatch "%s">' % pattern,
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


def _in_own_file(state, tree, block):
    """Return the tree with our own file, for the whole server; None where a layout has no place for
    one.

    Its first line also says which modules have to come back.
    """
    place = layout_named(state.layout).denial
    if not place:
        return None
    path, target = place
    had = outlook.look_ahead(state, state.tree, state.choice.mpm or PREFORK).php.modules
    names = modules_denied_for(state) or sorted(
        set(os.path.splitext(os.path.basename(module.file))[0] for module in had)
    )
    text = u'\n'.join([DENIAL_MARK + u' '.join(names)] + block) + u'\n'
    return with_file(tree, path, text, leading(state, path, target) if target else None)


def _beside_handlers(state, tree, mpm, block):
    """Return the tree with a denial for the whole server, in the file that maps files to PHP for
    all of it, else in the main file.
    """
    handlers = outlook.look_ahead(state, tree, mpm).php.handlers
    everywhere = [
        item
        for item in handlers
        if not item.sections or all(section[0].startswith('if') for section in item.sections)
    ]
    path = everywhere[-1].path if everywhere else tree.main
    return with_text(tree, path, append_lines(tree.files[path], block))


def _in_sites(tree, blocks):
    """Return the tree with a denial at the end of each virtual host; None where one cannot have it.

    blocks: [(Site, its lines)]. The main server has no section of its own: what stands there holds
    for all virtual hosts.
    """
    places = {}
    for site, block in blocks:
        if site.path is None or site.shared:
            return None
        places.setdefault(site.path, []).append((site.line, [u'  ' + line for line in block]))
    for path in sorted(places):
        ends = _closing_lines(tree.files[path])
        added = [(ends[number] - 1, block) for number, block in places[path]]
        tree = with_text(tree, path, insert_blocks(tree.files[path], added))
    return tree


def _closing_lines(text):
    """Return {number of the line that opens a section: number of the line that closes it}."""
    opened, found = [], {}
    for line in parse_lines(text):
        if line.kind == OPEN:
            opened.append(line.number)
        elif line.kind == CLOSE and opened:
            found[opened.pop()] = line.number
    return found


def named_symbols(tree):
    """Return the symbols of PHP in LoadModule lines, commented ones too: such a line may load again
    one day.
    """
    found = set()
    for text in tree.files.values():
        # Most files of many sites have no such line.
        if u'php' in text:
            found.update(line.args[0] for line in module_lines(text) if line.args)
    return sorted(symbol for symbol in found if PHP_SYMBOL.match(symbol))
