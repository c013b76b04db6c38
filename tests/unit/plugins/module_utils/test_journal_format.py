# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a journal holds on the disk: a recovery may read one that an older version of us wrote.

fixtures/journal/version-N.json says what each action, and each way back, is told, and
version-N-orders.json has examples. Where this test fails, the format has changed: raise VERSION in
_transaction/journal.py, and write the new files by `WRITE_JOURNAL_FORMAT=1 pytest` on this test.
The files of the old version stay.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import io
import json
import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _recovery, _switch
from ansible_collections.webops.apache.plugins.module_utils._model import Ability
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    ORDERS,
    plain_order,
    read_order,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._plan.steps import with_sites
from ansible_collections.webops.apache.plugins.module_utils._transaction import (
    journal,
    state_folder,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import (
    fpm_hosts,
    hosts,
)

FOLDER = os.path.join(os.path.dirname(__file__), '..', '..', 'fixtures', 'journal')
UNIT = hosts.BESIDE_UNIT
ABILITIES = {
    'overlap': Ability('a way', None, UNIT),
    'hold': Ability('nfqueue by nft', None, {'queues': True}),
    'beside': Ability('a drop-in', None, UNIT),
}
SOCKET = hosts.el9_host().service._replace(socket='httpd.socket')
BOUND = hosts.EL9_SERVICE._replace(dependents=[hosts.model.Dependent('a.service', None)])
PAGES = dict(probes=[hosts.model.Probe('http://localhost/', 200, 'words')])
PAGE_OF_A_LOG = [hosts.model.Answer('http://a/b', 200, False, True, None, 'text/html', '192.0.2.1')]
SITES = [
    hosts.model.SiteAnswer('a:80', 'http://a/', None, None, 200, False),
    hosts.model.SiteAnswer('b:80', 'http://b/', '::1', 'off', 200, False),
]
CASES = [
    (hosts.el6_host(), 'worker', 'stop', PAGES),
    (hosts.el6_host(), 'event', 'hold', {'php': 'none'}),
    (hosts.el6_host(running=None), 'worker', 'stop', {}),
    (hosts.el9_host(), 'prefork', 'stop', {}),
    (hosts.el9_host(), 'prefork', 'hold', {}),
    (hosts.el9_host(), 'prefork', 'overlap', PAGES),
    (hosts.el9_host(service=SOCKET), 'prefork', 'stop', {}),
    (hosts.el9_host(service=BOUND), 'prefork', 'stop', {}),
    (hosts.debian_host(), 'event', 'overlap', {'php': 'none'}),
    (hosts.suse_host(), 'event', 'overlap', {'php': 'none'}),
    (fpm_hosts.debian_with_fpm(), 'event', 'overlap', {'php': 'fpm'}),
    (fpm_hosts.carried(), 'prefork', 'stop', {}),
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


def add_to(found, action, order):
    known = found.setdefault(action, {})
    for name, kind in kinds_in(order):
        known[name] = sorted(set(known.get(name, [])) | set([kind]))


def told():
    """Return [(action, what it is told)] of all that the plans of CASES write, and the header."""
    found = []
    for state, mpm, strategy, wishes in CASES:
        state = state._replace(abilities=ABILITIES)
        php, probes = wishes.get('php'), wishes.get('probes', ())
        wanted = hosts.wanted(mpm, php=php, probes=probes)._replace(strategy=strategy)
        answers = [hosts.model.Answer('http://localhost/', 200, False, True, None)] * len(probes)
        answers += PAGE_OF_A_LOG * len(probes)
        plan = planner.build_plan(state, wanted, answers, 't0k')
        assert plan.steps, (state.layout, mpm, planner.refused(plan))
        plan = with_sites(plan, SITES * len(probes), 0.025)
        decision = _switch.Decision({}, wanted, state, plan)
        header = _switch._header('w0rd', decision)._replace(cleanup=[])
        found.append(('the header', journal.Header.FORM.plain(header)))
        for step in plan.steps + plan.cleanup:
            found.append((step.action, json.loads(json.dumps(plain_order(step.order)))))
            if step.undo:
                found.append((step.undo, json.loads(json.dumps(plain_order(step.undo_order)))))
    return found


def current_format():
    """Return {action: {name of what it is told: [kind]}}."""
    found = {}
    for action, order in told():
        add_to(found, action, order)
    return found


def examples():
    """Return {action: [what it is told]}: one for each set of kinds."""
    found = {}
    for action, order in told():
        kinds = json.dumps(sorted(kinds_in(order)))
        found.setdefault(action, {}).setdefault(kinds, order)
    del found['the header']
    return dict(
        (action, [found[action][kinds] for kinds in sorted(found[action])]) for action in found
    )


def path_of(version, what=''):
    return os.path.join(FOLDER, 'version-%d%s.json' % (version, what))


def write(path, found):
    """Write a dictionary, each of its values on a line."""
    lines = [
        u'%s: %s' % (json.dumps(name), json.dumps(found[name], sort_keys=True))
        for name in sorted(found)
    ]
    with io.open(path, 'w') as stream:
        stream.write(u'{\n%s\n}\n' % u',\n'.join(lines))


def read(path):
    with io.open(path) as stream:
        return json.load(stream)


def test_the_format_is_that_of_its_version():
    found = current_format()
    if os.environ.get('WRITE_JOURNAL_FORMAT'):
        write(path_of(journal.VERSION), found)
        write(path_of(journal.VERSION, '-orders'), examples())
    assert read(path_of(journal.VERSION)) == found


def test_every_version_that_can_be_read_has_its_files():
    assert list(journal.READABLE) == list(range(1, journal.VERSION + 1))


@pytest.mark.parametrize('version', journal.READABLE)
def test_every_action_that_a_journal_may_name_is_known(version):
    actions = set(read(path_of(version))) - set(['the header'])
    assert actions <= set(_recovery.TABLE)
    assert actions == set(read(path_of(version, '-orders')))


@pytest.mark.parametrize('version', journal.READABLE)
def test_a_journal_of_every_version_is_read(version, tmpdir):
    """A step for each example, as that version has written it."""
    rows = [
        [action, action, order, action, order, 'do it']
        for action, orders in sorted(read(path_of(version, '-orders')).items())
        for order in orders
    ]
    header = {'version': version, 'transaction': 'w0rd', 'from': 'prefork', 'to': 'worker'}
    line = journal.encode_record(dict(header, steps=rows, cleanup=rows[:1]))
    state_folder.write_private(str(tmpdir.join(journal.NAME)), line)
    found, steps, phases, metas = journal.read_journal(str(tmpdir))
    assert (found.cleanup, phases, metas) == (steps[:1], {}, {})
    assert [step.action for step in steps] == [row[0] for row in rows]
    for step, row in zip(steps, rows):
        assert type(step.order) is type(step.undo_order) is ORDERS[step.action]
        assert step.order == step.undo_order == read_order(step.action, row[2])
