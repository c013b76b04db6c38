# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a package manager would do, and which part of that nobody asked for."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from collections import namedtuple

# manager: name of the program that was asked; command: argv by which it was asked; installs,
# upgrades, removes: names of packages.
Foreseen = namedtuple('Foreseen', 'manager command installs upgrades removes')

# Beginnings of the names of packages with one MPM each, such as apache2-mpm-worker.
_ONE_MPM = re.compile(r'^(.*[-_]mpm[-_])(?:prefork|worker|event|itk)\Z')
# Packages of Plesk: they come first in each list of removals.
_PLESK = re.compile(r'^(psa|plesk)(-|\Z)')


def make_foreseen(manager, command, installs=(), upgrades=(), removes=()):
    """Return the Foreseen with every name once, in order."""
    return Foreseen(
        manager,
        list(command),
        sorted(set(installs)),
        sorted(set(upgrades)),
        sort_removals(set(removes)),
    )


def sort_removals(names):
    """Return the names in order, those of Plesk before all others, and psa before those."""
    return sorted(names, key=lambda name: (name != 'psa', not _PLESK.match(name), name))


def purpose(names, removes):
    """Return those of `removes` that are replaced: packages of another MPM than the wanted one,
    with the same kind of name.
    """
    stems = set(found.group(1) for found in map(_ONE_MPM.match, names) if found)
    return [
        name
        for name in removes
        if _ONE_MPM.match(name) and _ONE_MPM.match(name).group(1) in stems and name not in names
    ]


def unasked(names, foreseen):
    """Return the names of the packages that would be removed although nobody asked for that."""
    made_room = purpose(names, foreseen.removes)
    return [name for name in foreseen.removes if name not in made_room]
