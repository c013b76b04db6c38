# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Where a command's output goes: files without a name, in a place that no other user can fill,
if the host has one.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
import platform
import sys
import tempfile

# Bytes of an output that are read, at most.
LONGEST = 4 * 1024 * 1024
# memfd_create(2), for each machine: a file in memory that uses no file system. Linux 3.17; Python
# 3.8 has it.
_NUMBERS = {
    'x86_64': 319,
    'i386': 356,
    'i686': 356,
    'aarch64': 279,
    'ppc64': 360,
    'ppc64le': 360,
    's390x': 350,
}
_NUMBER = _NUMBERS.get(platform.machine() if sys.maxsize > 2**32 else 'i386')
_CLOSE_ON_EXEC = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
# For older kernels. First those in which only root may make files: a user can fill the others.
FOLDERS = ('/run', '/var/run', '/var/lib', '/root', '/var/tmp', '/tmp', '/dev/shm')
_PROBE = b'\0' * 65536


def open_output():
    """Return a file object without a name, to write and to read; None if no place on this host has
    room for one.
    """
    for opener in [_in_memory] + [
        lambda folder=folder: tempfile.TemporaryFile(dir=folder) for folder in FOLDERS
    ]:
        try:
            stream = opener()
        except (IOError, OSError):
            continue
        if _has_room(stream):
            return stream
        stream.close()
    return None


def _in_memory():
    """Raises OSError if the kernel has no such files."""
    create = getattr(os, 'memfd_create', None)
    if create is not None:
        return os.fdopen(create('output'), 'w+b')
    if _NUMBER is None:
        raise OSError('this machine has another number for memfd_create')
    descriptor = _LIBC.syscall(
        ctypes.c_long(_NUMBER), ctypes.c_char_p(b'output'), ctypes.c_uint(_CLOSE_ON_EXEC)
    )
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return os.fdopen(descriptor, 'w+b')


def _has_room(stream):
    """Return whether something can be written: a full file system may still make an empty file."""
    try:
        os.write(stream.fileno(), _PROBE)
        os.ftruncate(stream.fileno(), 0)
        os.lseek(stream.fileno(), 0, os.SEEK_SET)
    except (IOError, OSError):
        return False
    return True


def read_output(stream):
    """Return (text, whether it is complete) of an output: latin-1, so every byte survives, and the
    first LONGEST bytes.
    """
    if stream is None:
        return u'', False
    stream.seek(0)
    content = stream.read(LONGEST + 1)
    return content[:LONGEST].decode('latin-1'), len(content) <= LONGEST
