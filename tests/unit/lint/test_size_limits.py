# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What counts for the length of a file, and what does not."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / 'lint'))
import size_limits

CODE = 'def f(a):\n    return a\n'


def file_lines(text):
    return next(iter(size_limits.python_sizes('plugins/x.py', text)))[2]


class TestTheLengthOfAFile:
    @pytest.mark.parametrize(
        'text',
        [
            'def f(a):\n    # type: (int) -> int\n    return a\n',
            'if TYPE_CHECKING:  # novm\n    from x import y\n' + CODE,
            'DOCUMENTATION = """\nmuch\n"""\n' + CODE,
        ],
    )
    def test_leaves_out_what_nothing_runs(self, text):
        assert file_lines(text) == file_lines(CODE) == 2

    @pytest.mark.parametrize('line', ['# typed', 'if other:\n    pass', 'x = 1  # type: int'])
    def test_has_all_else(self, line):
        assert file_lines(CODE + line + '\n') == 3 + line.count('\n')
