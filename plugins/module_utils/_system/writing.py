# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Whether files can be made and replaced in a place, as far as can be told without writing:
read-only mounts, permissions, flags of files, mount points.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import array
import errno
import fcntl
import os
import stat
import struct

from .files import native_path, read_text, text_path

# Mount flags as statvfs(3) gives them; Python 2 has no name for this one.
_READ_ONLY = 1
# linux/fs.h: the flags that chattr sets. The number of the call holds the size of a long.
_GET_FLAGS = 2 << 30 | struct.calcsize('l') << 16 | ord('f') << 8 | 1
_IMMUTABLE, _APPEND_ONLY = 0x10, 0x20
_FLAGS = ((_IMMUTABLE, 'is immutable (chattr +i)'), (_APPEND_ONLY, 'is append-only (chattr +a)'))
MOUNTS = '/proc/self/mountinfo'


def folder_problem(folder):
    """Return why no file can be made in a folder, in words, or None. A missing one is a problem."""
    native = native_path(folder)
    try:
        if os.statvfs(native).f_flag & _READ_ONLY:
            return '%s is on a file system that is mounted read-only' % folder
    except (IOError, OSError) as e:
        return '%s: %s' % (folder, e.strerror)
    if not os.path.isdir(native):
        return '%s is no folder' % folder
    if not os.access(native, os.W_OK | os.X_OK):
        # As of root on NFS, which the server takes for nobody.
        return '%s may not be written by us' % folder
    return flags_problem(folder)


def flags_problem(path):
    """Return by which flag a file or a folder cannot be changed, in words, or None."""
    flags = read_flags(path)
    found = [words for flag, words in _FLAGS if flags & flag]
    return '%s %s' % (path, found[0]) if found else None


def read_flags(path):
    """Return the flags that chattr sets, as a number; 0 where the file system has none."""
    native = native_path(path)
    try:
        # Only files and folders: to open anything else may have effects.
        mode = os.lstat(native).st_mode
        if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
            return 0
        opened = os.open(native, os.O_RDONLY | os.O_NONBLOCK | getattr(os, 'O_NOFOLLOW', 0))
    except OSError:
        return 0
    try:
        # The kernel writes an int, whatever the number of the call says.
        room = array.array('i', [0, 0])
        fcntl.ioctl(opened, _GET_FLAGS, room, True)
        return room[0]
    except (IOError, OSError):
        return 0
    finally:
        os.close(opened)


def errno_in_words(error):
    """Return what a call answered, with the name by which manuals have it."""
    name = errno.errorcode.get(error.errno, '%s' % error.errno)
    return '%s (%s)' % (error.strerror or os.strerror(error.errno), name)


def read_mount_points():
    """Return the paths on which something is mounted, in the order in which it was."""
    return parse_mount_points(read_text(MOUNTS) or u'')


def parse_mount_points(text):
    """Return the mount points in the text of /proc/PID/mountinfo, as latin-1 text."""
    rows = [line.split(u' ') for line in text.split(u'\n')]
    return [_unescape(row[4]) for row in rows if len(row) > 6]


def _unescape(word):
    """The kernel writes blanks, tabs, line ends and backslashes of a path as three octal digits."""
    parts = word.split(u'\\')
    return parts[0] + u''.join(
        text_path(struct.pack('B', int(part[:3], 8))) + part[3:] for part in parts[1:]
    )


def mount_of(path, mount_points):
    """Return the mount point below which a path without links lies."""
    above = [
        point
        for point in mount_points
        if path == point or path.startswith(point.rstrip(u'/') + u'/')
    ]
    return max(above, key=len) if above else u'/'
