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
from ansible_collections.webops.apache.plugins.module_utils._transaction.lock import host_lock


@pytest.fixture
def folder(tmpdir):
    return str(tmpdir.join('state'))


class TestHostLock:
    def test_makes_a_folder_and_a_file_for_root_alone(self, folder):
        with host_lock(folder):
            assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
            assert stat.S_IMODE(os.stat(os.path.join(folder, 'lock')).st_mode) == 0o600

    def test_a_second_one_is_told_who_holds_it(self, folder):
        with host_lock(folder):
            with pytest.raises(StepError) as caught:
                host_lock(folder).__enter__()
        assert 'process %d' % os.getpid() in caught.value.message
        assert caught.value.details == {'rule': 'in_progress'}

    def test_is_free_again_afterwards_even_after_an_error(self, folder):
        with pytest.raises(ValueError):
            with host_lock(folder):
                raise ValueError()
        with host_lock(folder):
            pass

    def test_a_holder_without_a_name_is_unknown(self, folder):
        with host_lock(folder):
            with open(os.path.join(folder, 'lock'), 'w'):
                pass
            with pytest.raises(StepError) as caught:
                host_lock(folder).__enter__()
        assert 'process unknown' in caught.value.message

    def test_a_long_number_of_an_earlier_holder_leaves_no_digits(self, folder):
        with host_lock(folder):
            pass
        with open(os.path.join(folder, 'lock'), 'w') as stream:
            stream.write('9' * 30)
        with host_lock(folder):
            with open(os.path.join(folder, 'lock')) as stream:
                assert stream.read() == '%d\n' % os.getpid()

    def test_a_holder_that_was_killed_holds_nothing(self, folder):
        os.mkdir(folder, 0o700)
        code = 'import fcntl, os, sys; f = open(%r, "w"); fcntl.flock(f, fcntl.LOCK_EX); os.write(1, b"."); sys.stdin.read()'
        child = subprocess.Popen([sys.executable, '-c', code % os.path.join(folder, 'lock')], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert os.read(child.stdout.fileno(), 1) == b'.'
        with pytest.raises(StepError):
            host_lock(folder).__enter__()
        child.kill()
        child.communicate()
        with host_lock(folder):
            pass

    def test_an_error_of_the_file_system_is_not_taken_for_another_switch(self, folder, monkeypatch):
        def fail(*_unused):
            raise OSError(37, 'No locks available')

        monkeypatch.setattr(lock.fcntl, 'flock', fail)
        with pytest.raises(StepError) as caught:
            host_lock(folder).__enter__()
        assert 'could not be locked' in caught.value.message and 'rule' not in caught.value.details

    @pytest.mark.parametrize('make', [
        lambda path: os.mkdir(path, 0o755), lambda path: os.symlink('/tmp', path), lambda path: open(path, 'w').close()],
        ids=['open to others', 'a link', 'a file'])
    def test_a_folder_that_others_may_have_made_is_refused(self, folder, make):
        make(folder)
        with pytest.raises(StepError) as caught:
            host_lock(folder).__enter__()
        assert folder in caught.value.message

    @pytest.mark.skipif(os.geteuid() != 0, reason='only root may give folders away')
    def test_a_folder_of_another_user_is_refused(self, folder):
        os.mkdir(folder, 0o700)
        os.chown(folder, 65533, 65533)
        with pytest.raises(StepError):
            host_lock(folder).__enter__()

    def test_a_missing_parent_is_told(self, folder):
        with pytest.raises(StepError):
            host_lock(os.path.join(folder, 'below')).__enter__()

    def test_what_is_started_does_not_inherit_it(self, folder):
        with host_lock(folder) as held:
            if hasattr(os, 'get_inheritable'):
                assert not os.get_inheritable(held._descriptor)
            else:
                assert fcntl.fcntl(held._descriptor, fcntl.F_GETFD) & fcntl.FD_CLOEXEC
