# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Where the package that is installed chooses the MPM: ask what installing another one would do."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._errors import Error
from .._model import MPMS, Swap
from .._packages.ask import foresee
from .._packages.foreseen import purpose, unasked


def read_swaps(run, layout, there):
    """Return {mpm: Swap} of the MPMs that are not there, {} where the choice is a file's."""
    return (
        dict((mpm, _ask(run, layout.packages[mpm])) for mpm in MPMS if mpm not in there)
        if layout.by_package
        else {}
    )


def _ask(run, package):
    try:
        foreseen = foresee(run, [package], 'apt')
    except Error as e:
        return Swap(package, [], [], e.message)
    return Swap(package, purpose([package], foreseen.removes), unasked([package], foreseen), None)
