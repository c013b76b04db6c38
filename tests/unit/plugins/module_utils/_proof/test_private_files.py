# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ansible_collections.webops.apache.plugins.module_utils._proof import private_files
from ansible_collections.webops.apache.plugins.module_utils._system import processes


class TestWrittenFolders:
    def test_are_those_that_are_there_behind_links(self, tmp_path):
        (tmp_path / 'real').mkdir()
        os.symlink('real', str(tmp_path / 'logs'))
        base = os.path.realpath(str(tmp_path))
        asked = ['/logs/access', '/logs/error', '/real/.', '/not-there/error', '/gone/.', '/file']
        assert private_files.written_folders([base + path for path in asked]) == set([base + '/real', base])


class TestPathsWrittenBy:
    def test_are_what_the_server_has_open_for_writing(self, tmp_path):
        with open(str(tmp_path / 'log'), 'ab'):
            with open(__file__, 'rb'):
                found = private_files.paths_written_by(processes.read_process(os.getpid()))
        assert os.path.realpath(str(tmp_path / 'log')) in found
        assert os.path.realpath(__file__) not in found and not [path for path in found if path.startswith('/dev/')]
