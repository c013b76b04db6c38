# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which MPM an administrator is advised to run on this host, and why."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING
from .._model import EVENT, PREFORK, REFUSE, WORKER, Advice

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._model import HostState, Plan  # noqa: F401

# The best first. Under event a connection that waits for its next request holds no worker, and
# under worker it holds a thread (httpd.apache.org/docs/2.4/mod/event.html).
_ORDER = (EVENT, WORKER)
_FOR = {
    EVENT: 'Under event a connection that waits for its next request holds no worker.',
    WORKER: 'Under worker a connection holds a thread, not a whole process.',
}


def needs_another_php(plan):
    # type: (Plan) -> bool
    """Return whether a plan is refused for what it makes of PHP, so that FPM may be a way out."""
    return any(rule.startswith('php_') for rule in _refusing(plan))


def advise(state, plans, by_fpm):
    # type: (HostState, dict[str, Plan], dict[str, Plan]) -> Advice
    """Return the Advice.

    plans: {MPM: Plan} with what the MPM needs for PHP; by_fpm: the same with `php: fpm`, of those
    MPMs where that was tried.
    """
    running = state.servers.running
    now = running.mpm if running and running.mpm else state.choice.mpm or PREFORK
    against = []  # type: list[str]
    for mpm in _ORDER:
        if not _refusing(plans[mpm]):
            return _take(state, now, mpm, None, against)
        if mpm in by_fpm and not _refusing(by_fpm[mpm]):
            return _take(state, now, mpm, 'fpm', against)
        rules = _refusing(by_fpm.get(mpm, plans[mpm]))
        against.append('%s is refused: %s.' % (mpm, ', '.join(rules)))
    return Advice(now, None, tuple(against))


def _refusing(plan):
    # type: (Plan) -> list[str]
    """Return the names of the rules that refuse a plan, each once, in order."""
    return sorted(set(finding.rule for finding in plan.findings if finding.level == REFUSE))


def _take(state, now, mpm, php, against):
    # type: (HostState, str, str, str | None, list[str]) -> Advice
    if mpm == now:
        return Advice(mpm, None, ('%s runs already.' % mpm.capitalize(),) + tuple(against))
    reasons = [_FOR[mpm]]
    if php:
        reasons.append('Its PHP moves from mod_php to FPM in the same switch.')
    return Advice(mpm, php, tuple(reasons + _memory(state, now) + against))


def _memory(state, now):
    # type: (HostState, str) -> list[str]
    """Return what the old server was measured to use, as a sentence in a list; [] if it was not."""
    running = state.servers.running
    if not running or running.memory is None or now != PREFORK:
        return []
    words = 'The %d processes of prefork use %d MiB now, what they share counted once.'
    return [words % (running.processes, running.memory // 1024)]
