# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The choreography of each strategy, as data: how the old server goes and the new one comes.

The engine runs all of them alike.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING, NamedTuple
from ..._model import HOLD, OVERLAP, STOP
from ..._orders import NOTHING
from . import drain, hold, overlap
from .way_back import BEFORE_FILES, keep_way_back

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..._model import Step  # noqa: F401
    from ..steps import Draft  # noqa: F401

# The steps that every strategy has.
Parts = NamedTuple(
    'Parts',
    [
        ('stop', 'Step'),  # told by a StopOrder, and its inverse by a StartOrder
        ('swaps', 'list[Step]'),  # one rename each, in order
        ('start', 'Step'),  # told by a StartOrder, and its inverse, too
        ('prove', 'Step'),  # told by a ProofOrder; it has no inverse
    ],
)


def arrange(draft, parts):
    # type: (Draft, Parts) -> list[Step]
    """Return the [Step] from the old server to the proved new one, by the strategy of the draft."""
    if draft.state.service.socket:
        return _by_socket(parts)
    return _ARRANGE[draft.strategy.name if draft.strategy and draft.strategy.name else STOP](
        draft, parts
    )


def _stop(draft, parts):
    # type: (Draft, Parts) -> list[Step]
    parts, before, after = drain.arrange(draft, parts)
    return before + [parts.stop] + parts.swaps + [parts.start, parts.prove] + after


def _by_socket(parts):
    # type: (Parts) -> list[Step]
    """The restart where a connection starts the server: whenever one comes, the disk has to hold
    what is wanted, or all that was.
    """
    stop, start = parts.stop, parts.start
    return (
        [keep_way_back(stop.undo, stop.undo_order, BEFORE_FILES)]
        + parts.swaps
        + [
            stop._replace(undo=None, undo_order=NOTHING),
            start._replace(undo=None, undo_order=NOTHING),
            parts.prove,
        ]
    )


_ARRANGE = {OVERLAP: overlap.arrange, HOLD: hold.arrange, STOP: _stop}
