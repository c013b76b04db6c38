# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
import yaml
from ansible_collections.webops.apache.plugins.action import mpm as mpm_action
from ansible_collections.webops.apache.plugins.action import mpm_call as mpm_call_action
from ansible_collections.webops.apache.plugins.action import mpm_fail as mpm_fail_action
from ansible_collections.webops.apache.plugins.action import mpm_info as mpm_info_action
from ansible_collections.webops.apache.plugins.action import mpm_packages as mpm_packages_action
from ansible_collections.webops.apache.plugins.module_utils import _outcomes
from ansible_collections.webops.apache.plugins.modules import (
    mpm,
    mpm_call,
    mpm_fail,
    mpm_info,
    mpm_packages,
)
from ansible_collections.webops.apache.plugins.plugin_utils import documented
from ansible_collections.webops.apache.plugins.plugin_utils.documented import (
    FLAG,
    LAST_LINES,
    LINES,
    MESSAGE,
    NUMBER,
    TEXT,
    Map,
)

PLUGINS = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), '..', '..', '..', '..', 'plugins'
)
DOCUMENTED = {'str': TEXT, 'int': NUMBER, 'bool': FLAG}
MODULES = [
    (documented.MPM, mpm, mpm_action),
    (documented.MPM_INFO, mpm_info, mpm_info_action),
    (documented.MPM_PACKAGES, mpm_packages, mpm_packages_action),
    (documented.MPM_CALL, mpm_call, mpm_call_action),
    (documented.MPM_FAIL, mpm_fail, mpm_fail_action),
]
NAMES = [description.module for description, _module, _action in MODULES]
# These ask no host, so that there is no answer to check.
NO_ANSWERS = ['webops.apache.mpm_report']


def of_documentation(entry):
    """Return the kind that a value of RETURN has; what a Map holds is not documented further."""
    if entry['type'] == 'dict':
        return of_keys(entry['contains']) if 'contains' in entry else 'map'
    if entry['type'] == 'list':
        return [of_documentation(dict(entry, type=entry['elements']))]
    return DOCUMENTED[entry['type']]


def of_keys(entries):
    return dict((name, of_documentation(entry)) for name, entry in entries.items())


def of_table(kind):
    if isinstance(kind, Map):
        return 'map'
    if isinstance(kind, dict):
        return dict((name, of_table(value)) for name, value in kind.items())
    if isinstance(kind, list):
        return [of_table(kind[0])]
    return TEXT if kind in (MESSAGE, LINES, LAST_LINES) else kind


class TestTheTable:
    @pytest.mark.parametrize('description, module, action', MODULES, ids=NAMES)
    def test_is_what_the_module_documents(self, description, module, action):
        documentation = yaml.safe_load(module.RETURN)
        own = dict(
            (name, documentation[name]) for name in documentation if name not in documented.COMMON
        )
        assert of_table(description.keys) == of_keys(own)

    @pytest.mark.parametrize('description, module, action', MODULES, ids=NAMES)
    def test_is_the_one_that_the_action_plugin_of_the_module_goes_by(
        self, description, module, action
    ):
        assert action is mpm_fail_action or action.ActionModule.description is description
        assert description.module == module.__name__.replace('ansible_collections.', '').replace(
            '.plugins.modules', ''
        )

    @pytest.mark.parametrize('description', [row[0] for row in MODULES], ids=NAMES)
    def test_names_as_needed_only_what_there_is(self, description):
        assert set(description.needed) <= set(description.keys)

    def test_has_no_key_that_steers_ansible(self):
        keys = set(documented.COMMON) | set(documented.BROKEN)
        keys = keys.union(*[description.keys for description, _module, _action in MODULES])
        assert not [key for key in keys if key.startswith(('_', 'ansible', 'add_'))]
        assert not keys & set(
            ['deprecations', 'exception', 'invocation', 'unreachable', 'skipped', 'results']
        )

    def test_covers_every_module_of_the_collection(self):
        names = [
            name[:-3]
            for name in os.listdir(os.path.join(PLUGINS, 'modules'))
            if name.endswith('.py')
        ]
        assert sorted(names) == sorted(name.split('.')[-1] for name in NAMES + NO_ANSWERS)

    def test_has_no_other_kinds(self):
        assert set(DOCUMENTED.values()) | set([MESSAGE, LINES, LAST_LINES]) == set(
            [TEXT, NUMBER, FLAG, MESSAGE, LINES, LAST_LINES]
        )


class TestTheDocumentation:
    @pytest.mark.parametrize('name', _outcomes.names_said_by(_outcomes.MODULE, _outcomes.ACTION))
    def test_names_every_outcome_of_a_call(self, name):
        words = ' '.join(yaml.safe_load(mpm.RETURN)['outcome']['description'])
        assert 'V(%s)' % name in words

    @pytest.mark.parametrize('name', [outcome.name for outcome in _outcomes.OUTCOMES])
    def test_of_the_design_names_every_outcome_of_a_host(self, name):
        with open(os.path.join(PLUGINS, '..', 'docs', 'design.md')) as stream:
            assert '| `%s` |' % name in stream.read()
