# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Reach folders and files that somebody other than root can change.

Between two calls that name the same path, its owner can put something else there. So a path is
walked once, component by component, and links of users other than root are not followed. After that
everything uses the descriptor: `/proc/self/fd/N/name` names an entry of the folder that was opened,
even if its name changes (Python 2 has no openat).

Paths are latin-1 text, as everywhere in this collection.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import itertools
import os
import stat
from collections import namedtuple

from .._errors import OtherFileSystemError, StrangerError
from .._system.files import native_path, text_path

# As many links as the kernel follows (path_resolution(7)).
MAX_LINKS = 40
# A longer list of names is not read; on common file systems a name takes at least 8 bytes.
MAX_LIST_BYTES = 16 * 1024 * 1024
# open(2): never wait for the other end of a pipe, never get a terminal, never follow a link.
_CAREFULLY = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | getattr(os, 'O_CLOEXEC', 0o2000000)
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | _CAREFULLY
# Linux 2.6.39; older kernels ignore the flag, and opening a socket fails there.
_O_PATH = 0o10000000

# null, zero, full, random, urandom
_HARMLESS = [os.makedev(1, minor) for minor in (3, 5, 7, 8, 9)]

# How a path was reached. path: without links, text; rooted: every folder above belongs to root.
_Reached = namedtuple('_Reached', 'path rooted')


class Folder(object):
    """An open folder, closed at the end of a `with`.

    path: where it was reached, without links, for messages only; rooted: whether every folder above
    it belongs to root, so nobody else can replace it.
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
        """The name by which the kernel finds exactly this folder, as text."""
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
        """Yield (name, whether it is a folder and no link, whether it is a link) of each entry, in
        no order.

        Raises OSError, and StrangerError if the names alone would fill the memory.
        """
        place, scan = native_path(self.place), getattr(os, 'scandir', None)
        if scan is None:
            if self.facts().st_size > MAX_LIST_BYTES:
                raise StrangerError('%s holds too many entries.' % self.path)
            for native in os.listdir(place):
                yield (text_path(native),) + self._kind_of(text_path(native))
            return
        listed = scan(place)
        try:
            for entry in listed:
                name = text_path(entry.name)
                yield name, entry.is_dir(follow_symlinks=False), entry.is_symlink()
        finally:
            getattr(listed, 'close', lambda: None)()

    def _kind_of(self, name):
        try:
            mode = self.facts(name).st_mode
        except OSError:
            return False, False
        return stat.S_ISDIR(mode), stat.S_ISLNK(mode)

    def open_parent(self):
        """Return the Folder above: where this one is now, which may not be where it was opened."""
        descriptor = os.open(native_path(self.place + u'/..'), _FOLDER)
        return Folder(descriptor, os.path.dirname(self.path), False)

    def open_folder(self, name):
        """Return the Folder of this name in here. Raises OSError if it is not a folder, or is a
        link.
        """
        descriptor = os.open(self._at(name), _FOLDER)
        rooted = self.rooted and self.facts().st_uid == 0
        return Folder(descriptor, os.path.join(self.path, name), rooted)

    def open_file(self, name):
        """Return a descriptor to read a regular file.

        Raises StrangerError for all else, OSError.
        """
        before = self.facts(name)
        wrong = StrangerError('%s is not a regular file.' % os.path.join(self.path, name))
        # Opening alone has effects: the writer of a pipe goes on, a tape rewinds.
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
        """Return a descriptor for an entry of any kind, without opening the entry.

        A link is never followed. Raises OSError, on kernels before 2.6.39 for all but regular files
        and folders: there it would be opened.
        """
        mode = self.facts(name).st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or _pins_without_opening()):
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
        descriptor = os.open(self._at(name), os.O_RDONLY | _O_PATH | _CAREFULLY)
        # By its name below /proc: before Linux 3.6 fstat rejects such a descriptor.
        if stat.S_ISLNK(os.stat('/proc/self/fd/%d' % descriptor).st_mode):
            os.close(descriptor)
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return descriptor


def _pins_without_opening():
    """Return whether the kernel knows O_PATH: what was opened by it cannot be read."""
    descriptor = os.open('/', os.O_RDONLY | _O_PATH)
    try:
        os.read(descriptor, 1)
    except OSError as e:
        return e.errno == errno.EBADF
    finally:
        os.close(descriptor)
    return False


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


def open_folder(path, any_link=False, start=None, devices=None):
    """Return the Folder at a path.

    Links are followed where root made them and only root can change them, up to MAX_LINKS.
    any_link: others are followed, too, for reading that may safely go anywhere; start: the open
    Folder in which a path that is not absolute begins, which stays open; devices: numbers of the
    file systems that may be entered, None for any. Raises OtherFileSystemError for others,
    StrangerError for any other link, OSError if a folder is missing or is not one.
    """
    waiting, links = _components(path), 0
    folder = _begin(path, start)
    try:
        while waiting:
            name = waiting.pop(0)
            if name == u'..':
                folder = _replace(folder, _parent_of(folder))
                continue
            if devices is not None and folder.facts(name).st_dev not in devices:
                raise OtherFileSystemError('%s leads to another file system.' % path)
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


def _begin(path, start):
    """Return the Folder in which a path begins."""
    if start is None or path.startswith(u'/'):
        return Folder(os.open('/', _FOLDER), u'/', True)
    return Folder(os.dup(start.descriptor), start.path, start.rooted)


def _components(path):
    return [name for name in path.split(u'/') if name not in (u'', u'.')]


def _replace(folder, following):
    os.close(folder.descriptor)
    return following


def _parent_of(folder):
    descriptor = os.open(native_path(folder.place + u'/..'), _FOLDER)
    # If only root's links are followed, only they have `..` in them, and root owns all above.
    return Folder(descriptor, os.path.dirname(folder.path), folder.rooted)


def _any_link(folder, name):
    """Return where an entry leads, None if it is not a link."""
    return folder.link_target(name) if stat.S_ISLNK(folder.facts(name).st_mode) else None


def _trusted_link(folder, name):
    """Return where an entry leads if it is a link of root's, None if it is not a link."""
    facts = folder.facts(name)
    if not stat.S_ISLNK(facts.st_mode):
        return None
    if not is_roots_link(folder, name):
        path = os.path.join(folder.path, name)
        raise StrangerError('%s is a link that a user other than root can change.' % path)
    return folder.link_target(name)


