# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Move the PHP of a host from its module to FPM: what httpd reads then, and what FPM reads."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from ..._fields import TYPE_CHECKING, NamedTuple
from ..._layouts.entries import leading
from ..._layouts.table import layout_named
from ..._model import PREFORK, ROOT_ONLY, FileEdit
from ..._syntax.evaluate import (
    active_directives,
    loaded_modules,
    module_names,
    server_of,
)
from ..._syntax.httpd_conf import CLOSE, OPEN, parse_lines
from ..._syntax.lines import insert_blocks
from ..._syntax.trees import with_file, with_text
from .. import changes, outlook, php
from ..folder_lines import folder_world
from . import folder_values, folders, marks, part, pools
from .wishes import Lost, read_sites, read_wishes

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable, Sequence  # noqa: F401

    from ..._model import ConfigTree, HostState  # noqa: F401
    from ..._syntax.evaluate import Active  # noqa: F401
    from ..section_layers import Layer, ShortSection  # noqa: F401
    from ..sites import SiteLines  # noqa: F401
    from .pools import Pool, Size  # noqa: F401
    from .values import Key, PhpValue  # noqa: F401
    from .wishes import PlaceWish, Wishes  # noqa: F401

    PoolsByKey = dict[Key, Pool]

# What a switch does to the FPM of a host. tree: with httpd's part of it; files: {path: text or
# None} that FPM and its unit read; size: of the pools, None where there are none; lost: what is not
# carried; problem: why it cannot be done at all; trial: text of the pools for a rehearsal;
# environment: {name: value} of the unit; exposed: the lines that give files to the module of which
# the sources would be sent; types: the lines that give files to it by their type; copied: the lines
# of .htaccess files of which pools have a copy.
Carried = NamedTuple(
    'Carried',
    [
        ('tree', 'ConfigTree'),
        ('files', 'dict[str, str | None]'),
        ('pools', 'list[Pool]'),
        ('size', 'Size | None'),
        ('lost', 'list[Lost]'),
        ('problem', 'str | None'),
        ('trial', 'str'),
        ('environment', 'dict[str, str]'),
        ('exposed', 'Sequence[Lost]'),
        ('types', 'Sequence[Lost]'),
        ('copied', 'Sequence[Lost]'),
    ],
)
Carried.__new__.__defaults__ = (u'', {}, (), (), ())

# A rehearsal asks one page at a time.
_SMALL = pools.Size(2, 1, 1, 1, u'a rehearsal')

_PLAIN = re.compile(r'^[A-Za-z0-9_./:-]+$')
_USER = re.compile(r'^#?[A-Za-z0-9_][A-Za-z0-9_.-]*$')


def carry(state, mpm):
    # type: (HostState, str) -> Carried | None
    """Return the Carried of a switch with php: fpm; None where there is nothing to move: PHP was
    moved already, or nothing can be moved.
    """
    fpm = state.fpm
    if fpm is None or marks.is_carried(state):
        return None
    mpm_now = state.choice.mpm or PREFORK
    look = outlook.look_ahead(state, state.tree, mpm_now)
    if not look.php.modules or fpm.program is None or fpm.problem:
        return None
    active = _active(state, state.tree, mpm_now)
    before = loaded(state, state.tree, mpm_now)
    sites = read_sites(active, state.tree.root)
    copied = _copied(state, active, before, sites)
    wishes = read_wishes(active, sites, state.tree.foreign, copied.layers)
    made, by_key = pools.make_pools(wishes)
    symbols = [module.symbol for module in look.php.modules]
    chosen = layout_named(state.layout).choose(state, state.tree, mpm)
    tree, lost = _in_sites(chosen, wishes, by_key, symbols, copied.layers[0])
    tree = php.unload_php(state._replace(tree=tree), mpm)
    gone = set(chosen.files) - set(tree.files)
    tree, added = _with_modules(state, tree, mpm)
    lines = part.proxy_lines(made) + part.kept_lines(active, gone)
    for place in wishes.sites[0].places:
        lines += part.place_lines(place, by_key)
    tree = _with_part(state, tree, [sorted(_modules(gone)), added, symbols, lines])
    size = pools.size_pools(pools.old_settings(look), fpm.memory)
    then, htaccess = module_names_of(state, tree, mpm), state.disk.htaccess
    lost += copied.lost
    lost += folders.taken_from_php(htaccess, names_of(before), wishes.weak, _all_endings(made))
    endings = made[0].endings or [] if made else []
    lost, exposed = wishes.lost + lost, folders.given_to_php(htaccess, then, endings)
    carried = Carried(
        tree, {}, made, size, lost, None, u'', {}, exposed, wishes.types, copied.copied
    )
    return _with_files(state, active, carried)


