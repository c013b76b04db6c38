# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Ask zypper what it would do, and read its answer: the packages in the parts of its install-summary."""
import re

from .foreseen import make_foreseen

COMMAND = ('zypper', '--non-interactive', '--xmlout', 'install', '--dry-run')
_SUMMARY = re.compile(r'<install-summary\b[^>]*(?:/>|>.*?</install-summary>)', re.DOTALL)
_PART = re.compile(r'<to-([a-z-]+)>(.*?)</to-\1>', re.DOTALL)
_PACKAGE = re.compile(r'<solvable type="package" name="([^"]+)"')


def ask(run, names):
    """Ask about installing `names`, which may be paths of .rpm files; give a CommandResult."""
    return run(list(COMMAND) + list(names), timeout=300)


def parse(answer):
    """Give the Foreseen of a CommandResult, None where zypper does not say what it would do; it does so with other exit codes than 0, too."""
    summary = _SUMMARY.search(answer.out)
    if not summary:
        return make_foreseen('zypper', answer.argv) if answer.rc == 0 and '<install-summary' not in answer.out else None
    parts = [(name, _PACKAGE.findall(text)) for name, text in _PART.findall(summary.group(0))]
    return make_foreseen('zypper', answer.argv,
                         [each for name, packages in parts if name == 'install' for each in packages],
                         # to-upgrade, to-downgrade, to-reinstall, to-change-arch and their like: the package stays.
                         [each for name, packages in parts if name not in ('install', 'remove') for each in packages],
                         [each for name, packages in parts if name == 'remove' for each in packages])
