# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The steps by which FPM comes before httpd changes, and goes after httpd has changed back."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ..._fields import TYPE_CHECKING, NamedTuple
from ..._model import Step
from ..._orders import NOTHING, FolderOrder, FpmOrder
from ..strategies.way_back import keep_way_back
from . import marks

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..._model import FileEdit, HostState  # noqa: F401
    from .carry import Carried  # noqa: F401
    from .pools import Size  # noqa: F401

# Seconds for a command of systemd, and until FPM answers.
SECONDS = 60

# The edits of FPM's files, of which each list is empty or not: first: before httpd changes; last:
# after it has been proved. before, after: how the unit was, and how it has to be; None where
# nothing changes. size: of the pools.
FpmMoves = NamedTuple(
    'FpmMoves',
    [
        ('first', 'list[FileEdit]'),
        ('last', 'list[FileEdit]'),
        ('before', 'FpmOrder | None'),
        ('after', 'FpmOrder | None'),
        ('size', 'Size | None'),
    ],
)
NO_MOVES = FpmMoves([], [], None, None, None)


def plan_moves(state, edits, carried):
    # type: (HostState, list[FileEdit], Carried | None) -> FpmMoves
    """Return the FpmMoves for [FileEdit] of FPM's files."""
    if not edits:
        return NO_MOVES
    fpm, goes = state.fpm, any(edit.after is None for edit in edits)
    if goes:
        was = marks.unit_before(fpm.files[fpm.drop_in]) or marks.Before(None, fpm.active)
        after = _order(state, was.enabled, was.active, [])
        before = _order(state, fpm.enabled, fpm.active, [])
        return FpmMoves([], edits, before, after, None)
    after = _order(state, True, True, [pool.socket for pool in carried.pools] if carried else [])
    before = _order(state, fpm.enabled, fpm.active, [])
    return FpmMoves(edits, [], before, after, carried.size if carried else None)


def _order(state, enabled, active, sockets):
    # type: (HostState, bool | None, bool, list[str]) -> FpmOrder
    return FpmOrder(
        control=state.service.start[0],
        unit=state.fpm.places.unit,
        enabled=enabled,
        active=active,
        test=[state.fpm.program, '-t'] if state.fpm.program else None,
        sockets=sockets,
        folder=marks.SOCKETS.rstrip('/'),
        timeout=SECONDS,
    )


def around(moves, swaps):
    # type: (FpmMoves, list[Step]) -> tuple[list[Step], list[Step], list[Step]]
    """Return ([Step] before httpd changes, [Step] after it is proved, [Step] of the cleanup).

    swaps: [Step], one rename for each edit of the moves, in their order.
    """
    if moves.after is None:
        return [], [], []
    unit = moves.after.unit
    back = keep_way_back('settle_fpm', moves.before, 'have a way back for %s' % unit, 'fpm')
    action = 'settle_fpm' if moves.first else 'hand_fpm_back'
    steps = [back] + swaps + [Step('fpm', action, moves.after, None, NOTHING, _words(moves))]
    if moves.first:
        return steps, [], []
    folders = sorted(set(os.path.dirname(edit.real) for edit in moves.last))
    tidy = [
        Step(
            'fpm',
            'remove_if_empty',
            FolderOrder(folder),
            None,
            NOTHING,
            'remove %s if nothing else is in it' % folder,
        )
        for folder in folders
        if folder.endswith('.service.d')
    ]
    return [], steps, tidy


def _words(moves):
    # type: (FpmMoves) -> str
    unit = moves.after.unit
    if moves.last:
        states = {True: 'run', False: 'stop'}
        return 'have %s %s as before, without our files' % (unit, states[moves.after.active])
    words = 'start %s with a pool for each of %d sets of settings'
    words %= (unit, len(moves.after.sockets))
    if moves.size is None:
        return words
    return '%s, each of %d processes at most: %s' % (words, moves.size.most, moves.size.words)
