# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""One switch at a time on a host: a lock on a file that is never removed, in a folder that only
root can touch.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import fcntl
import os

from .._errors import StepError
from .._system.held import forget_held, note_held
from . import state_folder


def take_lock(folder):
    """Take the lock of this host and give its descriptor; None where somebody has it.

    Raises StepError where it cannot be made at all.

    It is held for as long as any process has the descriptor: children inherit it, the programs that
    they start do not.
    """
    state_folder.make_private(folder)
    path = os.path.join(folder, 'lock')
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, 'O_NOFOLLOW', 0), 0o600)
        fcntl.fcntl(
            descriptor, fcntl.F_SETFD, fcntl.fcntl(descriptor, fcntl.F_GETFD) | fcntl.FD_CLOEXEC
        )
    except OSError as e:
        raise StepError('%s could not be opened: %s.' % (path, e.strerror), path=path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (IOError, OSError) as e:
        os.close(descriptor)
        if e.errno not in (errno.EAGAIN, errno.EACCES):
            raise StepError('%s could not be locked: %s.' % (path, e.strerror), path=path)
        return None
    note_held(descriptor)
    return descriptor


def release_lock(descriptor):
    """Let go of the lock, as far as this process is concerned."""
    forget_held(descriptor)
    os.close(descriptor)


def is_free(folder):
    """Return whether nobody has the lock."""
    descriptor = take_lock(folder)
    if descriptor is None:
        return False
    release_lock(descriptor)
    return True
