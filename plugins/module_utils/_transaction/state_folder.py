# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The folder in which a host keeps its lock, its journal, what was there before, and the last
results.

Root's alone.

Nothing in it is ever followed through a link, and a file in it is either the old or the new one,
whole.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import json
import os
import stat

from .._errors import StepError
from . import files

STATE_FOLDER = '/var/lib/webops-apache-mpm'
MAX_BYTES = 64 * 1024 * 1024


def make_private(folder):
    """Make a folder that only root can enter.

    Raises StepError where one is there that others could have prepared.
    """
    try:
        os.mkdir(folder, 0o700)
    except OSError as e:
        if e.errno != errno.EEXIST:
            raise StepError('%s could not be made: %s.' % (folder, e.strerror), path=folder)
    facts = os.lstat(folder)
    if (
        not stat.S_ISDIR(facts.st_mode)
        or facts.st_uid != os.geteuid()
        or stat.S_IMODE(facts.st_mode) & 0o077
    ):
        raise StepError(
            '%s is not a folder that only root can use; somebody else may have made it. Look at it '
            'and remove '
            'it.' % folder,
            path=folder,
        )
    return folder


def write_private(path, content):
    """Write a file of root alone (bytes), by one rename, so that it is whole and lasts."""
    files.write_file(path, content, files.PRIVATE._replace(uid=os.geteuid(), gid=os.getegid()))


def read_private(path):
    """Return the bytes of a file of this folder, or None where there is none.

    Raises StepError if it is not root's own plain file.
    """
    try:
        # Without waiting: a pipe that somebody put there would hold us up forever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | getattr(os, 'O_NOFOLLOW', 0))
    except OSError as e:
        if e.errno == errno.ENOENT:
            return None
        raise StepError('%s could not be read: %s.' % (path, e.strerror), path=path)
    facts = os.fstat(descriptor)
    if not stat.S_ISREG(facts.st_mode) or facts.st_uid != os.geteuid() or facts.st_mode & 0o022:
        os.close(descriptor)
        raise StepError('%s is not a file of root alone; it is not read.' % path, path=path)
    with os.fdopen(descriptor, 'rb') as stream:
        return stream.read(MAX_BYTES)


def write_json(path, value):
    """Write data as a file of root alone."""
    write_private(path, (json.dumps(value, sort_keys=True) + '\n').encode('utf-8'))


def read_json(path):
    """Return the data of such a file; None where there is none or it is not whole."""
    content = read_private(path)
    try:
        return None if content is None else json.loads(content.decode('utf-8'))
    except ValueError:
        return None
