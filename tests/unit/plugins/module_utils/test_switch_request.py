# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which call attaches to which: by what was asked for, not by what that came to on the host."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _switch
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

PREFORK, WORKER = hosts.wanted('prefork'), hosts.wanted('worker')
BACK = PREFORK._replace(state='rolled_back')


@pytest.fixture
def stages(monkeypatch):
    """Replace what touches a host; return the requests that are compared and announced."""
    seen = []

    def decide(run, request, diff, folder, check=False):
        wanted = WORKER if request.state == 'rolled_back' else request
        result = {'outcome': 'planned', 'failed': False, 'changed': True}
        return _switch.Decision(result, wanted, None, None)

    def guarded(run, folder, lock, transaction, request, work):
        seen.append(request)
        return {'outcome': 'switched', 'failed': False, 'changed': True}

    monkeypatch.setattr(_switch, '_demand_root', lambda: None)
    monkeypatch.setattr(
        _switch.turn,
        'wait_for_turn',
        lambda folder, request, transaction=None: seen.append(request) or _switch.turn.Turn(7),
    )
    monkeypatch.setattr(_switch, '_settle', lambda run, folder, lock: lock)
    monkeypatch.setattr(_switch, '_decide', decide)
    monkeypatch.setattr(_switch, '_guarded', guarded)
    return seen


class TestTheRequest:
    @pytest.mark.parametrize('request_', [PREFORK, BACK], ids=['present', 'rolled_back'])
    def test_is_announced_as_it_is_compared(self, stages, request_):
        _switch.switch(None, request_, folder='/none')
        assert len(stages) == 2 and stages[0] == stages[1]

    @pytest.mark.parametrize(
        'one, other, same',
        [
            (PREFORK, PREFORK, True),
            (BACK, BACK, True),
            (PREFORK, WORKER, False),
            (PREFORK, BACK, False),
            (PREFORK, PREFORK._replace(soak=9), False),
        ],
        ids=[
            'present twice',
            'rolled_back twice',
            'another MPM',
            'present and rolled_back',
            'another soak',
        ],
    )
    def test_tells_what_is_asked_for(self, one, other, same):
        assert (_switch._text_of(one) == _switch._text_of(other)) is same


class TestACallThatWasRecovered:
    RECOVERED = {'outcome': 'recovered', 'failed': False, 'changed': True}

    def test_failed_whoever_tells_it(self, stages, monkeypatch):
        attached = dict(self.RECOVERED, attached=True)
        ways = {
            'its own run': lambda: monkeypatch.setattr(
                _switch, '_guarded', lambda *args: self.RECOVERED
            ),
            'the run it attached to': lambda: monkeypatch.setattr(
                _switch.turn, 'wait_for_turn', lambda *args: _switch.turn.Turn(None, attached)
            ),
        }
        for way in ('its own run', 'the run it attached to'):
            ways[way]()
            result = _switch.switch(None, WORKER, folder='/none')
            assert (result['outcome'], result['failed'], result['changed']) == (
                'recovered',
                True,
                False,
            ), way


class TestARehearsal:
    """A call with the state `rehearsed`."""

    ASKED = WORKER._replace(state='rehearsed')

    @pytest.fixture
    def released(self, stages, monkeypatch):
        """Return the locks that were released."""
        found = []
        monkeypatch.setattr(_switch, 'release_lock', found.append)
        monkeypatch.setattr(_switch.recovery, 'is_unfinished', lambda folder: False)
        return found

    def test_decides_and_does_no_more(self, stages, released):
        result = _switch.switch(None, self.ASKED, folder='/none')
        # What was guarded would have added its request.
        assert result['outcome'] == 'planned' and len(stages) == 1 and released == [7]

    def test_settles_nothing(self, stages, released, monkeypatch):
        monkeypatch.setattr(_switch.recovery, 'is_unfinished', lambda folder: True)
        monkeypatch.setattr(_switch, '_settle', None)
        with pytest.raises(StepError) as e:
            _switch.switch(None, self.ASKED, folder='/none')
        assert e.value.details['rule'] == 'unfinished' and 'recover-mpm.yml' in e.value.message
        assert released == [7] and len(stages) == 1
