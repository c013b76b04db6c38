# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The choreography of each strategy, as data: how the old server goes and the new one comes.

The engine runs all of them alike.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from ..._model import HOLD, OVERLAP, STOP, Step
from . import drain, hold, overlap

# stop, start, prove: Steps; swaps: [Step], one rename each, in order.
Parts = namedtuple('Parts', 'stop swaps start prove')


def arrange(draft, parts):
    """Return the [Step] from the old server to the proved new one, by the strategy of the draft."""
    if draft.state.service.socket:
        return _by_socket(parts)
    return _ARRANGE[draft.strategy.name if draft.strategy and draft.strategy.name else STOP](
        draft, parts
    )


def _stop(draft, parts):
    parts, before, after = drain.arrange(draft, parts)
    return before + [parts.stop] + parts.swaps + [parts.start, parts.prove] + after


def _by_socket(parts):
    """The restart where a connection starts the server: whenever one comes, the disk has to hold
    what is wanted, or all that was.
    """
    stop, start = parts.stop, parts.start
    return (
        [
            Step(
                'way back',
                'keep_way_back',
                {},
                stop.undo,
                stop.undo_args,
                'have a way back before the files change',
            )
        ]
        + parts.swaps
        + [
            stop._replace(undo=None, undo_args={}),
            start._replace(undo=None, undo_args={}),
            parts.prove,
        ]
    )


_ARRANGE = {OVERLAP: overlap.arrange, HOLD: hold.arrange, STOP: _stop}
