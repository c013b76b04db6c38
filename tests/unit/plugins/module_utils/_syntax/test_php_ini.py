# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax.php_ini import (
    extension_name,
    library_path,
    read_ini,
)


@pytest.mark.parametrize(
    'text, folder, loads',
    [
        (u'', None, []),
        (u'extension=mysql.so', None, [(u'mysql.so', 1)]),
        (u'; a\n\n  extension = "mysql.so" ; b\r\n', None, [(u'mysql.so', 3)]),
        (u"extension='a.so'", None, [(u'a.so', 1)]),
        (u'extension=a.so;b', None, [(u'a.so', 1)]),
        (u'extension=', None, []),
        (u';extension=a.so', None, []),
        (u'# extension=a.so', None, []),
        (u'Extension=a.so', None, []),
        (u'extensions=a.so', None, []),
        (u'zend_extension=/usr/lib/o.so', None, [(u'/usr/lib/o.so', 1)]),
        (u'[PHP]\nextension_dir = "/a"\nextension=b', u'/a', [(u'b', 3)]),
        (u'extension_dir=/a\nextension_dir=/b', u'/b', []),
    ],
    ids=repr,
)
def test_what_is_loaded(text, folder, loads):
    assert read_ini(text) == (folder, loads)


@pytest.mark.parametrize(
    'value, path, name',
    [
        (u'mysql.so', u'/m/mysql.so', u'mysql'),
        (u'mysql', u'/m/mysql.so', u'mysql'),
        (u'/x/y.so', u'/x/y.so', u'y'),
        (u'/x/y', u'/x/y', u'y'),
    ],
)
def test_where_it_is(value, path, name):
    assert (library_path(value, u'/m'), extension_name(value)) == (path, name)
