# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import stat
import struct

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._system import attributes
from ansible_collections.webops.apache.plugins.module_utils._transaction import files

# An access list with one named user, as the kernel packs it: version 2, then (tag, rights, id) of
# each entry.
NOBODY = 0xFFFFFFFF
ACCESS_LIST = struct.pack('<I', 2) + b''.join(
    struct.pack('<HHI', *entry)
    for entry in [(1, 6, NOBODY), (2, 4, 65533), (4, 4, NOBODY), (16, 4, NOBODY), (32, 0, NOBODY)]
)
LABEL = b'system_u:object_r:httpd_config_t:s0\0'


@pytest.fixture
def folder(tmpdir):
    return str(tmpdir)


@pytest.fixture
def path(folder):
    made = os.path.join(folder, 'httpd.conf')
    with open(made, 'wb') as stream:
        stream.write(b'old\r\n\xff')
    os.chmod(made, 0o640)
    return made


def content_of(path):
    with open(path, 'rb') as stream:
        return stream.read()


def fail(*_unused):
    raise OSError(errno.ENOSPC, 'No space left on device')


class TestTakeSnapshot:
    def test_nothing_is_a_state_too(self, folder):
        assert files.take_snapshot(os.path.join(folder, 'missing')) == files.ABSENT

    def test_holds_bytes_mode_and_owner(self, path):
        snapshot = files.take_snapshot(path)
        assert snapshot[:3] == ('file', b'old\r\n\xff', 0o640)
        assert (snapshot.uid, snapshot.gid) == (os.stat(path).st_uid, os.stat(path).st_gid)

    @pytest.mark.parametrize('target', ['/etc/hostname', '/nowhere'])
    def test_a_link_is_told_by_its_target_and_not_followed(self, folder, target):
        place = os.path.join(folder, 'place')
        os.symlink(target, place)
        assert files.take_snapshot(place)[:2] == ('link', target.encode('ascii'))

    @pytest.mark.parametrize('make', [os.mkdir, os.mkfifo], ids=['folder', 'pipe'])
    def test_anything_else_is_refused(self, folder, make):
        place = os.path.join(folder, 'place')
        make(place)
        with pytest.raises(StepError):
            files.take_snapshot(place)

    def test_a_file_where_a_folder_should_be_is_an_error(self, path):
        with pytest.raises(OSError):
            files.take_snapshot(os.path.join(path, 'below'))


class TestWriteFile:
    def test_puts_the_bytes_there_with_the_mode_of_the_other(self, path):
        before = files.take_snapshot(path)
        files.write_file(path, b'new\n', before)
        assert files.take_snapshot(path) == before._replace(content=b'new\n')
        assert os.listdir(os.path.dirname(path)) == ['httpd.conf']

    def test_is_another_file_under_the_same_name_so_that_a_reader_keeps_the_old_one(self, path):
        with open(path, 'rb') as reader:
            files.write_file(path, b'new', files.take_snapshot(path))
            assert reader.read() == b'old\r\n\xff'

    @pytest.mark.parametrize('mode', [0o600, 0o644, 0o664, 0o4755, 0o444])
    @pytest.mark.parametrize('mask', [0o000, 0o077])
    def test_keeps_the_mode_whatever_the_mask_is(self, path, mode, mask):
        os.chmod(path, mode)
        old = os.umask(mask)
        try:
            files.write_file(path, b'new', files.take_snapshot(path))
        finally:
            os.umask(old)
        assert stat.S_IMODE(os.stat(path).st_mode) == mode

    @pytest.mark.skipif(os.geteuid() != 0, reason='only root may give files away')
    def test_keeps_the_owner(self, path):
        os.chown(path, 65533, 65532)
        files.write_file(path, b'new', files.take_snapshot(path))
        assert (os.stat(path).st_uid, os.stat(path).st_gid) == (65533, 65532)

    @pytest.mark.parametrize(
        'name, value', [('system.posix_acl_access', ACCESS_LIST), ('security.selinux', LABEL)]
    )
    def test_keeps_access_lists_and_labels(self, path, name, value):
        try:
            attributes.write_attributes(path, {name: value})
        except OSError as e:
            pytest.skip('this file system has no %s: %s' % (name, e))
        before = files.take_snapshot(path)
        assert before.labels[name] == value
        files.write_file(path, b'new', before)
        assert files.take_snapshot(path) == before._replace(content=b'new')

    def test_a_new_file_can_be_read_by_all_and_written_by_its_owner(self, folder):
        old = os.umask(0o077)
        try:
            files.write_file(os.path.join(folder, 'new'), b'x', files.ABSENT)
        finally:
            os.umask(old)
        assert stat.S_IMODE(os.stat(os.path.join(folder, 'new')).st_mode) == 0o644

    @pytest.mark.parametrize('function', ['write', 'fsync', 'fchmod', 'rename'])
    def test_an_error_on_the_way_leaves_the_old_file_and_nothing_else(
        self, path, monkeypatch, function
    ):
        before = files.take_snapshot(path)
        monkeypatch.setattr(files.os, function, fail)
        with pytest.raises(OSError):
            files.write_file(path, b'new', before)
        monkeypatch.undo()
        assert files.take_snapshot(path) == before
        assert os.listdir(os.path.dirname(path)) == ['httpd.conf']

    def test_a_label_that_cannot_be_set_leaves_the_old_file(self, path):
        before = files.take_snapshot(path)
        with pytest.raises(OSError):
            files.write_file(path, b'new', before._replace(labels={'nonsense': b'x'}))
        assert files.take_snapshot(path) == before and os.listdir(os.path.dirname(path)) == [
            'httpd.conf'
        ]

    def test_what_a_crash_left_behind_is_replaced(self, path):
        with open(os.path.join(os.path.dirname(path), '.httpd.conf.webops-new'), 'wb') as stream:
            stream.write(b'half')
        files.write_file(path, b'new', files.take_snapshot(path))
        assert content_of(path) == b'new' and os.listdir(os.path.dirname(path)) == ['httpd.conf']

    def test_a_link_in_the_place_of_the_temporary_is_not_followed(self, path, folder):
        victim = os.path.join(folder, 'victim')
        with open(victim, 'wb') as stream:
            stream.write(b'precious')
        os.symlink(victim, os.path.join(folder, '.httpd.conf.webops-new'))
        files.write_file(path, b'new', files.take_snapshot(path))
        assert content_of(victim) == b'precious' and content_of(path) == b'new'

    def test_bytes_come_before_the_name_and_the_name_is_made_to_last(self, path, monkeypatch):
        calls = []
        for name in ('fsync', 'rename'):
            monkeypatch.setattr(files.os, name, _spy(calls, name, getattr(os, name)))
        files.write_file(path, b'new', files.take_snapshot(path))
        monkeypatch.undo()
        assert calls == ['fsync', 'rename', 'fsync']


def _spy(calls, name, real):
    def spy(*args):
        calls.append(name)
        return real(*args)

    return spy


class TestRemoveFile:
    def test_removes_a_file_and_does_not_mind_that_it_is_gone(self, path):
        files.remove_file(path)
        assert not os.path.exists(path)
        files.remove_file(path)

    def test_a_folder_is_no_file(self, folder):
        os.mkdir(os.path.join(folder, 'inner'))
        with pytest.raises(OSError):
            files.remove_file(os.path.join(folder, 'inner'))


class TestDigest:
    def test_tells_bytes_apart(self):
        assert files.digest(b'a') == files.digest(b'a') != files.digest(b'a\n')
