# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The files and folders that a unit of systemd cannot start without.

systemd mounts and enters them before it runs the server. A server that was started while they were
there runs on when they are gone; the next start ends with 226/NAMESPACE or the like.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._system.files import native_path

# Each names one or more paths; the older names are those of systemd before 231.
_LISTS = (
    'ReadWritePaths',
    'ReadOnlyPaths',
    'InaccessiblePaths',
    'ReadWriteDirectories',
    'ReadOnlyDirectories',
    'InaccessibleDirectories',
)
_MOUNTS = ('BindPaths', 'BindReadOnlyPaths')
_FOLDER, _ROOTS = 'WorkingDirectory', ('RootDirectory', 'RootImage')
PROPERTIES = _LISTS + _MOUNTS + (_FOLDER,) + _ROOTS
# What stands behind the file in `EnvironmentFiles=/etc/sysconfig/httpd (ignore_errors=yes)`.
_NEEDED = re.compile(r'^(/.*) \(ignore_errors=no\)$')


def lost_paths(unit):
    """Return what keeps a unit from starting, as it would stand there: `ReadWritePaths=/srv/a`.

    unit: its {property: text} as systemctl shows it. Paths that the unit may do without, by a dash
    before them, do not count, nor those of a unit with a root folder of its own.
    """
    if any(unit.get(name) for name in _ROOTS):
        return []
    named = [(name, word) for name in _LISTS for word in (unit.get(name) or '').split()]
    named += [
        (name, word.partition(':')[0])
        for name in _MOUNTS
        for word in (unit.get(name) or '').split()
    ]
    named.append((_FOLDER, unit.get(_FOLDER) or ''))
    for line in (unit.get('EnvironmentFiles') or unit.get('EnvironmentFile') or '').split('\n'):
        needed = _NEEDED.match(line)
        named += [('EnvironmentFile', needed.group(1))] if needed and '*' not in line else []
    # A word in quotes has blanks: what it names is not told.
    return [
        '%s=%s' % (name, path)
        for name, path in named
        if path.lstrip('+').startswith('/') and not os.path.exists(native_path(path.lstrip('+')))
    ]
