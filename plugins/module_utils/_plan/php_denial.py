# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Deny the sources of PHP where no module runs them any more, and only there.

A site that another program serves goes on. So a denial is written for the whole server only if
every site loses its PHP; else into the virtual hosts that do. What only a .htaccess gives to PHP is
denied in its folder. What a denial does is found out as httpd would: by reading the configuration
with it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._fields import TYPE_CHECKING
from .._layouts.entries import leading
from .._layouts.table import layout_named
from .._model import AS_FILE, DENIED, DENIED_BY_US, EXECUTED, PREFORK
from .._syntax.evaluate import PHP_SYMBOL, module_names
from .._syntax.httpd_conf import CLOSE, OPEN, append_lines, module_lines, parse_lines
from .._syntax.lines import insert_blocks
from .._syntax.trees import with_file, with_text
from . import outlook
from .php_changes import every_mapping, names_of, read_mappings
from .php_mapping import is_php, names_php
from .php_marks import BEGIN, DENIAL_MARK, END, modules_denied_for, without_denials
from .php_names import STEM, ending_of, pattern_of

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Callable, Iterable  # noqa: F401

    from .._model import ConfigTree, HostState, PhpMapping, Site  # noqa: F401
    from .php_mapping import SiteMappings  # noqa: F401

    # In which folders something is to be denied.
    FoldersOf = dict[PhpMapping, list[str]]

# What was PHP before a denial of ours, whatever that denies beside it.
_CERTAIN = tuple(STEM + ending for ending in ('.php', '.phtml', '.phar'))
# What a configuration that denies it does not want to be read.
_SOURCES = re.compile(r'^ph(p[0-9s]?|tml|ar|t)$')
# A path that can be written into a configuration as it is, but for wildcards.
_PLAIN_PATH = re.compile(r'^/[^\x00-\x1f\x7f"\\${}%<>]*$')
# So many sites may have denials for folders in our own file, which httpd merges for each request.
# Those of more stand in the sections of their sites.
MAX_FOLDERS = 20
_WILDCARD = re.compile(r'([*?\[])')


