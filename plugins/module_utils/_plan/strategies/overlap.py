# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The strategy `overlap`: the new server comes up beside the old one, is proved there, takes over,
and the old one drains.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._layouts.table import layout_named
from ..._model import OVERLAP, Step
from . import drop_in


def arrange(draft, parts):
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
    """Return the steps before the files change: visitors and systemd stay with the old server."""
    old = parts.stop.undo_args
    unit, drop_in_file = beside['unit'], beside['drop_in']
    pid_file = parts.start.args['pid_file']
    way = 'have a way back before the files change'
    steer = (
        'give every connection to the old server, also where another program listens there, '
        'except for our own probes'
    )
    tell = 'have systemd expect another main process of %s, by %s' % (unit, drop_in_file)
    return [
        Step('way back', 'keep_way_back', {}, parts.stop.undo, old, way),
        Step('hold on', 'steer_to_old', beside, 'release_listeners', beside, steer),
        Step('tell systemd', 'tell_manager', beside, 'untell_manager', beside, tell),
        Step(
            'pid file',
            'lay_pid_file_aside',
            beside,
            'put_pid_file_back',
            beside,
            'move %s aside' % pid_file,
        ),
    ]


def _start_beside(draft, parts, beside):
    """Return the steps up to the soak: the new server is proved, and can still be left again."""
    mpm = draft.target.mpm
    alone = dict(parts.prove.args, soak=0, own_ports=True)
    start = 'start %s beside the old server' % mpm
    first = 'prove that %s serves as before, where only we reach it' % mpm
    steer = 'give every new connection to %s, no faster than it grows' % mpm
    again = 'prove that %s serves visitors, while they can be given back' % mpm
    return [
        Step('start beside', 'start_beside', beside, 'end_beside', beside, start),
        Step('prove beside', 'prove', alone, None, {}, first),
        Step('take over', 'steer_to_new', beside, 'steer_to_old', beside, steer),
        Step('soak', 'prove', parts.prove.args, None, {}, again),
    ]


def _hand_over(parts, beside):
    """Return the steps that end the old server, and the last proof."""
    empty = 'wait until the old server has taken every connection that came to it'
    stop = 'stop the old server: graceful for %d s, then TERM for %d s, then KILL'
    stop %= (beside['drain_timeout'], beside['stop_timeout'])
    let = 'let systemd reload %s as before' % beside['unit']
    return [
        Step('queue', 'empty_queues', beside, None, {}, empty),
        Step('retire', 'retire_server', beside, 'note_outage', beside, stop),
        Step('hand back', 'hand_back', beside, None, {}, let),
        parts.prove._replace(args=dict(parts.prove.args, soak=0)),
    ]


def _generated(draft):
    """Where a start writes files of its own from the choice: the old server, which reads them at
    its next reload, gets its own back.
    """
    if not layout_named(draft.state.layout).generated:
        return []
    words = draft.state.abilities[OVERLAP].details['start']
    return [
        Step(
            'generated',
            'keep_way_back',
            {},
            'run_quietly',
            {'argv': [words[0], '-t']},
            'have a way back for what a start writes',
        )
    ]


def describe_beside(draft, parts):
    """Return what every step of this strategy has to know, as JSON-able data."""
    details, stop = draft.state.abilities[OVERLAP].details, parts.stop.args
    pid_file = parts.start.args['pid_file']
    return dict(
        drop_in.describe_unit(details, stop['pid']),
        **{
            'start_time': stop['start_time'],
            'threaded': stop['threaded'],
            'drain_timeout': stop['drain_timeout'],
            'stop_timeout': stop['stop_timeout'],
            'start': parts.start.args,
            'stop_all': parts.start.undo_args,
            'programs': stop['programs'],
            'owners': stop['owners'],
            'users': stop['users'],
            'sockets': stop['sockets'],
            'groups': stop['groups'],
            'listeners': sorted(
                [item.family, item.address, item.port]
                for item in draft.state.servers.running.listeners
            ),
            'pid_file': pid_file,
            'aside': pid_file + '.webops-aside',
        }
    )