def take_away(state, tree):
    # type: (HostState, ConfigTree) -> Carried | None
    """Return the Carried of a switch that brings the module back; None where `tree` keeps httpd's
    part, or the host has none.
    """
    if not marks.is_carried(state) or state.fpm.places.part in tree.files:
        return None
    files = dict((path, None) for path in state.fpm.files)  # type: dict[str, str | None]
    return Carried(tree, files, [], None, [], None, u'', {}, (), (), ())


def list_edits(state, carried):
    # type: (HostState, Carried | None) -> list[FileEdit]
    """Return [FileEdit] of what FPM and its unit read; [] where nothing changes."""
    if carried is None:
        return []
    reason = 'what FPM reads'
    edits = [
        FileEdit(path, changes.real_path(state, path), before, carried.files[path], reason)
        for path in sorted(carried.files)
        for before in [state.fpm.files.get(path)]
        if before != carried.files[path]
    ]
    return hidden(state, edits)


def hidden(state, edits):
    # type: (HostState, list[FileEdit]) -> list[FileEdit]
    """Return [FileEdit] in which nobody but root may read the pools: what they set may come from
    files that others cannot read.
    """
    if state.fpm is None:
        return edits
    return [
        edit._replace(like=ROOT_ONLY) if edit.path == state.fpm.pool_file else edit
        for edit in edits
    ]


def _copied(state, active, symbols, sites):
    # type: (HostState, list[Active], set[str], list[SiteLines]) -> folder_values.Copied
    """Return the Copied of the .htaccess files. symbols: of the modules that are loaded now."""
    world = outlook.world_of(state, state.choice.mpm or PREFORK)
    around = folder_world(symbols, world.version, world.defines)
    servers = folder_values.servers_with(active, sites)
    return folder_values.copy_values(
        state.disk.htaccess, active, state.tree.foreign, around, servers
    )


