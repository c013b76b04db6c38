"""Runs on a test host, on its Python: for each set of numbers, what httpd says of it, how many
processes and threads a real server then has, and what this collection says.

One job a line on standard input, {"mpm", "version", "settings", "start"}; one answer a line on
standard output, {"said", "ours", "processes", "threads"}; the last two are null without a start.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import json
import os
import signal
import subprocess
import sys
import time

from ansible_collections.webops.apache.plugins.module_utils._plan import effective

PROGRAMS = {
    'prefork': '/usr/sbin/httpd',
    'worker': '/usr/sbin/httpd.worker',
    'event': '/usr/sbin/httpd.event',
}
CONF, PID, LOG = '/tmp/numbers.conf', '/tmp/numbers.pid', '/tmp/numbers.log'
BASE = """
ServerRoot /etc/httpd
LoadModule unixd_module modules/mod_unixd.so
User apache
Group apache
Listen 127.0.0.1:8099
ServerName numbers
PidFile %s
ErrorLog %s
"""
# Seconds: for all children of the start; before the server looks for idle ones the first time,
# which it does every second.
SOON = 0.6


def main():
    """Answer each job."""
    for line in sys.stdin:
        job = json.loads(line)
        lines = ['%s %s' % item for item in sorted(job['settings'].items())]
        with open(CONF, 'w') as stream:
            stream.write(BASE % (PID, LOG) + '\n'.join(lines) + '\n')
        program = PROGRAMS[job['mpm']]
        answer = {
            'said': tested(program),
            'ours': effective.effective_numbers(job['mpm'], job['version'], job['settings']),
            'processes': None,
            'threads': None,
        }
        if job['start']:
            answer['processes'], answer['threads'] = started(program)
        print(json.dumps(answer))
        sys.stdout.flush()


def tested(program):
    """Return what a test of the configuration says."""
    process = subprocess.Popen(
        [program, '-t', '-f', CONF], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return process.communicate()[0].decode('latin-1')


def started(program):
    """Return (processes, threads of each, in order) of a server that has just started."""
    # httpd ends its whole process group.
    process = subprocess.Popen(
        [program, '-f', CONF, '-DFOREGROUND'], stderr=subprocess.PIPE, preexec_fn=os.setsid
    )
    try:
        end = time.time() + 10
        while not os.path.exists(PID) and time.time() < end:
            time.sleep(0.01)
        time.sleep(SOON)
        children = [pid for pid in os.listdir('/proc') if parent_of(pid) == process.pid]
        return len(children), sorted(set(threads_of(pid) for pid in children))
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def status_of(pid):
    """Return {name: text} of the status of a process; {} where there is none."""
    try:
        with open('/proc/%s/status' % pid) as stream:
            return dict(line.rstrip('\n').split(':\t', 1) for line in stream if ':\t' in line)
    except IOError:
        return {}


def parent_of(pid):
    """Return the pid of its parent, or None."""
    found = status_of(pid).get('PPid') if pid.isdigit() else None
    return int(found) if found else None


def threads_of(pid):
    """Return how many threads a process has, 0 if it has ended."""
    return int(status_of(pid).get('Threads', 0))


if __name__ == '__main__':
    main()
