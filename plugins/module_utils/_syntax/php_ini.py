# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find in a php.ini which extensions PHP loads, and from where."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
from collections import namedtuple

# A text in quotes, or one up to a comment.
_SETTING = re.compile(r'^\s*([a-z_]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\'|([^;"\']*))', re.IGNORECASE)
_LOADS = ('extension', 'zend_extension')
_LIBRARY = '.so'

# folder: the value of extension_dir, None where none is set; loads: [(value, line)] of the lines
# that load something.
IniWords = namedtuple('IniWords', 'folder loads')


def read_ini(text):
    """Return the IniWords of a text. Names of settings are case-sensitive, as PHP has them."""
    folder, loads = None, []
    for number, line in enumerate(text.splitlines(), 1):
        found = _SETTING.match(line)
        if not found:
            continue
        value = (found.group(2) or found.group(3) or found.group(4) or '').strip()
        if found.group(1) in _LOADS and value:
            loads.append((value, number))
        elif found.group(1) == 'extension_dir' and value:
            folder = value
    return IniWords(folder, loads)


def library_path(value, folder):
    """Return the path of the library that a line loads. folder: of the extensions."""
    name = value if value.endswith(_LIBRARY) or '/' in value else value + _LIBRARY
    return os.path.join(folder, name)


def extension_name(value):
    """Return the name of an extension by what loads it: mysql of mysql.so, or of a path."""
    name = os.path.basename(value)
    return name[: -len(_LIBRARY)] if name.endswith(_LIBRARY) else name