def is_roots_alone(facts):
    """Return whether only root can change the entries of a folder that belong to root.

    Where everybody may write, the sticky bit protects the entries of others. A group other than
    root's counts as root: /var/log of Ubuntu belongs to the group of its logging daemon.
    """
    open_to_all = facts.st_mode & stat.S_IWOTH and not facts.st_mode & stat.S_ISVTX
    return facts.st_uid == 0 and not open_to_all


def is_roots_link(folder, name):
    """Return whether an entry of an open Folder is a link that root made, and root alone can
    change.
    """
    facts = folder.facts(name)
    return (
        stat.S_ISLNK(facts.st_mode)
        and facts.st_uid == 0
        and folder.rooted
        and is_roots_alone(folder.facts())
    )


def is_stream(facts):
    """Return whether an entry is a pipe or a device, by its stat: who opens it takes part in
    something.
    """
    return any(is_one(facts.st_mode) for is_one in (stat.S_ISFIFO, stat.S_ISCHR, stat.S_ISBLK))


def is_harmless(facts):
    """Return whether an entry is a device that takes whatever is written, and keeps nothing."""
    return stat.S_ISCHR(facts.st_mode) and facts.st_rdev in _HARMLESS


def open_entry(path, any_link=False, start=None, devices=None):
    """Return (Folder, name) of the entry at a path, which the caller closes.

    The folders above are walked as by `open_folder`, with the same arguments; where the entry is a
    link that is followed, it is the one at its end that is returned. It may be missing. Raises
    StrangerError for any other link, and for a path that names no entry of a folder; OSError where
    a folder above is missing.
    """
    follow, ours = _any_link if any_link else _trusted_link, None
    try:
        for _link in range(MAX_LINKS):
            folder = open_folder(os.path.dirname(path), any_link, ours or start, devices)
            if ours:
                os.close(ours.descriptor)
            ours, name = folder, os.path.basename(path)
            if name in (u'', u'.', u'..'):
                raise StrangerError('%s is not the name of an entry.' % path)
            target = follow(folder, name) if folder.has(name) else None
            if target is None:
                ours = None
                return folder, name
            # Where it is no absolute one, it begins in the folder that is open.
            path = target
        raise StrangerError('%s leads through more than %d links.' % (path, MAX_LINKS))
    finally:
        if ours:
            os.close(ours.descriptor)


def open_file(path):
    """Return a descriptor to read the regular file at an absolute path.

    It is found as by `open_entry`.
    Raises StrangerError if it is not a regular file, OSError if it is missing.
    """
    folder, name = open_entry(path)
    with folder:
        return folder.open_file(name)


def read_file(path, most):
    """Return at most the first `most` bytes of a regular file. Raises as `open_file`."""
    return read_descriptor(open_file(path), most)


def read_end(path, most):
    """Return (at most the last `most` bytes of a regular file, whether that is all of it).

    Raises as `open_file`.
    """
    descriptor = open_file(path)
    try:
        before = max(0, os.fstat(descriptor).st_size - most)
        os.lseek(descriptor, before, os.SEEK_SET)
    except BaseException:
        os.close(descriptor)
        raise
    return read_descriptor(descriptor, most), not before
