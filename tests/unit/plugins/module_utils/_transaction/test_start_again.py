# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A server that ran before the switch is started again and again, for a bounded time."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._transaction import services
from ansible_collections.webops.apache.plugins.module_utils._transaction.context import Context
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import orders


@pytest.mark.parametrize('failing, tries', [(0, 1), (1, 2), (4, 5), (100, 7)])
def test_a_server_that_ran_before_is_started_again_and_again(monkeypatch, tmpdir, failing, tries):
    slept, started = [], []

    def start(order, context):
        started.append(1)
        if len(started) <= failing:
            raise StepError('a port is not free yet')

    monkeypatch.setattr(services.time, 'sleep', slept.append)
    monkeypatch.setattr(services, 'start_server', start)
    monkeypatch.setattr(services, 'stop_whatever_runs', lambda order, context: None)
    context = Context(None, str(tmpdir))
    context.went_down = 1.0
    if failing > len(services.PAUSES):
        with pytest.raises(StepError):
            services.ensure_started(orders.START, context)
    else:
        services.ensure_started(orders.START, context)
    assert len(started) == tries and slept == list(services.PAUSES[: tries - 1])


def test_no_further_try_is_begun_when_the_time_is_over(monkeypatch, tmpdir):
    started = []

    def start(order, context):
        started.append(1)
        raise StepError('no')

    monkeypatch.setattr(services, 'PATIENCE', -1)
    monkeypatch.setattr(services, '_start_afresh', start)
    context = Context(None, str(tmpdir))
    context.went_down = 1.0
    with pytest.raises(StepError):
        services.ensure_started(orders.START, context)
    assert started == [1]
