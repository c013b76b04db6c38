# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Have new connections wait while no server listens, and let them go.

Both acts may come twice, and from another process than the first.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import select
import signal

from ..._errors import Error, StepError
from ..._system import holding, processes, queues
from ..._system.clock import monotonic, wait_until
from .. import state_folder
from .holder import become_holder

NOTE = 'holder'
READY_WAIT = 5
# What the old server has not taken when it closes its sockets is refused. A connection of which no
# byte comes (browsers make some to have them ready) is half open for as long as it likes: where
# nothing moves any more, nothing will; one that is made waits for a child of a busy server, as
# those who are held do.
HALF_OPEN_WAIT, STILL, QUEUE_WAIT = 5, 0.25, 10
LET_GO_WAIT = 2


def hold_connections(order, context):
    """Have new connections to `ports` wait.

    Raises StepError or CommandError where that does not work; then nothing waits.
    """
    if _find_holder(order, context):
        return
    if os.path.lexists(_note(context)):
        # An earlier run was killed.
        _clear(order, context)
    try:
        number = _start_holder(order, context)
        holding.put_rules(context.run, order, number)
    except BaseException:
        _clear(order, context)
        raise
    _let_settle(order, context)
    if not _find_holder(order, context):
        raise StepError(
            'Connections could not be held long enough: the rules took most of the %d s to make.'
            % order.longest
        )


def _let_settle(order, context):
    """Wait until the server has taken all connections that came before, bounded."""
    ports = set(order.ports)
    longest = order.longest / 3.0
    seen = {'half open': None, 'since': monotonic()}

    def is_still():
        rows = queues.read_rows()
        half_open = queues.half_open(rows, ports)
        if half_open != seen['half open']:
            seen.update({'half open': half_open, 'since': monotonic()})
        return (
            not half_open
            or not queues.lately_begun(rows, ports)
            and monotonic() - seen['since'] > STILL
        )

    wait_until(is_still, min(HALF_OPEN_WAIT, longest))
    wait_until(
        lambda: not queues.count_untaken(queues.read_rows(), ports), min(QUEUE_WAIT, longest)
    )
    rows = queues.read_rows()
    context.measured['left_in_queue'] = queues.count_untaken(rows, ports) + len(
        queues.half_open(rows, ports)
    )


def hold_again(order, context):
    """Have new connections wait for the way back, which does not hang on it."""
    try:
        hold_connections(order, context)
    except Exception as e:
        context.warnings.append(
            'New connections could not be held on the way back: %s'
            % (e.message if isinstance(e, Error) else e)
        )


def release_connections(order, context):
    """Let everything go on and remove every rule of ours.

    What cannot be removed is harmless, and is reported.
    """
    holder = context.attempt(_find_holder, order, context)
    if holder:
        _signal(holder.pid, signal.SIGUSR1)
        context.attempt(_take_account, holder, context)
    elif context.holder:
        context.warnings.append(
            'New connections were not held to the end: the process that held them was killed, or '
            'its time was over.'
        )
    try:
        holding.remove_rules(context.run, order.means)
    except Exception as e:
        context.warnings.append(
            'Rules named %s* of the packet filter are left, and hold nothing any more: %s'
            % (holding.NAME, e.message if isinstance(e, Error) else e)
        )
    context.attempt(_end_holder, holder, context)


def _clear(order, context):
    holder = _find_holder(None, context)
    holding.remove_rules(context.run, order.means)
    _end_holder(holder, context)


def _start_holder(order, context):
    """Fork the process that holds; return the number of its queue, None where it has none."""
    words, say = os.pipe()
    alive, life = os.pipe()
    pid = os.fork()
    if pid == 0:
        become_holder(order, context.run, say, alive)
    os.close(say)
    os.close(alive)
    # The other end is never written to: it closes when we end.
    context.holder = (pid, words, life)
    process = processes.read_process(pid)
    state_folder.write_json(
        _note(context),
        {'pid': pid, 'start_time': process.start_time if process else 0, 'token': order.token},
    )
    heard = _listen(words, READY_WAIT)
    if not heard or heard.get('problem'):
        raise StepError(
            'Connections could not be held: %s.'
            % (heard['problem'] if heard else 'the process that was to hold them said nothing')
        )
    return heard['queue']


def _listen(words, seconds):
    """Return what the holder says next, or None."""
    deadline, text = monotonic() + seconds, b''
    while not text.endswith(b'\n'):
        try:
            ready = select.select([words], [], [], max(0, deadline - monotonic()))[0]
        except select.error:
            continue  # a signal that was for nobody
        piece = os.read(words, 4096) if ready else b''
        if not piece:
            return None
        text += piece
    return json.loads(text.decode('ascii').splitlines()[-1])


def _take_account(holder, context):
    if not context.holder or context.holder[0] != holder.pid:
        wait_until(lambda: not processes.is_alive(holder), 0.2)
        return
    account = _listen(context.holder[1], LET_GO_WAIT)
    for name in ('held', 'held_ms'):
        if account and name in account:
            context.measured[name] = (max if name == 'held_ms' else sum)(
                [context.measured.get(name, 0), account[name]]
            )


def _end_holder(holder, context):
    if holder:
        _signal(holder.pid, signal.SIGKILL)
    if context.holder:
        pid, words, life = context.holder
        _signal(pid, signal.SIGKILL)
        context.holder = None
        os.close(words)
        os.close(life)
        os.waitpid(pid, 0)
    try:
        os.unlink(_note(context))
    except OSError:
        pass  # there was none


def _find_holder(order, context):
    """Return the Process that holds: for the same switch, or for any if order is None."""
    noted = state_folder.read_json(_note(context))
    process = processes.read_process(noted['pid']) if noted else None
    if (
        process is None
        or process.start_time != noted['start_time']
        or (order and order.token != noted['token'])
    ):
        return None
    return process


def _note(context):
    return os.path.join(context.folder, NOTE)


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except OSError:
        pass  # it ended just now


ACTIONS = {
    'hold_connections': hold_connections,
    'hold_again': hold_again,
    'release_connections': release_connections,
}
