# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import output


def refuse(*_words, **_options):
    raise OSError(errno.ENOSYS, 'no such call')


class Full(object):
    """The file systems of a test: the folders that are full, and where files were made."""

    def __init__(self, monkeypatch, full):
        self.full, self.asked = full, []
        self.real, self.write = output.tempfile.TemporaryFile, os.write
        monkeypatch.setattr(output.tempfile, 'TemporaryFile', self.make)
        monkeypatch.setattr(output.os, 'write', self.fill)

    def make(self, dir):
        self.asked.append(dir)
        if self.full.get(dir) == 'no file':
            raise OSError(errno.ENOSPC, 'No space left on device')
        return self.real()

    def fill(self, descriptor, content):
        if self.full.get(self.asked[-1] if self.asked else None) == 'no block':
            raise OSError(errno.ENOSPC, 'No space left on device')
        return self.write(descriptor, content)


class TestOpenOutput:
    def test_has_no_name_and_is_empty(self):
        stream = output.open_output()
        facts = os.fstat(stream.fileno())
        assert (facts.st_nlink, facts.st_size) == (0, 0)
        stream.close()

    @pytest.mark.parametrize(
        'machine, by_python', [('this', True), ('this', False), ('another', False)]
    )
    def test_is_in_memory_where_the_kernel_can(self, monkeypatch, machine, by_python):
        if not by_python:
            monkeypatch.delattr(os, 'memfd_create', raising=False)
        if machine == 'another':
            monkeypatch.setattr(output, '_NUMBER', None)
        stream = output.open_output()
        assert ('memfd:' in os.readlink('/proc/self/fd/%d' % stream.fileno())) == (
            machine == 'this'
        )
        stream.close()

    @pytest.mark.parametrize(
        'full, asked',
        [
            ({}, ['/first']),
            ({'/first': 'no file'}, ['/first', '/second']),
            ({'/first': 'no block'}, ['/first', '/second']),
            ({'/first': 'no file', '/second': 'no block'}, ['/first', '/second', '/third']),
        ],
        ids=repr,
    )
    def test_is_in_the_first_folder_with_room(self, monkeypatch, full, asked):
        monkeypatch.setattr(output, '_in_memory', refuse)
        monkeypatch.setattr(output, 'FOLDERS', ['/first', '/second', '/third'])
        tried = Full(monkeypatch, full)
        stream = output.open_output()
        stream.write(b'kept')
        assert output.read_output(stream) == (u'kept', True) and tried.asked == asked
        stream.close()

    def test_is_nothing_where_all_is_full(self, monkeypatch):
        monkeypatch.setattr(output, '_in_memory', refuse)
        monkeypatch.setattr(output, 'FOLDERS', ['/first', '/second'])
        Full(monkeypatch, {'/first': 'no file', '/second': 'no block'})
        assert output.open_output() is None
        assert output.read_output(None) == (u'', False)


def test_folders_of_root_alone_come_before_those_that_a_user_can_fill():
    by_all = [
        os.path.isdir(folder) and bool(os.stat(folder).st_mode & 0o002) for folder in output.FOLDERS
    ]
    assert by_all == sorted(by_all)
