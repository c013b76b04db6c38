# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a switch does to the PHP of each site: how it is served now, and how it would be."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from .._model import DENIED, DENIED_BY_US, PREFORK, PhpMapping
from .._syntax.evaluate import active_directives, loaded_modules
from . import outlook, php_marks
from .php_mapping import is_php, map_sites, names_php

# How the sites of a configuration would serve PHP after a switch. mappings: [PhpMapping]; lines:
# [(Site, None for the main server, [PhpLine])] of what is set of mod_php now; denials: [PhpMapping]
# of scripts that are denied before and after.
PhpChanges = namedtuple('PhpChanges', 'mappings lines denials')
# Endings of what is a script and nothing else.
_SCRIPTS = ('.php', '.phps', '.phar', '.phtml')


def compare_php(state, tree, mpm):
    """Return the PhpChanges from the configuration of a host to `tree` under `mpm`."""
    now = read_mappings(state, state.tree, state.choice.mpm or PREFORK)
    then = read_mappings(state, tree, mpm)
    lines = [(one.site if one.site.path else None, one.lines) for one in now if one.lines]
    return PhpChanges(compare_sites(now, then), lines, kept_denials(now, then))


def read_mappings(state, tree, mpm):
    """Return [SiteMappings] of a configuration under one MPM."""
    tree = outlook.chosen_tree(state, tree, mpm)
    world = outlook.world_of(state, mpm)
    active = active_directives(tree, world)
    found = map_sites(active, tree.root, tree.foreign, loaded_modules(active, world.modules))
    if not php_marks.has_denials(state, tree):
        return found
    translated = {}
    for one in found:
        if id(one.served) not in translated:
            translated[id(one.served)] = _with_ours(state, tree, one.served)
    return [one._replace(served=translated[id(one.served)]) for one in found]


def _with_ours(state, tree, served):
    """Return the same with what we deny told from what others deny."""
    return dict(
        (key, one._replace(how=DENIED_BY_US) if php_marks.is_ours(state, tree, one) else one)
        for key, one in served.items()
    )


def compare_sites(now, then):
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
    """Return [PhpMapping] of scripts that are denied before and after. now, then: as for
    `every_mapping`.
    """
    return [
        mapping
        for mapping in every_mapping(now, then)
        if mapping.now.how == mapping.then.how == DENIED and mapping.name.endswith(_SCRIPTS)
    ]


def every_mapping(now, then):
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
    """Return [(place, name, Served before, Served after)] of all that one of them has."""
    keys = list(before) + [key for key in after if key not in before]
    found = [
        (place, name, _served(before, place, name), _served(after, place, name))
        for place, name in sorted(keys, key=lambda key: (key[0] or '', key[1]))
    ]
    return [one for one in found if one[2] and one[3]]


def _served(served, place, name):
    """Return what holds in a place: where it has no rule of its own, that of the whole site."""
    return served.get((place, name)) or served.get((None, name))
