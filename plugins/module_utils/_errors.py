# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""One tree of errors.

A message says what was tried, on what and what came back; details are fields of the result.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type


class Error(Exception):
    """Base of every error that this collection foresees; anything else is a bug and may show its
    traceback.
    """

    def __init__(self, message, **details):
        super(Error, self).__init__(message)
        self.message = message
        self.details = details


class InputError(Error):
    """An option has a value that cannot be meant. Nothing was read and nothing was changed."""


class ReadError(Error):
    """The host could not be read. Nothing was changed."""


class CommandError(Error):
    """A command could not be run, or did not end in its time."""


class SlowCommandError(CommandError):
    """A command did not end in its time, and was killed."""


class StepError(Error):
    """A step of the transaction did not do its work."""


class ProofError(Error):
    """The server is not in the state that it should be in."""


class IsolationError(Error):
    """Namespaces of our own could not be had, or what was to be done in them could not be brought
    to its end.

    Nothing was changed.
    """


class DeadlineError(IsolationError):
    """What was to be done in namespaces of our own did not end in its time, and was killed.

    Nothing was changed.
    """


class StrangerError(Error):
    """What somebody other than root can change was not as it has to be, or too large to look at.

    Nothing of it was used, and nothing was changed.
    """


class OtherFileSystemError(StrangerError):
    """A path leads to a file system that was not to be entered."""
