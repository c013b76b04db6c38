# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Read files and judge paths; never write.

Paths are latin-1 text here, as the texts are that name them: one character for each byte. Only in here they become what
this Python calls a file name, so that a name in any encoding, or in none, is found.
"""
import errno
import os
import re
import stat
import sys

from .._errors import ReadError
from .._model import PathFacts

MAX_BYTES = 16 * 1024 * 1024


def read_text(path):
    """Read a file as latin-1 text, in which each character is one byte, so that nothing is lost on the way back.

    Returns None where there is no such file. Raises ReadError for anything that is not a readable regular file,
    for more than 16 MiB, and for NUL bytes.
    """
    try:
        with open(native_path(path), 'rb') as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise ReadError('%s is not a regular file.' % path, path=path)
            content = stream.read(MAX_BYTES + 1)
    except (IOError, OSError) as e:
        if e.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        raise ReadError('%s could not be read: %s.' % (path, e.strerror), path=path)
    if len(content) > MAX_BYTES:
        raise ReadError('%s is larger than %d bytes.' % (path, MAX_BYTES), path=path)
    if b'\0' in content:
        raise ReadError('%s holds NUL bytes: it is no text file.' % path, path=path)
    return content.decode('latin-1')


def native_path(text):
    """Give a path that is latin-1 text the form in which this Python names files: no byte of it changes."""
    if isinstance(text, bytes):
        return text
    raw = text.encode('latin-1')
    return raw if bytes is str else raw.decode(sys.getfilesystemencoding(), 'surrogateescape')


def text_path(native):
    """Give a path as this Python names it as latin-1 text: the inverse of native_path."""
    raw = native if isinstance(native, bytes) else native.encode(sys.getfilesystemencoding(), 'surrogateescape')
    return raw.decode('latin-1')


def find_in_file(path, pattern, chunk=1024 * 1024, overlap=256):
    """Search a large file for a bytes pattern; return the match's first group, or None. Raises IOError, OSError."""
    search, tail = re.compile(pattern).search, b''
    with open(native_path(path), 'rb') as stream:
        while True:
            block = stream.read(chunk)
            if not block:
                return None
            found = search(tail + block)
            if found:
                return found.group(1)
            tail = (tail + block)[-overlap:]


def size_of(path):
    """Length of a file in bytes; 0 where there is none, or where `path` is None."""
    try:
        return os.path.getsize(native_path(path)) if path else 0
    except OSError:
        return 0


def judge_path(path, text):
    """Tell where `path` leads and whether root may safely write there. Looks only; `text` is what was read of it, or None.

    The path behind the links is given as this Python names files, ready to be written.
    """
    problem, native = None, native_path(path)
    for place in _places(native):
        problem = problem or _problem_of(place)
    return PathFacts(path, os.path.realpath(native), problem, _encoding(text))


def _places(path):
    """Give `path`, the folders above it and all that lies on the way of every link among them."""
    places, waiting = [], [path]
    while waiting:
        place = waiting.pop(0)
        if place in places:
            continue
        places.append(place)
        if os.path.islink(place):
            waiting.append(os.path.join(os.path.dirname(place), os.readlink(place)))
            waiting.append(os.path.realpath(place))
        waiting.append(os.path.dirname(place))
    return places


def _problem_of(place):
    """Whoever can write to a folder can put something else in the place of a file in it."""
    try:
        facts = os.lstat(place)
    except OSError:
        return None
    if facts.st_uid != 0:
        return '%s belongs to user %d, not to root' % (place, facts.st_uid)
    if not stat.S_ISLNK(facts.st_mode) and facts.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not _root_group_only(facts):
        return '%s can be written by users other than root (mode %04o)' % (place, stat.S_IMODE(facts.st_mode))
    return None


def _root_group_only(facts):
    return facts.st_gid == 0 and not facts.st_mode & stat.S_IWOTH


def _encoding(text):
    try:
        (text or u'').encode('latin-1').decode('utf-8')
    except UnicodeDecodeError:
        return 'other'
    return 'utf-8'
