# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import struct

import pytest
from ansible_collections.webops.apache.plugins.module_utils._system import attributes, ownership

as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root may give files away')
ACL = 'system.posix_acl_access'
USER_OBJ, USER, GROUP_OBJ, GROUP, MASK, OTHER = 1, 2, 4, 8, 16, 32
NOBODY = 0xFFFFFFFF


def access_list(*entries):
    """The bytes of an access list; entries: (tag, permissions, id), beside owner and others."""
    whole = ((USER_OBJ, 6, NOBODY),) + entries + ((OTHER, 4, NOBODY),)
    return struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *entry) for entry in whole)


def make(path, content=b'', mode=0o644):
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


@as_root
class TestJudgePath:
    def test_finds_nothing_against_a_file_of_root(self):
        assert ownership.judge_path('/etc/passwd', u'') == (
            '/etc/passwd',
            os.path.realpath('/etc/passwd'),
            None,
            'utf-8',
            None,
        )

    def test_names_the_nearest_fault(self, tmp_path):
        path = make(tmp_path / 'a', b'', 0o666)
        assert (
            ownership.judge_path(path, None).problem
            == '%s can be written by users other than root (mode 0666)' % path
        )

    def test_judges_every_folder_above(self, tmp_path):
        (tmp_path / 'x' / 'y').mkdir(parents=True)
        (tmp_path / 'x').chmod(0o777)
        path = make(tmp_path / 'x' / 'y' / 'a')
        assert ownership.judge_path(
            path, None
        ).problem == '%s can be written by users other than root (mode 0777)' % (tmp_path / 'x')

    def test_names_another_owner(self, tmp_path):
        path = make(tmp_path / 'a')
        os.chown(path, 12345, 0)
        assert (
            ownership.judge_path(path, None).problem
            == '%s belongs to user 12345, not to root' % path
        )

    def test_names_the_owner_of_a_link(self, tmp_path):
        os.symlink('/etc/passwd', str(tmp_path / 'a'))
        os.lchown(str(tmp_path / 'a'), 12345, 0)
        assert ownership.judge_path(
            str(tmp_path / 'a'), None
        ).problem == '%s belongs to user 12345, not to root' % (tmp_path / 'a')

    def test_follows_a_link_to_its_target(self, tmp_path):
        target = make(tmp_path / 'b', b'', 0o602)
        os.symlink('b', str(tmp_path / 'a'))
        facts = ownership.judge_path(str(tmp_path / 'a'), None)
        assert facts.real == target
        assert facts.problem == '%s can be written by users other than root (mode 0602)' % target

    def test_looks_at_every_link_on_the_way(self, tmp_path):
        # a -> open/b -> /etc/passwd: a user who may write to `open` chooses where `a` leads.
        (tmp_path / 'open').mkdir()
        (tmp_path / 'open').chmod(0o777)
        os.symlink('/etc/passwd', str(tmp_path / 'open' / 'b'))
        os.symlink(os.path.join('open', 'b'), str(tmp_path / 'a'))
        facts = ownership.judge_path(str(tmp_path / 'a'), None)
        assert facts.real == os.path.realpath('/etc/passwd')
        assert facts.problem == '%s can be written by users other than root (mode 0777)' % (
            tmp_path / 'open'
        )

    def test_ends_on_links_that_go_in_a_circle(self, tmp_path):
        os.symlink('b', str(tmp_path / 'a'))
        os.symlink('a', str(tmp_path / 'b'))
        assert ownership.judge_path(str(tmp_path / 'a'), None).encoding == 'utf-8'

    def test_lets_the_group_of_root_write(self, tmp_path):
        assert not (
            ownership.judge_path(make(tmp_path / 'a', b'', 0o664), None).problem or ''
        ).startswith(str(tmp_path / 'a'))

    def test_does_not_let_another_group_write(self, tmp_path):
        path = make(tmp_path / 'a')
        os.chown(path, 0, 12345)
        os.chmod(path, 0o664)
        assert (
            ownership.judge_path(path, None).problem
            == '%s can be written by users other than root (mode 0664)' % path
        )

    def test_judges_the_folders_of_a_file_that_is_not_there(self, tmp_path):
        tmp_path.chmod(0o777)
        assert (
            ownership.judge_path(str(tmp_path / 'none'), None).problem
            == '%s can be written by users other than root (mode 0777)' % tmp_path
        )


