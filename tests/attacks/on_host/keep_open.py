# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Runs on a test host, as an attacker: keeps a file open for writing.

Started by httpd, it makes the folder one that the server writes into.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import sys
import time

stream = open(sys.argv[1], 'w')
print('ready')
sys.stdout.flush()
time.sleep(600)
