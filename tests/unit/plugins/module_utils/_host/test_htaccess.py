# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest

from ansible_collections.webops.apache.plugins.module_utils._host import htaccess
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree, Htaccess
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import World
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

SETTING = u'php_value a b\n'
PHP = {'/etc/httpd/modules/libphp5.so': 'nts'}


@pytest.fixture
def site(tmp_path):
    return Site(str(tmp_path.resolve()))


class Site(object):
    """Folders that are served, and what the configuration says of them; R stands for the folder around all."""

    def __init__(self, root):
        self.root = root

    def write(self, name, text=SETTING):
        path = os.path.join(self.root, name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(text.encode('latin-1'))
        return path

    def read(self, text, version='2.4.62', php_files=None, **more):
        tree = ConfigTree(hosts.MAIN, hosts.ROOT, {hosts.MAIN: text.replace(u'R/', self.root + u'/')}, {}, frozenset())
        return htaccess.read_htaccess(tree, World([], [], version), PHP if php_files is None else php_files, **more)

    def found(self, text, version='2.4.62'):
        return sorted(os.path.relpath(path, self.root) for path in self.read(text, version).texts)


ROOT = u'DocumentRoot R/www\n'
ALL = u'<Directory R/www>\nAllowOverride All\n</Directory>\n'


def section(words, *lines):
    return u'<Directory %s>\n%s\n</Directory>\n' % (words, u'\n'.join(lines))


class TestWhere:
    @pytest.mark.parametrize('text, version, found', [
        (ROOT + ALL, '2.4.62', True), (ROOT, '2.4.62', False), (ROOT, '2.2.15', True), (ROOT, '2.4.6', False),
        (ROOT + section(u'R/www', u'AllowOverride None'), '2.2.15', False), (ROOT + section(u'/', u'AllowOverride None'), '2.2.15', False),
        (ROOT + section(u'R/www', u'AllowOverride Options FileInfo'), '2.4.62', True),
        (ROOT + section(u'R/www', u'AllowOverride None', u'AllowOverrideList php_value'), '2.4.62', True),
        (ROOT + section(u'R/www', u'AllowOverride All Nonfatal=Unknown'), '2.4.62', False),
        (ROOT + section(u'"R/www/"', u'allowoverride all'), '2.4.62', True), (ROOT + section(u'R/w*', u'AllowOverride All'), '2.4.62', True),
        (ROOT + section(u'R/other', u'AllowOverride All'), '2.4.62', False), (ROOT + section(u'R/www/deeper', u'AllowOverride All'), '2.4.62', False),
        (ROOT + ALL + section(u'R/', u'AllowOverride None'), '2.4.62', True),
        (ROOT + ALL + section(u'~ "/www"', u'AllowOverride None'), '2.4.62', False),
        (ROOT + u'<DirectoryMatch "/w+/$">\nAllowOverride All\n</DirectoryMatch>\n', '2.4.62', True),
        (u'<VirtualHost *:80>\n' + ROOT + ALL + u'</VirtualHost>\n', '2.4.62', True),
        (ROOT + u'<VirtualHost *:80>\n' + ALL + u'</VirtualHost>\n', '2.4.62', True),
        (u'<VirtualHost *:80>\n' + ROOT + u'</VirtualHost>\n<VirtualHost *:81>\n' + ALL + u'</VirtualHost>\n', '2.4.62', False),
        (u'Alias /x R/www\n' + ALL, '2.4.62', True), (ALL, '2.4.62', False), (u'DocumentRoot R/nowhere\n' + ALL, '2.4.62', False),
        (u'DocumentRoot R/www/below\n' + ALL, '2.4.62', True)])
    def test_what_httpd_reads_is_found(self, site, text, version, found):
        site.write('www/.htaccess')
        site.write('www/below/index.php')
        assert site.found(text, version) == (['www/.htaccess'] if found else [])

    def test_folders_are_searched_to_the_bottom(self, site):
        for name in ('www/a/b/.htaccess', 'www/c/.htaccess', 'www/c/d/.htaccess'):
            site.write(name)
        assert site.found(ROOT + ALL + section(u'R/www/c', u'AllowOverride None')) == ['www/a/b/.htaccess']

    def test_files_of_another_name_are_found(self, site):
        site.write('www/.ours')
        site.write('www/.htaccess')
        assert site.found(u'AccessFileName .ours\n' + ROOT + ALL) == ['www/.ours']

    def test_names_in_any_encoding(self, site):
        path = os.path.join(site.root.encode(), b'www', b'\xe9', b'.htaccess')
        os.makedirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(SETTING.encode())
        assert [name[-12:] for name in site.read(ROOT + ALL).texts] == [u'/\xe9/.htaccess'[-12:]]


class TestWhat:
    @pytest.mark.parametrize('text, found', [
        (SETTING, True), (u'  PHP_FLAG a on\n', True), (u'php_admin_value a b', True), (u'<IfModule mod_php5.c>\nphp_value a b\n</IfModule>\n', True),
        (u'#php_value a b\n', False), (u'RewriteEngine on\n', False), (u'', False), (u'SetEnv php_value 1\n', False)])
    def test_only_files_with_settings_are_kept(self, site, text, found):
        path = site.write('www/.htaccess', text)
        assert site.read(ROOT + ALL) == Htaccess({path: text} if found else {}, None)

    def test_no_link_is_followed(self, site):
        site.write('elsewhere/.htaccess')
        os.makedirs(os.path.join(site.root, 'www'))
        os.symlink('../elsewhere', os.path.join(site.root, 'www', 'linked'))
        os.symlink('../elsewhere/.htaccess', os.path.join(site.root, 'www', '.htaccess'))
        assert site.read(ROOT + ALL) == Htaccess({}, None)

    def test_what_is_no_file_is_not_waited_for(self, site):
        os.makedirs(os.path.join(site.root, 'www', 'a', '.htaccess'))
        os.mkfifo(os.path.join(site.root, 'www', '.htaccess'))
        assert site.read(ROOT + ALL) == Htaccess({}, None)

    def test_without_php_nothing_is_looked_for(self, site):
        site.write('www/.htaccess')
        assert site.read(ROOT + ALL, php_files={}) == Htaccess({}, None)


class TestLimits:
    def test_the_number_of_folders(self, site, monkeypatch):
        monkeypatch.setattr(htaccess, 'MAX_FOLDERS', 3)
        for name in 'abcd':
            site.write('www/%s/.htaccess' % name)
        found = site.read(ROOT + ALL)
        assert (len(found.texts), found.cut) == (2, '3 folders')

    def test_the_number_of_files(self, site, monkeypatch):
        monkeypatch.setattr(htaccess, 'MAX_FILES', 2)
        for name in 'abcd':
            site.write('www/%s/.htaccess' % name)
        found = site.read(ROOT + ALL)
        assert (len(found.texts), found.cut) == (2, '2 files with such settings')

    def test_the_time(self, site):
        site.write('www/a/b/c/.htaccess')
        times = iter(range(100))
        found = site.read(ROOT + ALL, now=lambda: next(times))
        assert (found.texts, found.cut) == ({}, '2 s')

    def test_a_folder_is_searched_once(self, site):
        site.write('www/a/.htaccess')
        asked = []
        site.read((ROOT + ALL) * 5 + u'Alias /a R/www/a\n', now=lambda: asked.append(1) or 0)
        assert len(asked) <= 5
