# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files on this host for tests, and the steps of a switch that replaces them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import Step
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    NOTHING,
    StageOrder,
    SwapOrder,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    actions,
    engine,
    files,
)
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context

NAMES = ('1', '2', '3')


def fail(_order, _context):
    raise StepError('no')


class Host(object):
    """Three files, of which the second is not there yet, their staging as a transaction has it,
    and a note of how they were.
    """

    def __init__(self, tmpdir):
        self.etc, self.state = str(tmpdir.mkdir('etc')), str(tmpdir.mkdir('state'))
        os.chmod(self.state, 0o700)
        self.paths = [os.path.join(self.etc, name) for name in NAMES]
        self.texts = [
            (u'one \xe9\n', u'ONE \xe9\n', None),
            (None, u'TWO', None),
            (u'three', u'THREE', None),
        ]
        for path, (before, _after, _like) in zip(self.paths, self.texts):
            if before is not None:
                self.write(path, before.encode('latin-1'))
        os.chmod(self.paths[0], 0o640)
        os.chmod(self.paths[2], 0o600)
        if os.geteuid() == 0:
            os.chown(self.paths[0], 12, 34)
        self.context = Context(None, self.state, self.texts)
        self.before = self.snapshots()

    @staticmethod
    def write(path, content):
        with open(path, 'wb') as stream:
            stream.write(content)

    def snapshots(self):
        return [files.take_snapshot(path) for path in self.paths]

    def contents(self):
        return [item.content if item.kind == 'file' else None for item in self.snapshots()]

    def left(self):
        """What lies in either folder besides the three files."""
        return sorted(os.listdir(self.state)) + sorted(set(os.listdir(self.etc)) - set(NAMES))

    def stage(self):
        actions.stage_files(StageOrder(self.paths), self.context)

    def swap(self):
        for number in range(len(NAMES)):
            actions.swap_file(SwapOrder(number), self.context)

    def put_back(self):
        for number in reversed(range(len(NAMES))):
            actions.put_back(SwapOrder(number), self.context)

    def steps(self, last='nothing'):
        """As _plan.steps has them; `last` is the action of a step after the swaps."""
        swaps = [
            Step('swap', 'swap_file', SwapOrder(number), 'put_back', SwapOrder(number), '')
            for number in range(len(NAMES))
        ]
        return (
            [
                Step('stage', 'stage_files', StageOrder(self.paths), 'forget_staged', NOTHING, ''),
                Step('recheck', 'demand_unchanged', NOTHING, None, NOTHING, ''),
                Step('stop', 'stop', NOTHING, 'nothing', NOTHING, ''),
            ]
            + swaps
            + [Step('prove', last, NOTHING, None, NOTHING, '')]
        )

    def run(self, last='nothing', stop=lambda order, context: None):
        return engine.execute(
            self.steps(last),
            dict(actions.ACTIONS, fail=fail, nothing=lambda order, context: None, stop=stop),
            self.context,
        )
