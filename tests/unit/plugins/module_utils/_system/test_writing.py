# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
from collections import namedtuple

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import writing

Facts = namedtuple('Facts', 'f_flag')
MOUNTS = (
    u'22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n'
    u'30 22 8:1 /srv/conf /etc/httpd rw shared:1 - ext4 /dev/sda1 rw\n'
    u'31 30 8:1 /srv/a\\040b /etc/httpd/a\\040b ro - ext4 /dev/sda1 rw\n'
    u'32 22 0:9 / /var/l\\134\\303\\244b rw - tmpfs none rw\n'
)
POINTS = [u'/', u'/etc/httpd', u'/etc/httpd/a b', u'/var/l\\\xc3\xa4b']


class TestFolderProblem:
    def test_none_of_a_folder_of_ours(self, tmpdir):
        assert writing.folder_problem(str(tmpdir)) is None

    @pytest.mark.parametrize(
        'make, words',
        [
            (lambda path: None, 'No such file'),
            (lambda path: open(path, 'w').close(), 'is no folder'),
        ],
    )
    def test_names_what_is_no_folder(self, tmpdir, make, words):
        path = str(tmpdir.join('root'))
        make(path)
        assert words in writing.folder_problem(path)

    def test_a_mount_that_is_read_only(self, tmpdir, monkeypatch):
        monkeypatch.setattr(os, 'statvfs', lambda path: Facts(0x1001))
        assert 'mounted read-only' in writing.folder_problem(str(tmpdir))

    def test_a_server_of_files_that_takes_root_for_nobody(self, tmpdir, monkeypatch):
        monkeypatch.setattr(os, 'access', lambda path, mode: False)
        assert 'may not be written by us' in writing.folder_problem(str(tmpdir))

    @pytest.mark.parametrize(
        'flags, words', [(0x10, 'immutable'), (0x20, 'append-only'), (0x80000, None)]
    )
    def test_flags(self, tmpdir, monkeypatch, flags, words):
        monkeypatch.setattr(writing, 'read_flags', lambda path: flags)
        found = writing.folder_problem(str(tmpdir))
        assert found is None if words is None else words in found


@pytest.mark.parametrize('name', ['/dev/null', '/no/such', '/proc/self/status'])
def test_what_has_no_flags_has_none(name):
    assert writing.read_flags(name) == 0


class TestMounts:
    def test_are_read_with_every_byte_of_their_names(self):
        assert writing.parse_mount_points(MOUNTS) == POINTS

    def test_those_of_this_process_are_found(self):
        assert u'/proc' in writing.read_mount_points()

    @pytest.mark.parametrize(
        'path, point',
        [
            (u'/etc/httpd', u'/etc/httpd'),
            (u'/etc/httpd/conf/httpd.conf', u'/etc/httpd'),
            (u'/etc/httpd2', u'/'),
            (u'/etc/httpd/a b/c', u'/etc/httpd/a b'),
            (u'/', u'/'),
        ],
    )
    def test_the_one_that_is_nearest_above_counts(self, path, point):
        assert writing.mount_of(path, POINTS) == point
