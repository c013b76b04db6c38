# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The rules about the modules that httpd loads, PHP aside, which has rules of its own."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._fields import TYPE_CHECKING
from .._layouts.table import layout_named
from .._model import PREFORK, WARN, Finding
from .._syntax.evaluate import PHP_SYMBOL
from .._text import list_some
from . import module_facts
from .case import refuse

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .case import Case  # noqa: F401


def modules_lost(case):
    # type: (Case) -> list[Finding]
    """Modules that the service leaves out under the other MPM without a word."""
    if not layout_named(case.state.layout).generated(case.state.disk.evidence):
        return []
    lost = sorted(
        name
        for name in set(case.now.modules) - set(case.target.modules)
        if not re.match('^(cgid?|php[0-9]?)_module$', name)
    )
    return (
        [
            refuse(
                'modules_lost',
                'Under %s these modules have no file and would be left out: %s.'
                % (case.wanted.mpm, ', '.join(lost)),
                'Install them for that MPM, or take them out of APACHE_MODULES.',
                acceptable=False,
            )
        ]
        if lost
        else []
    )


def module_needs_prefork(case):
    # type: (Case) -> list[Finding]
    """Modules that would end a threaded server, or answer wrongly in one."""
    return [
        refuse(
            'module_needs_prefork',
            'Under %s: %s.' % (case.wanted.mpm, reason),
            'Disable it first, or stay with prefork.',
            acceptable=False,
        )
        for reason in case.target.needs_prefork
    ]


def module_wants_threads(case):
    # type: (Case) -> list[Finding]
    """Modules that were made for threads, where the switch takes these away."""
    if case.target.mpm != PREFORK or case.now.mpm == PREFORK:
        return []
    facts = [module_facts.fact_of(symbol) for symbol in sorted(set(case.target.modules))]
    return [
        Finding(
            'module_wants_threads',
            WARN,
            False,
            '%s is loaded: %s (%s).' % (fact.symbol, fact.why, fact.source),
            'Stay with worker or event, or disable it.',
            [],
        )
        for fact in facts
        if fact and fact.stands == module_facts.WANTS_THREADS
    ]


def modules_not_judged(case):
    # type: (Case) -> list[Finding]
    """Modules of others that get threads for the first time, and of which nothing is known."""
    if case.now.mpm != PREFORK or case.target.mpm == PREFORK:
        return []
    unknown = sorted(
        symbol
        for symbol in set(case.target.modules)
        if not (
            module_facts.is_own(symbol)
            or module_facts.fact_of(symbol)
            or PHP_SYMBOL.match(symbol)
        )
    )
    if not unknown:
        return []
    return [
        Finding(
            'modules_not_judged',
            WARN,
            False,
            'Whether these modules are thread-safe is not known here: %s.' % list_some(unknown),
            'Ask their makers, or try them under load before this switch.',
            [],
        )
    ]
