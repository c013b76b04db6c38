# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import httpd_options


class TestDefinedNames:
    @pytest.mark.parametrize(
        'options, names',
        [
            ([], []),
            (['-DSSL'], ['SSL']),
            (['-D', 'SSL'], ['SSL']),
            (['-DSSL=1'], ['SSL=1']),
            (['-D', 'SSL=a=b'], ['SSL=a=b']),
            (['-DA', '-e', 'debug', '-D', 'B', '-k', 'start'], ['A', 'B']),
            (['-D', '-DX'], ['-DX']),
            (['-D'], ['']),
            (['-d', '/srv', '-f', 'x'], []),
            (('-DA', '-DA'), ['A', 'A']),
        ],
        ids=repr,
    )
    def test_are_those_of_every_spelling(self, options, names):
        before = list(options)
        assert httpd_options.defined_names(options) == names
        assert list(options) == before


class TestLastOption:
    @pytest.mark.parametrize(
        'options, value',
        [
            ([], None),
            (['-f', 'a'], 'a'),
            (['-fa'], 'a'),
            (['-f', 'a', '-fb'], 'b'),
            (['-fa', '-f', 'b'], 'b'),
            (['-f'], None),
            (['-d', 'a'], None),
            (['-d', '/srv', '-f', 'a', '-DX'], 'a'),
            (['-F', 'a'], None),
            (['-f', 'a', 'b'], 'a'),
            (['-f', '-f'], '-f'),
        ],
        ids=repr,
    )
    def test_is_the_one_that_counts(self, options, value):
        assert httpd_options.last_option(options, '-f') == value


class TestCompiledMpm:
    @pytest.mark.parametrize(
        'sources, mpm',
        [
            (['core.c', 'prefork.c'], 'prefork'),
            (['event.c'], 'event'),
            (['core.c', 'mod_so.c'], None),
            (['itk.c'], None),
            (['worker.c', 'event.c'], None),
            ((), None),
        ],
    )
    def test_is_the_one_that_is_linked_in(self, sources, mpm):
        assert httpd_options.compiled_mpm(sources) == mpm


@pytest.mark.parametrize(
    'words, found',
    [
        ([], []),
        (['-t'], [('t', None)]),
        (['-tDDUMP_VHOSTS'], [('t', None), ('D', 'DUMP_VHOSTS')]),
        (['-D', '-t', '-kstart'], [('D', '-t'), ('k', 'start')]),
        (['-f', 'a b', 'start', '-t'], [('f', 'a b')]),
        (['-X', '--', '-t'], [('X', None)]),
        (['-k'], [('k', '')]),
    ],
)
def test_options_are_split_as_httpd_does(words, found):
    assert httpd_options.split_options(words) == found
