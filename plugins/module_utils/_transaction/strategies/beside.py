# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Start a server in a unit whose old one still finishes what it has begun: by the unit's reload
in its other meaning, see `manager`.

Where the drop-in is not in force any more, as after a boot or when somebody started the unit
afresh, all goes the plain way.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._errors import Error, StepError
from ..._system import sockets
from ..._system.clock import wait_until
from ..._system.files import size_of
from .. import listen_watch, services, systemd
from . import drain

# A server that got the signal to stop has closed its sockets by then.
CLOSED_WAIT = 1


def start_by_reload(order, context):
    """Start the server and wait until it is up; then have our file name it.

    order: a ReloadOrder or a ReturnOrder. Raises StepError where it does not come up.
    """
    start = order.start
    context.attempt(_clear_the_way, start, context)
    context.log_size = context.attempt(size_of, start.log)
    gone = services.is_gone(lambda: services.whatever_runs(start))
    result = systemd.reload_with_ticket(order.told, start.timeout, context, gone)
    if result.rc != 0 and not systemd.is_active(order.told, context):
        # What ended the old server ended the unit with it.
        services.start_server(start, context)
    else:
        services.demand_up(start, result, context, lambda: systemd.last_words(order.told, context))
    main = services.main_process(start)
    if main and systemd.is_told(order.told):
        systemd.name_main(order.told, main.pid)


def _clear_the_way(start, context):
    if set(start.evidence.ports) & set(item.port for item in sockets.read_listeners()):
        # Somebody's `graceful` starts a stopped server, beside the unit and maybe with half of
        # the files.
        services.stop_whatever_runs(_within(start), context)


def _within(start):
    """To stop within the unit: if asked to stop, systemd would end the old server, too."""
    return start._replace(announce=None, settle=None)


def end_started(order, context):
    """End the new server and let the old one be; the inverse of a start that may have got
    anywhere.
    """
    if not systemd.is_told(order.told):
        return services.stop_whatever_runs(order.stop_all, context)
    systemd.take_ticket(order.told)
    systemd.await_reload(order.told, context)
    old = drain.old_main(order.old)
    if old:
        context.attempt(systemd.name_main, order.told, old.pid)
    services.stop_whatever_runs(_within(order.stop_all), context)


def start_again_by_reload(order, context):
    """Bring the server up as it was; the inverse of a stop that may have got anywhere.

    Where the old one only finishes, it is let be.
    """
    if context.went_down is None and context.attempt(services.is_up, order.afresh):
        return
    try:
        if _may_reload(order, context):
            listen_watch.begin(context, order.old.evidence.ports)
            return start_by_reload(order, context)
    except Exception as e:
        context.warnings.append(
            'The server was started afresh: %s' % (e.message if isinstance(e, Error) else e)
        )
    services.ensure_started(order.afresh, context)


def _may_reload(order, context):
    """Return whether the old server is gone, or got the signal, and its unit can be reloaded.

    Processes that were killed since may have sent the signal.
    """
    gone = drain.old_main(order.old) is None or (
        context.went_down is not None and wait_until(lambda: drain.is_off(order.old), CLOSED_WAIT)
    )
    return gone and systemd.is_told(order.told) and systemd.may_reload(order.told, context)


def end_followed(order, context):
    """Wait until the old server has finished, bounded, and see systemd follow to the new one.

    Raises StepError if it does not.
    """
    main = services.main_process(order.start)
    if main is None:
        raise StepError('The new server ended by itself.')
    # By now, so that systemd finds it whenever the old one ends.
    systemd.name_main(order.told, main.pid)
    drain.end_drained(order.old, context)
    if not systemd.follow(order.told, main.pid, order.start.timeout, context):
        raise StepError(
            'systemd does not take %d for the main process of %s.' % (main.pid, order.told.unit)
        )


def leave_unit(order, context):
    """Have the unit as it was, with the server that came back: the inverse of what systemd was
    told.
    """
    try:
        drain.end_drained(order.old, context)
        main = services.main_process(order.start)
        if (
            main
            and main.pid != order.told.pid
            and systemd.is_told(order.told)
            and not systemd.follow(order.told, main.pid, order.start.timeout, context)
        ):
            services.ensure_started(order.afresh, context)
    finally:
        systemd.untell_manager(order.told, context)


def hand_unit_back(told, context):
    """Leave the unit as it was.

    What cannot be tidied up does not take a proved switch back.
    """
    try:
        systemd.untell_manager(told, context)
    except Exception as e:
        context.warnings.append(
            'Not tidied up: %s (%s). Remove it, then run systemctl daemon-reload.'
            % (told.drop_in, e)
        )


ACTIONS = {
    'start_by_reload': start_by_reload,
    'end_started': end_started,
    'start_again_by_reload': start_again_by_reload,
    'end_followed': end_followed,
    'leave_unit': leave_unit,
    'hand_unit_back': hand_unit_back,
}
