# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import itertools
import os
import subprocess
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import folder_search, htaccess
from ansible_collections.webops.apache.plugins.module_utils._model import (
    ConfigTree,
    FolderHandler,
    Htaccess,
    PhpSetting,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.php_settings import (
    FolderWords,
    read_folder_words,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.timing import clock

SETTING = u'php_value a b\n'
NOTHING = FolderWords([], [], False)
PHP = {'/etc/httpd/modules/libphp5.so': 'nts'}


@pytest.fixture
def site(tmp_path):
    made = Site(str(tmp_path.resolve()))
    yield made
    # Python's own way to remove folders gives up where they are deep.
    subprocess.check_call(['rm', '-rf', made.root])


class Site(object):
    """Folders that are served, and what the configuration says of them; R stands for the folder
    around all.
    """

    def __init__(self, root):
        self.root = root

    def write(self, name, text=SETTING):
        path = os.path.join(self.root, name)
        if not os.path.isdir(os.path.dirname(path)):
            os.makedirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(text.encode('latin-1'))
        return path

    def tree(self, text, foreign=()):
        files = {hosts.MAIN: text.replace(u'R/', self.root + u'/')}
        return ConfigTree(
            hosts.MAIN, hosts.ROOT, files, {}, frozenset(), foreign=frozenset(foreign)
        )

    def read(self, text, version='2.4.62', php_files=None, foreign=()):
        world = World([], [], version)
        return htaccess.read_htaccess(
            self.tree(text, foreign), world, PHP if php_files is None else php_files
        )

    def search(self, text, now):
        """The same without a child, so that `now` can be seen."""
        tree, world = self.tree(text), World([], [], '2.4.62')
        return htaccess.search_folders(active_directives(tree, world), tree, world, now)

    def found(self, text, version='2.4.62'):
        return sorted(
            os.path.relpath(path, self.root) for path in self.read(text, version).settings
        )


ROOT = u'DocumentRoot R/www\n'
ALL = u'<Directory R/www>\nAllowOverride All\n</Directory>\n'


def section(words, *lines):
    return u'<Directory %s>\n%s\n</Directory>\n' % (words, u'\n'.join(lines))


FORBIDDEN = section(u'R/www', u'AllowOverride None')


class TestWhere:
    @pytest.mark.parametrize(
        'text, version, found',
        [
            (ROOT + ALL, '2.4.62', True),
            (ROOT, '2.4.62', False),
            (ROOT, '2.2.15', True),
            (ROOT, '2.4.6', False),
            (ROOT + section(u'R/www', u'AllowOverride None'), '2.2.15', False),
            (ROOT + section(u'/', u'AllowOverride None'), '2.2.15', False),
            (ROOT + section(u'R/www', u'AllowOverride Options FileInfo'), '2.4.62', True),
            (
                ROOT + section(u'R/www', u'AllowOverride None', u'AllowOverrideList php_value'),
                '2.4.62',
                True,
            ),
            (ROOT + section(u'R/www', u'AllowOverride All Nonfatal=Unknown'), '2.4.62', False),
            (ROOT + section(u'"R/www/"', u'allowoverride all'), '2.4.62', True),
            (ROOT + section(u'R/w*', u'AllowOverride All'), '2.4.62', True),
            (ROOT + section(u'R/other', u'AllowOverride All'), '2.4.62', False),
            (ROOT + section(u'R/www/deeper', u'AllowOverride All'), '2.4.62', False),
            (ROOT + ALL + section(u'R/', u'AllowOverride None'), '2.4.62', True),
            (ROOT + ALL + section(u'~ "/www"', u'AllowOverride None'), '2.4.62', False),
            (
                ROOT + u'<DirectoryMatch "/w+/$">\nAllowOverride All\n</DirectoryMatch>\n',
                '2.4.62',
                True,
            ),
            (u'<VirtualHost *:80>\n' + ROOT + ALL + u'</VirtualHost>\n', '2.4.62', True),
            (ROOT + u'<VirtualHost *:80>\n' + ALL + u'</VirtualHost>\n', '2.4.62', True),
            (
                u'<VirtualHost *:80>\n'
                + ROOT
                + u'</VirtualHost>\n<VirtualHost *:81>\n'
                + ALL
                + u'</VirtualHost>\n',
                '2.4.62',
                False,
            ),
            (u'Alias /x R/www\n' + ALL, '2.4.62', True),
            (ALL, '2.4.62', True),
            (section(u'R/www', u'AllowOverride None'), '2.4.62', False),
            (section(u'R/w*', u'AllowOverride All'), '2.4.62', False),
            (section(u'~ R/www', u'AllowOverride All'), '2.4.62', False),
            (u'DocumentRoot R/nowhere\n' + ALL, '2.4.62', True),
            (
                ROOT + section(u'R/www', u'AllowOverrideList php_value', u'AllowOverride None'),
                '2.4.62',
                True,
            ),
            (
                ROOT + section(u'R/www', u'AllowOverride All', u'AllowOverrideList None'),
                '2.4.62',
                True,
            ),
            (ROOT + section(u'R/www', u'AllowOverride Nonfatal=Unknown All'), '2.4.62', True),
            (ROOT + section(u'R/www', u'AllowOverride Nonfatal=Unknown'), '2.4.62', False),
            (
                ROOT + u'<VirtualHost *:81>\n' + ROOT + ALL + u'</VirtualHost>\n' + FORBIDDEN,
                '2.4.62',
                True,
            ),
            (u'DocumentRoot R/www/below\n' + ALL, '2.4.62', True),
        ],
    )
    def test_what_httpd_reads_is_found(self, site, text, version, found):
        site.write('www/.htaccess')
        site.write('www/below/index.php')
        assert site.found(text, version) == (['www/.htaccess'] if found else [])

    def test_folders_are_searched_to_the_bottom(self, site):
        for name in ('www/a/b/.htaccess', 'www/c/.htaccess', 'www/c/d/.htaccess'):
            site.write(name)
        assert site.found(ROOT + ALL + section(u'R/www/c', u'AllowOverride None')) == [
            'www/a/b/.htaccess'
        ]

    def test_files_of_another_name_are_found(self, site):
        site.write('www/.ours')
        site.write('www/.htaccess')
        assert site.found(u'AccessFileName .ours\n' + ROOT + ALL) == ['www/.ours']

    def test_names_in_any_encoding(self, site):
        path = os.path.join(site.root.encode(), b'www', b'\xe9', b'.htaccess')
        os.makedirs(os.path.dirname(path))
        with open(path, 'wb') as stream:
            stream.write(SETTING.encode())
        assert [name[-12:] for name in site.read(ROOT + ALL).settings] == [u'/\xe9/.htaccess'[-12:]]


class TestWhat:
    @pytest.mark.parametrize(
        'text, found',
        [
            (SETTING, [(1, ())]),
            (u'#\n  PHP_FLAG a on\n', [(2, ())]),
            (
                u'<IfModule mod_php5.c>\nphp_value a b\n</IfModule>\n',
                [(2, ((False, u'mod_php5.c'),))],
            ),
            (u'#php_value a b\n', []),
            (u'RewriteEngine on\n', []),
            (u'', []),
        ],
    )
    def test_only_files_with_settings_are_kept(self, site, text, found):
        path = site.write('www/.htaccess', text)
        read = site.read(ROOT + ALL)
        assert read._replace(values={}, servers={}) == Htaccess(
            {path: [PhpSetting(*one) for one in found]} if found else {}, None
        )
        kept = [(one.line, one.guards) for some in read.values.values() for one in some]
        assert kept == found

    def test_what_is_no_file_is_not_waited_for(self, site):
        os.makedirs(os.path.join(site.root, 'www', 'a', '.htaccess'))
        os.mkfifo(os.path.join(site.root, 'www', '.htaccess'))
        assert site.read(ROOT + ALL) == Htaccess({}, None)

    def test_without_php_nothing_is_looked_for(self, site):
        site.write('www/.htaccess')
        assert site.read(ROOT + ALL, php_files={}) == Htaccess({}, None)


class TestHandlers:
    """Lines that give files to a handler, and those that turn PHP off."""

    def test_are_kept_by_file(self, site):
        php = site.write('www/.htaccess', u'php_value a b\nAddHandler x .y\n')
        other = site.write('www/a/.htaccess', u'<Files z>\nSetHandler x\n</Files>\n')
        found = site.read(ROOT + ALL)
        assert (found.settings, found.handlers) == (
            {php: [PhpSetting(1, ())]},
            {
                php: [FolderHandler(2, u'addhandler', (u'x', u'.y'))],
                other: [FolderHandler(2, u'sethandler', (u'x',), (), ((u'files', u'z'),))],
            },
        )

    @pytest.mark.parametrize(
        'override, settings, handlers, values',
        [
            (u'All', 1, 2, True),
            (u'All Nonfatal=Unknown', 0, 2, True),
            (u'None', 0, 0, False),
        ],
    )
    def test_what_is_skipped_is_noted(self, site, override, settings, handlers, values):
        path = site.write('www/.htaccess', u'SetHandler x\nphp_flag engine off\n')
        other = site.write('www/a/.htaccess', u'php_value memory_limit 1\n')
        found = site.read(ROOT + section(u'R/www', u'AllowOverride ' + override))
        lines = [len(some) for some in found.handlers.values()]
        kept = {
            path: [FolderHandler(2, u'php_flag', (u'engine', u'off'))],
            other: [FolderHandler(1, u'php_value', (u'memory_limit', u'1'))],
        }
        assert found.values == (kept if values else {})
        assert set(found.servers) == set(found.values)
        assert (len(found.settings), sum(lines)) == (2 * settings, handlers)

    def test_so_many_values_are_kept(self, site, monkeypatch):
        monkeypatch.setattr(htaccess, 'MAX_SETTINGS', 3)
        skips = section(u'R/www', u'AllowOverride All Nonfatal=Unknown')
        site.write('www/.htaccess', SETTING * 2)
        site.write('www/a/.htaccess', SETTING * 2)
        found = site.read(ROOT + skips)
        assert sum(len(some) for some in found.values.values()) == 3
        assert found.dropped == '3 settings of PHP'

    @pytest.mark.parametrize(
        'link, target, elsewhere, twice',
        [
            ('www/link', 'www/up', ['www/up/deep'], []),
            ('www/link', 'www/up/deep', [], ['www/link']),
            ('www/up/deep/link', 'www', ['www'], []),
            ('www/link', '/usr', ['/usr'], []),
            ('www/link', 'other', [], ['www/link']),
        ],
    )
    def test_of_a_folder_each_way_is_known(self, site, link, target, elsewhere, twice):
        for name in ('www/up/deep/.htaccess', 'other/.htaccess'):
            site.write(name)
        os.symlink(os.path.join(site.root, target), os.path.join(site.root, link))
        found = site.read(ROOT + ALL)
        assert found.elsewhere == tuple(os.path.join(site.root, one) for one in elsewhere)
        paths = [os.path.relpath(os.path.dirname(path), site.root) for path in found.values]
        assert sorted(paths) == sorted(twice + ['www/up/deep'])

    def test_many_of_them_end_no_search(self, site, monkeypatch):
        monkeypatch.setattr(htaccess, 'MAX_HANDLERS', 3)
        site.write('www/.htaccess', u'SetHandler x\n' * 2)
        site.write('www/a/.htaccess', u'SetHandler x\n' * 2)
        site.write('www/b/.htaccess', u'SetHandler x\n' + SETTING)
        found = site.read(ROOT + ALL)
        assert sum(len(some) for some in found.handlers.values()) == 3
        assert (len(found.settings), found.cut, found.dropped) == (
            1,
            None,
            '3 lines about handlers',
        )


class TestLimits:
    def test_the_number_of_folders(self, site, monkeypatch):
        monkeypatch.setattr(folder_search, 'MAX_FOLDERS', 3)
        for name in 'abcd':
            site.write('www/%s/.htaccess' % name)
        found = site.read(ROOT + ALL)
        assert (len(found.settings), found.cut) == (
            2,
            '3 folders, with 0 of 1 roots searched to the end',
        )

    def test_the_number_of_files(self, site, monkeypatch):
        monkeypatch.setattr(htaccess, 'MAX_FILES', 2)
        for name in 'abcd':
            site.write('www/%s/.htaccess' % name)
        found = site.read(ROOT + ALL)
        assert (len(found.settings), found.cut) == (
            2,
            '2 files with such settings, with 0 of 1 roots searched to the end',
        )

    def test_the_time(self, site):
        site.write('www/a/b/c/.htaccess')
        times = itertools.count()
        found = site.search(ROOT + ALL, lambda: next(times))
        assert (found.settings, found.cut) == ({}, '2 s, with 0 of 1 roots searched to the end')

    def test_the_number_of_settings(self, site, monkeypatch):
        monkeypatch.setattr(htaccess, 'MAX_SETTINGS', 5)
        site.write('www/.htaccess', SETTING * 100)
        site.write('www/a/.htaccess')
        found = site.read(ROOT + ALL)
        assert ([len(settings) for settings in found.settings.values()], found.cut) == (
            [5],
            '5 such settings, with 0 of 1 roots searched to the end',
        )

    def test_the_length_of_a_file(self, site):
        path = site.write('www/.htaccess', SETTING + u'#' * htaccess.MAX_BYTES + u'\n' + SETTING)
        site.write('www/a/.htaccess')
        found = site.read(ROOT + ALL)
        assert (len(found.settings), len(found.settings[path])) == (2, 1)
        assert found.cut == '262144 bytes of %s' % path

    def test_a_folder_is_searched_once(self, site, monkeypatch):
        site.write('www/a/.htaccess')
        contents = []
        monkeypatch.setattr(
            htaccess,
            'read_folder_words',
            lambda content, *most: contents.append(content) or NOTHING,
        )
        site.search((ROOT + ALL) * 5 + u'Alias /a R/www/a\n', lambda: 0)
        assert contents.count(SETTING.encode()) == 1

    def test_a_search_that_hangs(self, site, monkeypatch):
        monkeypatch.setattr(htaccess, '_PATIENCE', 1)
        monkeypatch.setattr(htaccess, 'read_folder_words', lambda *text: time.sleep(60))
        site.write('www/.htaccess')
        begin = time.time()
        assert site.read(ROOT + ALL) == Htaccess({}, 'it did not end within 1 s or 256 MiB')
        assert time.time() - begin < 10


class TestStrangers:
    """What a site owner may put there."""

    @pytest.mark.parametrize(
        'text',
        [
            u'\n' * htaccess.MAX_BYTES,
            u' \n' * 131072 + SETTING,
            u'php_value a b\\\n' * 18000,
            u'Define X ${X}${X}\n' * 40 + SETTING,
            u'<Macro a>\nUse b\nUse b\n</Macro>\n' * 1000 + u'Use a\n' + SETTING,
            u'<IfVersion ~ (a*)*(.*)*x>\n' * 5000 + SETTING,
            u'<IfModule x>\n' * 19000 + SETTING,
            u'<IfModule x>\n' + SETTING * 18000,
            u'php_value ${' * 20000 + u'\n' + SETTING,
            u'"' * 262000 + SETTING,
        ],
        ids=[
            'empty lines',
            'blanks',
            'one long line',
            'variables',
            'macros',
            'a slow pattern',
            'sections',
            'settings',
            'brackets',
            'quotes',
        ],
    )
    def test_any_text_is_read_in_a_moment(self, site, text):
        site.write('www/.htaccess', text)
        site.write('www/after/.htaccess')
        begin = time.time()
        found = site.read(ROOT + ALL)
        assert time.time() - begin < 3
        assert (
            os.path.join(site.root, 'www/after/.htaccess') in found.settings
            or found.cut == '5000 such settings, with 0 of 1 roots searched to the end'
        )

    def test_folders_of_any_depth_are_walked(self, site):
        top = os.path.join(site.root, 'www')
        os.makedirs(top)
        make_deep(top, 1200)
        site.write('www/z/.htaccess')
        found = site.search(ROOT + ALL, clock)
        assert ([os.path.relpath(path, top) for path in found.settings], found.cut) == (
            ['z/.htaccess'],
            None,
        )

    def test_what_lies_too_deep_for_httpd_is_left_out(self, site):
        top = os.path.join(site.root, 'www')
        os.makedirs(top)
        make_deep(top, 3000)
        found = site.search(ROOT + ALL, clock)
        assert (found.settings, found.cut) == ({}, None)

    def test_a_root_behind_many_links_is_given_up(self, site):
        site.write('real/.htaccess')
        for number in range(1200):
            os.symlink(
                'link%d' % (number + 1) if number < 1199 else 'real',
                os.path.join(site.root, 'link%d' % number),
            )
        assert site.read(u'DocumentRoot R/link0\n' + ALL.replace(u'www', u'link0')) == Htaccess(
            {}, None
        )

    def test_a_root_behind_a_few_links_is_searched(self, site):
        site.write('releases/5/.htaccess')
        os.symlink('releases/5', os.path.join(site.root, 'current'))
        os.lchown(os.path.join(site.root, 'current'), 12345, 12345)
        assert site.found(u'DocumentRoot R/current\n' + ALL.replace(u'www', u'current')) == [
            'current/.htaccess'
        ]

    @pytest.mark.parametrize(
        'folder, found, cut',
        [
            (
                'www/1/2/3/',
                ['a'],
                'a folder below %s/www was moved meanwhile, with 0 of 1 roots searched to the end',
            ),
            # Where the way down begins at the top, the one beside it is found by it.
            ('www/', ['a', 'b'], None),
        ],
    )
    def test_a_folder_that_moves_away_ends_the_search_below_its_root(
        self, site, monkeypatch, folder, found, cut
    ):
        site.write(folder + 'a/.htaccess')
        site.write(folder + 'b/.htaccess')
        os.makedirs(os.path.join(site.root, 'elsewhere'))
        moving = os.path.join(site.root, folder, 'a')

        def move(content, *most):
            if os.path.isdir(moving) and content:
                os.rename(moving, os.path.join(site.root, 'elsewhere/a'))
            return read_folder_words(content, *most)

        monkeypatch.setattr(htaccess, 'read_folder_words', move)
        answer = site.read(ROOT + ALL)
        assert (sorted(answer.settings), answer.cut) == (
            [os.path.join(site.root, folder, name, '.htaccess') for name in found],
            cut and cut % site.root,
        )

    def test_a_name_that_makes_a_pattern_slow_is_not_matched_with_it(self, site):
        name = 'www/' + 'a' * 200
        site.write(name + '/.htaccess')
        begin = time.time()
        found = site.found(
            ROOT + u'<Directory ~ "^(/[a-z]+)+/(a+)+$x">\nAllowOverride All\n</Directory>\n'
        )
        assert (found, time.time() - begin < 3) == ([name + '/.htaccess'], True)

    def test_a_strangers_pattern_may_match(self, site):
        site.write('www/.htaccess')
        text = ROOT + ALL + section(u'~ "/www"', u'AllowOverride None')
        assert site.read(text).settings == {}
        assert len(site.read(text, foreign=[hosts.MAIN]).settings) == 1


def make_deep(top, count):
    """Make so many folders, each in the one before, the last one with a file."""
    here = os.getcwd()
    try:
        os.chdir(top)
        for _number in range(count):
            os.mkdir('d')
            os.chdir('d')
        with open('.htaccess', 'w') as stream:
            stream.write('RewriteEngine on\n' if count < 2000 else str(SETTING))
    finally:
        os.chdir(here)
