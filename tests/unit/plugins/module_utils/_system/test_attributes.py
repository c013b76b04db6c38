# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import struct

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import attributes
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._transaction import (
    test_files,
)


@pytest.fixture
def path(tmpdir):
    tmpdir.join('file').write('x')
    return str(tmpdir.join('file'))


class TestReadAttributes:
    def test_a_plain_file_has_none(self, path):
        assert attributes.read_attributes(path) in (
            {},
            {'security.selinux': attributes.read_attributes(path).get('security.selinux')},
        )

    def test_a_file_that_is_gone_has_none(self, path):
        assert attributes.read_attributes(path + '.gone') == {}

    def test_attributes_of_others_are_left_to_them(self, path):
        try:
            attributes.write_attributes(path, {'user.comment': b'mine'})
        except OSError as e:
            pytest.skip('this file system has no attributes of users: %s' % e)
        assert 'user.comment' not in attributes.read_attributes(path)


class TestWriteAttributes:
    @pytest.mark.parametrize(
        'name, value',
        [
            ('system.posix_acl_access', test_files.ACCESS_LIST),
            ('security.selinux', test_files.LABEL),
        ],
    )
    @pytest.mark.parametrize(
        'kind',
        [lambda path: path, lambda path: u'%s' % path, lambda path: path.encode('ascii')],
        ids=['native', 'text', 'bytes'],
    )
    def test_are_read_back_whatever_the_kind_of_the_path(self, path, name, value, kind):
        try:
            attributes.write_attributes(kind(path), {name: value})
        except OSError as e:
            pytest.skip('this file system has no %s: %s' % (name, e))
        assert attributes.read_attributes(kind(path))[name] == value

    def test_one_that_cannot_be_set_is_an_error_with_its_number(self, path):
        with pytest.raises(OSError) as caught:
            attributes.write_attributes(
                path, {'system.posix_acl_access': struct.pack('<I', 99) + b'nonsense'}
            )
        assert caught.value.errno and caught.value.filename == path
        assert os.path.exists(path)
