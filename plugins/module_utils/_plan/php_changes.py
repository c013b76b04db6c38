# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a switch does to the PHP of each site: how it is served now, and how it would be."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import DENIED, DENIED_BY_US, PREFORK, PhpMapping, PhpUnjudged
from .._syntax.evaluate import active_directives, loaded_modules
from . import outlook, php_marks
from .folder_lines import folder_world
from .php_mapping import Folders, all_names, is_php, map_folders, names_php
from .php_names import MAX_NAMES

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterator  # noqa: F401

    from .._model import ConfigTree, HostState, Served, Site  # noqa: F401
    from .php_mapping import PhpLine, Serving, SiteMappings  # noqa: F401
    from .php_names import PhpNames  # noqa: F401

# How the sites of a configuration would serve PHP after a switch. lines: what each site sets of
# mod_php now, None for the main server; denials: of scripts that are denied before and after;
# unjudged: of .htaccess files.
PhpChanges = NamedTuple(
    'PhpChanges',
    [
        ('mappings', 'list[PhpMapping]'),
        ('lines', 'list[tuple[Site | None, list[PhpLine]]]'),
        ('denials', 'list[PhpMapping]'),
        ('unjudged', 'list[PhpUnjudged]'),
    ],
)
# Endings of what is a script and nothing else.
_SCRIPTS = ('.php', '.phps', '.phar', '.phtml')


def compare_php(state, tree, mpm):
    # type: (HostState, ConfigTree, str) -> PhpChanges
    """Return the PhpChanges from the configuration of a host to `tree` under `mpm`."""
    names, cut, _meant = names_of(state)
    now, unclear = read_places(state, state.tree, state.choice.mpm or PREFORK, names)
    then, still_unclear = read_places(state, tree, mpm, names)
    lines = [(one.site if one.site.path else None, one.lines) for one in now if one.lines]
    known = set(unclear)
    unclear += [one for one in still_unclear if one not in known]
    if cut:
        unclear.append(PhpUnjudged(None, None, 'more than %d names are given to PHP' % MAX_NAMES))
    return PhpChanges(compare_sites(now, then), lines, kept_denials(now, then), unclear)


def names_of(state):
    # type: (HostState) -> PhpNames
    """Return the PhpNames of a host: of all that may be PHP, before or after."""
    active = active_directives(state.tree, outlook.world_of(state, state.choice.mpm or PREFORK))
    texts = list(state.tree.files.values())
    return all_names([active], texts, state.disk.htaccess.handlers)


def read_mappings(state, tree, mpm, names):
    # type: (HostState, ConfigTree, str, list[str]) -> list[SiteMappings]
    """Return [SiteMappings] of a configuration under one MPM. names: as `names_of` returns them.
    """
    return read_places(state, tree, mpm, names)[0]


def read_places(state, tree, mpm, names):
    # type: (HostState, ConfigTree, str, list[str]) -> tuple[list[SiteMappings], list[PhpUnjudged]]
    """Return ([SiteMappings], [PhpUnjudged]); arguments as for `read_mappings`."""
    tree = outlook.chosen_tree(state, tree, mpm)
    world = outlook.world_of(state, mpm)
    active = active_directives(tree, world)
    modules = loaded_modules(active, world.modules)
    around = folder_world(modules, world.version, world.defines)
    folders = Folders(state.disk.htaccess, around, names)
    found, unjudged = map_folders(active, tree.root, tree.foreign, modules, folders)
    return _with_denials(state, tree, found), unjudged


def _with_denials(state, tree, found):
    # type: (HostState, ConfigTree, list[SiteMappings]) -> list[SiteMappings]
    """Return [SiteMappings] with what we deny told from what others deny."""
    if not php_marks.has_denials(state, tree):
        return found
    translated, ours = {}, {}  # type: dict[int, Serving], dict[str, set[int]]
    for one in found:
        if id(one.served) not in translated:
            translated[id(one.served)] = _with_ours(state, tree, one.served, ours)
    return [one._replace(served=translated[id(one.served)]) for one in found]


def _with_ours(state, tree, served, ours):
    # type: (HostState, ConfigTree, Serving, dict[str, set[int]]) -> Serving
    """Return the same for what one site serves. ours: see `is_ours`."""
    return dict(
        (key, one._replace(how=DENIED_BY_US) if php_marks.is_ours(state, tree, one, ours) else one)
        for key, one in served.items()
    )


def compare_sites(now, then):
    # type: (list[SiteMappings], list[SiteMappings]) -> list[PhpMapping]
    """Return [PhpMapping] of all that is PHP before or after, or is denied no longer.

    now, then: as for `every_mapping`.
    """
    return [
        mapping
        for mapping in every_mapping(now, then)
        if is_php(mapping.now)
        or is_php(mapping.then)
        or (mapping.now.how == DENIED and mapping.then.how != DENIED)
        or names_php(mapping.then.by)
    ]


def kept_denials(now, then):
    # type: (list[SiteMappings], list[SiteMappings]) -> list[PhpMapping]
    """Return [PhpMapping] of scripts that are denied before and after. now, then: as for
    `every_mapping`.
    """
    return [
        mapping
        for mapping in every_mapping(now, then)
        if mapping.now.how == mapping.then.how == DENIED and mapping.name.endswith(_SCRIPTS)
    ]


def every_mapping(now, then):
    # type: (list[SiteMappings], list[SiteMappings]) -> Iterator[PhpMapping]
    """Yield a PhpMapping of every name in every place.

    now, then: [SiteMappings] of the same sites, since a switch neither adds nor removes one.
    """
    pairs = {}
    for before, after in zip(now, then):
        # Most sites have the same lines, and so the same answers.
        key = (id(before.served), id(after.served))
        if key not in pairs:
            pairs[key] = _pairs(before.served, after.served)
        for place, name, was, will in pairs[key]:
            yield PhpMapping(before.site, place, name, was, will, before.urls.get(place))


def _pairs(before, after):
    # type: (Serving, Serving) -> list[tuple[str | None, str, Served, Served]]
    """Return [(place, name, Served before, Served after)] of all that one of them has."""
    keys = list(before) + [key for key in after if key not in before]
    found = [
        (place, name, _served(before, place, name), _served(after, place, name))
        for place, name in sorted(keys, key=lambda key: (key[0] or '', key[1]))
    ]
    return [one for one in found if one[2] and one[3]]


def _served(served, place, name):
    # type: (Serving, str | None, str) -> Served | None
    """Return what holds in a place: where it has no rule of its own, that of the whole site."""
    return served.get((place, name)) or served.get((None, name))
