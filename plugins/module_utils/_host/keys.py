# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Tell which private keys of TLS can be read with a pass phrase only, and which programs ask a
person for one. Of what is in a key nothing leaves this file."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._errors import StrangerError
from .._model import Keys
from .._strangers.paths import read_file
from .._syntax import dialogs
from .._syntax.evaluate import active_directives
from .._syntax.trees import named_lines

# A file may have a key and a chain of certificates in it.
MAX_KEY = 256 * 1024
MAX_KEYS = 20000
NAMES = (u'sslcertificatekeyfile', u'sslcertificatefile')
# RFC 7468 for PKCS #8; RFC 1421 for what OpenSSL wrote before.
_LOCKED = re.compile(
    br'^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type:[ \t]*4,[ \t]*ENCRYPTED', re.MULTILINE
)


def read_keys(tree, world):
    """Return the Keys that the configuration names, below any condition.

    A key that cannot be read safely is not taken for one with a pass phrase.
    """
    lines = _lines(tree, world)
    keys = set(os.path.join(tree.root, line.args[0]) for line in lines if line.name in NAMES)
    programs = set(
        dialogs.program_of(line.args, tree.root) for line in lines if line.name == dialogs.NAME
    )
    return Keys(
        frozenset(path for path in sorted(keys)[:MAX_KEYS] if is_locked(_read(path))),
        frozenset(path for path in programs if path and dialogs.asks_a_person(path, _read(path))),
    )


def _lines(tree, world):
    """Return the lines about keys and dialogs, as lines or as Active."""
    names = NAMES + (dialogs.NAME,)
    lines = named_lines(tree, names)
    if not lines:
        return []
    # A path may be made of variables, and then only a walk through all of it knows the path.
    active = active_directives(tree, world)
    return lines + [item for item in active if item.name in names and item.args]


def is_locked(content):
    """Return whether the bytes of a PEM file have a key that is encrypted."""
    return _LOCKED.search(content) is not None


def _read(path):
    try:
        return read_file(path, MAX_KEY)
    except (OSError, ValueError, StrangerError):
        return b''
