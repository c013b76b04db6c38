# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import fcntl
import os
import stat
import subprocess
import sys

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import StepError
from ansible_collections.webops.apache.plugins.module_utils._transaction import lock


@pytest.fixture
def folder(tmpdir):
    return str(tmpdir.join('state'))


@pytest.fixture
def held(folder):
    descriptor = lock.take_lock(folder)
    yield descriptor
    try:
        os.close(descriptor)
    except OSError:
        pass  # the test let go of it


class TestTakeLock:
    def test_makes_a_folder_and_a_file_for_root_alone(self, folder, held):
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(os.path.join(folder, 'lock')).st_mode) == 0o600

    def test_gives_none_while_somebody_has_it(self, folder, held):
        assert lock.take_lock(folder) is None

    def test_is_free_again_when_it_is_released(self, folder, held):
        lock.release_lock(held)
        assert lock.is_free(folder)

    def test_a_holder_that_was_killed_holds_nothing(self, folder):
        os.mkdir(folder, 0o700)
        code = (
            'import fcntl, os, sys; f = open(%r, "w"); fcntl.flock(f, fcntl.LOCK_EX); '
            'os.write(1, b"."); sys.stdin.read()'
        )
        child = subprocess.Popen(
            [sys.executable, '-c', code % os.path.join(folder, 'lock')],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert os.read(child.stdout.fileno(), 1) == b'.'
        assert not lock.is_free(folder)
        child.kill()
        child.communicate()
        assert lock.is_free(folder)

    def test_a_child_holds_it_for_as_long_as_it_lives(self, folder, held):
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.read(read, 1)
            os._exit(0)
        lock.release_lock(held)
        assert not lock.is_free(folder)
        os.write(write, b'.')
        os.waitpid(pid, 0)
        assert lock.is_free(folder)

    def test_an_error_of_the_file_system_is_not_taken_for_another_switch(self, folder, monkeypatch):
        def fail(*_unused):
            raise OSError(37, 'No locks available')

        monkeypatch.setattr(lock.fcntl, 'flock', fail)
        with pytest.raises(StepError) as caught:
            lock.take_lock(folder)
        assert 'could not be locked' in caught.value.message

    def test_a_missing_parent_is_told(self, folder):
        with pytest.raises(StepError):
            lock.take_lock(os.path.join(folder, 'below'))

    def test_a_lock_that_is_a_link_is_refused(self, folder, tmpdir):
        os.mkdir(folder, 0o700)
        os.symlink(str(tmpdir.join('elsewhere')), os.path.join(folder, 'lock'))
        with pytest.raises(StepError):
            lock.take_lock(folder)
        assert not tmpdir.join('elsewhere').check()

    def test_what_is_started_does_not_inherit_it(self, held):
        assert fcntl.fcntl(held, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
