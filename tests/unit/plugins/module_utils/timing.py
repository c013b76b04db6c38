# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The seconds that a piece of code takes, whatever else the machine has to do."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

# Return the seconds of processor time that this process has used.
clock = getattr(time, 'process_time', None) or time.clock
