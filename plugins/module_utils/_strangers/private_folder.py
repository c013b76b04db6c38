# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Folders in memory that exist only in the mount namespace of this process, and their mounts over
the real ones. Source and target of a mount are descriptors: see `paths`."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import stat

from .._errors import StrangerError
from .._system import namespaces
from .._system.files import native_path
from .paths import Folder, open_folder

_NEW_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


class PrivateFolder(Folder):
    """A folder in memory that nobody else can reach, so entries may be made in it."""

    def make_folder(self, name):
        """Make a folder for root only and return it as a PrivateFolder. Raises OSError."""
        os.mkdir(self._at(name), 0o700)
        made = self.open_folder(name)
        return PrivateFolder(made.descriptor, made.path, made.rooted)

    def make_file(self, name, content=b'', like=None):
        """Make a file and return its descriptor. like: that of the file it replaces, or None.

        Without `like` everybody may read it. Raises OSError.
        """
        descriptor = os.open(self._at(name), _NEW_FILE, 0o600)
        try:
            while content:
                content = content[os.write(descriptor, content) :]
            if like is None:
                os.fchmod(descriptor, 0o644)
            else:
                take_over(like, descriptor)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def make_stand_in(self, name, facts):
        """Make an empty file with the owner and the mode that `facts` tell; return its descriptor.

        Raises OSError.
        """
        descriptor = self.make_file(name)
        os.fchown(descriptor, facts.st_uid, facts.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(facts.st_mode))
        return descriptor

    def make_link(self, name, target, facts):
        """Make a link with the owner in `facts`. Raises OSError."""
        os.symlink(native_path(target), self._at(name))
        os.lchown(self._at(name), facts.st_uid, facts.st_gid)


def take_over(source, target):
    """Return one open file or folder the owner, the mode and the labels of another one."""
    facts = os.fstat(source)
    os.fchown(target, facts.st_uid, facts.st_gid)
    os.fchmod(target, stat.S_IMODE(facts.st_mode))
    namespaces.copy_labels(source, target)


def mount_memory(path, options):
    """Mount an empty folder in memory over the one at `path`; return it as a PrivateFolder.

    options: of tmpfs, such as `mode=0700,size=64m`. Raises StrangerError if root does not own the
    folder and all above it, IsolationError if the kernel does not mount, OSError.
    """
    flags = namespaces.MS_NOSUID | namespaces.MS_NODEV
    with open_folder(path) as folder:
        if not folder.rooted or folder.facts().st_uid != 0:
            raise StrangerError('%s does not belong to root.' % folder.path)
        namespaces.mount('tmpfs', folder.place, 'tmpfs', flags, options)
        path = folder.path
    made = open_folder(path)
    return PrivateFolder(made.descriptor, made.path, made.rooted)


def lay_over(source, target):
    """Mount the file of one descriptor over that of another one. Raises IsolationError."""
    namespaces.bind(u'/proc/self/fd/%d' % source, u'/proc/self/fd/%d' % target)


def cover(folder, copy):
    """Mount `copy` over an open Folder, and check that it is at the folder's path.

    Raises StrangerError if somebody has put another folder there, IsolationError, OSError.
    """
    lay_over(copy.descriptor, folder.descriptor)
    with open_folder(folder.path) as now:
        if not os.path.samestat(now.facts(), copy.facts()):
            raise StrangerError('%s was replaced meanwhile.' % folder.path)
