# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The limits of a process of root: what it may not do that root may, and how to start another one
with the same limits."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ctypes
import os
from collections import namedtuple

from .processes import read_about, status_field

PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 24, 38
SELINUX = '/sys/fs/selinux/enforce'
_LIBC = ctypes.CDLL(None, use_errno=True)

# dropped: numbers of capabilities that we can have and the process never; no_new_privileges:
# whether set-user-id programs give it no rights; label: its SELinux context if that is not ours,
# else None.
Confinement = namedtuple('Confinement', 'dropped no_new_privileges label')
Confinement.__new__.__defaults__ = ((), False, None)


def read_confinement(pid):
    """Return the Confinement of a process."""
    theirs, ours = _bounding_set(pid), _bounding_set(os.getpid())
    label = None
    if os.path.exists(SELINUX) and _label(pid) != _label(os.getpid()):
        label = _label(pid) or None
    return Confinement(
        tuple(number for number in range(64) if (ours & ~theirs) >> number & 1),
        status_field(pid, u'NoNewPrivs') == u'1',
        label,
    )


def _bounding_set(pid):
    """Return the capabilities that a process may ever have, as bits; all if it is gone."""
    return int(status_field(pid, u'CapBnd') or u'ffffffffffffffff', 16)


def _label(pid):
    return read_about(pid, 'attr/current').strip(u'\0\n')


def take_on(confinement):
    """Confine this process and the program that it becomes. Meant for between fork and exec.

    What the kernel does not know is left out. The label takes effect with the program; if the
    policy does not allow it, the exec fails.
    """
    for number in confinement.dropped:
        _LIBC.prctl(PR_CAPBSET_DROP, ctypes.c_ulong(number), 0, 0, 0)
    if confinement.no_new_privileges:
        _LIBC.prctl(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1), 0, 0, 0)
    if confinement.label:
        with open('/proc/self/attr/exec', 'wb') as stream:
            stream.write(confinement.label.encode('latin-1'))
