# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The page about attacks and the tests of attacks name each other."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ast
import io
import os
import re

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
ATTACKS = os.path.join(ROOT, 'tests', 'attacks')


def text_of(path):
    with io.open(path, encoding='utf-8') as stream:
        return stream.read()


def names_of_attack_tests():
    """Return the names of all test functions in tests/attacks."""
    names = [name for name in os.listdir(ATTACKS) if re.match(r'test_\w+\.py\Z', name)]
    trees = [ast.parse(text_of(os.path.join(ATTACKS, name))) for name in names]
    return set(
        node.name
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith('test_')
    )


def test_every_attack_is_named_once_on_the_page_and_every_name_is_a_test():
    named = re.findall(r'`(test_\w+)`', text_of(os.path.join(ROOT, 'docs', 'security.md')))
    assert sorted(named) == sorted(names_of_attack_tests())
