# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The rules about what visitors lose with an MPM although all is well configured: they warn."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._model import PREFORK, WARN, Finding
from . import directives, effective

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import Outlook  # noqa: F401
    from .case import Case  # noqa: F401


def fewer_workers(case):
    # type: (Case) -> list[Finding]
    """Each MPM has numbers of its own: who raised those of one does not see that those of the
    other are as they were delivered.
    """
    running, now, target = case.state.servers.running, case.now, case.target
    asked = [directives.modern_name(name) for name in case.wanted.directives]
    if running is None or now.mpm == target.mpm or 'MaxRequestWorkers' in asked:
        return []
    before = effective.most_workers(now.mpm, directives.numbers_of(now.directives))
    after = effective.most_workers(target.mpm, directives.numbers_of(target.directives))
    if after >= before:
        return []
    return [
        Finding(
            'fewer_workers',
            WARN,
            False,
            'At most %d requests are served at one time under %s, and %d under %s now '
            '(MaxRequestWorkers).' % (after, target.mpm, before, now.mpm),
            'Set MaxRequestWorkers, and what limits it, by directives.',
            [],
        )
    ]


def http2_lost(case):
    # type: (Case) -> list[Finding]
    """Says what httpd says in its log as AH10034, before anybody misses it."""
    if case.target.mpm != PREFORK or case.now.mpm == PREFORK or not case.now.http2:
        return []
    return [
        Finding(
            'http2_lost',
            WARN,
            False,
            'HTTP/2 is offered now, and mod_http2 does not serve it under prefork (AH10034): '
            'visitors get HTTP/1.1.',
            'Stay with worker or event where HTTP/2 is needed.',
            [],
        )
    ]
