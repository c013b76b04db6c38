# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""One switch at a time on a host: a lock on a file in a folder that only root can touch."""
import errno
import fcntl
import os
import stat

from .._errors import StepError

STATE_FOLDER = '/var/lib/webops-apache-mpm'


class host_lock(object):
    """Context manager: holds the lock of this host, or raises StepError naming who holds it."""

    def __init__(self, folder=STATE_FOLDER):
        self._folder = folder

    def __enter__(self):
        _make_private(self._folder)
        path = os.path.join(self._folder, 'lock')
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, 'O_NOFOLLOW', 0), 0o600)
        # The server that is started must not hold the lock for as long as it lives.
        fcntl.fcntl(self._descriptor, fcntl.F_SETFD, fcntl.fcntl(self._descriptor, fcntl.F_GETFD) | fcntl.FD_CLOEXEC)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (IOError, OSError) as e:
            holder = os.read(self._descriptor, 32).decode('ascii', 'replace').strip()
            os.close(self._descriptor)
            if e.errno not in (errno.EAGAIN, errno.EACCES):
                raise StepError('%s could not be locked: %s.' % (path, e.strerror), path=path)
            raise StepError('Another switch is under way on this host (process %s).' % (holder or 'unknown'), rule='in_progress')
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, ('%d\n' % os.getpid()).encode('ascii'))
        return self

    def __exit__(self, *_unused):
        os.close(self._descriptor)
        return False


def _make_private(folder):
    try:
        os.mkdir(folder, 0o700)
    except OSError as e:
        if e.errno != errno.EEXIST:
            raise StepError('%s could not be made: %s.' % (folder, e.strerror), path=folder)
    facts = os.lstat(folder)
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o077:
        raise StepError('%s is no folder of root alone; somebody else may have made it. Look at it and remove it.' % folder, path=folder)
