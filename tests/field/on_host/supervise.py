# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host as supervisord or runit would: keeps one program running.

supervise.py COMMAND...    It goes into the background.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import subprocess
import sys
import time

PAUSE = 0.2


def main():
    """Start the program again and again, in the background."""
    if os.fork():
        return
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(quiet, stream)
    while True:
        subprocess.call(sys.argv[1:])
        time.sleep(PAUSE)


if __name__ == '__main__':
    main()
