# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._plan.rule_cases import (
    started_by,
    with_dependents,
    with_running,
    with_service,
    with_setting,
)


def findings(state, rule, mpm='prefork', **options):
    """What a rule finds, also where the MPM runs already, as for the audit."""
    plan = planner.build_plan(state, hosts.wanted(mpm)._replace(**options))
    return [finding for finding in plan.findings if finding.rule == rule]


def host(then=(), now=(), had=None, has=None, users=(0, 0), **others):
    """A host whose server runs with the options `then`, and whose service starts it with `now`."""
    state = hosts.el9_host(
        launch=model.Launch(options=list(now), environment=has or {}, user=users[1]), **others
    )
    launch = model.Launch(
        options=None if then is None else list(then), environment=had or {}, user=users[0]
    )
    return with_running(state, launch=launch)


class TestRestartDiffers:
    @pytest.mark.parametrize(
        'then, now, words',
        [
            (['-DEXTRA'], [], ['drops -D EXTRA']),
            (['-D', 'EXTRA'], [], ['drops -D EXTRA']),
            ([], ['-DEXTRA'], ['adds -D EXTRA']),
            (['-DA', '-DB'], ['-DB', '-DC'], ['drops -D A', 'adds -D C']),
            (['-C', 'Listen 81'], [], ['drops -C Listen 81']),
            (['-X'], [], ['drops -X']),
            (['-d', '/srv'], [], ['drops -d /srv']),
            (['-e', 'debug'], [], ['drops -e debug']),
        ],
        ids=repr,
    )
    def test_names_both_sides(self, then, now, words):
        (found,) = findings(host(then, now), 'restart_differs')
        assert found.level == model.WARN and 'it runs with' in found.reason
        assert all(part in found.reason for part in words), found.reason
        assert found.reason.count('next restart') == len(words)

    @pytest.mark.parametrize(
        'then, now',
        [
            ([], []),
            (None, ['-DA']),
            (['-DA', '-D', 'B'], ['-D', 'B', '-D', 'A']),
            (['-DA', '-DA'], ['-DA']),
            (['-f', '/a.conf'], []),
            (['-d', '/etc/httpd/'], []),
            (['-C', 'Include /a//b.conf'], ['-C', 'Include /a/b.conf']),
        ],
        ids=repr,
    )
    def test_says_nothing_where_they_mean_the_same(self, then, now):
        assert findings(host(then, now), 'restart_differs') == []

    @pytest.mark.parametrize(
        'line, had, has, words',
        [
            (u'Listen ${PORT}', {'PORT': '1'}, {'PORT': '2'}, 'PORT has another value'),
            (u'Listen ${PORT}', {'PORT': '1'}, {}, 'PORT is not set in the service'),
            (u'Listen ${PORT}', {}, {'PORT': '1'}, 'PORT is set in the service only'),
            (u'PassEnv A PORT', {}, {'PORT': '1'}, 'PORT is set in the service only'),
            (u'Listen ${PORT}', {'PORT': '1'}, {'PORT': '1'}, None),
            (u'Listen 80', {'PORT': '1'}, {'PORT': '2'}, None),
            (u'Define PORT 1\nListen ${PORT}', {'PORT': '1'}, {'PORT': '2'}, None),
            (u'ErrorLog ${HOME}/log', {'HOME': '/root'}, {}, None),
        ],
        ids=repr,
    )
    def test_names_variables_that_are_used_and_no_value(self, line, had, has, words):
        had, has = [
            dict((name, 'secret' + value) for name, value in values.items())
            for values in (had, has)
        ]
        found = findings(with_setting_of(host(had=had, has=has), line), 'restart_differs')
        assert [words in finding.reason for finding in found] == [True] * bool(words)
        assert 'secret' not in str(found)

    @pytest.mark.parametrize(
        'users, count', [((0, 48), 1), ((48, 48), 0), ((None, 48), 0), ((0, None), 0)]
    )
    def test_names_the_user(self, users, count):
        found = findings(host(users=users), 'restart_differs')
        assert ['as user 48' in finding.reason for finding in found] == [True] * count

    def test_does_not_judge_what_an_unknown_script_of_init_passes(self):
        state = with_service(host(['-DA']), manager='sysv')
        assert findings(state, 'restart_differs') == []

    def test_names_files_of_the_unit_that_systemd_has_not_read(self):
        (found,) = findings(with_service(host(), outdated=True), 'restart_differs')
        assert 'systemctl daemon-reload' in found.reason

    def test_is_said_where_nothing_has_to_change(self):
        assert findings(host(['-DA']), 'restart_differs', 'event')


def with_setting_of(state, line):
    return with_setting(state, line + u'\n')


@pytest.mark.parametrize(
    'kind, name, reason, fix',
    [
        (model.BY_CONTAINER, 'httpd', 'the container ends', 'make the container anew'),
        (model.BY_PARENT, 'supervisord', 'started by supervisord', 'supervisorctl stop NAME'),
        (model.BY_PARENT, 'runsv', 'started by runsv', 'sv down NAME'),
        (model.BY_PARENT, 'start-web', 'start-web may start it again', 'Stop it there and'),
        (model.BY_PARENT, None, 'a process that cannot be seen', 'Stop it there and'),
        (model.BY_UNIT, 'monit.service', 'started in monit.service', 'Stop it by what started'),
        (model.BY_HAND, None, 'would start a second one', 'start it by the service httpd'),
    ],
)
def test_a_server_of_nobody_is_refused_with_what_to_do_there(kind, name, reason, fix):
    (found,) = findings(started_by(kind, name), 'not_managed')
    assert (found.level, found.acceptable) == (model.REFUSE, False)
    assert reason in found.reason and fix in found.fix


class TestDependentUnits:
    def test_are_named(self):
        (found,) = findings(with_dependents(None, None), 'dependent_units')
        assert found.level == model.WARN and '0.service, 1.service' in found.reason

    def test_are_not_named_where_nothing_stops(self):
        ability = model.Ability('a way', None, hosts.OVERLAP_UNIT)
        state = with_dependents(None)._replace(abilities={'overlap': ability})
        assert findings(state, 'dependent_units') == []

    def test_are_refused_by_name_with_the_reason(self):
        (found,) = findings(with_dependents(None, 'it is transient'), 'dependent_units')
        assert (found.level, found.acceptable) == (model.REFUSE, False)
        assert '1.service: it is transient' in found.reason and '0.service' not in found.reason

    def test_are_started_before_the_proof_and_on_the_way_back(self):
        plan = planner.build_plan(with_dependents(None), hosts.wanted('prefork'))
        names = [(step.action, step.undo) for step in plan.steps]
        again = names.index(('start_units', None))
        assert names[again + 1][0] == 'prove' and names[again - 1][0] == 'start_server'
        back = names.index(('keep_way_back', 'start_units'))
        assert names[back + 1][0] == 'stop_server'
        assert plan.steps[again].order.units == ['0.service']

    def test_need_no_steps_where_there_are_none(self):
        plan = planner.build_plan(hosts.el9_host(), hosts.wanted('prefork'))
        assert 'start_units' not in [step.action for step in plan.steps]
