# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""What the steps of one transaction share while it runs."""


class Context(object):
    """run: runs a command; staged: [(text before or None, text after)], the new files by number.

    snapshots: {path: Snapshot} of what was replaced; went_down, came_up: when the server stopped and was back (seconds of the
    monotonic clock, None if it never did); baseline: what the page for PHP said before, or None where it cannot be asked;
    log_size: length of the error log before, in bytes; proved: the last proof that was asked for has held.
    """

    def __init__(self, run, staged):
        self.run = run
        self.staged = staged
        self.snapshots = {}
        self.went_down = None
        self.came_up = None
        self.baseline = None
        self.log_size = 0
        self.proved = False

    def outage_ms(self):
        """Milliseconds from the first signal until every port listened again; 0 if the server was never stopped."""
        if self.went_down is None:
            return 0
        return None if self.came_up is None or self.came_up < self.went_down else int(round((self.came_up - self.went_down) * 1000))
