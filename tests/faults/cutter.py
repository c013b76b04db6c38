# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host: waits for a moment of a transaction, and ends somebody at once.

Prints where it struck, as JSON.

cutter.py WHEN WHOM [SECONDS]
WHEN: a number: the journal has so many records | words like "done stop": it says so | locked:
somebody has the lock | settled: the journal that was there is gone | starting: the server that was
down has a main process again.
WHOM: sessions: every ssh session | stalled: the same, stopped instead of killed, as by a network
that drops packets |
module: what Ansible called | guardian | both: guardian and worker | all: these and the module |
server: the main process of httpd.
SECONDS: new ones are ended for so long.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import signal
import sys
import time

STATE = '/var/lib/webops-apache-mpm/'
JOURNAL, LOCK = STATE + 'journal', STATE + 'lock'
PID_FILE = '/var/run/httpd/httpd.pid'
PATIENCE = 60
PAUSE = 0.0005


def read(path):
    """Return what is in a file, no bytes where it cannot be read."""
    try:
        with open(path, 'rb') as stream:
            return stream.read()
    except (IOError, OSError):
        return b''


def pids():
    """Return the pids of all processes."""
    return [int(name) for name in os.listdir('/proc') if name.isdigit()]


def status(pid):
    """Return {parent, session} of a process, {} where it is gone."""
    fields = read('/proc/%d/stat' % pid).decode('latin-1').rpartition(')')[2].split()
    return {'parent': int(fields[1]), 'session': int(fields[3])} if fields else {}


def lock_holders():
    """Return the processes that have the lock's file open."""
    found = []
    for pid in pids():
        try:
            folder = '/proc/%d/fd/' % pid
            if any(os.readlink(folder + name) == LOCK for name in os.listdir(folder)):
                found.append(pid)
        except OSError:
            continue
    return found


def server():
    """Return [the pid of the server's main process], [] where none is noted."""
    return [int(word) for word in read(PID_FILE).split()[:1]]


def is_starting():
    """Return whether the server's main process is there."""
    return any(os.path.exists('/proc/%d/exe' % pid) for pid in server())


def journal_says():
    """Return what each record of the journal says."""
    records = [
        json.loads(line.partition(b' ')[2].decode('utf-8'))
        for line in read(JOURNAL).split(b'\n')[:-1]
    ]
    names = [step[0] for step in records[0]['steps']] if records else []
    return ['plan'][: len(records)] + [
        '%s %s' % (record['phase'], names[record['step']]) if 'phase' in record else 'staged'
        for record in records[1:]
    ]


def wait_for(when):
    """Wait for the moment; tell whether it came."""
    ready = {
        'locked': lock_holders,
        'starting': is_starting,
        'settled': lambda: not os.path.exists(JOURNAL),
    }.get(
        when,
        lambda: (
            read(JOURNAL).count(b'\n') >= int(when) if when.isdigit() else when in journal_says()
        ),
    )
    end = time.time() + PATIENCE
    if when == 'settled':
        # Only a journal that was there can go.
        while not os.path.exists(JOURNAL) and time.time() < end:
            time.sleep(PAUSE)
    while not ready():
        if time.time() > end:
            return False
        time.sleep(PAUSE)
    return True


def sessions():
    """Return the pids of the processes of sshd that serve a connection."""
    listener = int(read('/var/run/sshd.pid') or 0)
    return [pid for pid in pids() if read('/proc/%d/comm' % pid) == b'sshd\n' and pid != listener]


def transaction_processes():
    """Return (module, guardian, worker); None for one that is not there."""
    caller = json.loads(read(STATE + 'current').decode('utf-8')).get('pid')
    holders = dict((pid, status(pid)) for pid in lock_holders() if pid != caller)
    worker = next((pid for pid, about in holders.items() if about.get('parent') in holders), None)
    guardian = next((pid for pid in holders if pid != worker), None)
    return caller, guardian, worker


def victims(whom):
    """Return the pids of those whom this word names, the first to be met first."""
    if whom in ('sessions', 'stalled'):
        return sessions()
    if whom == 'server':
        return server()
    caller, guardian, worker = transaction_processes()
    # The guardian first: it would take the worker's end for its own turn.
    found = {
        'module': [caller],
        'guardian': [guardian],
        'both': [guardian, worker],
        'all': [caller, guardian, worker],
    }[whom]
    return [pid for pid in found if pid]


def strike(whom):
    """End them; return how many there were."""
    found = 0
    for pid in victims(whom):
        try:
            os.kill(pid, signal.SIGSTOP if whom == 'stalled' else signal.SIGKILL)
            found += 1
        except OSError:
            continue
    return found


def main():
    """Wait for the moment, strike, and print what that came to."""
    when, whom, seconds = sys.argv[1], sys.argv[2], float((sys.argv[3:] or ['0'])[0])
    print('ready')
    sys.stdout.flush()
    came = wait_for(when)
    ended = strike(whom) if came else 0
    records = journal_says()
    end = time.time() + seconds
    while time.time() < end:
        time.sleep(0.05)
        ended += strike(whom)
    print(
        json.dumps(
            {
                'came': came,
                'ended': ended,
                'records': len(records),
                'last': (records or ['no journal'])[-1],
            }
        )
    )


if __name__ == '__main__':
    main()
