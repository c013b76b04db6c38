# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the module mpm, and take the connection up again if it is lost in the middle: the host finishes without us."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
import time
import uuid

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible_collections.webops.apache.plugins.module_utils import _outcomes
from ansible_collections.webops.apache.plugins.module_utils._model import RECOVERED
from ansible_collections.webops.apache.plugins.plugin_utils import answers, text
from ansible_collections.webops.apache.plugins.plugin_utils.checked_action import CheckedAction
from ansible_collections.webops.apache.plugins.plugin_utils.documented import MPM

# Seconds for which a host that was lost is asked again; what the option reconnect_timeout may say
# instead. They are here a second time, held equal by a test: to import what checks a request takes
# a tenth of a second for each host.
PATIENCE, PATIENCES = 60, (0, 3600)
PAUSE = 2
# What is said when ssh could not connect at all: then nothing was begun, and waiting would only
# hold up the other hosts. "Data could not be sent" is not among it: with pipelining a connection
# that is cut in the middle of a switch ends in these words, too.
NEVER_CONNECTED = re.compile(
    r'Connection refused|No route to host|timed out|Could not resolve|Permission denied|'
    r'Host key verification|Network is unreachable|Name or service not known',
    re.IGNORECASE)
# What it says, in the same words, of a connection that stood and was lost.
WAS_CONNECTED = re.compile(r'Read from remote host|client_loop|ssh_dispatch_run_fatal|packet_write', re.IGNORECASE)
LOST = ('The connection to the host was lost during the switch and did not come back within %d s, '
        'so what became of it is unknown. The host finishes or takes it back without us: call '
        'again to learn which. The last error was: %s')


def was_cut_off(answer):
    """Return whether the module was ended by a signal: then it names no outcome and no reason."""
    ended = answer.get('rc') in (-1, -9, -15, 129, 137, 143, 255)
    return ended and bool(answer.get('failed')) and 'outcome' not in answer


class ActionModule(CheckedAction):
    """The same call again attaches to the first one by the word that both have.

    So one switch happens, and its own result is told.
    """

    description = MPM

    def _check(self, answer, arguments):
        return answers.check_answer(MPM, answer, settling=arguments.get('state') == RECOVERED)

    def _ask(self, arguments, task_vars):
        """Return the checked answer, of the first call or of one that attached to it."""
        patience = _patience(arguments.get('reconnect_timeout'))
        arguments.setdefault('transaction', uuid.uuid4().hex)
        deadline = None
        while True:
            try:
                answer = super(ActionModule, self)._ask(arguments, task_vars)
                if not was_cut_off(answer):
                    return answer
                error = answer.get('module_stderr') or answer.get('msg') or ''
            except AnsibleConnectionFailure as e:
                error = e.message
                if deadline is None and NEVER_CONNECTED.search(error) and not WAS_CONNECTED.search(error):
                    raise
            deadline = deadline or time.time() + patience
            if time.time() > deadline:
                return _unknown(patience, error)
            time.sleep(PAUSE)
            self._reset()

    def _reset(self):
        try:
            self._connection.reset()
        except Exception:  # the next call says what is wrong
            return


def _patience(seconds):
    """Return the seconds that the option says. Raises AnsibleActionFail for any other value."""
    if seconds is None:
        return PATIENCE
    number = int('%s' % seconds) if re.match(r'[0-9]{1,9}\Z', '%s' % seconds) else -1
    if not PATIENCES[0] <= number <= PATIENCES[1]:
        raise AnsibleActionFail(
            'reconnect_timeout: %r is not a number of seconds from %d to %d. No host was asked.'
            % ((seconds,) + PATIENCES))
    return number


def _unknown(patience, error):
    return {'outcome': _outcomes.UNKNOWN, 'msg': LOST % (patience, text.short(error)),
            'failed': _outcomes.is_failed(_outcomes.UNKNOWN),
            'changed': _outcomes.is_changed(_outcomes.UNKNOWN)}
