# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Descriptors that must not stay open in a child.

A lock is held as long as any process has it open, so a child that only reads something, and may
hang, must not have it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

_HELD = set()


def note_held(descriptor):
    """Note a descriptor that a child which only reads must not have."""
    _HELD.add(descriptor)


def forget_held(descriptor):
    """Forget a descriptor that will be closed."""
    _HELD.discard(descriptor)


def close_held():
    """Close all of them, in a child that only reads."""
    while _HELD:
        try:
            os.close(_HELD.pop())
        except OSError:
            pass  # its parent closed it
