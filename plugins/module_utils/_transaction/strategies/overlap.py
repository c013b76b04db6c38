# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Have a new server come up beside the old one, steer the connections, and let the old one go.

Every inverse finds out what there is, and may be run at any time: after a crash nobody knows how
far its step came.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import socket

from ..._errors import StepError
from ..._orders import Endpoint
from ..._system import processes, queues, sockets, steering
from ..._system.clock import monotonic, wait_until
from ..._system.files import size_of
from .. import ending, files, services, systemd
from . import ramp
from .beside import hand_unit_back
from .drain import old_main

# Nothing is down meanwhile. A connection of which no byte comes is half open for as long as it
# likes.
QUEUE_WAIT, HALF_OPEN_WAIT = 60, 10
# A new server that is taken back may be one that does not serve.
WAITS_OF_FAILED = 1, 3
PID_FILE_WAIT = 15


class _listeners(object):
    """Context manager: second names of those sockets of a process on which it listens, closed in
    the end.
    """

    def __init__(self, process, inodes):
        self._process, self._inodes, self._taken = process, set(inodes), []

    def __enter__(self):
        listening = self._inodes & sockets.listening_inodes()
        if self._process and listening:
            self._taken = list(steering.take_sockets(self._process.pid, listening).values())
        return self._taken

    def __exit__(self, *_unused):
        for taken in self._taken:
            taken.close()
        return False


def _new(order):
    """The new main process, None where there is none."""
    main = services.main_process(order.start)
    return main if main and main.pid != order.old.pid else None


def steer_to_old(order, context):
    """Return every connection to the old server, and our own to the new one; where the old one
    does not listen any more there is nothing to do.
    """
    with _listeners(old_main(order.old), order.old.evidence.sockets) as taken:
        for listener in taken:
            steering.steer(listener, steering.filter_program(steering.FIRST, steering.SECOND))


def steer_to_new(order, context):
    """Return every new connection to the new server, no faster than that grows.

    Raises StepError where the old one listens no more, which it should until then, or where the new
    one ends.
    """
    old, new = old_main(order.old), _new(order)
    with _listeners(old, order.old.evidence.sockets) as taken:
        if len(taken) != len(order.old.evidence.sockets):
            raise StepError('The old server does not listen any more, and got no signal to end.')

        # All of them are the old server's: later nobody can tell whose they are.
        context.measured['drained'] = queues.count_open(
            queues.read_rows(), set(place.port for place in order.listeners)
        )

        def steer(share):
            for listener in taken:
                steering.steer(listener, steering.share_program(share))

        if new is None or not ramp.hand_over(
            old, new, sockets.socket_inodes(new.pid), context.measured['drained'], steer
        ):
            raise StepError('The new server ended by itself while visitors were given to it.')


def release_listeners(order, context):
    """Take the steering away from the old server."""
    with _listeners(old_main(order.old), order.old.evidence.sockets) as taken:
        for listener in taken:
            steering.release(listener, shared=False)


def lay_pid_file_aside(order, context):
    """Take the name of the pid file away from the old server, so that nobody has it reload, and
    the new one can write it.
    """
    os.rename(order.old.pid_file, order.aside)


def put_pid_file_back(order, context):
    """Have the pid file name the old server again, where that still serves; else only tidy up."""
    main = old_main(order.old)
    if main is None or context.went_down is not None:
        if os.path.isdir(os.path.dirname(order.aside)):
            files.remove_file(order.aside)
    elif os.path.lexists(order.aside):
        os.rename(order.aside, order.old.pid_file)
    else:
        _note(order.old.pid_file, main)


def _note(path, main):
    """Have a pid file name a process, with the mode, owner and labels that it has."""
    noted = processes.noted_process(path)
    if noted is None or noted.pid != main.pid:
        like = files.take_snapshot(path)
        files.write_file(path, ('%d\n' % main.pid).encode('ascii'), like)


def start_beside(order, context):
    """Start the new server by way of the unit's reload, and wait until it listens wherever the old
    one does.

    Raises StepError otherwise.
    """
    start = order.start
    context.log_size = size_of(start.log)
    gone = services.is_gone(lambda: services.running_beside(old_main(order.old), start))
    result = systemd.reload_with_ticket(order.told, start.timeout, context, gone)
    wait_until(
        lambda: (_new(order) and not _deaf(order)) or gone(),
        start.timeout if result.rc == 0 else services.DOUBT_WAIT,
    )
    main, deaf = _new(order), _deaf(order)
    if main is None or deaf:
        raise StepError(
            '%s did not bring up the server beside the old one (exit code %d, main process %s, '
            'without its listener: %s): %s'
            % (
                ' '.join(result.argv),
                result.rc,
                main.pid if main else 'missing',
                ', '.join('%s:%d' % (place.address, place.port) for place in deaf) or 'none',
                systemd.last_words(order.told, context),
            ),
            rc=result.rc,
            stdout=result.out,
            stderr=result.err,
        )


def _deaf(order):
    """Where the old server listens, and it and the new one do not both, each by one socket."""
    main = _new(order)
    held = sockets.socket_inodes(main.pid) if main else set()
    listening = sockets.read_listeners()
    places = [Endpoint(item.family, item.address, item.port) for item in listening]
    by_new = [place for place, item in zip(places, listening) if item.inode in held]
    return [
        place for place in order.listeners if by_new.count(place) != 1 or places.count(place) != 2
    ]


