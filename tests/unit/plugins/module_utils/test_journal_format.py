# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a journal holds on the disk: a recovery may read one that an older version of us wrote.

fixtures/journal/VERSION.json says what each action, and each way back, is given. Where this test
fails, the format has changed: raise VERSION in _transaction/journal.py, and write the new file by
`WRITE_JOURNAL_FORMAT=1 pytest` on this test. The file of the old version stays.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import io
import json
import os

from ansible_collections.webops.apache.plugins.module_utils import _recovery, _switch
from ansible_collections.webops.apache.plugins.module_utils._model import Ability
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._transaction import journal
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

FOLDER = os.path.join(os.path.dirname(__file__), '..', '..', 'fixtures', 'journal')
UNIT = hosts.BESIDE_UNIT
ABILITIES = {
    'overlap': Ability('a way', None, UNIT),
    'hold': Ability('nfqueue by nft', None, {'queues': True}),
    'beside': Ability('a drop-in', None, UNIT),
}
SOCKET = hosts.el9_host().service._replace(socket='httpd.socket')
PAGES = dict(probes=[hosts.model.Probe('http://localhost/', 200, 'words')])
CASES = [
    (hosts.el6_host(), 'worker', 'stop', PAGES),
    (hosts.el6_host(), 'event', 'hold', {'php': 'none'}),
    (hosts.el6_host(running=None), 'worker', 'stop', {}),
    (hosts.el9_host(), 'prefork', 'stop', {}),
    (hosts.el9_host(), 'prefork', 'hold', {}),
    (hosts.el9_host(), 'prefork', 'overlap', PAGES),
    (hosts.el9_host(service=SOCKET), 'prefork', 'stop', {}),
    (hosts.debian_host(), 'event', 'overlap', {'php': 'none'}),
    (hosts.suse_host(), 'event', 'overlap', {'php': 'none'}),
]
KINDS = ((bool, 'flag'), ((int, float), 'number'), (type(None), 'none'), ((str, type(u'')), 'text'))


def kinds_in(value, name=''):
    """Return [(name, kind)] of each value: of a dictionary by its keys, of a list by '[]'."""
    if isinstance(value, dict) and '/' in ''.join(value):
        return [(name, 'by path')]
    if isinstance(value, dict):
        parts = [('%s.%s' % (name, key) if name else key, value[key]) for key in value]
    elif isinstance(value, (list, tuple)):
        parts = [(name + '[]', item) for item in value]
    else:
        return [(name, [kind for types, kind in KINDS if isinstance(value, types)][0])]
    found = [pair for part, item in parts for pair in kinds_in(item, part)]
    return found or [(name + '[]', 'empty')] * isinstance(value, (list, tuple))


def add_to(found, action, args):
    if action:
        known = found.setdefault(action, {})
        for name, kind in kinds_in(args):
            known[name] = sorted(set(known.get(name, [])) | set([kind]))


def current_format():
    """Return {action: {name of an argument: [kind]}} of all that the plans of CASES write."""
    found = {}
    for state, mpm, strategy, wishes in CASES:
        state = state._replace(abilities=ABILITIES)
        php, probes = wishes.get('php'), wishes.get('probes', ())
        wanted = hosts.wanted(mpm, php=php, probes=probes)._replace(strategy=strategy)
        answers = [hosts.model.Answer('http://localhost/', 200, False, True, None)] * len(probes)
        plan = planner.build_plan(state, wanted, answers, 't0k')
        assert plan.steps, (state.layout, mpm, planner.refused(plan))
        decision = _switch.Decision({}, wanted, state, plan)
        add_to(found, 'the header', dict(_switch._header('w0rd', decision), cleanup=[]))
        for step in plan.steps + plan.cleanup:
            add_to(found, step.action, json.loads(json.dumps(step.args)))
            add_to(found, step.undo, json.loads(json.dumps(step.undo_args)))
    return found


def path_of(version):
    return os.path.join(FOLDER, 'version-%d.json' % version)


def test_the_format_is_that_of_its_version():
    found = current_format()
    if os.environ.get('WRITE_JOURNAL_FORMAT'):
        with io.open(path_of(journal.VERSION), 'w') as stream:
            lines = [
                u'%s: %s' % (json.dumps(name), json.dumps(found[name], sort_keys=True))
                for name in sorted(found)
            ]
            stream.write(u'{\n%s\n}\n' % u',\n'.join(lines))
    with io.open(path_of(journal.VERSION)) as stream:
        assert json.load(stream) == found


def test_every_action_that_a_journal_may_name_is_known():
    for version in range(1, journal.VERSION + 1):
        with io.open(path_of(version)) as stream:
            actions = set(json.load(stream)) - set(['the header'])
        assert actions <= set(_recovery.TABLE)
