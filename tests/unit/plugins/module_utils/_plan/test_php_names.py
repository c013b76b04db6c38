# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._plan.php_names import (
    ENDINGS,
    MAX_NAMES,
    OTHER,
    STEM,
    Names,
    learn_folders,
    learn_texts,
    pattern_of,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.php_settings import (
    read_folder_words,
)

PHP = u'application/x-httpd-php'


def learned(text):
    """(names beside the usual ones, of a configuration; of a .htaccess)."""
    found = []
    for learn in (
        lambda names: learn_texts(names, [text]),
        lambda names: learn_folders(
            names, {'/f': read_folder_words(text.encode('utf-8'), 9, 99).handlers}
        ),
    ):
        names = Names()
        learn(names)
        usual = [STEM + end for end in ENDINGS]
        found.append([one for one in names.found().names if one not in usual])
    return found


@pytest.mark.parametrize(
    'text, names',
    [
        (u'AddType %s .foo bar' % PHP, ['page.foo', 'page.bar']),
        (u'AddHandler fcgid-script .foo', ['page.foo']),
        (u'AddType text/php .foo', []),
        (u'<IfModule x>\nAddType %s .foo\n</IfModule>' % PHP, ['page.foo']),
        (u'SetHandler %s' % PHP, [STEM, OTHER]),
        (u'<Files *>\nSetHandler %s\n</Files>' % PHP, [STEM, OTHER]),
        (u'<Files *.foo>\nSetHandler %s\n</Files>' % PHP, ['page.foo']),
        (u'<Files secret>\nSetHandler %s\n</Files>' % PHP, ['secret']),
        (u'<FilesMatch "\\.(a|b)$">\nSetHandler %s\n</FilesMatch>' % PHP, ['page.a', 'page.b']),
        (u'<FilesMatch "\\.(a|b)$">\nSetHandler none\n</FilesMatch>', []),
        (u'SetHandler none', []),
    ],
)
def test_each_way_to_give_names_to_php(text, names):
    assert learned(text) == [names, names]


def test_more_than_can_be_judged_are_said_in_time():
    names, begin = Names(), time.time()
    for number in range(20000):
        names.add('addtype', [PHP, '.e%d' % number], None)
        names.add('sethandler', [PHP], ('filesmatch', ('^a%d$' % number,)))
        names.add_literal('f%d.php' % number)
    assert len(names.found().names) <= 2 * MAX_NAMES and names.cut
    assert time.time() - begin < 5


@pytest.mark.parametrize(
    'names, taken, left',
    [
        (['page.foo'], ['a.foo', 'A.FOO', 'a.foo.bak'], ['foo', 'a.fooo', 'a.php']),
        (['page.foo', 'secret'], ['a.foo', 'secret'], ['secrets', 'a']),
        (['x.php'], ['a.php'], ['php']),
        ([STEM], ['a', 'readme'], ['a.txt']),
        ([STEM, 'page.foo'], ['a', 'a.foo'], ['a.txt']),
        ([STEM, OTHER], ['a', 'a.txt', '.a'], []),
    ],
)
def test_a_pattern_takes_what_the_names_stand_for(names, taken, left):
    pattern = pattern_of(set(names), False)
    assert [one for one in taken + left if re.search(pattern, one)] == taken
