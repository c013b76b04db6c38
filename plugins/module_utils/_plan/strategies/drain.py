# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Have the old server finish what it has begun while the new one serves already, where nobody
would take the one for the other.

systemd would: it starts nothing while the old main process is there, and some units end the whole
group with it. Where the unit is understood it is told otherwise for that time.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._model import BESIDE, Step
from . import drop_in


def arrange(draft, parts):
    """Return (parts, [Step], [Step]): the parts with a stop that ends with the listening; what
    goes before that, and what ends the old server.
    """
    ability = draft.state.abilities.get(BESIDE)
    by_systemd = draft.state.service.manager == 'systemd'
    if not draft.wanted.drain_timeout or (by_systemd and (ability is None or ability.problem)):
        return parts, [], []
    stop, start = parts.stop, parts.start
    old = dict(stop.args, pid_file=draft.state.service.pid_file)
    stop = stop._replace(
        action='stop_listening',
        args=old,
        undo='start_beside_drained',
        undo_args=dict(stop.undo_args, old=old),
    )
    start = start._replace(args=_sparing(start.args, old), undo_args=_sparing(start.undo_args, old))
    words = 'see the old server end: what it has begun has %d s' % old['drain_timeout']
    if by_systemd:
        return _in_unit(
            drop_in.describe_unit(ability.details, old['pid'], drop_in.KEPT),
            parts._replace(stop=stop, start=start),
            old,
            words,
        )
    # It is let finish on the way back, too, when the one that comes back serves already.
    before = Step(
        'way back',
        'keep_way_back',
        {},
        'end_drained',
        old,
        'have the old server finish on the way back, too',
    )
    return (
        parts._replace(stop=stop, start=start),
        [before],
        [Step('drain', 'end_drained', old, None, {}, words)],
    )


def _sparing(args, old):
    return dict(args, spare=args['spare'] + [old['pid']])


def _in_unit(unit, parts, old, words):
    """The same under systemd, which starts the new server by the unit's reload: one that is
    active is not started.
    """
    stop, start = parts.stop, parts.start
    new = dict(unit, start=start.args, old=old, stop_all=start.undo_args)
    back = dict(unit, start=_sparing(stop.undo_args, old), old=old, afresh=parts.stop.undo_args)
    before = Step(
        'tell systemd',
        'tell_manager',
        unit,
        'leave_unit',
        back,
        'have systemd expect another main process of %s, by %s' % (unit['unit'], unit['drop_in']),
    )
    after = [
        Step('drain', 'end_followed', new, None, {}, words),
        Step(
            'hand back',
            'hand_unit_back',
            unit,
            None,
            {},
            'let systemd reload %s as before' % unit['unit'],
        ),
    ]
    return (
        parts._replace(
            stop=stop._replace(undo='start_again_by_reload', undo_args=back),
            start=start._replace(
                action='start_by_reload', args=new, undo='end_started', undo_args=new
            ),
        ),
        [before],
        after,
    )
