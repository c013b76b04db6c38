# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type
"""Have the old server finish what it has begun while the new one serves already, where nobody would take the one for the other.

systemd would: it starts nothing while the old main process is there, and some units end the whole group with it.
"""
from .._model import Step


def arrange(draft, parts):
    """Give (parts, [Step]): the parts with a stop that ends with the listening, and what ends the old server afterwards."""
    if draft.state.service.manager != 'sysv' or not draft.wanted.drain_timeout:
        return parts, []
    stop, start, pid_file = parts.stop, parts.start, draft.state.service.pid_file
    args = dict(stop.args, pid_file=pid_file)
    old = [args['pid']]
    stop = stop._replace(action='stop_listening', args=args, undo='start_beside_drained', undo_args=dict(stop.undo_args, old=args))
    start = start._replace(args=dict(start.args, spare=start.args['spare'] + old),
                           undo_args=dict(start.undo_args, spare=start.undo_args['spare'] + old))
    drained = Step('drain', 'end_drained', args, None, {}, 'see the old server end: what it has begun has %d s' % args['drain_timeout'])
    return parts._replace(stop=stop, start=start), [drained]
