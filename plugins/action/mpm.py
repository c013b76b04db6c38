# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the module mpm, and take the connection up again if it is lost in the middle: the host
finishes without us.
"""

from __future__ import annotations

import functools
import re
import time
import uuid
from typing import Any, Callable

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible_collections.webops.apache.plugins.module_utils import _outcomes
from ansible_collections.webops.apache.plugins.module_utils._model import PRESENT
from ansible_collections.webops.apache.plugins.plugin_utils import answers, single_tries, text
from ansible_collections.webops.apache.plugins.plugin_utils.checked_action import CheckedAction
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM

# Seconds for which a host that was lost is asked again; what the option reconnect_timeout may say
# instead. They are here a second time, held equal by a test: to import what checks a request takes
# a tenth of a second for each host.
PATIENCE, PATIENCES = 60, (0, 3600)
PAUSE = 2
NO_WORDS = 'none'
LOST = (
    'The connection to the host was lost during the switch and did not come back within %d s, '
    'so what became of it is unknown. The host finishes or takes it back without us: call '
    'again to learn which. The last error was: %s'
)


def was_cut_off(answer: dict[str, Any]) -> bool:
    """Return whether the module was ended by a signal: then it names no outcome and no reason."""
    ended = answer.get('rc') in (-1, -9, -15, 129, 137, 143, 255)
    return ended and bool(answer.get('failed')) and 'outcome' not in answer


class ActionModule(CheckedAction):
    """The same call again attaches to the first one by the word that both have.

    So one switch happens, and its own result is told.
    """

    description = MPM

    def _check(self, answer: dict[str, Any], arguments: dict[str, Any]) -> dict[str, Any]:
        return answers.check_answer(MPM, answer, state=arguments.get('state') or PRESENT)

    def _ask(self, arguments: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Return the checked answer, of the first call or of one that attached to it."""
        patience = _patience(arguments.get('reconnect_timeout'))
        arguments.setdefault('transaction', uuid.uuid4().hex)
        ask = functools.partial(super()._ask, arguments, task_vars)
        with single_tries.single_tries(self._connection) as retries:
            answer, lost = single_tries.call_with_retries(lambda: _answer(ask), retries)
            deadline = time.time() + patience
            while answer is None and time.time() <= deadline:
                time.sleep(PAUSE)
                self._reset()
                answer, lost = _answer_again(ask)
        return _unknown(patience, lost or NO_WORDS) if answer is None else answer

    def cleanup(self, force: bool = False) -> None:
        """Remove Ansible's folder on the host, or leave it where the host is not reached any more.

        The error of that would come in place of the outcome.
        """
        try:
            super().cleanup(force)
        except AnsibleConnectionFailure:
            return

    def _reset(self) -> None:
        try:
            self._connection.reset()
        except Exception:  # the next call says what is wrong
            return


def _answer(ask: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any] | None, str | None]:
    """Return (answer, None), or (None, words of the error) where the module may have been lost.

    Raises NeverRan.
    """
    try:
        answer = ask()
    except single_tries.NeverRan:
        raise
    except AnsibleConnectionFailure as e:
        return None, e.message or NO_WORDS
    if was_cut_off(answer):
        return None, answer.get('module_stderr') or answer.get('msg') or NO_WORDS
    return answer, None


def _answer_again(ask: Callable[[], dict[str, Any]]) -> tuple[dict[str, Any] | None, str | None]:
    """Return what `_answer` does; a host that is not reached may be so later."""
    try:
        return _answer(ask)
    except single_tries.NeverRan as e:
        return None, e.message


def _patience(seconds: Any) -> int:
    """Return the seconds that the option says. Raises AnsibleActionFail for any other value."""
    if seconds is None:
        return PATIENCE
    number = int('%s' % seconds) if re.match(r'[0-9]{1,9}\Z', '%s' % seconds) else -1
    if not PATIENCES[0] <= number <= PATIENCES[1]:
        raise AnsibleActionFail(
            'reconnect_timeout: %r is not a number of seconds from %d to %d. No host was asked.'
            % ((seconds,) + PATIENCES)
        )
    return number


def _unknown(patience: int, error: str) -> dict[str, Any]:
    return {
        'outcome': _outcomes.UNKNOWN,
        'msg': LOST % (patience, text.short(error)),
        'failed': _outcomes.is_failed(_outcomes.UNKNOWN),
        'changed': _outcomes.is_changed(_outcomes.UNKNOWN),
    }
