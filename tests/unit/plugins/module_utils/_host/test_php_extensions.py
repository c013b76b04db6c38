# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import php_extensions
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import World

NTS, TS = b'\0API20190902,NTS\0', b'\0API20190902,TS\0'


class Host(object):
    """A folder with two PHP modules, as EL6 has them."""

    def __init__(self, root):
        self.root = str(root)
        self.nts = self.module('libphp5.so', NTS, 'php')
        self.ts = self.module('libphp5-zts.so', TS, 'php-zts')

    def write(self, path, content):
        path = os.path.join(self.root, path)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(content)
        return path

    def module(self, name, kind, side):
        where = dict(root=self.root, side=side)
        command = u" '--with-config-file-path={root}/etc'"
        command += u" '--with-config-file-scan-dir={root}/etc/{side}.d' "
        folder = u'\0{root}/lib/{side}/modules\0'
        content = kind + command.format(**where).encode() + folder.format(**where).encode()
        return self.write('modules/' + name, content)

    def extension(self, name, kind=NTS, side='php'):
        self.write('lib/%s/modules/%s.so' % (side, name), kind)
        self.write('etc/%s.d/%s.ini' % (side, name), b'; a\nextension=%s.so\n' % name.encode())

    def read(self, text=u'', variables=None, **files):
        files = files or {self.nts: 'nts', self.ts: 'ts'}
        tree = ConfigTree('/main', self.root, {'/main': text}, {}, frozenset())
        world = World([], [], '2.2.15', variables or {})
        return php_extensions.read_php_extensions(tree, world, files)

    def loaded(self, path, **given):
        found = self.read(**given)[path]
        return [(one.name, os.path.basename(one.path), one.line) for one in found.loaded]


@pytest.fixture
def host(tmp_path):
    return Host(os.path.realpath(str(tmp_path)))


def test_each_module_has_its_own(host):
    host.extension('mysql')
    host.extension('gd')
    host.extension('gd', TS, 'php-zts')
    assert host.loaded(host.nts) == [('gd', 'gd.ini', 2), ('mysql', 'mysql.ini', 2)]
    assert host.loaded(host.ts) == [('gd', 'gd.ini', 2)]
    assert host.read()[host.ts][1:] == (
        (host.root + '/etc/php-zts.d',),
        host.root + '/lib/php-zts/modules',
        None,
    )


def test_php_ini_counts_for_both(host):
    host.write('etc/php.ini', b'extension=a.so\nextension=b.so\n')
    host.write('lib/php/modules/a.so', NTS)
    host.write('lib/php/modules/b.so', NTS)
    host.write('lib/php-zts/modules/b.so', TS)
    assert host.loaded(host.nts) == [('a', 'php.ini', 1), ('b', 'php.ini', 2)]
    assert host.loaded(host.ts) == [('b', 'php.ini', 2)]


def test_that_of_the_server_comes_alone(host):
    host.write('etc/php.ini', b'extension=a.so\n')
    host.write('etc/php-apache2handler.ini', b'')
    host.write('lib/php/modules/a.so', NTS)
    assert host.loaded(host.nts) == []


def test_what_is_not_there_or_of_the_other_kind_is_not_loaded(host):
    host.write('etc/php.d/a.ini', b'extension=a.so\nextension=b.so\nextension=c.so\n')
    host.write('lib/php/modules/b.so', TS)
    host.write('lib/php/modules/c.so', b'of an old kind')
    assert host.loaded(host.nts) == [('c', 'a.ini', 3)]


def test_another_folder_may_be_set(host):
    host.write('etc/php.ini', ('extension_dir=%s/own\n' % host.root).encode())
    host.write('etc/php.d/a.ini', b'extension=a\n')
    host.write('own/a.so', NTS)
    assert host.loaded(host.nts) == [('a', 'a.ini', 1)]


@pytest.mark.parametrize(
    'text, variables',
    [
        (u'PHPIniDir conf\n', {}),
        (u'', {'PHPRC': 'conf'}),
        (u'', {'PHP_INI_SCAN_DIR': 'conf:none'}),
    ],
)
def test_the_server_may_name_other_places(host, text, variables):
    host.write('conf/php.ini', b'extension=a.so\n')
    host.write('lib/php/modules/a.so', NTS)
    variables = dict(
        (name, value.replace('conf', host.root + '/conf')) for name, value in variables.items()
    )
    assert host.loaded(host.nts, text=text, variables=variables) == [('a', 'php.ini', 1)]


@pytest.mark.parametrize('files', [{}, {'/a': 'nts'}, {'/a': 'ts'}, {'/a': 'ts', '/b': 'missing'}])
def test_nothing_is_read_where_nothing_can_be_compared(host, files):
    assert host.read(**(files or {'/a': 'missing'})) == {}


def test_what_cannot_be_read_is_said(host):
    host.write('etc/php.d/a.ini', b'')
    os.remove(host.root + '/etc/php.d/a.ini')
    os.mkfifo(host.root + '/etc/php.d/a.ini')
    assert 'a.ini' in host.read()[host.nts].problem
