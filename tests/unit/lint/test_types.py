# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What lint asks mypy and stubtest about target code: a mistake in it is reported."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BIN = ROOT / '.venv' / 'core-2.16' / 'bin'
PACKAGE = 'ansible_collections/webops/apache/plugins/module_utils'
RULES = 'collections/%s/_plan/capacity_rules.py' % PACKAGE


def run(program, *arguments, folder=ROOT):
    """Return what a program prints."""
    done = subprocess.run(
        [program, *arguments],
        cwd=str(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        check=False,
    )
    return done.stdout


def replaced(path, old, new):
    text = path.read_text(encoding='utf-8')
    assert text.count(old) == 1
    return text.replace(old, new)


class TestPlan:
    @pytest.mark.parametrize(
        'old, new, report',
        [
            ('case.now.http2', 'case.now.no_such', '"Outlook" has no attribute "no_such"'),
            ('numbers_of(now.directives)', 'numbers_of(case)', 'has incompatible type "Case"'),
            (
                '    # type: (Case) -> list[Finding]\n    """Says',
                '    """Says',
                'missing a type annotation',
            ),
            ('            [],\n        )\n    ]\n\n\ndef http2', ')]\n\n\ndef http2', '"packages"'),
        ],
        ids=['no such field', 'another record', 'no type', 'a field less'],
    )
    def test_has_no_mistake_that_mypy_sees(self, tmp_path, old, new, report):
        changed = tmp_path / 'changed.py'
        changed.write_text(replaced(ROOT / RULES, old, new), encoding='utf-8')
        options = ['--cache-dir', os.devnull, '--shadow-file', RULES, str(changed)]
        assert report in run(str(BIN / 'mypy'), *options, RULES)


class TestStubs:
    @pytest.mark.parametrize(
        'old, new, report',
        [
            ('    rc: int\n', '', 'CommandResult.__new__ is inconsistent'),
            ('    rc: int\n', '    rc: int\n    no_such: int\n', 'CommandResult.__new__ is inco'),
            (
                '    out: str\n    err: str\n',
                '    err: str\n    out: str\n',
                'parameter "err" differs',
            ),
            ("rehearse: str = 'auto'", "rehearse: str = 'never'", "default value of 'auto'"),
        ],
        ids=['a field less', 'a field more', 'another order', 'another default'],
    )
    def test_say_of_records_what_these_are(self, tmp_path, old, new, report):
        folder = tmp_path / 'collections' / PACKAGE
        folder.mkdir(parents=True)
        for path in (ROOT / 'plugins' / 'module_utils').iterdir():
            (folder / path.name).symlink_to(path)
        (tmp_path / 'mypy.ini').symlink_to(ROOT / 'mypy.ini')
        stub = folder / '_model.pyi'
        text = replaced(stub, old, new)
        stub.unlink()
        stub.write_text(text, encoding='utf-8')
        assert report in run(str(ROOT / 'tests' / 'lint' / 'stubs.sh'), str(BIN), folder=tmp_path)
