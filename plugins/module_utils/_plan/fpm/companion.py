# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a rehearsal needs to have an FPM of its own, with the new pools, beside the new server."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._orders import CompanionOrder
from . import marks

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..._model import HostState  # noqa: F401
    from .carry import Carried  # noqa: F401


def describe(state, carried):
    # type: (HostState, Carried | None) -> CompanionOrder | None
    """Return the CompanionOrder for a Carried; None where FPM takes nothing over."""
    if carried is None or not carried.pools:
        return None
    folder = marks.SOCKETS.rstrip('/')
    log = marks.SOCKETS + 'log'
    head = u'[global]\nerror_log = %s\ndaemonize = no\n\n' % log
    return CompanionOrder(
        program=state.fpm.program,
        config=head + carried.trial,
        environment=dict(carried.environment),
        umask=int(state.fpm.umask, 8) if state.fpm.umask else 0o022,
        folder=folder,
        log=log,
        sockets=[pool.socket for pool in carried.pools],
    )
