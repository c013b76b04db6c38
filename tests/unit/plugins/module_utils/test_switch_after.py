# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _switch
from ansible_collections.webops.apache.plugins.module_utils._errors import ReadError
from ansible_collections.webops.apache.plugins.module_utils._model import Step
from ansible_collections.webops.apache.plugins.module_utils._orders import NOTHING, ORDERS
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


class Reader(object):
    """Reads the host, and then what runs there: each time with another number of processes, so
    that the last can be told.

    It does so in children of the switch, so what it did stands in a file.
    """

    def __init__(self, log):
        # How many of the first readings end in this problem.
        self.problem, self.failing = ReadError('no reading fails'), 0
        self.log, self.hangs = log, False

    @property
    def begun(self):
        return self.log.read().splitlines() if self.log.check() else []

    def begin(self, what):
        self.log.write(what + '\n', mode='a')
        if self.hangs:
            time.sleep(60)

    def state(self, processes):
        state = hosts.el6_host()
        return state._replace(
            servers=state.servers._replace(
                running=state.servers.running._replace(processes=processes)
            )
        )

    def read_host(self, run, place):
        self.begin('all')
        if len(self.begun) <= self.failing:
            raise self.problem
        return self.state(50 + len(self.begun))

    def look_again(self, state):
        self.begin('what runs')
        return state._replace(servers=self.state(50 + len(self.begun)).servers)


@pytest.fixture
def reader(monkeypatch, tmpdir):
    reader = Reader(tmpdir.join('begun'))
    monkeypatch.setattr(_switch, 'read_host', reader.read_host)
    monkeypatch.setattr(_switch, 'look_again', reader.look_again)
    return reader


def act(monkeypatch, tmpdir, actions):
    """Run a switch whose steps are `actions`, functions of the context; return its result."""
    table = dict(
        ('act%d' % number, lambda order, context, act=act: act(context))
        for number, act in enumerate(actions)
    )
    monkeypatch.setattr(_switch.recovery, 'TABLE', table)
    for name in table:
        monkeypatch.setitem(ORDERS, name, type(NOTHING))
    monkeypatch.setattr(_switch.last, 'remember', lambda *args: None)
    monkeypatch.setattr(_switch.last, 'prune_results', lambda folder: None)
    state, wanted = hosts.el6_host(), hosts.wanted('worker')
    plan = planner.build_plan(state, wanted, [], 'token')._replace(
        steps=[Step(name, name, NOTHING, None, NOTHING, name) for name in sorted(table)], cleanup=[]
    )
    folder = str(tmpdir.mkdir('state'))
    return _switch._act(None, folder, 'word', _switch.Decision({}, wanted, state, plan))


def soak(context):
    context.meanwhile()


def fail(context):
    raise _switch.StepError('it broke')


@pytest.mark.parametrize(
    'actions, begun',
    [
        ([soak], ['all', 'what runs']),
        ([soak, soak], ['all', 'all', 'what runs']),
        ([], ['all']),
        ([soak, fail], ['all', 'all']),
    ],
    ids=['read in the soak', 'read twice', 'no soak', 'taken back after it'],
)
def test_what_is_told_is_what_was_read_in_the_soak_and_what_runs_after_it(
    reader, monkeypatch, tmpdir, actions, begun
):
    result = act(monkeypatch, tmpdir, actions)
    assert reader.begun == begun
    assert result['after']['process']['processes'] == 50 + len(begun)
    assert result['outcome'] == ('rolled_back' if fail in actions else 'switched')


@pytest.mark.parametrize('problem', [ReadError('away'), OSError(5, 'disk')], ids=repr)
def test_a_host_that_cannot_be_read_in_the_soak_is_read_again_and_fails_nothing(
    reader, monkeypatch, tmpdir, problem
):
    reader.problem, reader.failing = problem, 1
    result = act(monkeypatch, tmpdir, [soak])
    assert (result['outcome'], reader.begun) == ('switched', ['all', 'all'])
    assert result['warnings'] == []


@pytest.mark.parametrize('problem', [ReadError('away'), OSError(5, 'disk')], ids=repr)
@pytest.mark.parametrize('action, outcome', [(soak, 'switched'), (fail, 'rolled_back')])
def test_what_cannot_be_read_afterwards_is_not_known(
    reader, monkeypatch, tmpdir, action, outcome, problem
):
    reader.problem, reader.failing = problem, 2
    result = act(monkeypatch, tmpdir, [action])
    assert result['outcome'] == outcome
    assert result['after'] == dict(dict.fromkeys(result['before']), running='not known')
    assert ['could not be read afterwards' in warning for warning in result['warnings']] == [True]
    assert ('not known' in result['msg']) == (outcome == 'rolled_back')


def test_a_host_on_which_something_hangs_does_not_hold_the_switch_up(reader, monkeypatch, tmpdir):
    monkeypatch.setattr(_switch, 'MAX_READING_AFTER', 1)
    reader.hangs = True
    begin = time.time()
    result = act(monkeypatch, tmpdir, [soak])
    assert (result['outcome'], reader.begun) == ('switched', ['all', 'all'])
    assert result['warnings'] == [
        'The host could not be read afterwards: The reading of the host was ended after 1 s.'
    ]
    assert time.time() - begin < 10


@pytest.mark.parametrize('host', [hosts.el6_host, hosts.el7_host, hosts.el9_host])
def test_what_is_read_comes_out_of_a_child_as_it_is(host):
    state = host()
    assert _switch.run_limited(lambda: state, 20) == state
