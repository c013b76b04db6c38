# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a rule looks at, and how it says no."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from .._model import REFUSE, Finding

# state: HostState; wanted: Wanted; now, target: Outlooks of the configuration as it is and as it
# will be; edits: [FileEdit]; answers: [Answer] of the probes before anything is changed; mappings:
# [PhpMapping]; php_lines: [(Site, None for the main server, [PhpLine])] of what the configuration
# sets of mod_php now; unjudged: [PhpUnjudged]; carried: Carried where FPM takes PHP over from
# mod_php, else None.
Case = namedtuple(
    'Case', 'state wanted now target edits answers mappings php_lines unjudged carried'
)
Case.__new__.__defaults__ = ((), (), (), (), None)


def refuse(rule, reason, fix, packages=(), acceptable=True):
    return Finding(rule, REFUSE, acceptable, reason, fix, list(packages))
