# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Leave the session of a login, where systemd runs: with KillUserProcesses=yes logind ends all
that is in it as the connection drops.

A session of setsid(2) does not help: systemd goes by control groups. Nothing here is fatal:
who cannot leave stays.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._errors import CommandError
from .._system.clock import wait_until
from .._system.command import find_program
from .._system.files import native_path

# sd_booted(3)
SYSTEMD = '/run/systemd/system'
GROUPS = '/proc/self/cgroup'
PATIENCE = 5
_BUS = ['org.freedesktop.systemd1', '/org/freedesktop/systemd1', 'org.freedesktop.systemd1.Manager']


def leave_session(run, word):
    """Move this process into a scope of its own, named for the transaction `word`.

    Give None, or a warning where that did not work and logind ends what a login leaves behind.
    """
    if not os.path.isdir(native_path(SYSTEMD)):
        return None
    scope = scope_name(word)
    refusal = _ask_systemd(run, scope)
    # The answer names a job; the move comes a moment later.
    if refusal is None and not wait_until(lambda: is_in(scope), PATIENCE, pause=0.005):
        refusal = 'systemd took the order and did not carry it out within %d s' % PATIENCE
    if refusal is None or not _ends_logins(run):
        return None
    return (
        'The guardian of this switch could not leave the login session (%s). As KillUserProcesses '
        'is on, a connection that drops '
        'ends it; the next run would settle what it left.' % refusal
    )


def scope_name(word):
    """The name of the unit for a transaction."""
    return 'webops-apache-mpm-%s.scope' % re.sub('[^A-Za-z0-9]', '_', word)[:64]


def is_in(scope, groups=GROUPS):
    """Return whether this process is in a scope, by the kernel's account."""
    try:
        with open(groups, 'rb') as stream:
            return any(
                line.endswith('/' + scope) for line in stream.read().decode('latin-1').splitlines()
            )
    except (IOError, OSError):
        return False


def _ask_systemd(run, scope):
    """Return None, or why it was not asked or did not agree."""
    program = find_program('busctl')
    if not program:
        return 'there is no busctl'
    argv = (
        [program, '--system', 'call']
        + _BUS
        + [
            'StartTransientUnit',
            'ssa(sv)a(sa(sv))',
            scope,
            'fail',
            '2',
            'Description',
            's',
            'Switch of the MPM of httpd',
            'PIDs',
            'au',
            '1',
            str(os.getpid()),
            '0',
        ]
    )
    try:
        result = run(argv, timeout=PATIENCE)
    except CommandError as e:
        return e.message
    return (
        None
        if result.rc == 0
        else ' '.join((result.err or result.out).split()) or 'exit code %d' % result.rc
    )


def _ends_logins(run):
    program = find_program('loginctl')
    try:
        # Without the name of a session: properties of logind itself.
        return (
            bool(program)
            and 'KillUserProcesses=yes'
            in run([program, 'show-session', '--property=KillUserProcesses'], timeout=PATIENCE).out
        )
    except CommandError:
        return False
