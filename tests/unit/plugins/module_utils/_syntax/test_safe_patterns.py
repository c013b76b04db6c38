# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax.safe_patterns import (
    MAX_NAMES,
    example_names,
    finds_safely,
)

TEXTS = [
    u'',
    u'a',
    u'page',
    u'page.php',
    u'PAGE.PHP',
    u'page.php5',
    u'page.phtml',
    u'page.php.bak',
    u'x-1_2.inc',
    u'wp-config.php',
    u'.htaccess',
]


@pytest.mark.parametrize(
    'pattern',
    [
        u'',
        u'\\.php$',
        u'.+\\.ph(?:ar|p|tml)$',
        u'^.*\\.(php[0-9]?|inc)$',
        u'(?i)\\.php$',
        u'(?i)[a-f]+g',
        u'^page$',
        u'^[^.]+$',
        u'^(page|a)?$',
        u'php|inc',
        u'^\\w+\\.\\w+$',
        u'\\d',
        u'\\D$',
        u'[\\w-]+\\.inc',
        u'[]a]',
        u'[a-]',
        u'[^]a]$',
        u'a*?$',
        u'(a|p)+',
        u'^.*(error_log|wp-config\\.php|php.ini|\\.[hH][tT][aA]).*$',
        u'\\-',
    ],
)
@pytest.mark.parametrize('text', TEXTS, ids=repr)
def test_finds_what_python_finds(pattern, text):
    assert finds_safely(pattern, text) is (re.search(pattern, text) is not None)


@pytest.mark.parametrize(
    'pattern',
    [
        u'(?=a)b',
        u'(?<n>a)',
        u'a{2}',
        u'(a)\\1',
        u'\\bphp',
        u'[[:alpha:]]',
        u'a++',
        u'^*',
        u'*',
        u'(a',
        u'a)',
        u'[a',
        u'a\\',
        u'[b-a]',
        u'[a-\\d]',
        u'((p|a)*g)*e',
        u'a*' * 7,
        u'(' * 20 + u'a' + u')' * 20,
        u'a' * 301,
    ],
)
def test_what_is_not_understood_is_not_known(pattern):
    assert finds_safely(pattern, u'page.php') is None
    assert example_names(pattern) == []


@pytest.mark.parametrize(
    'pattern, names',
    [
        (u'\\.(foo|bar)$', [u'.bar', u'.foo']),
        (u'^secret$', [u'secret']),
        (u'.+\\.x[12]$', [u'.x1', u'.x2']),
        (u'(?i)\\.AB?$', [u'.a', u'.ab']),
        (u'[^a]', [u'']),
        (u'\\w+', [u'']),
    ],
)
def test_names_are_told(pattern, names):
    assert example_names(pattern) == names


def test_a_long_list_of_names_is_cut():
    assert len(example_names(u'[0-9][0-9][0-9][0-9]')) == MAX_NAMES


@pytest.mark.parametrize(
    'pattern',
    [u'^(a+)+$', u'^(a|a)*b$', u'(.*a)*' + u'b', u'(a?)*' * 40 + u'b', u'(a|b|c|d)*' * 25 + u'x'],
)
def test_no_pattern_takes_long(pattern):
    begin = time.time()
    finds_safely(pattern, u'a' * 199)
    example_names(pattern)
    assert time.time() - begin < 1
