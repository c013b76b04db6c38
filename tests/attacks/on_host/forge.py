# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: writes whole lines of httpd's that say its children crash.

forge.py page   once, to stderr: a page of the server whose descendant this is
forge.py LOG    all the time, into a log
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import sys
import time

# As 2.4 writes it, and 2.2. Main process and child are really there.
LINES = (
    '[{day}.123456 {year}] [core:notice] [pid {main}] '
    'AH00052: child pid {child} exit signal Aborted (6)',
    '[{day} {year}] [notice] child pid {child} exit signal Segmentation fault (11)',
    '[{day}.123456 {year}] [mpm_worker:alert] [pid {main}] (11)Resource temporarily unavailable: '
    'AH03142: ap_thread_create: unable to create worker thread',
    '[{day}.123456 {year}] [core:alert] [pid {main}] /home/owner/www/.htaccess: Invalid command',
)


def forged(main, child):
    """Return the lines as the log would have them now, of this main process and child."""
    day, year = time.strftime('%a %b %d %H:%M:%S'), time.strftime('%Y')
    return ''.join(line.format(day=day, year=year, main=main, child=child) + '\n' for line in LINES)


def parents():
    """Return {pid: parent} of the processes of httpd."""
    found = {}
    for name in os.listdir('/proc'):
        try:
            with open('/proc/%d/stat' % int(name)) as stream:
                before, _bracket, after = stream.read().rpartition(')')
        except (ValueError, IOError, OSError):
            continue
        if 'httpd' in before or 'apache2' in before:
            found[int(name)] = int(after.split()[1])
    return found


def main():
    """Write the lines once as a page, or all the time into a log."""
    if sys.argv[1] == 'page':
        child = os.getppid()
        os.write(2, forged(parents().get(child, child), child).encode())
        return
    print('ready')
    sys.stdout.flush()
    while True:
        with open(sys.argv[1], 'a') as log:
            for child, parent in parents().items():
                log.write(forged(parent, child))
        time.sleep(0.02)


if __name__ == '__main__':
    main()
