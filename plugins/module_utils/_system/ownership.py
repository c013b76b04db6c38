# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find out who can change the file at a path: by its owner, its mode, its access list, and those of
all folders and links on the way. Only reads."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import stat
import struct

from .._model import PathFacts
from .attributes import read_attributes
from .files import native_path, text_path

# As many links as the kernel follows (path_resolution(7)).
MAX_LINKS = 40
ACCESS_LIST = 'system.posix_acl_access'
# linux/posix_acl_xattr.h: a version, and for each entry tag, permissions and id, little-endian.
_VERSION, _ENTRY, _WRITE = 2, struct.Struct('<HHI'), 2
_USER, _GROUP_OF_FILE, _GROUP, _MASK = 0x02, 0x04, 0x08, 0x10


def judge_path(path, text):
    """Return PathFacts: where `path` leads and whether root may safely write there.

    text: what was read of it, or None. The path behind the links is returned as a file name of this
    Python, ready to be written.
    """
    native = native_path(path)
    return PathFacts(path, _behind_links(native), _find_problem(native), _encoding(text))


def only_root_changes(path):
    """Return whether only root can change the file at a path, or put something else there."""
    return _find_problem(native_path(path)) is None


def real_path(path):
    """Return where a path leads, as text; the path itself if it has too many links."""
    return text_path(_behind_links(native_path(path)))


def _behind_links(native):
    try:
        os.stat(native)
    except OSError as e:
        # Python before 3.14 recurses at every link; the kernel gives up.
        if e.errno == errno.ELOOP:
            return native
    return os.path.realpath(native)


def _find_problem(native):
    """Return why somebody other than root can change the file at a path, or None.

    Checks the path, the folders above it, and the same for every link among them.
    """
    seen, waiting, links = set(), [native], 0
    while waiting:
        place = waiting.pop(0)
        if place in seen:
            continue
        seen.add(place)
        problem = _problem_of(place)
        if problem:
            return problem
        if os.path.islink(place):
            links += 1
            if links > MAX_LINKS:
                return '%s leads through more than %d links' % (native, MAX_LINKS)
            waiting.append(os.path.join(os.path.dirname(place), os.readlink(place)))
            waiting.append(_behind_links(place))
        waiting.append(os.path.dirname(place))
    return None


def _problem_of(place):
    """A user who can write to a folder can replace a file in it."""
    try:
        facts = os.lstat(place)
    except OSError:
        return None
    if facts.st_uid != 0:
        return '%s belongs to user %d, not to root' % (place, facts.st_uid)
    if stat.S_ISLNK(facts.st_mode):
        return None
    if facts.st_mode & stat.S_IWOTH:
        return _in_words(place, 'users other than root', facts)
    # With an access list the group bits are its mask: without them nobody in the list can write.
    if facts.st_mode & stat.S_IWGRP:
        return _problem_of_group(place, facts)
    return None


def _problem_of_group(place, facts):
    content = read_attributes(place, [ACCESS_LIST]).get(ACCESS_LIST)
    if content is None:
        return None if facts.st_gid == 0 else _in_words(place, 'users other than root', facts)
    writers = parse_access_list(content, facts.st_gid)
    if writers is None:
        return '%s has an access list that cannot be understood' % place
    strangers = ['%s %d' % writer for writer in writers if writer[1] != 0]
    return _in_words(place, ', '.join(strangers[:5]), facts) if strangers else None


def parse_access_list(content, group):
    """Return [('user' or 'group', id)] of those who may write by an access list, without the owner.

    content: bytes of the attribute; group: the id of the file's own group. None if it is not an
    access list.
    """
    if (
        len(content) < 4
        or (len(content) - 4) % _ENTRY.size
        or struct.unpack('<I', content[:4]) != (_VERSION,)
    ):
        return None
    entries = [
        _ENTRY.unpack(content[at : at + _ENTRY.size]) for at in range(4, len(content), _ENTRY.size)
    ]
    mask = [permissions for tag, permissions, _number in entries if tag == _MASK]
    kinds = {_USER: 'user', _GROUP: 'group', _GROUP_OF_FILE: 'group'}
    return [
        (kinds[tag], group if tag == _GROUP_OF_FILE else number)
        for tag, permissions, number in entries
        if tag in kinds and permissions & (mask or [_WRITE])[0] & _WRITE
    ]


def _in_words(place, who, facts):
    return '%s can be written by %s (mode %04o)' % (place, who, stat.S_IMODE(facts.st_mode))


def _encoding(text):
    try:
        (text or u'').encode('latin-1').decode('utf-8')
    except UnicodeDecodeError:
        return 'other'
    return 'utf-8'
