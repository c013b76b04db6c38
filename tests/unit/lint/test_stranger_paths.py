# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lint rule for code that meets paths of strangers notices every way to go by a name."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / 'lint'))
import stranger_paths


class TestProblemsOf:
    @pytest.mark.parametrize(
        'call',
        [
            'open(path)',
            'io.open(path)',
            'os.open(path, flags)',
            'os.listdir(path)',
            'os.walk(path)',
            'os.stat(path)',
            'os.lstat(path)',
            'os.chown(path, 0, 0)',
            'os.path.isdir(path)',
            'os.path.realpath(path)',
            'os.rename(path, path)',
            'namespaces.bind(path, path)',
            'namespaces.mount(path, path, None, 0)',
        ],
    )
    def test_are_calls_by_name(self, call):
        assert stranger_paths.problems_of('import os\n\n' + call) == [(3, call.split('(')[0])]

    @pytest.mark.parametrize(
        'call',
        [
            'os.fstat(descriptor)',
            'os.close(descriptor)',
            'os.path.join(path, name)',
            'open_folder(path)',
            'folder.read(name, 9)',
            'open(os.devnull)',
            'os.kill(pid, 15)',
            'stage.room.make_file(name)',
        ],
    )
    def test_are_not_calls_by_descriptor(self, call):
        assert stranger_paths.problems_of(call) == []

    def test_are_none_in_the_files_that_the_rule_is_for(self, capsys):
        assert stranger_paths.main() == 0 and capsys.readouterr().out == ''
