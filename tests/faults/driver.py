# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host: one switch by the collection's own code, whose worker waits at its start
until a tracer is attached.

driver.py MPM [plain | slow | bare | cut:N | STAGE [PHP [STRATEGY]]]   prints the result as JSON;
MPM may be `recovered`.
STAGE: whose worker waits, 0 the switch's, 1 the first recovery's, 2 that of a switch whose new
server does not start, so that it rolls back.
slow: watches the new server for 12 s, so that others are sure to come upon the switch.
cut:N: everything of ours is killed when step N is done, as by a power cut.
bare: without guardian and without journal, to measure what these cost. Only this file knows of all
that; what ships has no such place.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import signal
import sys
import time

from ansible_collections.webops.apache.plugins.module_utils import _switch
from ansible_collections.webops.apache.plugins.module_utils._errors import Error, StepError
from ansible_collections.webops.apache.plugins.module_utils._model import Wanted
from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    guardian,
    journal,
    state_folder,
)


def wait_for_tracer(stage):
    """Make the worker of the given stage (0: the switch itself, 1: the first recovery) stop
    itself at its start.
    """
    begin, count = guardian._work, []

    def work(*args):
        if len(count) == stage:
            with open('/tmp/worker.pid', 'w') as note:
                note.write('%d %d %d\n' % (os.getpid(), os.getppid(), CALLER))
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
    """Kill the first worker as it begins this step, with the server stopped and the files
    swapped: the recovery is what is looked at.
    """
    note = journal.Journal.note

    def deadly_note(self, phase, step):
        note(self, phase, step)
        if step.name == name and phase == 'begin':
            os.kill(os.getpid(), signal.SIGKILL)

    journal.Journal.note = deadly_note


def _is_guardian():
    return os.getsid(0) != SESSION


def go_bare():
    """Do the work in this process, and note nothing."""

    def run(folder, _lock, transaction, work, *_others):
        state_folder.write_json(guardian.result_path(folder, transaction), work())

    guardian.run_guarded, journal.Journal._append = run, lambda self, record: None


def fail_to_start(_order, _context):
    """Stand in for the start of the new server, and fail."""
    raise StepError('The new server does not start.')


def cut_after(number):
    """Kill guardian and worker together when the step of this number is done."""
    append = journal.Journal._append

    def deadly_append(self, record):
        append(self, record)
        if record.get('phase') == 'done' and record['step'] == number:
            os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    journal.Journal._append = deadly_append


SESSION, CALLER = os.getsid(0), os.getpid()
MODE = sys.argv[2] if len(sys.argv) > 2 else 'plain'
# A slow switch is one that another operator is sure to come upon.
SOAK = 12 if MODE == 'slow' else 0
if MODE == 'bare':
    go_bare()
elif MODE.startswith('cut:'):
    cut_after(int(MODE[4:]))
    # The caller would recover; after a power cut there is none.
    guardian.wait_for_result = lambda *_args: sys.exit(0)
elif MODE == '2':
    _switch.recovery.TABLE['start_server'] = _switch.recovery.TABLE['start_by_reload'] = (
        fail_to_start
    )
    wait_for_tracer(0)
elif MODE not in ('plain', 'slow'):
    wait_for_tracer(int(MODE))
began = time.time()
try:
    if sys.argv[1] == 'recovered':
        result = _switch.recover(run_command)
    else:
        # The plainest way unless another one is asked for: a rehearsal or a trial of what the host
        # can do is a worker of its own.
        result = _switch.switch(
            run_command,
            Wanted(
                sys.argv[1],
                (sys.argv[3:] or [None])[0] or None,
                {},
                [],
                2,
                2,
                SOAK,
                (),
                strategy=(sys.argv[4:] or ['stop'])[0],
                rehearse='never',
            ),
        )
except Error as e:
    result = dict(e.details, outcome='error', msg=e.message, changed=False)
result['seconds'] = time.time() - began
print(
    json.dumps(
        dict(
            (key, result.get(key)) for key in ('outcome', 'changed', 'msg', 'outage_ms', 'seconds')
        )
    )
)
