# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: processes of httpd's program that name main files of his.

fake_httpd.py PROGRAM FOLDER KIND...   one process for each kind: a function of this file. `later`
before the kinds: not before the server of this host has another main process.

Each process waits forever: to it its file is a pipe. Then another file takes its place.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import subprocess
import sys
import time


def pipe(path):
    """Leave the pipe there."""
    os.mkfifo(path)


def nothing(path):
    """Leave the place free."""


def nested(path):
    """1,500 files, each of which includes the next."""
    for number in range(1500):
        with open('%s.%d' % (path, number), 'w') as stream:
            stream.write('Include %s.%d\n' % (path, number + 1))
    with open('%s.1500' % path, 'w') as stream:
        stream.write('User mallory\n')
    os.rename('%s.0' % path, path)


def wide(path):
    """10,000 files that one line includes."""
    os.mkdir(path + '.d')
    for number in range(10000):
        with open('%s.d/%d.conf' % (path, number), 'w') as stream:
            stream.write('User mallory\n' * 50)
    with open(path, 'w') as stream:
        stream.write('Include %s.d/*.conf\n' % path)


def every_folder(path):
    """A pattern that matches all of the disk, several times over."""
    with open(path, 'w') as stream:
        stream.write('Include /*/*/*/*/*/*\n' * 50)


def bomb(path):
    """Ten lines of words that are ten times as long as the line before."""
    with open(path, 'w') as stream:
        stream.write('Define a0 0123456789\n')
        for number in range(1, 10):
            stream.write('Define a%d "%s"\n' % (number, '${a%d}' % (number - 1) * 10))
        stream.write('Include ${a9}\nLoadModule ${a9} ${a9}\n')


def macros(path):
    """Macros that use others ten times each."""
    with open(path, 'w') as stream:
        stream.write('<Macro m0>\nUser mallory\n</Macro>\n')
        for number in range(1, 10):
            use = 'Use m%d\n' % (number - 1)
            stream.write('<Macro m%d>\n%s</Macro>\n' % (number, use * 10))
        stream.write('Use m9\n')


def pattern(path):
    """A pattern that takes very long to match."""
    with open(path, 'w') as stream:
        stream.write('<IfVersion ~ ^(([0-9.]+)+)+x>\nUser mallory\n</IfVersion>\n' * 20)


def sections(path):
    """More sections in one another than anybody needs."""
    with open(path, 'w') as stream:
        stream.write('<IfModule !none>\n' * 50000 + '</IfModule>\n' * 50000)


def blank(path):
    """Write a file of 15 million blank lines."""
    with open(path, 'w') as stream:
        stream.write('\n' * 15000000)


def huge(path):
    """Write a file of 1 TiB that takes no room."""
    with open(path, 'w') as stream:
        stream.truncate(2**40)


def endless(path):
    """Link to a device that never ends."""
    os.symlink('/dev/zero', path)


def terminal(path):
    """The other end of a terminal that nobody writes to."""
    os.symlink(os.ttyname(os.openpty()[1]), path)


def secret(path):
    """What only root may read: in a place where one looks for words."""
    with open(path, 'w') as stream:
        stream.write('Include /etc/root-secret\nInclude /etc/shadow\nPidFile /etc/root-secret\n')


def secret_link(path):
    """Link to a file that only root may read."""
    os.symlink('/etc/root-secret', path)


def mains():
    """Return the pids of the processes of httpd that init has started."""
    found = subprocess.Popen(
        ['pgrep', '-P', '1', 'httpd|apache2'], stdout=subprocess.PIPE, universal_newlines=True
    )
    return set(found.communicate()[0].split())


def start(program, path, kind):
    """Start a process that was told to read `path`, and put there what `kind` makes."""
    os.mkfifo(path)
    process = subprocess.Popen([program, '-f', path])
    # It has its words now, and waits at the pipe.
    while os.readlink('/proc/%d/exe' % process.pid) != os.path.realpath(program):
        time.sleep(0.01)
    time.sleep(0.2)
    os.rename(path, path + '.pipe')
    globals()[kind](path)
    return process


def main():
    """Start a process for each kind, then put that in place of its file."""
    program, folder, kinds = sys.argv[1], sys.argv[2], sys.argv[3:]
    if kinds[0] == 'later':
        print('ready')
        sys.stdout.flush()
        before = mains()
        while not mains() - before:
            time.sleep(0.005)
        kinds = kinds[1:]
    started = [start(program, os.path.join(folder, 'main-' + kind), kind) for kind in kinds]
    print('ready')
    sys.stdout.flush()
    for process in started:
        process.wait()


if __name__ == '__main__':
    main()
