# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.plugins.module_utils._transaction import actions
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import orders

ORDER = orders.DEPENDENTS


class Manager(object):
    """systemd with units in these states; a start makes those active that can be."""

    def __init__(self, states, startable=('a.service', 'b.timer')):
        self.states, self.startable, self.started = dict(states), startable, []

    def run(self, argv, **options):
        if argv[1] == 'show':
            return CommandResult(argv, 0, u'ActiveState=%s\n' % self.states[argv[-1]], u'')
        self.started.append(argv[argv.index('--') + 1 :])
        for name in self.started[-1]:
            self.states[name] = u'active' if name in self.startable else u'failed'
        return CommandResult(argv, 1, u'', u'Job for b.timer failed.\n')


@pytest.mark.parametrize(
    'states, started',
    [
        ((u'active', u'active'), []),
        ((u'active', u'activating'), []),
        ((u'inactive', u'active'), [['a.service']]),
        ((u'deactivating', u'failed'), [['a.service', 'b.timer']]),
    ],
    ids=repr,
)
def test_starts_those_that_do_not_run_and_believes_their_state(states, started):
    manager = Manager(zip(ORDER.units, states))
    actions.ACTIONS['start_units'](ORDER, manager)
    assert manager.started == started


def test_names_those_that_do_not_come_back():
    manager = Manager({'a.service': u'inactive', 'b.timer': u'inactive'}, ['a.service'])
    with pytest.raises(StepError) as caught:
        actions.ACTIONS['start_units'](ORDER, manager)
    assert 'did not start b.timer, which ran before: Job for b.timer' in caught.value.message
