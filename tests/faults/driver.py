# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host: one switch by the collection's own code, whose worker waits at its start until a tracer is attached.

driver.py MPM [plain]   prints the result as JSON. Only this file knows of the waiting; what ships has no such place.
"""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import signal
import sys

from ansible_collections.webops.apache.plugins.module_utils import _switch
from ansible_collections.webops.apache.plugins.module_utils._errors import Error
from ansible_collections.webops.apache.plugins.module_utils._model import Wanted
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command
from ansible_collections.webops.apache.plugins.module_utils._transaction import guardian, journal


def wait_for_tracer(stage):
    """Make the worker of the given stage (0: the switch itself, 1: the first recovery) stop itself at its start."""
    begin, count = guardian._work, []

    def work(*args):
        if len(count) == stage:
            with open('/tmp/worker.pid', 'w') as note:
                note.write(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGSTOP)
        begin(*args)

    fork = os.fork

    def counting_fork():
        pid = fork()
        if pid and _is_guardian():
            count.append(pid)
        return pid

    guardian._work, os.fork = work, counting_fork
    if stage:
        _die_before('start')


def _die_before(name):
    """Kill the first worker as it begins this step, with the server stopped and the files swapped: the recovery is what is looked at."""
    note = journal.Journal.note

    def deadly_note(self, phase, step):
        note(self, phase, step)
        if step.name == name and phase == 'begin':
            os.kill(os.getpid(), signal.SIGKILL)

    journal.Journal.note = deadly_note


def _is_guardian():
    return os.getsid(0) != SESSION


SESSION = os.getsid(0)
if len(sys.argv) > 2 and sys.argv[2] != 'plain':
    wait_for_tracer(int(sys.argv[2]))
try:
    result = _switch.switch(run_command, Wanted(sys.argv[1], None, {}, [], 2, 2, 0, ()))
except Error as e:
    result = dict(e.details, outcome='error', msg=e.message, changed=False)
print(json.dumps(dict((key, result.get(key)) for key in ('outcome', 'changed', 'msg', 'outage_ms', 'timeline'))))
