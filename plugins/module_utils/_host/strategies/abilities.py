# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Try out which strategies this host is able to, where nobody notices: what a kernel or a program
should be able to is never guessed.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._model import BESIDE, HOLD, OVERLAP, STOP, STRATEGIES
from . import beside, hold, overlap

# {strategy: function(run, state) that gives its Ability}.
TRIALS = {OVERLAP: overlap.try_overlap, HOLD: hold.try_hold}


def read_abilities(run, state, strategy):
    """Return {strategy: Ability} of the strategies that `strategy` ('auto' or one of them) may
    come to;
    of 'auto' only up to the first that is possible.

    BESIDE, which any of them may stand on, is always among them.

    state: a HostState whose server runs. Nothing that outlasts the trial is changed.
    """
    abilities = {BESIDE: beside.try_beside(run, state)}
    state = state._replace(abilities=abilities)
    for name in STRATEGIES if strategy == 'auto' else (strategy,):
        if name == STOP:
            break
        abilities[name] = TRIALS[name](run, state)
        if abilities[name].problem is None:
            break
    return abilities
