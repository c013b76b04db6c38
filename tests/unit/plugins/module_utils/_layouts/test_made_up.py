# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What it takes to add a layout: one that no system has, with all that a plan asks of it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts import table
from ansible_collections.webops.apache.plugins.module_utils._layouts.record import Layout
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

CHOICE_FILE = '/etc/httpd/mpm'


class MadeUp(Layout):
    """A file holds the name of the MPM, and nothing else."""

    name = 'made_up'
    service = 'httpd'
    evidence = (CHOICE_FILE,)
    packages = dict((mpm, 'httpd') for mpm in model.MPMS)

    def detect(self, evidence, compiled):
        return evidence.get(CHOICE_FILE) is not None

    def candidate_binaries(self, evidence):
        return [hosts.BINARIES[mpm] for mpm in model.MPMS]

    def program(self, evidence, compiled):
        return hosts.BINARIES[evidence[CHOICE_FILE].strip()]

    def mpms(self, reading):
        return dict((mpm, (hosts.BINARIES[mpm], None)) for mpm in model.MPMS)

    def read_choice(self, reading):
        text = reading.evidence[CHOICE_FILE]
        program = self.program(reading.evidence, reading.compiled)
        return model.Choice(CHOICE_FILE, text, text.strip(), 1, program, None, text.strip(), None)

    def edit_choice_file(self, state, tree, mpm):
        if state.choice.mpm == mpm:
            return []
        after = u'%s\n' % mpm
        return [model.FileEdit(CHOICE_FILE, CHOICE_FILE, state.choice.text, after, 'choose it')]


@pytest.fixture
def host(monkeypatch):
    layout = MadeUp()
    monkeypatch.setattr(table, 'LAYOUTS', table.LAYOUTS + (layout,))
    evidence = {CHOICE_FILE: u'prefork\n'}
    choice = layout.read_choice(hosts.Reading(evidence, {}, None, None))
    state = hosts.el6_host(layout='made_up', choice=choice, evidence=evidence)
    return hosts.changed(state, paths=dict(state.disk.paths, **hosts.paths_of([CHOICE_FILE])))


def test_a_switch_is_planned_from_what_differs_alone(host):
    plan = planner.build_plan(host, hosts.wanted('worker'))
    assert [edit.path for edit in plan.edits] == [CHOICE_FILE] and not planner.refused(plan)
    assert plan.edits[0].after == u'worker\n'
    assert [step.name for step in plan.steps if step.action in ('stop_server', 'start_server')]


def test_what_it_chooses_already_is_left_alone(host):
    assert planner.build_plan(host, hosts.wanted('prefork')).steps == []
