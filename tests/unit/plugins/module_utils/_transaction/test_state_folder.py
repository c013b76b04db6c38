# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import stat

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._transaction import state_folder

as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root can give files away')


@pytest.fixture
def path(tmpdir):
    return str(tmpdir.join('file'))


class TestMakePrivate:
    @pytest.mark.parametrize('umask', [0, 0o22, 0o77])
    def test_makes_a_folder_that_only_its_owner_enters(self, path, umask):
        before = os.umask(umask)
        try:
            assert state_folder.make_private(path) == path
        finally:
            os.umask(before)
        facts = os.lstat(path)
        assert (
            stat.S_ISDIR(facts.st_mode)
            and stat.S_IMODE(facts.st_mode) == 0o700
            and facts.st_uid == os.geteuid()
        )
        assert state_folder.make_private(path) == path

    @pytest.mark.parametrize('mode', [0o755, 0o710, 0o701, 0o770, 0o1777])
    def test_a_folder_that_others_can_enter_is_refused_and_left(self, path, mode):
        os.mkdir(path)
        os.chmod(path, mode)
        with pytest.raises(StepError) as caught:
            state_folder.make_private(path)
        assert path in caught.value.message and stat.S_IMODE(os.lstat(path).st_mode) == mode

    @as_root
    def test_a_folder_of_somebody_else_is_refused(self, path):
        os.mkdir(path, 0o700)
        os.chown(path, 12, 34)
        with pytest.raises(StepError):
            state_folder.make_private(path)

    def test_a_link_is_refused_even_to_a_good_folder(self, path):
        os.mkdir(path + '-elsewhere', 0o700)
        os.symlink(path + '-elsewhere', path)
        with pytest.raises(StepError):
            state_folder.make_private(path)
        assert os.listdir(path + '-elsewhere') == []

    def test_a_file_in_its_place_and_a_missing_parent_are_told(self, path):
        with pytest.raises(StepError):
            state_folder.make_private(os.path.join(path, 'below'))
        state_folder.write_private(path, b'')
        with pytest.raises(StepError):
            state_folder.make_private(path)


class TestReadPrivate:
    def test_gives_what_was_written_and_nobody_else_can_read_it(self, path):
        state_folder.write_private(path, b'\x00\xe9\n')
        assert state_folder.read_private(path) == b'\x00\xe9\n'
        facts = os.lstat(path)
        assert (stat.S_IMODE(facts.st_mode), facts.st_uid, facts.st_gid) == (
            0o600,
            os.geteuid(),
            os.getegid(),
        )

    def test_no_file_is_none(self, path):
        assert state_folder.read_private(path) is None

    @pytest.mark.parametrize('mode', [0o620, 0o602])
    def test_a_file_that_others_may_write_is_refused(self, path, mode):
        state_folder.write_private(path, b'x')
        os.chmod(path, mode)
        with pytest.raises(StepError):
            state_folder.read_private(path)

    @as_root
    def test_a_file_of_somebody_else_is_refused(self, path):
        state_folder.write_private(path, b'x')
        os.chown(path, 12, 34)
        with pytest.raises(StepError):
            state_folder.read_private(path)

    def test_a_link_is_refused(self, path):
        state_folder.write_private(path + '-elsewhere', b'x')
        os.symlink(path + '-elsewhere', path)
        with pytest.raises(StepError):
            state_folder.read_private(path)

    def test_writing_takes_the_place_of_a_link_and_not_of_where_it_leads(self, path):
        state_folder.write_private(path + '-elsewhere', b'x')
        os.symlink(path + '-elsewhere', path)
        state_folder.write_private(path, b'y')
        assert (
            state_folder.read_private(path) == b'y'
            and state_folder.read_private(path + '-elsewhere') == b'x'
        )


class TestReadJson:
    @pytest.mark.parametrize('value', [{'a': [1, None, u'caf\xe9']}, [], 'text', 0])
    def test_gives_what_was_written(self, path, value):
        state_folder.write_json(path, value)
        assert state_folder.read_json(path) == value

    def test_no_file_is_none(self, path):
        assert state_folder.read_json(path) is None

    def test_what_is_not_whole_is_none_wherever_it_was_cut(self, path):
        state_folder.write_json(path, {'a': [1, u'caf\xe9']})
        content = state_folder.read_private(path).rstrip()
        for size in range(len(content)):
            state_folder.write_private(path, content[:size])
            assert state_folder.read_json(path) is None

    @pytest.mark.parametrize('content', [b'nonsense', b'\xff{}', b'{} {}'])
    def test_what_is_no_json_is_none(self, path, content):
        state_folder.write_private(path, content)
        assert state_folder.read_json(path) is None
