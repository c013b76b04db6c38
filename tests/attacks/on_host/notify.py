# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as a page: tells systemd, for a minute, that its service does not answer."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import socket
import sys
import time

kernel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
print('ready')
sys.stdout.flush()
end = time.time() + 60
while time.time() < end:
    try:
        kernel.sendto(b'WATCHDOG=trigger\n', '/run/systemd/notify')
    except socket.error:
        pass  # it has its hands full
    time.sleep(0.01)
