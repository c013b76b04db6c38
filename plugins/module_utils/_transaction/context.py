# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What the steps of one transaction share while it runs."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._errors import Error
from .._system.clock import monotonic
from . import listen_watch


class Context(object):
    """run: runs a command; folder: the state folder; staged: [(before, after, like)] by number, the
    first two a text, a Link or None for nothing, the last as in a FileEdit; places: {path: folder
    in which its new file waits}, the state folder for others.

    metas: {number: how a file was staged}; journal: has `keep`, None where none is kept; went_down,
    came_up: when the server stopped and was back (seconds of the monotonic clock, None if it never
    did); watch: the ListenWatch that is on; unheard: seconds for which nobody listened, as it
    measured, None where it did not; baseline: what the page for PHP said before, or None where it
    cannot be asked; answered: whether the server that is proved has answered a page, None where
    none was asked for; log_size: length of the error log before, in bytes, None where it was not
    noted; proved: the last proof that was asked for has held;
    answers: {url: Answer} of the pages of the new server, as it was asked last;
    site_answers: {(url, address): Answer} of the sites, the same;
    unlike: what the pages of a restored server answer otherwise than before, in words;
    holder: (pid, descriptor of its words, descriptor of its life) of the process that holds
    connections, None where none does;
    warnings: what a user has to know although it went well; measured: {name: number} of what was
    counted of connections;
    meanwhile: to be called where there is nothing to do but to wait; it never raises.
    """

    def __init__(
        self,
        run,
        folder,
        staged=(),
        places=None,
        metas=None,
        journal=None,
        meanwhile=lambda: None,
    ):
        self.run = run
        self.folder = folder
        self.staged = staged
        self.places = dict(places or {})
        self.metas = dict(metas or {})
        self.journal = journal
        self.went_down = None
        self.came_up = None
        self.watch = None
        self.unheard = None
        self.baseline = None
        self.log_size = None
        self.answered = None
        self.proved = False
        self.answers = {}
        self.site_answers = {}
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

    def end_watch(self):
        """Measure no longer: the server is proved, or nothing more is tried."""
        listen_watch.end(self)

    def count_unanswered(self):
        """Count the time for which a server listened, and served nobody until its proof failed."""
        if self.came_up is not None and self.answered is False:
            self.add_outage(monotonic() - self.came_up)

    def add_outage(self, seconds):
        """Count seconds of outage that the watch cannot see, since something listens.

        Where there is no watch the clock of the steps has them already.
        """
        if self.watch is not None:
            self.unheard = (self.unheard or 0) + seconds

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
