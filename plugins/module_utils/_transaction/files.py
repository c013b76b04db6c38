# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Put files in place so that at every instant the old or the new one is there, whole and on the
disk.

Ansible's own helpers are not used here: they end the process on an error, never sync, and put a
plain file in the place of a link.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import hashlib
import os
import stat
from collections import namedtuple

from .._errors import StepError
from .._system import attributes
from .._system.files import native_path, text_path

# kind: 'absent', 'file' or 'link'; content: bytes, of a link its target; mode, uid, gid: numbers;
# labels: {name: bytes} of extended attributes.
Snapshot = namedtuple('Snapshot', 'kind content mode uid gid labels')
ABSENT = Snapshot('absent', b'', 0, 0, 0, {})
NEW_FILE_MODE = 0o644
# For a file that is made anew; for files of the state folder.
NEW = Snapshot('file', b'', NEW_FILE_MODE, 0, 0, {})
PRIVATE = Snapshot('file', b'', 0o600, 0, 0, {})


def take_snapshot(path):
    """Return all that is needed to put `path` back as it is; a link is not followed.

    Raises StepError for anything but a file, a link or nothing.
    """
    try:
        facts = os.lstat(path)
    except OSError as e:
        if e.errno == errno.ENOENT:
            return ABSENT
        raise
    if stat.S_ISLNK(facts.st_mode):
        return Snapshot(
            'link',
            text_path(os.readlink(path)).encode('latin-1'),
            0,
            facts.st_uid,
            facts.st_gid,
            attributes.read_attributes(path),
        )
    if not stat.S_ISREG(facts.st_mode):
        raise StepError('%s is neither a regular file nor a link.' % path, path=path)
    with open(path, 'rb') as stream:
        content = stream.read()
    return Snapshot(
        'file',
        content,
        stat.S_IMODE(facts.st_mode),
        facts.st_uid,
        facts.st_gid,
        attributes.read_attributes(path),
    )


def write_file(path, content, like):
    """Put `content` (bytes) at `path` by one rename, with the mode, owner and labels of the
    Snapshot `like`.
    """
    folder, temporary = os.path.dirname(path), _temporary(path)
    _remove_if_there(temporary)
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, 'O_NOFOLLOW', 0), 0o600
    )
    try:
        try:
            _write_all(descriptor, content)
            if like.kind == 'file':
                os.fchown(descriptor, like.uid, like.gid)
                attributes.write_attributes(temporary, like.labels)
            os.fchmod(descriptor, like.mode if like.kind == 'file' else NEW_FILE_MODE)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.rename(temporary, path)
    except BaseException:
        _remove_if_there(temporary)
        raise
    sync_folder(folder)


def overwrite(path, content):
    """Put a few bytes into a file that is there, for want of room for another one.

    Raises OSError where it is not there.
    """
    descriptor = os.open(path, os.O_WRONLY | getattr(os, 'O_NOFOLLOW', 0))
    try:
        os.write(descriptor, content)
        os.ftruncate(descriptor, len(content))
    finally:
        os.close(descriptor)


def write_link(path, target, like=ABSENT):
    """Put a symbolic link to `target` (bytes) at `path` by one rename, with the owner and labels of
    the Snapshot `like` if that is a link's.
    """
    temporary = _temporary(path)
    _remove_if_there(temporary)
    try:
        os.symlink(native_path(target.decode('latin-1')), temporary)
        if like.kind == 'link':
            os.lchown(temporary, like.uid, like.gid)
            attributes.write_attributes(temporary, like.labels)
        os.rename(temporary, path)
    except BaseException:
        _remove_if_there(temporary)
        raise
    sync_folder(os.path.dirname(path))


def _write_all(descriptor, content):
    while content:
        content = content[os.write(descriptor, content) :]


def _temporary(path):
    return os.path.join(os.path.dirname(path), '.%s.webops-new' % os.path.basename(path))


def remove_file(path):
    """Remove a file, and what a writer of it left who was killed; that they are gone already is
    fine.
    """
    _remove_if_there(path)
    _remove_if_there(_temporary(path))
    sync_folder(os.path.dirname(path))


def is_half_written(path):
    """Return whether a writer of a file was killed before the file was in its place."""
    return os.path.lexists(_temporary(path))


def sync_folder(folder):
    """Make the names in a folder last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest(content):
    """A fingerprint of bytes, to see whether something else changed them in the meantime."""
    return hashlib.sha256(content).hexdigest()


def _remove_if_there(path):
    try:
        os.unlink(path)
    except OSError as e:
        if e.errno != errno.ENOENT:
            raise
