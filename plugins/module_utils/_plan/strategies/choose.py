# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Choose the strategy: the way from the old server to the new one that visitors notice least, of
those that the host was seen to be able to.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._model import OVERLAP, STOP, STRATEGIES, Ability, Strategy

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..._model import HostState, Wanted  # noqa: F401

AUTO = 'auto'
CHOICES = (AUTO,) + STRATEGIES
_UNTRIED = Ability(None, 'whether this host can do it was not tried out')
_ALWAYS = Ability('signals', None)
_SOCKET_UNIT = 'connections wait in %s anyway'


def choose_strategy(state, wanted):
    # type: (HostState, Wanted) -> Strategy
    """Return the Strategy for a server that is restarted; its name is None where the one that was
    asked for is not possible.
    """
    passed = []  # type: list[tuple[str, str]]
    for name in STRATEGIES if wanted.strategy == AUTO else (wanted.strategy,):
        ability = _ability(state, name)
        if ability.problem is None:
            return Strategy(name, ability.means, passed)
        passed.append((name, ability.problem))
    return Strategy(None, None, passed)


def _ability(state, name):
    # type: (HostState, str) -> Ability
    if name == STOP:
        return _ALWAYS
    if state.service.socket:
        return Ability(None, _SOCKET_UNIT % state.service.socket)
    if name == OVERLAP and state.servers.running and state.servers.running.mpm != state.choice.mpm:
        return Ability(
            None,
            'the disk chooses another MPM than the one that runs, so the old server may end at any '
            'reload',
        )
    return state.abilities.get(name, _UNTRIED)
