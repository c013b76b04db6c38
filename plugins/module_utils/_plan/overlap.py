# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""The rung `overlap`: the new server comes up beside the old one, is proved there, takes over, and the old one drains."""
from . import drop_in
from .._layouts.table import layout_named
from .._model import OVERLAP, Step


def arrange(draft, parts):
    """Give the [Step] from the old server to the proved new one.

    Until `take over` visitors reach the old server only, and until `retire` they can be given back to it: whatever fails before that, the
    soak included, has refused nobody. While the files are the new server's and the old one runs, a reload would end it; so it has no pid
    file then, and its unit another way of reloading.
    """
    old, new = parts.stop.undo_args, parts.start.args
    beside = describe_beside(draft, parts)
    mpm = draft.target.mpm
    proof = dict(parts.prove.args, soak=0, own_ports=True)
    return [
        Step('way back', 'keep_way_back', {}, parts.stop.undo, old, 'have a way back before the files change'),
        Step('hold on', 'steer_to_old', beside, 'release_listeners', beside,
             'give every connection to the old server, whoever else may listen, but our own probes'),
        Step('tell systemd', 'tell_manager', beside, 'untell_manager', beside,
             'have systemd expect another main process of %s, by %s' % (beside['unit'], beside['drop_in'])),
        Step('pid file', 'lay_pid_file_aside', beside, 'put_pid_file_back', beside, 'move %s aside' % new['pid_file']),
    ] + _generated(draft) + parts.swaps + [
        Step('start beside', 'start_beside', beside, 'end_beside', beside, 'start %s beside the old server' % mpm),
        Step('prove beside', 'prove', proof, None, {}, 'prove that %s serves as before, where only we reach it' % mpm),
        Step('take over', 'steer_to_new', beside, 'steer_to_old', beside, 'give every new connection to %s, no faster than it grows' % mpm),
        Step('soak', 'prove', parts.prove.args, None, {}, 'prove that %s serves visitors, while they can be given back' % mpm),
        Step('queue', 'empty_queues', beside, None, {}, 'wait until the old server has taken every connection that came to it'),
        Step('retire', 'retire_server', beside, 'note_outage', beside,
             'stop the old server: graceful for %d s, then TERM for %d s, then KILL' % (beside['drain_timeout'], beside['stop_timeout'])),
        Step('hand back', 'hand_back', beside, None, {}, 'let systemd reload %s as before' % beside['unit']),
        parts.prove._replace(args=dict(parts.prove.args, soak=0))]


def _generated(draft):
    """Where a start writes files of its own from the choice: the old server, which reads them at its next reload, gets its own back."""
    if not layout_named(draft.state.layout).generated:
        return []
    words = draft.state.abilities[OVERLAP].details['start']
    return [Step('generated', 'keep_way_back', {}, 'run_quietly', {'argv': [words[0], '-t']}, 'have a way back for what a start writes')]


def describe_beside(draft, parts):
    """Give what every step of this rung has to know, as JSON-able data."""
    details, stop = draft.state.abilities[OVERLAP].details, parts.stop.args
    pid_file = parts.start.args['pid_file']
    return dict(drop_in.describe_unit(details, stop['pid']), **{
        'start_time': stop['start_time'], 'threaded': stop['threaded'],
        'drain_timeout': stop['drain_timeout'], 'stop_timeout': stop['stop_timeout'],
        'start': parts.start.args, 'stop_all': parts.start.undo_args,
        'programs': stop['programs'], 'owners': stop['owners'], 'users': stop['users'],
        'sockets': stop['sockets'], 'groups': stop['groups'],
        'listeners': sorted([item.family, item.address, item.port] for item in draft.state.servers.running.listeners),
        'pid_file': pid_file, 'aside': pid_file + '.webops-aside',
    })
