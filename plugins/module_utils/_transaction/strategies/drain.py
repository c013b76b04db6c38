# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Stop a server as far as its ports go, and let it finish what it has begun while the next one
serves.

httpd removes its pid file once, as soon as it gets the signal and before its children have
finished; a server that starts after that keeps its own.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._errors import StepError
from ..._orders import sparing
from ..._system import processes, sockets
from ..._system.clock import monotonic, wait_until
from .. import ending, listen_watch, services

MOMENT = 0.1
# A server that gets the signal has closed its sockets by then, most times.
SOON = 0.2


def stop_listening(order, context):
    """Tell the process of a StopOrder to stop gracefully and wait until its sockets are closed and
    its pid file is gone.

    One that does not do so in its time is stopped altogether; whatever else holds its sockets is
    ended. Raises StepError as `services.stop_server` does.
    """
    main = old_main(order)
    if main is None:
        raise StepError('The main process %d ended by itself before it was stopped.' % order.pid)
    listen_watch.begin(context, order.evidence.ports)
    context.went_down = monotonic()
    ending.send(main, ending.GRACEFUL)
    if wait_until(lambda: is_off(order), min(SOON, order.drain_timeout), pause=0.001):
        return
    members = ending.family_to_end(main, order)
    missed = ending.Missed(main, members, order)

    def has_closed():
        missed.remind()
        return is_off(order) or _is_closed(main, order)

    wait_until(has_closed, order.drain_timeout - SOON, pause=0.02)
    missed.account(context, context.went_down)
    if not is_off(order) and not _is_closed(main, order):
        ending.end_family(main, members, order._replace(drain_timeout=0), context)
    ending.free_sockets(order.evidence, context)


def _is_closed(main, order):
    """Return whether the server has closed its sockets.

    A process that still has one is not part of it.
    """
    members = ending.alive(ending.family_to_end(main, order))
    held = [sockets.held_sockets(process.pid) for process in members]
    holds = None in held or set(order.evidence.sockets) & set().union(*held)
    return not holds and not _is_noted(order)


def old_main(order):
    """Return the old main process, None where it is gone."""
    main = processes.read_process(order.pid)
    return main if main and main.start_time == order.start_time else None


def _listens(order):
    return bool(set(order.evidence.sockets) & sockets.listening_inodes())


def is_off(order):
    """Return whether the old server listens no more, and its pid file is gone or another's: the
    next one may start.
    """
    return not _listens(order) and not _is_noted(order)


def _is_noted(order):
    noted = processes.noted_process(order.pid_file)
    return noted is not None and noted.pid == order.pid


def end_drained(order, context):
    """Wait until the old server has finished, for what is left of its time, then TERM, then KILL.

    One that still listens did not get the signal.
    """
    main = old_main(order)
    if main is None or not is_off(order):
        return
    left = (
        order.drain_timeout - (monotonic() - context.went_down)
        if context.went_down is not None
        else order.drain_timeout
    )
    order = order._replace(drain_timeout=max(MOMENT, left))
    ending.end_family(main, ending.family_to_end(main, order), order, context)


def start_beside_drained(order, context):
    """Bring the service up again; an old server that only finishes what it has begun is let be
    meanwhile.
    """
    start, old = order.start, order.old
    if not context.attempt(_finishes, old):
        return services.ensure_started(start, context)
    if context.went_down is None:
        # Processes that were killed since sent it the signal.
        context.went_down = monotonic()
    services.ensure_started(sparing(start, old.pid), context)


def _finishes(order):
    return old_main(order) is not None and is_off(order)


ACTIONS = {
    'stop_listening': stop_listening,
    'end_drained': end_drained,
    'start_beside_drained': start_beside_drained,
}
