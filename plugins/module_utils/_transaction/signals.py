# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""While a server is stopped, a lost connection must not end us, and a request to end waits for the step that is under way."""
import signal

_SWALLOWED = (signal.SIGHUP, signal.SIGPIPE)
_NOTED = (signal.SIGTERM, signal.SIGINT)


class deferred_signals(object):
    """Context manager: SIGHUP and SIGPIPE do nothing; SIGTERM and SIGINT are noted in `pending`, for the engine to ask after.

    They raise nothing: an exception out of nowhere could tear a step, or worse the undo of one, in two.
    """

    def __init__(self):
        self.pending = None

    def __enter__(self):
        self._before = dict((number, signal.getsignal(number)) for number in _SWALLOWED + _NOTED)
        for number in _SWALLOWED:
            # A handler and not SIG_IGN: the server that we start, and all that it starts, would inherit that it is ignored.
            signal.signal(number, _swallow)
        for number in _NOTED:
            signal.signal(number, self._note)
        for number in _SWALLOWED + _NOTED:
            # Or on Python 2 a read that a signal meets ends in an error.
            signal.siginterrupt(number, False)
        return self

    def _note(self, number, _frame):
        self.pending = number

    def __exit__(self, *_unused):
        for number, handler in self._before.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        return False


def _swallow(_number, _frame):
    pass
