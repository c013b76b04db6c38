# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import writing
from ansible_collections.webops.apache.plugins.module_utils._transaction import swap_trial

RENAME, MKDIR = os.rename, os.mkdir


class Ground(object):
    """The folders of a host: its configuration, with a file, a link and a folder, and the state
    folder.
    """

    def __init__(self, tmpdir):
        self.top = str(tmpdir)
        self.state, self.etc = str(tmpdir.mkdir('state')), str(tmpdir.mkdir('etc'))
        self.mods = str(tmpdir.join('etc').mkdir('mods'))
        self.file, self.link = os.path.join(self.mods, 'file'), os.path.join(self.mods, 'link')
        self.absent = os.path.join(self.mods, 'absent')
        self.deep = os.path.join(self.mods, 'new', 'absent')
        with open(self.file, 'w') as stream:
            stream.write('text')
        os.symlink('../elsewhere', self.link)

    def all(self):
        """Every path below it, with where it leads and what is in it."""
        return sorted(
            (os.path.join(folder, name), os.lstat(os.path.join(folder, name)).st_ino)
            for folder, folders, names in os.walk(self.top)
            for name in folders + names
        )

    def find(self, path, is_read=lambda name: False, write=True, size=10):
        before = self.all()
        found = swap_trial.find_places({path: size}, self.state, is_read, write)[0]
        assert self.all() == before
        return found


@pytest.fixture
def ground(tmpdir):
    return Ground(tmpdir)


def in_folder(*folders):
    return lambda name: os.path.dirname(name) in folders


def answer(number, *names):
    """A call that fails where one of its arguments is below one of these, as another would."""

    def call(real):
        def refuse(*args):
            if any(arg.startswith(name) for arg in args[:2] for name in names if arg != name):
                raise OSError(number, os.strerror(number))
            return real(*args)

        return refuse

    return call


@pytest.mark.parametrize('write', [True, False], ids=['tried', 'read'])
class TestWhereTheNewFileWaits:
    @pytest.mark.parametrize('name', ['file', 'link', 'absent', 'deep'])
    def test_in_the_state_folder_at_best_and_nothing_is_left(self, ground, write, name):
        found = ground.find(getattr(ground, name), write=write)
        assert found == (getattr(ground, name), ground.state, None, None)

    @pytest.mark.parametrize('name', ['file', 'link', 'absent', 'deep'])
    @pytest.mark.parametrize(
        'read, place',
        [((), 'mods'), (('mods',), 'etc'), (('mods', 'etc'), 'top')],
        ids=['beside', 'above', 'above that'],
    )
    def test_else_in_the_nearest_folder_that_httpd_does_not_read(
        self, ground, write, name, read, place
    ):
        read = in_folder(ground.state, *[getattr(ground, each) for each in read])
        found = ground.find(getattr(ground, name), read, write)
        assert (found.place, found.problem) == (getattr(ground, place), None)

    def test_nowhere_where_httpd_reads_all(self, ground, write):
        found = ground.find(ground.file, lambda name: True, write)
        assert found.place is None and 'httpd reads every file in ' + ground.mods in found.problem
        assert '*.conf' in found.fix

    def test_not_on_another_mount(self, ground, monkeypatch, write):
        points = [u'/', u'%s' % ground.etc]
        monkeypatch.setattr(writing, 'read_mount_points', lambda: points)
        assert ground.find(ground.file, write=write).place == ground.mods
        found = ground.find(ground.file, in_folder(ground.mods, ground.etc), write)
        assert found.place is None and 'httpd reads every file' in found.problem

    def test_not_where_the_file_itself_is_a_mount_point(self, ground, monkeypatch, write):
        monkeypatch.setattr(writing, 'read_mount_points', lambda: [u'/', u'%s' % ground.file])
        found = ground.find(ground.file, write=write)
        assert found.place is None and 'mount point' in found.problem and 'Unmount' in found.fix

    @pytest.mark.parametrize('name', ['file', 'mods'])
    def test_not_where_a_flag_forbids_it(self, ground, monkeypatch, write, name):
        flagged = getattr(ground, name)
        monkeypatch.setattr(writing, 'read_flags', lambda path: 0x10 if path == flagged else 0)
        found = ground.find(ground.file, write=write)
        assert found.place is None and flagged + ' is immutable' in found.problem
        assert 'chattr -i' in found.fix


class TestTheTrial:
    @pytest.mark.parametrize('name', ['file', 'link', 'absent'])
    def test_goes_on_where_a_rename_is_refused(self, ground, monkeypatch, name):
        refuse = answer(errno.EXDEV, ground.state)(RENAME)
        monkeypatch.setattr(swap_trial.os, 'rename', refuse)
        assert ground.find(getattr(ground, name)).place == ground.mods

    @pytest.mark.parametrize('number', [errno.EXDEV, errno.EPERM, errno.EBUSY, errno.EROFS])
    def test_says_what_was_tried_and_what_came_back(self, ground, monkeypatch, number):
        monkeypatch.setattr(swap_trial.os, 'rename', answer(number, '/')(RENAME))
        found = ground.find(ground.file)
        assert found.place is None
        for words in (ground.mods, ground.file, os.strerror(number), errno.errorcode[number]):
            assert words in found.problem

    @pytest.mark.parametrize('number', [errno.ENOSPC, errno.EDQUOT])
    def test_sees_that_there_is_no_room(self, ground, monkeypatch, number):
        def write(descriptor, content):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(swap_trial.os, 'write', write)
        found = ground.find(ground.file)
        assert found.place is None and errno.errorcode[number] in found.problem
        assert found.fix.startswith('Make room')

    def test_writes_nothing_where_it_is_only_judged(self, ground, monkeypatch):
        for name in ('mkdir', 'rename', 'write'):
            monkeypatch.setattr(swap_trial.os, name, answer(errno.EROFS, '/')(lambda *args: None))
        assert ground.find(ground.file, write=False).place == ground.state

    def test_takes_away_what_a_killed_one_left(self, ground):
        os.mkdir(os.path.join(ground.state, swap_trial.TRIAL))
        found = swap_trial.find_places({ground.file: 1}, ground.state, lambda name: False, True)
        assert found[0].place == ground.state and os.listdir(ground.state) == []
