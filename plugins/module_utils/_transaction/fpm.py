# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Have the unit of FPM be as it has to be: with the files that it has then, running or not, and
started at boot or not.

The same action serves both directions: before the files change a step keeps the way back to the
unit as it was, and that is done once they are back.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import socket

from .._errors import StepError
from .._system.clock import wait_until
from .._system.files import native_path
from .._text import foreign

# Seconds for one connection to a socket on this host.
CONNECT_WAIT = 2


def settle_fpm(order, context):
    """Bring the unit of an FpmOrder to what it says.

    Raises StepError where it does not get there, with what FPM or systemd says.
    """
    _control(order, context, 'daemon-reload')
    if order.active:
        _test(order, context)
        _start(order, context)
    else:
        _control(order, context, 'stop', '--', order.unit)
    _enable(order, context)
    if order.active:
        _await_sockets(order)
    if not order.sockets:
        remove_if_empty(order.folder)


def hand_fpm_back(order, context):
    """The same once httpd needs FPM no more: what fails then is a warning, and no reason to take
    back a server that is proved.
    """
    context.attempt(settle_fpm, order, context)


def _test(order, context):
    if not order.test:
        return
    result = context.run(order.test, timeout=order.timeout)
    if result.rc != 0:
        raise StepError(
            '%s does not take the configuration of FPM: %s'
            % (order.test[0], foreign((result.err or result.out).strip()) or 'no word'),
            rc=result.rc,
        )


def _start(order, context):
    """Start it, or start it again with its other files. A start that failed a moment ago, or many
    starts, keep systemd from starting it.
    """
    context.run(
        [order.control, 'reset-failed', '--', order.unit], timeout=order.timeout, need_output=False
    )
    _control(order, context, 'restart', '--', order.unit)


def _enable(order, context):
    wanted = {True: 'enabled', False: 'disabled'}.get(order.enabled)
    if wanted is None or _shown(order, context, 'UnitFileState') == wanted:
        return
    _control(order, context, 'enable' if order.enabled else 'disable', '--', order.unit)


def _shown(order, context, name):
    shown = context.run(
        [order.control, 'show', '--property', name, '--', order.unit], timeout=order.timeout
    )
    return shown.out.strip().partition('=')[2]


def _control(order, context, *words):
    """Run systemctl. Raises StepError where it says that it failed."""
    result = context.run(
        [order.control] + list(words), timeout=order.timeout, need_output=False
    )
    if result.rc != 0:
        raise StepError(
            'systemctl %s failed: %s'
            % (' '.join(words), foreign((result.err or result.out).strip()) or 'no word'),
            rc=result.rc,
        )


def _await_sockets(order):
    """Wait until FPM answers at each of its sockets. Raises StepError."""
    problems = {}

    def all_answer():
        for path in order.sockets:
            if problems.get(path, '') is not None:
                problems[path] = _problem_of(path)
        return not any(problems.values())

    if not wait_until(all_answer, order.timeout):
        left = ['%s (%s)' % (path, why) for path, why in sorted(problems.items()) if why]
        raise StepError(
            '%s runs, and takes no connection at %s.' % (order.unit, ', '.join(left[:5]))
        )


def _problem_of(path):
    """Return why a socket takes no connection, or None."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(CONNECT_WAIT)
        connection.connect(native_path(path))
    except (socket.error, ValueError) as e:
        return foreign(e)
    finally:
        connection.close()
    return None


def remove_if_empty(folder):
    """Remove a folder of ours in which nothing is left; one that others use stays."""
    try:
        os.rmdir(native_path(folder))
    except OSError as e:
        if e.errno not in (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST):
            raise


def remove_folder(order, context):
    """Remove the folder of a FolderOrder if nothing is in it."""
    remove_if_empty(order.path)


ACTIONS = {
    'settle_fpm': settle_fpm,
    'hand_fpm_back': hand_fpm_back,
    'remove_if_empty': remove_folder,
}
