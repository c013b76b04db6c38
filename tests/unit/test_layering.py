# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order of the stages, held by looking at the imports: data flows from one to the next and
never back.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import ast
import os
import re

import pytest

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
UTILS = os.path.join(ROOT, 'plugins', 'module_utils')

RECORDS = ['_errors', '_fields', '_model', '_orders', '_text']
# What each package may import besides itself. Anything that is not named here may import no part of
# this collection but records.
MAY_IMPORT = {
    '_errors': [],
    '_fields': [],
    '_model': [],
    '_orders': ['_fields', '_model'],
    '_text': [],
    '_outcomes': ['_model'],
    '_syntax': RECORDS,
    '_system': RECORDS,
    '_strangers': RECORDS + ['_system'],
    '_layouts': RECORDS + ['_syntax'],
    '_packages': RECORDS + ['_system'],
    '_host': RECORDS + ['_system', '_strangers', '_syntax', '_layouts', '_packages'],
    '_plan': RECORDS + ['_syntax', '_layouts'],
    '_transaction': RECORDS + ['_system'],
    '_proof': RECORDS + ['_system', '_strangers', '_syntax'],
    '_report': RECORDS + ['_outcomes', '_words'],
    '_words': RECORDS,
}
# Here the stages are put together.
SEE_ALL = [
    '_switch',
    '_request',
    '_recovery',
    '_rehearsal',
    '_pages',
    '_sites',
    '_swapping',
    '_backends',
    '_install',
    '_config_test',
]
# A docstring is one only where it comes first.
HEAD = re.compile(
    r'\A(?:#.*\n)*(?:"""(?:[^"]|"(?!""))*"""\n\n)?'
    r'from __future__ import absolute_import, division, print_function\n\n'
    r'__metaclass__ = type\n'
)


def sources():
    found = []
    for folder, _folders, names in os.walk(UTILS):
        found.extend(os.path.join(folder, name) for name in names if name.endswith('.py'))
    return sorted(found)


def text_of(path):
    with open(path) as stream:
        return stream.read()


def parts_of(path):
    """The module as a list of names below module_utils: ['_host', 'state']."""
    return os.path.relpath(path, UTILS)[: -len('.py')].split(os.sep)


def imports(path, that_run=False):
    """Return (module as written, full list of names below module_utils or None for what is not
    ours) for each import. that_run: without those that only mypy reads.
    """
    tree = ast.parse(text_of(path))
    if that_run:
        tree.body = [node for node in tree.body if not is_for_mypy(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, None
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module, None
        elif isinstance(node, ast.ImportFrom):
            base = parts_of(path)[: -node.level] + (node.module.split('.') if node.module else [])
            for alias in node.names:
                yield '.' * node.level + (node.module or ''), base + [alias.name]


def is_for_mypy(node):
    return isinstance(node, ast.If) and getattr(node.test, 'id', None) == 'TYPE_CHECKING'


def ours(path):
    """The packages, or modules beside them, that a source imports."""
    return set(names[0] for _written, names in imports(path) if names)


def is_module(names):
    path = os.path.join(UTILS, *names)
    return os.path.isfile(path + '.py')


def relative(path):
    return os.path.relpath(path, ROOT)


class TestStages:
    @pytest.mark.parametrize('path', sources(), ids=relative)
    def test_import_only_what_comes_before_them(self, path):
        stage = parts_of(path)[0]
        if stage not in SEE_ALL:
            assert ours(path) <= set(MAY_IMPORT.get(stage, RECORDS) + [stage])

    def test_are_all_known_here(self):
        packages = [
            name
            for name in os.listdir(UTILS)
            if os.path.isdir(os.path.join(UTILS, name)) and name != '__pycache__'
        ]
        files = RECORDS + ['_outcomes', '_report', '_words']
        assert sorted(packages) == sorted(name for name in MAY_IMPORT if name not in files)

    def test_have_no_circle(self):
        left = dict((name, set(before)) for name, before in MAY_IMPORT.items())
        while left:
            free = [name for name in left if not left[name] & set(left)]
            assert free, 'a circle in %s' % sorted(left)
            for name in free:
                del left[name]

    def test_have_no_circle_of_modules(self):
        graph = {}
        for path in sources():
            names = [list(item) for _written, item in imports(path, that_run=True) if item]
            graph['.'.join(parts_of(path))] = set(
                '.'.join(item if is_module(item) else item[:-1]) for item in names
            )
        while graph:
            free = [name for name in graph if not graph[name] & set(graph)]
            assert free, 'a circle among %s' % sorted(graph)
            for name in free:
                del graph[name]


class TestTargetCode:
    @pytest.mark.parametrize('path', sources(), ids=relative)
    def test_knows_nothing_of_ansible(self, path):
        outside = [written for written, names in imports(path) if names is None]
        assert not [
            module
            for module in outside
            if module.split('.')[0] in ('ansible', 'ansible_collections')
        ]
        assert not [
            names for _written, names in imports(path) if names and names[-1] == 'AnsibleModule'
        ]

    @pytest.mark.parametrize(
        'path', [path for path in sources() if not path.endswith('__init__.py')], ids=relative
    )
    def test_begins_as_every_python_needs_it(self, path):
        assert HEAD.match(text_of(path))
        assert (
            '# PRIVATE to the collection webops.apache'
            in text_of(path).split('\nfrom __future__')[0]
        )

    @pytest.mark.parametrize(
        'path', [path for path in sources() if path.endswith('__init__.py')], ids=relative
    )
    def test_has_empty_packages(self, path):
        assert text_of(path) == ''

    def test_lies_in_packages(self):
        folders = set(os.path.dirname(path) for path in sources()) - set([UTILS])
        assert not [
            folder for folder in folders if not os.path.exists(os.path.join(folder, '__init__.py'))
        ]


class TestImports:
    def test_are_found_in_every_form(self, monkeypatch, tmp_path):
        source = tmp_path / '_host' / 'x.py'
        source.parent.mkdir()
        source.write_bytes(
            b'import os\nfrom json import dumps\nfrom . import state\nfrom .._model import Plan\n'
            b'from .. import _errors\n'
            b'def f():\n    from .._plan.rules import judge\n'
        )
        monkeypatch.setattr('%s.UTILS' % __name__, str(tmp_path))
        assert sorted(imports(str(source)), key=str) == sorted(
            [
                ('os', None),
                ('json', None),
                ('.', ['_host', 'state']),
                ('.._model', ['_model', 'Plan']),
                ('..', ['_errors']),
                ('.._plan.rules', ['_plan', 'rules', 'judge']),
            ],
            key=str,
        )
        assert ours(str(source)) == set(['_host', '_model', '_errors', '_plan'])

    def test_for_mypy_are_told_from_those_that_run(self, monkeypatch, tmp_path):
        source = tmp_path / '_plan' / 'x.py'
        source.parent.mkdir()
        source.write_bytes(
            b'from . import rules\nif TYPE_CHECKING:\n    from .case import Case\n'
            b'if other:\n    from . import steps\n'
        )
        monkeypatch.setattr('%s.UTILS' % __name__, str(tmp_path))
        assert [names[1] for _written, names in imports(str(source))] == ['rules', 'case', 'steps']
        running = imports(str(source), that_run=True)
        assert [names[1] for _written, names in running] == ['rules', 'steps']