def _active(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> list[Active]
    tree = outlook.chosen_tree(state, tree, mpm)
    return active_directives(tree, outlook.world_of(state, mpm))


def _modules(paths):
    # type: (Iterable[str]) -> set[str]
    return set(os.path.splitext(os.path.basename(path))[0] for path in paths)


def _in_sites(tree, wishes, by_key, symbols, layers):
    # type: (ConfigTree, Wishes, PoolsByKey, list[str], list[Layer]) -> tuple[ConfigTree, list[Lost]]
    """Return (the tree with a block in each virtual host that wants something else than the main
    server, [Lost] of those that cannot have one). layers: [Layer] of the .htaccess files that the
    main server serves.
    """
    usual = wishes.sites[0].places
    # Sections of the folders of .htaccess files.
    copied = set()  # type: set[ShortSection]
    copied.update(('directory', (layer.folder,)) for layer in layers)
    # {path: [(line of the virtual host, its block)]}.
    blocks, lost = {}, []  # type: dict[str, list[tuple[int, list[str]]]], list[Lost]
    for wish in wishes.sites[1:]:
        lines = []
        if _is_special(wish.places, usual, copied):
            for place in wish.places:
                lines += part.place_lines(place, by_key)
        if not lines:
            continue
        site = wish.site
        if site.path is None or site.shared:
            words = 'what the virtual host %s sets of PHP (a macro makes it)' % (site.name or '')
            lost.append(Lost(words, site.path, site.line))
            continue
        block = [marks.BLOCK] + part.inert(symbols, lines) + [marks.BLOCK_END]
        blocks.setdefault(site.path, []).append((site.line, [u'  ' + line for line in block]))
    for path in sorted(blocks):
        ends = _closing_lines(tree.files[path])
        added = [(ends[number] - 1, block) for number, block in blocks[path]]
        tree = with_text(tree, path, insert_blocks(tree.files[path], added))
    return tree, lost


def _is_special(places, usual, copied):
    # type: (list[PlaceWish], list[PlaceWish], set[ShortSection]) -> bool
    """Return whether a virtual host wants something that the main server does not want as well.

    places, usual: [PlaceWish] of the two; copied: sections of .htaccess files of the main server,
    of which a virtual host that does not serve them has no place.
    """
    extra = [place.section for place in usual if place not in places]
    return not set(extra) <= copied or [place for place in places if place not in usual] != []


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


def _with_modules(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> tuple[ConfigTree, list[str]]
    """Return (tree with the modules by which httpd asks FPM, paths of the files that came)."""
    layout = layout_named(state.layout)
    before = set(tree.files)
    for module in state.fpm.places.modules:
        if module + '_module' not in loaded(state, tree, mpm):
            tree = layout.restore(state, tree, module)
    return tree, sorted(set(tree.files) - before)


def loaded(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> set[str]
    """Return the symbols of the modules of a tree under an MPM."""
    world = outlook.world_of(state, mpm)
    return loaded_modules(_active(state, tree, mpm), world.modules)


def _all_endings(made):
    # type: (list[Pool]) -> list[str] | None
    """Return the endings of all that some Pools may run; None where one may run anything."""
    if any(pool.endings is None for pool in made):
        return None
    return sorted(set(ending for pool in made for ending in pool.endings))


def module_names_of(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> set[str]
    """Return the names by which <IfModule> knows the modules of a tree under an MPM."""
    return names_of(loaded(state, tree, mpm))


def names_of(symbols):
    # type: (Iterable[str]) -> set[str]
    """Return the names by which <IfModule> knows modules."""
    return set(symbols).union(*[module_names(symbol) for symbol in symbols])


def _with_part(state, tree, about):
    # type: (HostState, ConfigTree, list[list[str]]) -> ConfigTree
    """Return the tree with httpd's part. about: arguments of `write_part` behind the unit."""
    places = state.fpm.places
    target = leading(state, places.part, places.target) if places.target else None
    return with_file(tree, places.part, part.write_part(places.unit, *about), target)


def _with_files(state, active, carried):
    # type: (HostState, list[Active], Carried) -> Carried
    """Return the Carried with what FPM and its unit read."""
    fpm = state.fpm
    user, group = _named(active, 'user'), _named(active, 'group')
    if user is None or group is None:
        words = 'the configuration of httpd names no user and group that a pool can have'
        return carried._replace(problem=words)
    environment = _environment(state, active)
    if not all(_PLAIN.match(value) for value in environment.values()):
        words = 'the folder of php.ini has a name that a unit cannot have'
        return carried._replace(problem=words)

    def write(size):
        # type: (Size) -> tuple[str, list[PhpValue], list[str]]
        return pools.write_pools(carried.pools, size, user, group, state.launch.environment)

    text, values, names = write(carried.size)
    lost = [Lost('%s of PHP' % one.name, one.path, one.line) for one in values]
    lost += [Lost('the variable %s of the environment' % name, None, None) for name in names]
    return carried._replace(
        files={fpm.drop_in: _drop_in(state, environment), fpm.pool_file: text},
        lost=carried.lost + lost,
        trial=write(_SMALL)[0],
        environment=environment,
    )


def _named(active, name):
    # type: (list[Active], str) -> str | None
    """Return the user or the group of the main server, as a pool takes it; None where there is
    none.
    """
    found = [
        item.args[0]
        for item in active
        if item.name == name and item.args and server_of(item) is None
    ]
    return found[-1].lstrip('#') if found and _USER.match(found[-1]) else None


def _environment(state, active):
    # type: (HostState, list[Active]) -> dict[str, str]
    """Return {name: value} by which FPM reads the php.ini that the module reads."""
    places, environment = state.fpm.places, state.launch.environment
    named = [item.args[0] for item in active if item.name == 'phpinidir' and item.args]
    found = {
        'PHPRC': named[-1] if named else environment.get('PHPRC') or places.ini,
        'PHP_INI_SCAN_DIR': environment.get('PHP_INI_SCAN_DIR') or places.scanned,
    }
    return dict((name, value) for name, value in found.items() if value)


def _drop_in(state, environment):
    # type: (HostState, dict[str, str]) -> str
    """Return the text of the drop-in of FPM's unit."""
    fpm = state.fpm
    server = state.service.name
    server = server if server.endswith('.service') else server + '.service'
    lines = [
        u'# %s: for the PHP that the module of httpd ran before.' % marks.MANAGED,
        marks.before_line(marks.Before(fpm.enabled, fpm.active)),
        u'[Unit]',
        u'Before=%s' % server,
    ]
    lines += [u'JoinsNamespaceOf=%s' % server] * fpm.private_tmp
    lines += [u'[Service]']
    lines += [u'Environment=%s=%s' % item for item in sorted(environment.items())]
    lines += [u'UMask=%s' % fpm.umask] * bool(fpm.umask)
    lines += [u'PrivateTmp=yes'] * fpm.private_tmp
    lines += [u'RuntimeDirectory=%s' % marks.FOLDER, u'RuntimeDirectoryMode=0755']
    return u'\n'.join(lines) + u'\n'
