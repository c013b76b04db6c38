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

from ..._fields import TYPE_CHECKING
from ..._model import BESIDE, Step
from ..._orders import NOTHING, ReloadOrder, ReturnOrder, StartBesideOrder, sparing
from . import drop_in
from .way_back import keep_way_back

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..._orders import UnitOrder  # noqa: F401
    from ..steps import Draft  # noqa: F401
    from .arrange import Parts  # noqa: F401


def arrange(draft, parts):
    # type: (Draft, Parts) -> tuple[Parts, list[Step], list[Step]]
    """Return (parts, [Step], [Step]): the parts with a stop that ends with the listening; what
    goes before that, and what ends the old server.
    """
    ability = draft.state.abilities.get(BESIDE)
    by_systemd = draft.state.service.manager == 'systemd'
    if not draft.wanted.drain_timeout or (by_systemd and (ability is None or ability.problem)):
        return parts, [], []
    old, again = parts.stop.order, parts.stop.undo_order
    stop = parts.stop._replace(action='stop_listening')
    start = parts.start._replace(
        order=sparing(parts.start.order, old.pid),
        undo_order=sparing(parts.start.undo_order, old.pid),
    )
    words = 'see the old server end: what it has begun has %d s' % old.drain_timeout
    if by_systemd:
        told = drop_in.describe_unit(ability.details, old.pid, drop_in.KEPT)
        return _in_unit(told, parts._replace(stop=stop, start=start), words)
    stop = stop._replace(
        undo='start_beside_drained', undo_order=StartBesideOrder(start=again, old=old)
    )
    # It is let finish on the way back, too, when the one that comes back serves already.
    before = keep_way_back('end_drained', old, 'have the old server finish on the way back, too')
    return (
        parts._replace(stop=stop, start=start),
        [before],
        [Step('drain', 'end_drained', old, None, NOTHING, words)],
    )


def _in_unit(told, parts, words):
    # type: (UnitOrder, Parts, str) -> tuple[Parts, list[Step], list[Step]]
    """The same under systemd, which starts the new server by the unit's reload: one that is
    active is not started. told: UnitOrder.
    """
    stop, start = parts.stop, parts.start
    old, again = stop.order, stop.undo_order
    new = ReloadOrder(told=told, start=start.order, stop_all=start.undo_order, old=old)
    back = ReturnOrder(told=told, start=sparing(again, old.pid), afresh=again, old=old)
    before = Step(
        'tell systemd',
        'tell_manager',
        told,
        'leave_unit',
        back,
        'have systemd expect another main process of %s, by %s' % (told.unit, told.drop_in),
    )
    after = [
        Step('drain', 'end_followed', new, None, NOTHING, words),
        Step(
            'hand back',
            'hand_unit_back',
            told,
            None,
            NOTHING,
            'let systemd reload %s as before' % told.unit,
        ),
    ]
    return (
        parts._replace(
            stop=stop._replace(undo='start_again_by_reload', undo_order=back),
            start=start._replace(
                action='start_by_reload', order=new, undo='end_started', undo_order=new
            ),
        ),
        [before],
        after,
    )
