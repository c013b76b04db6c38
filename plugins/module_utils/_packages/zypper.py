# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask zypper what it would do, and read its answer: the packages in the parts of its
install-summary.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .foreseen import make_foreseen

COMMAND = ('zypper', '--non-interactive', '--xmlout', 'install', '--dry-run')
_SUMMARY, _SUMMARY_END = '<install-summary', '</install-summary>'
_PART = re.compile(r'<(/?)to-([a-z-]+)>')
_PACKAGE = re.compile(r'<solvable type="package" name="([^"]+)"')


def ask(run, names):
    """Ask about installing `names`, which may be paths of .rpm files; return a CommandResult."""
    return run(list(COMMAND) + list(names), timeout=300)


def parse(answer):
    """Return the Foreseen of a CommandResult, None if zypper does not say what it would do; it says
    it with other exit codes than 0, too.
    """
    _before, found, after = answer.out.partition(_SUMMARY)
    if not found:
        return make_foreseen('zypper', answer.argv) if answer.rc == 0 else None
    attributes, _bracket, inside = after.partition('>')
    summary, end, _rest = inside.partition(_SUMMARY_END)
    if not end and not attributes.endswith('/'):
        return None
    parts = _parts_of('' if attributes.endswith('/') else summary)
    return make_foreseen(
        'zypper',
        answer.argv,
        [each for name, packages in parts if name == 'install' for each in packages],
        # to-upgrade, to-downgrade, to-reinstall, to-change-arch and the like: the package stays.
        [
            each
            for name, packages in parts
            if name not in ('install', 'remove')
            for each in packages
        ],
        [each for name, packages in parts if name == 'remove' for each in packages],
    )


def _parts_of(summary):
    """Return [(what is done, [package])] of <to-install>, <to-remove> and the like."""
    parts, opened = [], None
    for tag in _PART.finditer(summary):
        if not tag.group(1):
            opened = opened or tag
        elif opened and tag.group(2) == opened.group(2):
            parts.append((tag.group(2), _PACKAGE.findall(summary[opened.end() : tag.start()])))
            opened = None
    return parts
