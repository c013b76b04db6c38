# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Stop a server as far as its ports go, and let it finish what it has begun while the next one
serves.

httpd removes its pid file once, as soon as it was told and before its children have finished; a
server that starts after that keeps its own.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._errors import StepError
from ..._system import processes, sockets
from ..._system.clock import monotonic, wait_until
from .. import ending, listen_watch, services

MOMENT = 0.1
# What is told to stop has closed its sockets by then, most times.
SOON = 0.2


def stop_listening(args, context):
    """Tell the process `pid` to stop gracefully and wait until its sockets are closed and its
    pid file is gone.

    One that does not do so in its time is stopped altogether; whatever else holds its sockets is
    ended. Raises StepError as `services.stop_server` does.
    """
    main = old_main(args)
    if main is None:
        raise StepError('The main process %d ended by itself before it was stopped.' % args['pid'])
    listen_watch.begin(context, args['ports'])
    context.went_down = monotonic()
    ending.send(main, ending.GRACEFUL)
    if wait_until(lambda: is_off(args), min(SOON, args['drain_timeout']), pause=0.001):
        return
    members = ending.family_to_end(main, args)
    wait_until(
        lambda: is_off(args) or _is_closed(main, args), args['drain_timeout'] - SOON, pause=0.02
    )
    if not is_off(args) and not _is_closed(main, args):
        ending.end_family(main, members, dict(args, drain_timeout=0), context)
    ending.free_sockets(args, context)


def _is_closed(main, args):
    """Return whether the server has closed its sockets: what still has one is no part of it."""
    members = ending.alive(ending.family_to_end(main, args))
    held = [sockets.held_sockets(process.pid) for process in members]
    return (
        None not in held and not set(args['sockets']) & set().union(*held) and not _is_noted(args)
    )


def old_main(args):
    """Return the old main process, None where it is gone."""
    main = processes.read_process(args['pid'])
    return main if main and main.start_time == args['start_time'] else None


def _listens(args):
    return bool(set(args['sockets']) & sockets.listening_inodes())


def is_off(args):
    """Return whether the old server listens no more, and its pid file is gone or another's: the
    next one may start.
    """
    return not _listens(args) and not _is_noted(args)


def _is_noted(args):
    noted = processes.noted_process(args['pid_file'])
    return noted is not None and noted.pid == args['pid']


def end_drained(args, context):
    """Wait until the old server has finished, for what is left of its time, then TERM, then KILL.

    One that listens still was not told.
    """
    main = old_main(args)
    if main is None or not is_off(args):
        return
    left = (
        args['drain_timeout'] - (monotonic() - context.went_down)
        if context.went_down is not None
        else args['drain_timeout']
    )
    ending.end_family(
        main, ending.family_to_end(main, args), dict(args, drain_timeout=max(MOMENT, left)), context
    )


def start_beside_drained(args, context):
    """Bring the service up again; an old server that only finishes what it has begun is let be
    meanwhile.
    """
    old = args['old']
    if not context.attempt(_finishes, old):
        return services.ensure_started(args, context)
    if context.went_down is None:
        # It was told by those who were killed.
        context.went_down = monotonic()
    services.ensure_started(dict(args, spare=args['spare'] + [old['pid']]), context)


def _finishes(args):
    return old_main(args) is not None and is_off(args)


ACTIONS = {
    'stop_listening': stop_listening,
    'end_drained': end_drained,
    'start_beside_drained': start_beside_drained,
}
