# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The strategy `overlap`: the new server comes up beside the old one, is proved there, takes over,
and the old one drains.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._layouts.table import layout_named
from ..._model import OVERLAP, Step
from ..._orders import NOTHING, CommandOrder, Endpoint, OverlapOrder
from . import drop_in
from .way_back import BEFORE_FILES, keep_way_back

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..steps import Draft  # noqa: F401
    from .arrange import Parts  # noqa: F401


def arrange(draft, parts):
    # type: (Draft, Parts) -> list[Step]
    """Return the [Step] from the old server to the proved new one.

    Until `take over` visitors reach the old server only, and until `retire` they can be given back
    to it: whatever fails before that, the soak included, has refused nobody. While the files are
    the new server's and the old one runs, a reload would end it; so it has no pid file then, and
    its unit another way of reloading.
    """
    beside = describe_beside(draft, parts)
    ready = _make_ready(parts, beside) + _generated(draft)
    return ready + parts.swaps + _start_beside(draft, parts, beside) + _hand_over(parts, beside)


def _make_ready(parts, beside):
    # type: (Parts, OverlapOrder) -> list[Step]
    """Return the steps before the files change: visitors and systemd stay with the old server."""
    told = beside.told
    steer = (
        'give every connection to the old server, also where another program listens there, '
        'except for our own probes'
    )
    tell = 'have systemd expect another main process of %s, by %s' % (told.unit, told.drop_in)
    return [
        keep_way_back(parts.stop.undo, parts.stop.undo_order, BEFORE_FILES),
        Step('hold on', 'steer_to_old', beside, 'release_listeners', beside, steer),
        Step('tell systemd', 'tell_manager', told, 'untell_manager', told, tell),
        Step(
            'pid file',
            'lay_pid_file_aside',
            beside,
            'put_pid_file_back',
            beside,
            'move %s aside' % beside.old.pid_file,
        ),
    ]


def _start_beside(draft, parts, beside):
    # type: (Draft, Parts, OverlapOrder) -> list[Step]
    """Return the steps up to the soak: the new server is proved, and can still be left again."""
    mpm = draft.target.mpm
    alone = parts.prove.order._replace(soak=0, own_ports=True)
    start = 'start %s beside the old server' % mpm
    first = 'prove that %s serves as before, where only we reach it' % mpm
    steer = 'give every new connection to %s, no faster than it grows' % mpm
    again = 'prove that %s serves visitors, while they can be given back' % mpm
    return [
        Step('start beside', 'start_beside', beside, 'end_beside', beside, start),
        Step('prove beside', 'prove', alone, None, NOTHING, first),
        Step('take over', 'steer_to_new', beside, 'steer_to_old', beside, steer),
        Step('soak', 'prove', parts.prove.order, None, NOTHING, again),
    ]


def _hand_over(parts, beside):
    # type: (Parts, OverlapOrder) -> list[Step]
    """Return the steps that end the old server, and the last proof."""
    empty = 'wait until the old server has taken every connection that came to it'
    stop = 'stop the old server: graceful for %d s, then TERM for %d s, then KILL'
    stop %= (beside.old.drain_timeout, beside.old.stop_timeout)
    let = 'let systemd reload %s as before' % beside.told.unit
    return [
        Step('queue', 'empty_queues', beside, None, NOTHING, empty),
        Step('retire', 'retire_server', beside, 'note_outage', NOTHING, stop),
        Step('hand back', 'hand_back', beside, None, NOTHING, let),
        parts.prove._replace(order=parts.prove.order._replace(soak=0)),
    ]


def _generated(draft):
    # type: (Draft) -> list[Step]
    """Where a start writes files of its own from the choice: the old server, which reads them at
    its next reload, gets its own back.
    """
    if not layout_named(draft.state.layout).generated(draft.state.disk.evidence):
        return []
    words = draft.state.abilities[OVERLAP].details['start']
    back = 'have a way back for what a start writes'
    return [keep_way_back('run_quietly', CommandOrder([words[0], '-t']), back, 'generated')]


def describe_beside(draft, parts):
    # type: (Draft, Parts) -> OverlapOrder
    """Return the OverlapOrder, which every step of this strategy is told."""
    old = parts.stop.order
    return OverlapOrder(
        told=drop_in.describe_unit(draft.state.abilities[OVERLAP].details, old.pid),
        old=old,
        start=parts.start.order,
        stop_all=parts.start.undo_order,
        listeners=sorted(
            Endpoint(item.family, item.address, item.port)
            for item in draft.state.servers.running.listeners
        ),
        aside=old.pid_file + '.webops-aside',
    )
