# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Read files; never write.

Paths are latin-1 text here, as are the texts that name them: one character for each byte. Only this
file makes them file names of this Python, so a name in any encoding, or in none, is found.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import re
import stat
import sys

from .._errors import ReadError

MAX_BYTES = 16 * 1024 * 1024
# The largest part of a program or a module that is searched.
MAX_SEARCHED = 512 * 1024 * 1024
# open(2): never wait for the other end of a pipe or for the holder of a lease, never get a
# terminal.
_AT_ONCE = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | getattr(os, 'O_CLOEXEC', 0o2000000)


def read_text(path):
    """Read a file as latin-1 text, in which each character is one byte, so nothing is lost when it
    is written.

    Returns None if there is no such file. Raises ReadError if it is not a readable regular file,
    for more than 16 MiB, and for NUL bytes. Never blocks.
    """
    try:
        with open_regular(path) as stream:
            content = stream.read(MAX_BYTES + 1)
    except (IOError, OSError) as e:
        if e.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        raise ReadError('%s could not be read: %s.' % (path, e.strerror), path=path)
    if len(content) > MAX_BYTES:
        raise ReadError('%s is larger than %d bytes.' % (path, MAX_BYTES), path=path)
    if b'\0' in content:
        raise ReadError('%s has NUL bytes: it is not a text file.' % path, path=path)
    return content.decode('latin-1')


def open_regular(path):
    """Return a regular file, open to read bytes. Raises OSError, and ReadError for other files."""
    native = native_path(path)
    problem = ReadError('%s is not a regular file.' % path, path=path)
    # Opening alone has effects: the writer of a pipe goes on, a tape rewinds.
    if not stat.S_ISREG(os.stat(native).st_mode):
        raise problem
    descriptor = os.open(native, _AT_ONCE)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise problem
    return os.fdopen(descriptor, 'rb')


def native_path(text):
    """Return a path that is latin-1 text as a file name of this Python; no byte of it changes."""
    if isinstance(text, bytes):
        return text
    raw = text.encode('latin-1')
    return raw if bytes is str else raw.decode(sys.getfilesystemencoding(), 'surrogateescape')


def text_path(native):
    """Return a file name of this Python as latin-1 text: the inverse of native_path."""
    raw = (
        native
        if isinstance(native, bytes)
        else native.encode(sys.getfilesystemencoding(), 'surrogateescape')
    )
    return raw.decode('latin-1')


def find_in_file(path, pattern, chunk=1024 * 1024, overlap=256):
    """Search a large file for a bytes pattern; return the match's first group, or None.

    Only its first 512 MiB are searched. Raises IOError, OSError and ReadError.
    """
    search, tail, left = re.compile(pattern).search, b'', MAX_SEARCHED
    with open_regular(path) as stream:
        while left > 0:
            block = stream.read(chunk)
            if not block:
                break
            found = search(tail + block)
            if found:
                return found.group(1)
            tail, left = (tail + block)[-overlap:], left - len(block)
    return None


def size_of(path):
    """Length of a file in bytes; 0 if there is none, or if `path` is None."""
    try:
        return os.path.getsize(native_path(path)) if path else 0
    except OSError:
        return 0
