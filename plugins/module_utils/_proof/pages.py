# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask pages that no user has named, to find those that prove something: they answer us well, and
the same each time.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._model import LeftOut
from .._system.clock import monotonic
from . import probes

# Seconds for both requests of all pages, and those of them in which a first one may begin.
MAX_SECONDS, FIRST_SECONDS = 60, 25


def ask_twice(pages, addresses, seconds=MAX_SECONDS, first_seconds=FIRST_SECONDS):
    """Return ([Answer] of the pages that are of use, in order, [LeftOut]).

    pages: [Probe]; addresses: as for `probes.ask`.
    """
    begun, well, left = monotonic(), [], []
    for number, page in enumerate(pages):
        if monotonic() - begun > first_seconds:
            left += [LeftOut(each.url, _late(seconds)) for each in pages[number:]]
            break
        answer = probes.ask(page, addresses)
        if answer.status is None or answer.status >= 400:
            left.append(LeftOut(page.url, 'it answers %s already' % (answer.status or 'nothing')))
        else:
            well.append((page, answer))
    used = []
    for page, before in well:
        if monotonic() - begun > seconds:
            left.append(LeftOut(page.url, _late(seconds)))
            continue
        answer = probes.ask(page, addresses)
        if is_same(before, answer):
            used.append(answer)
        else:
            left.append(LeftOut(page.url, 'it changes by itself'))
    return used, left


def is_same(one, other):
    """Return whether two Answers have the same status and kind of content."""
    return [one.status, one.kind, one.source] == [other.status, other.kind, other.source]


def _late(seconds):
    return 'others took the %d s for all' % seconds
