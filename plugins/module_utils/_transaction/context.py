# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What the steps of one transaction share while it runs."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._errors import Error


class Context(object):
    """run: runs a command; folder: the state folder; staged: [(before, after)] by number, each a
    text, a Link or None
    for nothing.

    metas: {number: how a file was staged}; journal: has `keep`, None where none is kept; went_down,
    came_up: when the server stopped and was back (seconds of the monotonic clock, None if it never
    did); watch: the ListenWatch that is on; unheard: seconds for which nobody listened, as it
    measured, None where it did not; baseline: what the page for PHP said before, or None where it
    cannot be asked; log_size: length of the error log before, in bytes, None where it was not
    noted; proved: the last proof that was asked for has held;
    unlike: what the pages of a restored server answer otherwise than before, in words;
    holder: (pid, descriptor of its words, descriptor of its life) of the process that holds
    connections, None where none does;
    warnings: what a user has to know although it went well; measured: {name: number} of what was
    counted of connections;
    meanwhile: to be called where there is nothing to do but to wait; it never raises.
    """

    def __init__(self, run, folder, staged=(), metas=None, journal=None, meanwhile=lambda: None):
        self.run = run
        self.folder = folder
        self.staged = staged
        self.metas = dict(metas or {})
        self.journal = journal
        self.went_down = None
        self.came_up = None
        self.watch = None
        self.unheard = None
        self.baseline = None
        self.log_size = None
        self.proved = False
        self.unlike = []
        self.holder = None
        self.warnings = []
        self.measured = {}
        self.meanwhile = meanwhile

    def keep(self, number, meta):
        """Have the journal note how a file is going to be staged, before it is."""
        if self.journal:
            self.journal.keep(number, meta)
        self.metas[number] = meta

    def attempt(self, act, *args):
        """Do what nothing else may hang on: return what `act(*args)` returns.

        Where it fails return None, and warn of it.
        """
        try:
            return act(*args)
        except Exception as e:
            self.warnings.append(e.message if isinstance(e, Error) else '%s' % e)
            return None

    def tell(self, argv, timeout):
        """Run a command of a service manager.

        One that does not answer leaves no server half stopped, or half started.
        """
        self.attempt(lambda: self.run(argv, timeout=timeout, need_output=False))

    def outage_ms(self):
        """Milliseconds for which a port was not listened on; 0 if each always was, None if the
        server did not come back.
        """
        gap = self.gap_ms()
        return gap if self.unheard is None or not gap else int(round(self.unheard * 1000))

    def gap_ms(self):
        """Milliseconds from the first signal until the server listened again; 0 if it was never
        stopped, None if it did not come back.
        """
        if self.went_down is None:
            return 0
        return (
            None
            if self.came_up is None or self.came_up < self.went_down
            else int(round((self.came_up - self.went_down) * 1000))
        )
