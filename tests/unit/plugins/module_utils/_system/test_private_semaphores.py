# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import IsolationError
from ansible_collections.webops.apache.plugins.module_utils._system import private_semaphores

TITLES = '       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n'
ONE = '         0     131075   600          1    33     0     0     0          0 1790000000\n'
MANY = '         5     163844   600         17     0     0     0     0          0 1790000000\n'


@pytest.mark.parametrize(
    'limits, sets, expected',
    [
        ('250\t32000\t32\t128\n', TITLES, '250 32000 32 128'),
        ('250\t32000\t32\t128\n', TITLES + ONE + MANY, '250 31982 32 126'),
        # Root lowered the limits below what is there.
        ('250\t10\t32\t1\n', TITLES + ONE + MANY, '250 0 32 0'),
    ],
)
def test_what_is_left(limits, sets, expected):
    assert private_semaphores.what_is_left(limits, sets) == expected


@pytest.fixture
def kernel(tmpdir, monkeypatch):
    """Return a function that has the kernel say this of limits and sets."""

    def say(limits, sets):
        for name, text in (('LIMITS', limits), ('SETS', sets)):
            path = tmpdir.join(name)
            if text is not None:
                path.write(text)
            monkeypatch.setattr(private_semaphores, name, str(path))

    return say


class TestDescribeAndBuild:
    def test_nothing_is_used(self, kernel):
        kernel('250\t32000\t32\t128\n', TITLES)
        assert private_semaphores.describe() is None

    @pytest.mark.parametrize('limits, sets', [(None, TITLES), ('1 2 3 4', None)])
    def test_a_kernel_without_them(self, kernel, limits, sets):
        kernel(limits, sets)
        assert private_semaphores.describe() is None

    def test_what_is_described_is_built(self, kernel, tmpdir):
        kernel('250\t32000\t32\t128\n', TITLES + ONE)
        private_semaphores.build(private_semaphores.describe())
        assert tmpdir.join('LIMITS').read() == '250 31999 32 127'

    def test_nothing_is_written_where_nothing_is_used(self, kernel):
        kernel(None, None)
        private_semaphores.build(None)

    def test_the_kernel_refuses(self, kernel, tmpdir):
        kernel(None, TITLES)
        tmpdir.join('LIMITS').mkdir()
        with pytest.raises(IsolationError):
            private_semaphores.build('250 31999 32 127')
