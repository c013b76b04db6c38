# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host: one audit or switch by the collection's own code, bounded and measured.

call.py JSON   {what: audit | rehearse | switch | recover, options: of the module, seconds, kib}

Prints {result, seconds, peak_kib, private_kib, ended, said}:
peak_kib: memory of our processes and of what they started, at the worst moment, pages that
several of them share counted once;
private_kib: size of the file systems in memory that only they see, at the worst moment;
ended: itself, deadline or memory; said: what was written to stderr.
Above a bound all processes are killed: nothing there may reach the machine that runs the tests.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

# What our own processes have in their environment, and what they start has not.
MARK = 'WEBOPS_CALL'
PAUSE = 0.1


def do(what, options):
    """Do what is asked, as the modules do, and return the result.

    The imports are here, so that the process that watches stays small.
    """
    from ansible_collections.webops.apache.plugins.module_utils import _switch
    from ansible_collections.webops.apache.plugins.module_utils._errors import Error
    from ansible_collections.webops.apache.plugins.module_utils._request import (
        ARGUMENTS,
        read_request,
    )
    from ansible_collections.webops.apache.plugins.module_utils._system.command import run_command

    given = dict((name, about.get('default')) for name, about in ARGUMENTS.items())
    given.update(options)
    try:
        if what == 'audit':
            return _switch.audit(run_command)
        if what == 'recover':
            return _switch.recover(run_command)
        if what == 'rehearse':
            return rehearse(run_command, read_request(given))
        return _switch.switch(run_command, read_request(given), check=bool(options.get('check')))
    except Error as e:
        return dict({'outcome': 'refused', 'changed': False, 'msg': e.message}, **e.details)


def rehearse(run, wanted):
    """Do what a switch does up to its rehearsal, and stop there."""
    from ansible_collections.webops.apache.plugins.module_utils import _rehearsal, _switch
    from ansible_collections.webops.apache.plugins.module_utils._transaction import state_folder

    folder = state_folder.STATE_FOLDER
    state_folder.make_private(folder)
    state, plan = _switch.plan_switch(run, wanted)
    plan = _rehearsal.try_out(wanted, state, plan, False, folder)
    return {'outcome': 'planned', 'rehearsal': plan.rehearsal._asdict()}


def read(path):
    """Return what is in a file, no bytes where it cannot be read."""
    try:
        with open(path, 'rb') as stream:
            return stream.read()
    except (IOError, OSError):
        return b''


class Family(object):
    """Our processes, by a mark in their environment, and all that descend from them."""

    def __init__(self, mark):
        self.mark, self.known = mark, {}

    def pids(self):
        """Return the pids of those that are there now."""
        parents = {}
        for pid in [int(name) for name in os.listdir('/proc') if name.isdigit()]:
            fields = read('/proc/%d/stat' % pid).rpartition(b')')[2].split()
            if fields:
                # The same pid may be another process by now.
                parents[pid] = int(fields[1])
                self.known.setdefault((pid, fields[19]), None)
                if self.known[(pid, fields[19])] is None:
                    self.known[(pid, fields[19])] = self.mark in read('/proc/%d/environ' % pid)
                parents[pid] = (int(fields[1]), self.known[(pid, fields[19])])
        ours = set(pid for pid, (_parent, marked) in parents.items() if marked)
        grew = True
        while grew:
            more = set(pid for pid, (parent, _marked) in parents.items() if parent in ours) - ours
            ours, grew = ours | more, bool(more)
        return ours - set([os.getpid()])


def taken_kib(pids):
    """Return the KiB of memory that these processes take together.

    Resident memory would count the pages of a process again for each fork of it: a switch has
    several at times, and a test of httpd's configuration has them, too.
    """
    lines = [
        line.split()
        for pid in pids
        for line in read('/proc/%d/smaps_rollup' % pid).splitlines()
        if line.startswith(b'Pss:')
    ]
    return sum(int(line[1]) for line in lines)


def used_kib(path, device):
    """Return the KiB that are used of the file system at a path; None where it has another device:
    mounts come and go, and what lies under them or over them is another one.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        number, facts = os.fstat(descriptor).st_dev, os.fstatvfs(descriptor)
    finally:
        os.close(descriptor)
    if '%d:%d' % (os.major(number), os.minor(number)) != device:
        return None
    return (facts.f_blocks - facts.f_bfree) * facts.f_frsize // 1024


def private_kib(pids):
    """Return the KiB in file systems in memory that these processes see and we do not."""
    ours, used = os.readlink('/proc/self/ns/mnt'), {}
    for pid in pids:
        try:
            if os.readlink('/proc/%d/ns/mnt' % pid) == ours:
                continue
        except OSError:
            continue
        for line in read('/proc/%d/mountinfo' % pid).decode('latin-1').splitlines():
            if ' - tmpfs ' in line:
                words = line.split()
                size = used_kib('/proc/%d/root%s' % (pid, words[4]), words[2])
                if size is not None:
                    used[words[2]] = size
    # Those that the host has as well are no matter of ours.
    shared = set(
        line.split()[2] for line in read('/proc/self/mountinfo').decode('latin-1').splitlines()
    )
    return sum(size for device, size in used.items() if device not in shared)


def watch(process, family, seconds, kib):
    """Wait for a call; return (how it ended, peak_kib, private_kib)."""
    end, peak, private, rounds = time.time() + seconds, 0, 0, 0
    while process.poll() is None:
        pids, rounds = family.pids(), rounds + 1
        peak = max(peak, taken_kib(pids))
        private = max(private, private_kib(pids))
        ended = 'deadline' if time.time() > end else 'memory' if max(peak, private) > kib else None
        if ended:
            for pid in pids | set([process.pid]):
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    continue
            process.wait()
            return ended, peak, private
        time.sleep(PAUSE)
    return 'itself', peak, private


def main():
    """Call what was asked, in a process that is watched, and print what that came to."""
    asked = json.loads(sys.argv[1])
    if os.environ.get(MARK):
        print(json.dumps(do(asked['what'], asked.get('options') or {})))
        return
    mark = '%d-%d' % (os.getpid(), int(time.time()))
    # Not where all may write: what is made there is watched by a test.
    with tempfile.TemporaryFile(dir='/root') as out:
        with tempfile.TemporaryFile(dir='/root') as err:
            began = time.time()
            process = subprocess.Popen(
                [sys.executable, '-B', os.path.abspath(__file__), sys.argv[1]],
                stdout=out,
                stderr=err,
                env=dict(os.environ, **{MARK: mark}),
                preexec_fn=os.setsid,
            )
            ended, peak, private = watch(
                process,
                Family(('%s=%s\0' % (MARK, mark)).encode('ascii')),
                asked['seconds'],
                asked['kib'],
            )
            seconds = time.time() - began
            out.seek(0)
            err.seek(0)
            said, told = err.read().decode('latin-1'), out.read().decode('latin-1').strip()
    print(
        json.dumps(
            {
                'result': json.loads(told) if told and ended == 'itself' else None,
                'seconds': seconds,
                'peak_kib': peak,
                'private_kib': private,
                'ended': ended,
                'said': said[-2000:],
            }
        )
    )


if __name__ == '__main__':
    main()
