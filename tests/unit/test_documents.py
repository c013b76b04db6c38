# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists that stand in a document, too: they are those of the code."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.webops.apache.plugins.module_utils._plan import module_facts, rules
from ansible_collections.webops.apache.plugins.modules import mpm

ROOT = Path(__file__).resolve().parents[2]
ROLE = ROOT / 'roles' / 'switch_mpm'
# Refusals that come from elsewhere than the table of rules.
ELSEWHERE = {
    'cannot_swap',
    'config_rejected',
    'fpm_unreachable',
    'pages_not_asked',
    'rehearsal_failed',
    'rehearsal_unavailable',
    'sites_not_proved',
}


def read_yaml(path):
    return yaml.safe_load(path.read_text(encoding='utf-8'))


def rows(path, head):
    """Return the rows of cells of the table with this head, in a Markdown file."""
    text = path.read_text(encoding='utf-8')
    found, lines = [], text[text.index('| %s |' % ' | '.join(head)) :].split('\n')
    for line in lines[2:]:
        if not line.startswith('|'):
            return found
        found.append([cell.strip() for cell in line.strip('|').split('|')])
    return found


def named(cell):
    """Return the names in backticks of a cell."""
    return re.findall(r'`(\w+)`', cell)


class TestTheRules:
    HEAD = ('rule', 'when', 'can be accepted')

    def test_stand_in_the_readme(self):
        documented = [name for row in rows(ROOT / 'README.md', self.HEAD) for name in named(row[0])]
        assert sorted(documented) == sorted({name for name, _rule in rules.RULES} | ELSEWHERE)

    def test_that_can_be_accepted_are_named_there(self):
        accepted = []
        for names, _when, answer in rows(ROOT / 'README.md', self.HEAD):
            if not answer.startswith(('no', 'only warns')):
                accepted += named(answer) or named(names)
        assert sorted(accepted) == sorted(rules.ACCEPTABLE)

    def test_that_can_be_accepted_are_named_by_the_option(self):
        words = ' '.join(yaml.safe_load(mpm.DOCUMENTATION)['options']['accept']['description'])
        assert re.findall(r'V\((\w+)\)', words) == list(rules.ACCEPTABLE)


class TestTheVariablesOfTheRole:
    SPECIFIED = read_yaml(ROLE / 'meta' / 'argument_specs.yml')['argument_specs']['main']['options']
    # What the role leaves, and no option of it.
    LEFT = {'switch_mpm_plan', 'switch_mpm_back', 'switch_mpm_result', 'switch_mpm_failure'}

    def test_are_those_that_it_knows(self):
        known = read_yaml(ROLE / 'vars' / 'main.yml')['__switch_mpm_known']
        assert sorted(known) == sorted(set(self.SPECIFIED) | self.LEFT)

    def test_are_those_that_it_takes(self):
        (task,) = read_yaml(ROLE / 'tasks' / 'take_options.yml')
        taken = task['ansible.builtin.set_fact']['__switch_mpm']
        assert sorted('switch_mpm_%s' % name for name in taken) == sorted(self.SPECIFIED)

    def test_have_the_defaults_that_are_specified(self):
        defaults = read_yaml(ROLE / 'defaults' / 'main.yml')
        specified = {
            name: option['default']
            for name, option in self.SPECIFIED.items()
            if 'default' in option
        }
        assert defaults == specified

    def test_stand_in_its_readme(self):
        table = rows(ROLE / 'README.md', ('variable', 'default', 'what'))
        assert sorted(name for row in table for name in named(row[0])) == sorted(self.SPECIFIED)

    @pytest.mark.parametrize('name', ['strategy', 'rehearse'])
    def test_have_the_choices_of_the_module(self, name):
        choices = yaml.safe_load(mpm.DOCUMENTATION)['options'][name]['choices']
        assert self.SPECIFIED['switch_mpm_%s' % name]['choices'] == choices


def test_each_field_test_stands_in_the_list_of_cases():
    text = (ROOT / 'docs/field-cases.md').read_text(encoding='utf-8')
    files = {path.name for path in (ROOT / 'tests/field').glob('test_*.py')}
    assert set(re.findall(r'`(test_\w+\.py)`', text)) == files


class TestTheModules:
    HEAD = ('module', 'works with', 'since', 'source')
    WORDS = {
        module_facts.NEEDS_PREFORK: 'prefork only',
        module_facts.WANTS_THREADS: 'worker or event',
        module_facts.TAKES_BOTH: 'any',
    }

    def test_stand_in_their_document(self):
        expected = [
            ['`%s`' % fact.symbol, self.WORDS[fact.stands], fact.why, '<%s>' % fact.source]
            for fact in module_facts.FACTS
        ]
        assert rows(ROOT / 'docs' / 'modules.md', self.HEAD) == expected
