# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Call the module mpm, and take the connection up again if it is lost in the middle: the host finishes without us."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
import time
import uuid

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase

# Seconds for which a host that was lost is asked again.
PATIENCE = 60
PAUSE = 2
# What ssh says when it could not connect at all: then nothing was begun, and waiting would only hold up the other hosts.
NEVER_CONNECTED = re.compile(r'Connection refused|No route to host|timed out|Could not resolve|Permission denied|Host key verification|'
                             r'Network is unreachable|Name or service not known', re.IGNORECASE)
# What it says, in the same words, of a connection that stood and was lost.
WAS_CONNECTED = re.compile(r'Read from remote host|client_loop|ssh_dispatch_run_fatal|packet_write', re.IGNORECASE)
UNKNOWN = ('The connection to the host was lost during the switch and did not come back within %d s, so what became of it is unknown. '
           'The host finishes or takes it back without us: call again to learn which. The last error was: %s')


def was_cut_off(answer):
    """A module that was ended by a signal says nothing: neither an outcome nor a reason."""
    return bool(answer.get('failed')) and 'outcome' not in answer and answer.get('rc') in (-1, -9, -15, 129, 137, 143, 255)


class ActionModule(ActionBase):
    """The same call again attaches to the first one by the word that both have, so that one switch happens, and its own result is told."""

    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp=None, task_vars=None):
        result = super(ActionModule, self).run(tmp, task_vars)
        arguments = dict(self._task.args)
        arguments.setdefault('transaction', uuid.uuid4().hex)
        result.update(self._call(arguments, task_vars))
        return result

    def _call(self, arguments, task_vars):
        deadline = None
        while True:
            try:
                answer = self._execute_module(module_name='webops.apache.mpm', module_args=arguments, task_vars=task_vars)
                if not was_cut_off(answer):
                    return answer
                error = answer.get('module_stderr') or answer.get('msg')
            except AnsibleConnectionFailure as e:
                error = e.message
                if deadline is None and NEVER_CONNECTED.search(error) and not WAS_CONNECTED.search(error):
                    raise
            deadline = deadline or time.time() + PATIENCE
            if time.time() > deadline:
                return {'failed': True, 'outcome': 'unknown', 'changed': False, 'msg': UNKNOWN % (PATIENCE, error)}
            time.sleep(PAUSE)
            self._reset()

    def _reset(self):
        try:
            self._connection.reset()
        except Exception:  # the next call says what is wrong
            return
