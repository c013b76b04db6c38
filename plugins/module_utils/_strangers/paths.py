# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Reach folders and files that somebody other than root can change.

Between two calls that name the same path, its owner can put something else there. So a path is
walked once, one component after the other, and no link of a stranger is followed. From then on
everything goes by the descriptor: `/proc/self/fd/N/name` names an entry of the very folder that was
opened, whatever happens to its name (Python 2 has no openat).

Paths are latin-1 text, as everywhere in this collection.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import itertools
import os
import stat
from collections import namedtuple

from .._errors import StrangerError
from .._system.files import native_path, text_path

# As many links as the kernel follows (path_resolution(7)).
MAX_LINKS = 40
# A longer list of names is not read; on common file systems a name takes 8 bytes at least.
MAX_LIST_BYTES = 16 * 1024 * 1024
# open(2): never wait for the other end of a pipe, never get a terminal, never follow a link.
_CAREFULLY = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | getattr(os, 'O_CLOEXEC', 0o2000000)
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | _CAREFULLY
# Linux 2.6.39; older kernels ignore the flag, and opening a socket fails there.
_O_PATH = 0o10000000

# How a path was reached. path: without links, text; rooted: every folder above belongs to root.
_Reached = namedtuple('_Reached', 'path rooted')


class Folder(object):
    """An open folder, closed at the end of a `with`.

    path: where it was reached, without links, for messages only; rooted: whether every folder
    above it belongs to root, so that no other owner can put another one in its place.
    """

    def __init__(self, descriptor, path, rooted):
        self.descriptor, self.path, self.rooted = descriptor, path, rooted

    def __enter__(self):
        return self

    def __exit__(self, *_unused):
        os.close(self.descriptor)
        return False

    @property
    def place(self):
        """The name by which the kernel reaches this very folder, as text."""
        return u'/proc/self/fd/%d' % self.descriptor

    def _at(self, name):
        if name in (u'', u'.', u'..') or u'/' in name:
            raise ValueError('%r is not the name of an entry' % name)
        return native_path(u'%s/%s' % (self.place, name))

    def facts(self, name=None):
        """Return the stat of the folder, or of an entry without following a link.

        Raises OSError.
        """
        return os.fstat(self.descriptor) if name is None else os.lstat(self._at(name))

    def has(self, name):
        """Return whether there is an entry of this name, a dangling link included."""
        return os.path.lexists(self._at(name))

    def names(self, most):
        """Return the names of the entries, sorted. Raises StrangerError if more than `most`."""
        too_many = StrangerError('%s holds more than %d entries.' % (self.path, most))
        if self.facts().st_size > MAX_LIST_BYTES:
            raise too_many
        listed = _list_lazily(native_path(self.place), most + 1)
        if len(listed) > most:
            raise too_many
        return sorted(text_path(name) for name in listed)

    def entries(self):
        """Yield (name, whether it is a folder and no link) of each entry, in no order.

        Raises OSError, and StrangerError where the names alone would fill the memory.
        """
        place, scan = native_path(self.place), getattr(os, 'scandir', None)
        if scan is None:
            if self.facts().st_size > MAX_LIST_BYTES:
                raise StrangerError('%s holds too many entries.' % self.path)
            for native in os.listdir(place):
                yield text_path(native), self._is_folder(text_path(native))
            return
        listed = scan(place)
        try:
            for entry in listed:
                yield text_path(entry.name), entry.is_dir(follow_symlinks=False)
        finally:
            getattr(listed, 'close', lambda: None)()

    def _is_folder(self, name):
        try:
            return stat.S_ISDIR(self.facts(name).st_mode)
        except OSError:
            return False

    def open_parent(self):
        """Return the Folder above: where this one is now, which may not be where it was opened."""
        descriptor = os.open(native_path(self.place + u'/..'), _FOLDER)
        return Folder(descriptor, os.path.dirname(self.path), False)

    def open_folder(self, name):
        """Return the Folder of this name in here. Raises OSError where it is none, or a link."""
        descriptor = os.open(self._at(name), _FOLDER)
        rooted = self.rooted and self.facts().st_uid == 0
        return Folder(descriptor, os.path.join(self.path, name), rooted)

    def open_file(self, name):
        """Return a descriptor to read a regular file.

        Raises StrangerError for all else, OSError.
        """
        before = self.facts(name)
        wrong = StrangerError('%s is not a regular file.' % os.path.join(self.path, name))
        # Opening is an act of its own: the writer of a pipe goes on, a tape rewinds.
        if not stat.S_ISREG(before.st_mode):
            raise wrong
        descriptor = os.open(self._at(name), os.O_RDONLY | _CAREFULLY)
        now = os.fstat(descriptor)
        if not stat.S_ISREG(now.st_mode) or not os.path.samestat(before, now):
            os.close(descriptor)
            raise wrong
        return descriptor

    def read(self, name, most):
        """Return at most the first `most` bytes of a regular file. Raises as `open_file`."""
        return read_descriptor(self.open_file(name), most)

    def link_target(self, name):
        """Return where a link leads, as text. Raises OSError where it is not a link."""
        return text_path(os.readlink(self._at(name)))

    def pin(self, name):
        """Return a descriptor that stands for an entry of any kind, without opening that.

        A link is never followed. Raises OSError, on kernels before 2.6.39 for every socket.
        """
        descriptor = os.open(self._at(name), os.O_RDONLY | _O_PATH | _CAREFULLY)
        # By its name below /proc: fstat does not take such a descriptor before Linux 3.6.
        if stat.S_ISLNK(os.stat('/proc/self/fd/%d' % descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return descriptor


def _list_lazily(place, most):
    """Return at most that many names; a folder of millions must not fill the memory."""
    scan = getattr(os, 'scandir', None)  # Python 3.5
    if scan is None:
        return os.listdir(place)[:most]
    entries = scan(place)
    try:
        return [entry.name for entry in itertools.islice(entries, most)]
    finally:
        getattr(entries, 'close', lambda: None)()


def read_descriptor(descriptor, most):
    """Return at most the first `most` bytes, and close the descriptor. Raises OSError."""
    parts, left = [], most
    try:
        while left > 0:
            part = os.read(descriptor, min(left, 65536))
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b''.join(parts)
    finally:
        os.close(descriptor)


def open_folder(path, any_link=False):
    """Return the Folder at an absolute path.

    Links are followed where root made them and only root can change them, up to MAX_LINKS.
    any_link: others are followed, too, for a look that may go wherever a stranger likes.
    Raises StrangerError for any other link, OSError for what is missing or is not a folder.
    """
    waiting, links = _components(path), 0
    folder = Folder(os.open('/', _FOLDER), u'/', True)
    try:
        while waiting:
            name = waiting.pop(0)
            if name == u'..':
                folder = _replace(folder, _parent_of(folder))
                continue
            target = _any_link(folder, name) if any_link else _trusted_link(folder, name)
            if target is None:
                folder = _replace(folder, folder.open_folder(name))
                continue
            links += 1
            if links > MAX_LINKS:
                raise StrangerError('%s leads through more than %d links.' % (path, MAX_LINKS))
            waiting = _components(target) + waiting
            if target.startswith(u'/'):
                folder = _replace(folder, Folder(os.open('/', _FOLDER), u'/', True))
    except BaseException:
        os.close(folder.descriptor)
        raise
    return folder


def _components(path):
    return [name for name in path.split(u'/') if name not in (u'', u'.')]


def _replace(folder, following):
    os.close(folder.descriptor)
    return following


def _parent_of(folder):
    descriptor = os.open(native_path(folder.place + u'/..'), _FOLDER)
    # Where only root's links are followed, only they have `..` in them, and all above is root's.
    return Folder(descriptor, os.path.dirname(folder.path), folder.rooted)


def _any_link(folder, name):
    """Return where an entry leads, None if it is not a link."""
    return folder.link_target(name) if stat.S_ISLNK(folder.facts(name).st_mode) else None


def _trusted_link(folder, name):
    """Return where an entry leads if it is a link of root's, None if it is not a link."""
    facts = folder.facts(name)
    if not stat.S_ISLNK(facts.st_mode):
        return None
    path = os.path.join(folder.path, name)
    if facts.st_uid != 0 or not folder.rooted or not is_roots_alone(folder.facts()):
        raise StrangerError('%s is a link that a user other than root can change.' % path)
    return folder.link_target(name)


def is_roots_alone(facts):
    """Return whether only root can change the entries of a folder that belong to root.

    Where everybody may write, the sticky bit keeps them from the entries of others. A group
    of its own counts as root: /var/log of Ubuntu is its logging daemon's.
    """
    open_to_all = facts.st_mode & stat.S_IWOTH and not facts.st_mode & stat.S_ISVTX
    return facts.st_uid == 0 and not open_to_all


def open_file(path):
    """Return a descriptor to read the regular file at an absolute path.

    The folders above are walked as by `open_folder`; the file itself may be a link of root's.
    Raises StrangerError for all that is not a regular file, OSError for what is missing.
    """
    for _link in range(MAX_LINKS):
        with open_folder(os.path.dirname(path)) as folder:
            name = os.path.basename(path)
            if name in (u'', u'.', u'..'):
                raise StrangerError('%s is not a regular file.' % path)
            target = _trusted_link(folder, name)
            if target is None:
                return folder.open_file(name)
            path = os.path.join(folder.path, target)
    raise StrangerError('%s leads through more than %d links.' % (path, MAX_LINKS))


def read_file(path, most):
    """Return at most the first `most` bytes of a regular file. Raises as `open_file`."""
    return read_descriptor(open_file(path), most)
