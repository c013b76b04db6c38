# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import php
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree

NTS = b'\x7fELF\0..\0API20090626,NTS\0..'
TS = b'\x7fELF\0..\0API20090626,TS\0..'
OLD_TS = b'\x7fELF\0..ts_resource_ex\0'


def put(folder, name, content):
    path = os.path.join(str(folder), name)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    with open(path, 'wb') as stream:
        stream.write(content)
    return path


def tree(root, text):
    return ConfigTree('/main', str(root), {'/main': text}, {}, frozenset())


class TestThreadSafety:
    @pytest.mark.parametrize(
        'content, safety',
        [
            (NTS, 'nts'),
            (TS, 'ts'),
            (OLD_TS, 'ts'),
            (NTS + OLD_TS, 'nts'),
            (b'\x7fELF', 'unknown'),
            (b'', 'unknown'),
            (b'API220100525,NTS', 'nts'),
            (b'API20220829,TS,debug', 'ts'),
            (b'API20090626', 'unknown'),
            (b'API12,TS', 'unknown'),
        ],
        ids=repr,
    )
    def test_is_read_from_the_file(self, tmp_path, content, safety):
        assert php.thread_safety(put(tmp_path, 'a.so', content)) == safety

    @pytest.mark.parametrize('before', range(1, 17))
    def test_is_found_across_two_blocks(self, tmp_path, before):
        assert (
            php.thread_safety(
                put(
                    tmp_path,
                    'a.so',
                    b'.' * (1024 * 1024 - before) + b'API20090626,NTS\0' + b'.' * 4096,
                )
            )
            == 'nts'
        )

    def test_of_a_missing_file_or_a_folder(self, tmp_path):
        os.symlink('nowhere', str(tmp_path / 'link'))
        assert [
            php.thread_safety(str(path))
            for path in (tmp_path / 'none', tmp_path / 'link', tmp_path)
        ] == ['missing'] * 3


class TestNamedModules:
    @pytest.mark.parametrize(
        'line, path',
        [
            (u'LoadModule php5_module modules/libphp5.so', 'modules/libphp5.so'),
            (u'  loadmodule "php7_module" "modules/mod_php7.so"', 'modules/mod_php7.so'),
            (u'#LoadModule php_module modules/libphp.so', 'modules/libphp.so'),
            (u'## LoadModule php5_module \\\n modules/x.so', 'modules/x.so'),
        ],
        ids=repr,
    )
    def test_are_found_in_lines_and_in_comments(self, line, path):
        assert list(php.named_modules(tree('/etc/httpd', line + u'\n'))) == ['/etc/httpd/' + path]

    def test_may_have_absolute_paths(self):
        assert list(
            php.named_modules(tree('/etc/httpd', u'LoadModule php5_module /opt/libphp5.so'))
        ) == ['/opt/libphp5.so']

    @pytest.mark.parametrize(
        'line',
        [
            u'LoadModule env_module a.so',
            u'LoadModule php5_module',
            u'# LoadModule php5_module loads PHP',
            u'<IfModule php5_module>',
        ],
        ids=repr,
    )
    def test_are_no_other_lines(self, line):
        assert list(php.named_modules(tree('/etc/httpd', line))) == []


class TestReadPhpFiles:
    def test_judges_what_is_named_and_what_lies_beside_it(self, tmp_path):
        put(tmp_path, 'modules/libphp5.so', NTS)
        put(tmp_path, 'modules/libphp5-zts.so', TS)
        put(tmp_path, 'modules/mod_php7.so', b'')
        put(tmp_path, 'modules/mod_env.so', TS)
        put(tmp_path, 'modules/libphp5.so.rpmsave', TS)
        found = php.read_php_files(
            tree(
                tmp_path,
                u'LoadModule php5_module modules/libphp5.so\n#LoadModule php5_module '
                u'modules/libphp-none.so\n',
            ),
            {},
        )
        assert dict((os.path.basename(path), safety) for path, safety in found.items()) == {
            'libphp5.so': 'nts',
            'libphp5-zts.so': 'ts',
            'mod_php7.so': 'unknown',
            'libphp-none.so': 'missing',
        }

    def test_finds_nothing_where_no_php_is_named(self, tmp_path):
        put(tmp_path, 'modules/libphp5.so', NTS)
        assert (
            php.read_php_files(tree(tmp_path, u'LoadModule env_module modules/mod_env.so\n'), {})
            == {}
        )

    def test_bears_a_folder_that_is_not_there(self, tmp_path):
        assert list(
            php.read_php_files(
                tree(tmp_path, u'LoadModule php5_module none/libphp5.so\n'), {}
            ).values()
        ) == ['missing']

    def test_judges_what_may_be_put_into_the_tree(self, tmp_path):
        put(tmp_path, 'modules/libphp7.so', NTS)
        put(tmp_path, 'more/mod_php5.so', TS)
        evidence = {
            '/a/php7.load': u'LoadModule php7_module modules/libphp7.so\n',
            '/a/php7.conf': None,
            '/a/README': u'LoadModule php_module x/libphp.so\n',
            str(tmp_path / 'more' / 'mod_php5.so'): None,
        }
        found = php.read_php_files(tree(tmp_path, u'Listen 80\n'), evidence)
        assert found == {
            str(tmp_path / 'modules' / 'libphp7.so'): 'nts',
            str(tmp_path / 'more' / 'mod_php5.so'): 'ts',
        }
