# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A runner that answers from a list, for tests that must not run anything."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult


class ScriptedRunner(object):
    """Answers each call with the next of its pairs (argv, answer), and fails on any other argv.

    answer: text of the standard output, or a CommandResult. A test ends with `assert runner.left ==
    []`.
    """

    def __init__(self, *pairs):
        self.left = list(pairs)

    def __call__(self, argv, **_options):
        """Return the answer to a command, which has to be the one that is expected next."""
        assert self.left, 'nobody expected %r' % (argv,)
        expected, answer = self.left.pop(0)
        assert list(argv) == expected
        return (
            answer
            if isinstance(answer, CommandResult)
            else CommandResult(list(argv), 0, answer, u'')
        )