@as_root
class TestAccessLists:
    @pytest.mark.parametrize(
        'entries, writers',
        [
            (((USER, 6, 1000), (GROUP_OBJ, 4, NOBODY), (MASK, 6, NOBODY)), 'user 1000'),
            (
                ((GROUP_OBJ, 4, NOBODY), (GROUP, 6, 50), (GROUP, 2, 60), (MASK, 6, NOBODY)),
                'group 50, group 60',
            ),
            (((USER, 4, 1000), (GROUP_OBJ, 4, NOBODY), (MASK, 6, NOBODY)), None),
            (((USER, 6, 0), (GROUP_OBJ, 6, NOBODY), (GROUP, 6, 0), (MASK, 6, NOBODY)), None),
            # The mask takes away what the entry gives.
            (((USER, 6, 1000), (GROUP_OBJ, 4, NOBODY), (MASK, 4, NOBODY)), None),
        ],
        ids=['a user', 'groups', 'a reader', 'root', 'masked'],
    )
    def test_are_seen_on_a_file(self, tmp_path, entries, writers):
        path = make(tmp_path / 'a')
        attributes.write_attributes(path, {ACL: access_list(*entries)})

        problem = ownership.judge_path(path, None).problem or ''

        mine = problem if problem.startswith(path) else ''
        assert mine == ('%s can be written by %s (mode 0664)' % (path, writers) if writers else '')

    def test_are_seen_on_a_folder_above(self, tmp_path):
        path = make(tmp_path / 'a')
        content = access_list((USER, 7, 1000), (GROUP_OBJ, 5, NOBODY), (MASK, 7, NOBODY))
        attributes.write_attributes(str(tmp_path), {ACL: content})
        assert ownership.judge_path(path, None).problem.startswith(
            '%s can be written by user 1000 ' % tmp_path
        )

    def test_count_where_the_groups_own_entry_writes(self, tmp_path):
        path = make(tmp_path / 'a')
        os.chown(path, 0, 12345)
        attributes.write_attributes(
            path, {ACL: access_list((USER, 4, 0), (GROUP_OBJ, 6, NOBODY), (MASK, 6, NOBODY))}
        )
        assert (
            ownership.judge_path(path, None).problem
            == '%s can be written by group 12345 (mode 0664)' % path
        )


class TestParseAccessList:
    @pytest.mark.parametrize(
        'content', [b'', b'abc', struct.pack('<I', 1), access_list()[:-1], b'\xff' * 20, b'\0' * 4]
    )
    def test_knows_what_is_not_one(self, content):
        assert ownership.parse_access_list(content, 0) is None

    def test_takes_one_without_a_mask(self):
        assert ownership.parse_access_list(access_list((GROUP_OBJ, 6, NOBODY)), 7) == [('group', 7)]


class TestLinks:
    def test_are_given_up_after_forty(self, tmp_path):
        names = [str(tmp_path / ('%04d' % number)) for number in range(1200)]
        for name, target in zip(names, names[1:]):
            os.symlink(target, name)
        make(tmp_path / '1199')
        facts = ownership.judge_path(names[0], None)
        assert facts.real == names[0]
        assert not ownership.only_root_changes(names[0])
        assert ownership.real_path(names[-30]) == names[-1]


class TestEncoding:
    @pytest.mark.parametrize(
        'text, encoding',
        [
            (None, 'utf-8'),
            (u'', 'utf-8'),
            (u'a\r\n', 'utf-8'),
            (u'caf\xc3\xa9', 'utf-8'),
            (u'caf\xe9', 'other'),
            (u'\xff', 'other'),
            (u'\xc3', 'other'),
        ],
        ids=repr,
    )
    def test_tells_utf_8_from_others(self, text, encoding):
        assert ownership.judge_path('/', text).encoding == encoding
