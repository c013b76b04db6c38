# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Extended attributes (SELinux labels, access lists), which the standard library of Python 2
does not know.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
import sys

_LIBC = ctypes.CDLL(None, use_errno=True)
_MAX = 65536
# Copied to a file that replaces another one; attributes that a file system or a security module
# sets itself are left to it.
KEPT = ('security.selinux', 'system.posix_acl_access')


def read_attributes(path, names=KEPT):
    """Return {name: bytes} of those attributes of a path; a link is not followed."""
    found = {}
    for name in names:
        buffer = ctypes.create_string_buffer(_MAX)
        size = _LIBC.lgetxattr(_as_bytes(path), name.encode('ascii'), buffer, _MAX)
        if size >= 0:
            found[name] = buffer.raw[:size]
    return found


def write_attributes(path, labels):
    """Set attributes. Raises OSError if one cannot be set."""
    for name, value in sorted(labels.items()):
        if _LIBC.lsetxattr(_as_bytes(path), name.encode('ascii'), value, len(value), 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), path)


def _as_bytes(path):
    # On Python 2 text would reach the C library as wide characters, and it would find no such file.
    if isinstance(path, bytes):
        return path
    return path.encode(
        sys.getfilesystemencoding() or 'utf-8', 'strict' if str is bytes else 'surrogateescape'
    )
