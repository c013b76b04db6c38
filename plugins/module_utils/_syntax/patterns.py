# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask whether a regular expression of a configuration finds something in a short text."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

MAX_PATTERN, MAX_TEXT = 500, 200
_known = {}


def finds(pattern, text):
    # type: (str, str) -> bool | None
    """Return whether the pattern finds something; None where only httpd can tell.

    Only for patterns that root wrote: with one of a stranger a search may take hours.
    """
    if len(pattern) > MAX_PATTERN or len(text) > MAX_TEXT:
        return None
    if pattern not in _known:
        if len(_known) > 1000:
            _known.clear()
        try:
            _known[pattern] = re.compile(pattern)
        except (re.error, OverflowError):
            # Python does not know all that PCRE knows.
            _known[pattern] = None
    compiled = _known[pattern]
    return None if compiled is None else compiled.search(text) is not None