def settle_denials(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> ConfigTree
    """Return the tree with denials for the sources that it would send under `mpm`, and with none
    that keeps from visitors what another program runs.

    Where no denial that can be written is right, it is the one that leaves least and denies nothing
    else, or none; what is left is for the rules.
    """
    names, _cut, meant = names_of(state)
    before = read_mappings(state, state.tree, state.choice.mpm or PREFORK, names)
    bare = without_denials(state, tree)
    after = read_mappings(state, bare, mpm, names)
    exposed = [one for one in every_mapping(before, after) if _is_exposed(one, meant)]
    if not exposed:
        return bare

    def left_by(denied):
        # type: (ConfigTree) -> int | None
        within = read_mappings(state, denied, mpm, names)
        if _denies_more(before, after, within, exposed):
            return None
        return len([one for one in every_mapping(before, within) if _is_exposed(one, meant)])

    if bare is not tree and left_by(tree) == 0:
        return tree
    trials = _Trials(left_by, bare, len(exposed))
    _Attempts(state, bare, mpm, exposed, _Sites(state, before, after)).make(trials)
    return trials.best


class _Trials(object):
    """Tries trees, and keeps the best one. best: it; least: how many files it leaves exposed."""

    def __init__(self, left_by, bare, exposed):
        # type: (Callable[[ConfigTree], int | None], ConfigTree, int) -> None
        self.left_by, self.exposed, self.best, self.least = left_by, exposed, bare, exposed

    def does_nothing(self, tree):
        # type: (ConfigTree | None) -> bool
        """Try a tree, None where it could not be made; return whether all is exposed as before,
        since nobody reads the denial.
        """
        left = self.left_by(tree) if tree else self.exposed
        if left is not None and left < self.least:
            self.best, self.least = tree, left
        return left == self.exposed


class _Sites(object):
    """The sites before and after, for the attempts.

    where: {Site as it is now: SiteMappings as it stands in the tree to change}.
    """

    def __init__(self, state, before, after):
        # type: (HostState, list[SiteMappings], list[SiteMappings]) -> None
        self.where = dict((one.site, two) for one, two in zip(before, after))
        self.files = state.disk.htaccess.handlers

    def file_folder(self, mapping):
        # type: (PhpMapping) -> str | None
        """Return the folder whose .htaccess gives something to PHP; None where none does."""
        known = self.where[mapping.site].folders.get(mapping.place)
        if known is not None and known.kind == 'htaccess':
            return known.folder
        by_file = mapping.now.path in self.files or mapping.then.path in self.files
        return mapping.site.root if mapping.place is None and by_file else None

    def folders(self, mapping):
        # type: (PhpMapping) -> list[str]
        """Return all folders in which something would be sent; empty where one is not known."""
        known = self.where[mapping.site].folders
        if mapping.place is not None:
            return [known[mapping.place].folder] if mapping.place in known else []
        found = [one.folder for one in known.values() if one.kind == 'alias']
        return [mapping.site.root] + found if mapping.site.root else []

    def keeps(self, site, names):
        # type: (Site, set[str]) -> bool
        """Return whether something of these names is run in a site after all."""
        served = self.where[site].served
        return any(one.how in EXECUTED for (_place, name), one in served.items() if name in names)


class _Attempts(object):
    """The denials that can be written, the simplest first."""

    def __init__(self, state, tree, mpm, exposed, sites):
        # type: (HostState, ConfigTree, str, list[PhpMapping], _Sites) -> None
        self.state, self.tree, self.mpm, self.sites = state, tree, mpm, sites
        self.exposed, self.symbols = exposed, named_symbols(state.tree)

    def make(self, trials):
        # type: (_Trials) -> None
        """Have _Trials try one after the other until nothing is exposed any more."""
        folders = dict((one, [self.sites.file_folder(one)]) for one in self.exposed)
        folders = dict(pair for pair in folders.items() if pair[1] != [None])
        rest = [one for one in self.exposed if one not in folders]
        self._try_everywhere(trials, self._blocks(self.exposed), {})
        if folders:
            self._try_everywhere(trials, self._blocks(rest) if rest else [[]], folders)
        # Without the name of a module it would never end, and only our own file can be removed.
        if not self.symbols:
            return
        if trials.least:
            trials.does_nothing(self._written([], {}, self.exposed))
        # Sites of which one folder goes on are denied folder by folder.
        names = set(one.name for one in self.exposed)
        mixed = [one for one in rest if self.sites.keeps(one.site, names)]
        if trials.least and (mixed or folders):
            for one in mixed:
                folders[one] = self.sites.folders(one)
            rest = [one for one in rest if one not in folders]
            trials.does_nothing(self._written([], folders, rest))

    def _try_everywhere(self, trials, blocks, folders):
        # type: (_Trials, list[list[str]], FoldersOf) -> None
        """Try some lines in our own file; in the file of others that has handlers, where our own is
        not read.
        """
        unread = []
        for block in blocks:
            if trials.least and trials.does_nothing(self._written(block, folders, [])):
                unread.append(block)
        for block in unread if self.symbols else []:
            if trials.least:
                trials.does_nothing(self._written(block, folders, [], beside=True))

    def _blocks(self, exposed):
        # type: (list[PhpMapping]) -> list[list[str]]
        names = set(one.name for one in exposed)
        return [_denial(self.symbols, pattern_of(names, wide)) for wide in (True, False)]

    def _written(self, block, folders, rest, beside=False):
        # type: (list[str], FoldersOf, list[PhpMapping], bool) -> ConfigTree | None
        """Return the tree with a denial; None where it cannot be made.

        block: lines for the whole server; folders: {PhpMapping: [folder]} to deny there; rest:
        [PhpMapping] to deny in the sections of their sites; beside: our own file is not used.
        """
        by_site = dict((site, [lines]) for site, lines in self._of_sites(rest))
        lost = _by_site(folders, self.sites)
        if len(lost) <= MAX_FOLDERS:
            block = block + _in_folders(self.symbols, _merged(lost))
        else:
            for site in lost:
                lines = _in_folders(self.symbols, lost[site])
                by_site.setdefault(site, []).append(lines)
        tree = None if beside else _in_own_file(self.state, self.tree, block)
        if tree is None and block:
            tree = _beside_handlers(self.state, self.tree, self.mpm, _marked(block))
        made = [
            (site, _marked([line for lines in by_site[site] for line in lines]))
            for site in sorted(by_site, key=str)
        ]
        return _in_sites(tree or self.tree, made) if made else tree

    def _of_sites(self, exposed):
        # type: (list[PhpMapping]) -> list[tuple[Site, list[str]]]
        """Return [(Site, its lines)] of a denial in the virtual hosts that lose something."""
        lost = {}  # type: dict[Site, set[str]]
        for one in exposed:
            lost.setdefault(self.sites.where[one.site].site, set()).add(one.name)
        return [(site, _denial(self.symbols, pattern_of(lost[site], False))) for site in lost]


def _by_site(folders, sites):
    # type: (FoldersOf, _Sites) -> dict[Site, dict[str, set[str]]]
    """Return {Site as it stands in the tree: {folder: names}} of {PhpMapping: [folder]}."""
    found = {}  # type: dict[Site, dict[str, set[str]]]
    for mapping in folders:
        lost = found.setdefault(sites.where[mapping.site].site, {})
        for folder in folders[mapping]:
            lost.setdefault(folder, set()).add(mapping.name)
    return found


def _merged(lost):
    # type: (dict[Site, dict[str, set[str]]]) -> dict[str, set[str]]
    found = {}  # type: dict[str, set[str]]
    for site in lost:
        for folder, names in lost[site].items():
            found.setdefault(folder, set()).update(names)
    return found


def _in_folders(symbols, lost):
    # type: (list[str], dict[str, set[str]]) -> list[str]
    """Return the lines of a denial in some folders. lost: {folder: names}; a folder whose name
    cannot be written has none.
    """
    lines = []
    for folder in sorted(lost):
        if _PLAIN_PATH.match(folder):
            lines.append(u'<Directory "%s">' % _WILDCARD.sub(r'[\1]', folder))
            block = _denial(symbols, pattern_of(lost[folder], False))
            lines += [u'  ' + line for line in block] + [u'</Directory>']
    return lines


def _marked(block):
    # type: (list[str]) -> list[str]
    return [BEGIN] + block + [END]


def _is_exposed(mapping, meant):
    # type: (PhpMapping, Iterable[str]) -> bool
    """Return whether the source would be sent of what was run, denied or meant for PHP.

    meant: names that a line gives to PHP, even if it is not read now.
    """
    return mapping.then.how == AS_FILE and (
        is_php(mapping.now)
        or names_php(mapping.then.by)
        or (mapping.now.how == DENIED and bool(_SOURCES.match(ending_of(mapping.name))))
        or (mapping.now.how == DENIED_BY_US and (mapping.name in _CERTAIN or mapping.name in meant))
    )


def _denies_more(before, without, within, exposed):
    # type: (list[SiteMappings], list[SiteMappings], list[SiteMappings], list[PhpMapping]) -> bool
    """Return whether a denial denies anything else than what is exposed.

    before, without, within: [SiteMappings] as it is now, then, and then with the denial; exposed:
    [PhpMapping] of what would be sent without it.
    """
    lost = [one for one in every_mapping(without, within) if one.then.how in (DENIED, DENIED_BY_US)]
    # Edits of a file have moved the sections of its sites.
    moved = dict((one.site, two.site) for one, two in zip(before, without))
    wanted = set((moved[one.site], one.place, one.name) for one in exposed)
    for one in lost:
        if one.now.how not in (DENIED, DENIED_BY_US, AS_FILE):
            return True
        is_source = _SOURCES.match(ending_of(one.name))
        if one.now.how == AS_FILE and not is_source:
            if (one.site, one.place, one.name) not in wanted:
                return True
    return False


def _denial(symbols, pattern):
    # type: (list[str], str) -> list[str]
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
    # type: (HostState, ConfigTree, list[str]) -> ConfigTree | None
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
    # type: (HostState, ConfigTree, str, list[str]) -> ConfigTree
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
    # type: (ConfigTree, list[tuple[Site, list[str]]]) -> ConfigTree | None
    """Return the tree with a denial at the end of each virtual host; None where one cannot have it.

    blocks: [(Site, its lines)]. The main server has no section of its own: what stands there holds
    for all virtual hosts.
    """
    # {path: [(line of the virtual host, its block)]}.
    places = {}  # type: dict[str, list[tuple[int, list[str]]]]
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
    # type: (str) -> dict[int, int]
    """Return {number of the line that opens a section: number of the line that closes it}."""
    opened, found = [], {}
    for line in parse_lines(text):
        if line.kind == OPEN:
            opened.append(line.number)
        elif line.kind == CLOSE and opened:
            found[opened.pop()] = line.number
    return found


def named_symbols(tree):
    # type: (ConfigTree) -> list[str]
    """Return the symbols of PHP in LoadModule lines, commented ones too: such a line may load again
    one day.
    """
    found = set()  # type: set[str]
    for text in tree.files.values():
        # Most files of many sites have no such line.
        if u'php' in text:
            found.update(line.args[0] for line in module_lines(text) if line.args)
    return sorted(symbol for symbol in found if PHP_SYMBOL.match(symbol))