def end_beside(order, context):
    """End the new server, and nothing of the old one as long as that serves; the inverse of a
    start that may have got anywhere.
    """
    systemd.take_ticket(order.told)
    if context.went_down is not None or old_main(order.old) is None:
        # The old one got the signal to end: the server is stopped and started again.
        context.went_down = context.went_down or monotonic()
        services.stop_whatever_runs(order.stop_all, context)
        return
    systemd.await_reload(order.told, context)
    main = _new(order)
    if main:
        # It may have had visitors for a while.
        _await_taken(sockets.socket_inodes(main.pid), order, *WAITS_OF_FAILED)
    with _listeners(main, sockets.socket_inodes(main.pid) if main else ()) as taken:
        services.end_beside(old_main(order.old), order.start, order.old.drain_timeout, context)
        _silence(taken)
    # What it wrote is nothing that the old one did.
    context.log_size = size_of(order.start.log)
    systemd.await_main(order.told, order.old.pid, context)


def empty_queues(order, context):
    """Wait until the old server has taken all that came to it before the steering: what it
    leaves in a queue is refused when it ends.
    """
    waited, left = _await_taken(set(order.old.evidence.sockets), order, HALF_OPEN_WAIT, QUEUE_WAIT)
    context.measured.update(waited_in_queue=waited, left_in_queue=left)


def _await_taken(inodes, order, half_open_wait, queue_wait):
    """Wait until what came to these listening sockets is taken, at most so many seconds; give
    how many connections waited, and how many still do.
    """
    ports, rows = set(place.port for place in order.listeners), queues.read_rows()
    pending = queues.half_open(rows, ports)
    waited = queues.count_queued(rows, inodes) + len(pending)

    def left():
        now = queues.read_rows()
        return queues.count_queued(now, inodes), len(pending & queues.half_open(now, ports))

    wait_until(lambda: left() == (0, 0), half_open_wait, pause=0.05)
    wait_until(lambda: left()[0] == 0, queue_wait - half_open_wait, pause=0.05)
    return waited, sum(left())


def retire_server(order, context):
    """Let the old server finish what it has begun; the new one gets its name in the pid file as
    soon as the old one removed its own.

    Raises StepError if there is not both an old and a new one, if the old one does not end, or if
    systemd does not follow.
    """
    old, new = old_main(order.old), _new(order)
    if old is None or new is None:
        raise StepError('The %s server ended by itself.' % ('old' if old is None else 'new'))
    members = ending.family_to_end(old, order.old)
    systemd.name_main(order.told, new.pid)
    like = files.take_snapshot(order.old.pid_file)
    with _listeners(old, order.old.evidence.sockets) as taken:
        os.kill(old.pid, ending.GRACEFUL)
        # It removes the file, whatever is in it, and sleeps for a second at least before it ends:
        # systemd looks into it only then.
        wait_until(
            lambda: not os.path.lexists(order.old.pid_file) or not processes.is_alive(old),
            PID_FILE_WAIT,
            pause=0.002,
        )
        _write_again(order, new, like)
        ending.end_family(old, members, order.old, context)
        _silence(taken)
    _write_again(order, new, like)
    files.remove_file(order.aside)
    # One that was silenced may listen again.
    context.attempt(ending.free_sockets, order.old.evidence, context)
    if not systemd.await_main(order.told, new.pid, context):
        raise StepError(
            'systemd does not take %d for the main process of %s.' % (new.pid, order.told.unit)
        )


def _silence(listeners):
    """Have the sockets of a server that has ended listen no more, whatever process has them."""
    for listener in listeners:
        try:
            listener.shutdown(socket.SHUT_RDWR)
        except (IOError, OSError):  # socket.error, of whatever Python
            pass  # it listens no more


def _write_again(order, new, like):
    if os.path.lexists(order.old.pid_file):
        return
    content = ('%d\n' % new.pid).encode('ascii')
    try:
        files.write_file(order.old.pid_file, content, like)
    except (IOError, OSError):
        # Somebody has filled the place. The file of the old server is there, and is not needed.
        files.overwrite(order.aside, content)
        os.rename(order.aside, order.old.pid_file)


def run_quietly(order, context):
    """Run a command for what it writes; what it says of it does not matter."""
    context.run(order.argv, timeout=60, need_output=False)


def note_outage(order, context):
    """The old server may have got the signal to end: whatever runs now, it has to be brought up
    again.
    """
    if context.went_down is None:
        context.went_down = monotonic()


def hand_back(order, context):
    """Leave the new server without steering, and its unit as it was.

    What cannot be tidied up does not take a proved switch back.
    """
    try:
        if set(order.old.evidence.sockets) & sockets.listening_inodes():
            # Without steering it would get every second connection.
            raise OSError(
                'a process that could not be ended still holds a socket of the old server'
            )
        main = _new(order)
        with _listeners(main, sockets.socket_inodes(main.pid) if main else ()) as taken:
            for listener in taken:
                steering.release(listener, shared=True)
    except (IOError, OSError) as e:
        context.warnings.append(
            'The new server is still steered to, which does no harm until its next restart: %s.' % e
        )
    hand_unit_back(order.told, context)


ACTIONS = {
    'steer_to_old': steer_to_old,
    'steer_to_new': steer_to_new,
    'release_listeners': release_listeners,
    'tell_manager': systemd.tell_manager,
    'untell_manager': systemd.untell_manager,
    'lay_pid_file_aside': lay_pid_file_aside,
    'put_pid_file_back': put_pid_file_back,
    'start_beside': start_beside,
    'end_beside': end_beside,
    'empty_queues': empty_queues,
    'retire_server': retire_server,
    'run_quietly': run_quietly,
    'note_outage': note_outage,
    'hand_back': hand_back,
}
