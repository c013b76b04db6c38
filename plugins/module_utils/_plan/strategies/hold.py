# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The strategy `hold`: as `stop`, with new connections waiting in the kernel while no server
listens.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._model import HOLD, Step
from ..._orders import HoldOrder
from . import drain

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..steps import Draft  # noqa: F401
    from .arrange import Parts  # noqa: F401

# A queue is let go within seconds when those who switch are killed. What drops packets ends by the
# clock alone, and visitors whose packets are dropped wait longer and longer anyway.
LONGEST_QUEUE, LONGEST_DROP = 120, 15
# What a start takes, at the longest.
MARGIN = 30


def arrange(draft, parts):
    # type: (Draft, Parts) -> list[Step]
    """Return the [Step]: held before the drain, let go once the new server listens, held again
    for the way back.
    """
    order = hold_order(draft)
    about = 'ports %s, by %s, for %d s at most' % (
        ', '.join('%d' % port for port in order.ports),
        order.means,
        order.longest,
    )
    hold = Step(
        'hold',
        'hold_connections',
        order,
        'release_connections',
        order,
        'have new connections wait: ' + about,
    )
    release = Step(
        'release',
        'release_connections',
        order,
        'hold_again',
        order,
        'let the connections that wait go on',
    )
    # Whom the new server serves already is not cut off where it has to go again.
    back = parts.start.undo_order._replace(drain_timeout=draft.wanted.drain_timeout)
    parts = parts._replace(start=parts.start._replace(undo_order=back))
    parts, before, after = drain.arrange(draft, parts)
    return before + [hold, parts.stop] + parts.swaps + [parts.start, release, parts.prove] + after


def hold_order(draft):
    # type: (Draft) -> HoldOrder
    """Return the HoldOrder: what is held, and how."""
    listeners = draft.state.servers.running.listeners
    addresses = sorted(set(item.address for item in listeners))
    queues = draft.state.abilities[HOLD].details['queues']
    longest = min(
        draft.wanted.drain_timeout + draft.wanted.stop_timeout + MARGIN,
        LONGEST_QUEUE if queues else LONGEST_DROP,
    )
    return HoldOrder(
        means=draft.strategy.means,
        ports=sorted(set(item.port for item in listeners)),
        addresses=[] if set(addresses) & set(('0.0.0.0', '::')) else addresses,
        longest=longest,
        token=draft.token,
    )
