# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The search on a real disk: which folders it reaches, and in which order. What is read in them is
in test_htaccess.py.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import folder_search, htaccess
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._host.test_htaccess import (
    ALL,
    ROOT,
    SETTING,
    section,
    site,
)

__all__ = ['site']
as_root = pytest.mark.skipif(os.geteuid() != 0, reason='only root may give files away')
EVERYWHERE = section(u'R/', u'AllowOverride All')
USERS = u'LoadModule userdir_module modules/mod_userdir.so\n'


def two_sites(first, second):
    return u'DocumentRoot R/%s\nAlias /x R/%s\n' % (first, second) + EVERYWHERE


def link(site, target, name):
    path = os.path.join(site.root, name)
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    os.symlink(target.replace('R/', site.root + '/'), path)
    return path


class TestRoots:
    @pytest.mark.parametrize(
        'text, file',
        [
            (u'VirtualDocumentRoot R/mass/%0/web\n', 'mass/shop.test/web'),
            (u'VirtualDocumentRoot R/mass/%-2.1/%0/web\n', 'mass/s/shop/web/deeper'),
            (u'VirtualScriptAlias R/mass/%0/cgi\n', 'mass/shop.test/cgi'),
            (u'AliasMatch ^/~([^/]+)(/.*)?$ R/home/$1/web$2\n', 'home/alice/web'),
            (u'AliasMatch ^/m(/.*) R/manual$1\n', 'manual/de'),
            (u'AliasMatch ^/(.*)/x/(.*) R/any/$1/x/$2\n', 'any/a/b/x'),
            (USERS + u'UserDir web\n', 'home/alice/web/a'),
            (USERS + u'UserDir R/users\n', 'users/bob'),
            (USERS + u'UserDir R/users/*/web\n', 'users/bob/web'),
            (
                USERS + u'UserDir R/users/*/web\nUserDir disabled\nUserDir enabled bob\n',
                'users/bob/web',
            ),
        ],
        ids=repr,
    )
    def test_each_kind_is_searched(self, site, monkeypatch, text, file):
        monkeypatch.setattr(htaccess, 'PASSWD', site.write('passwd', passwd(site)))
        site.write(file + '/.htaccess')
        site.write('neither/.htaccess')
        found = site.read(text + EVERYWHERE)
        assert (site.found(text + EVERYWHERE), found.cut) == ([file + '/.htaccess'], None)

    @pytest.mark.parametrize(
        'text, file',
        [
            (USERS + u'UserDir R/users/*/web\nUserDir disabled bob\n', 'users/bob/web'),
            (USERS + u'UserDir R/users/*/web\nUserDir disabled\n', 'users/bob/web'),
            (u'UserDir R/users/*/web\n', 'users/bob/web'),
            (u'VirtualDocumentRoot R/mass/%0/web\n', 'mass/shop.test/log'),
            (section(u'R/named', u'AllowOverride None'), 'named/a'),
        ],
        ids=repr,
    )
    def test_what_is_not_served_is_not_searched(self, site, text, file):
        site.write(file + '/.htaccess')
        assert site.found(section(u'R/*', u'AllowOverride All') + text) == []

    @pytest.mark.parametrize(
        'text, found',
        [
            (section(u'R/named', u'AllowOverride All'), True),
            (section(u'R/named/a', u'AllowOverride All'), True),
            (section(u'R/n*', u'AllowOverride All'), False),
            (section(u'R/named', u'Require all granted'), False),
            # It is named for what is in the root.
            (section(u'R/named', u'AllowOverride All') + u'Alias /b R/named/b\n', False),
            (u'VirtualDocumentRoot R/named/%0/web\n' + section(u'R/', u'AllowOverride All'), False),
            (
                u'VirtualDocumentRoot R/%0/web\n'
                + section(u'R/named/a', u'AllowOverride All'),
                True,
            ),
        ],
        ids=repr,
    )
    def test_a_folder_that_a_section_names(self, site, text, found):
        site.write('named/a/x/.htaccess')
        os.makedirs(os.path.join(site.root, 'named/b'))
        assert site.found(text) == (['named/a/x/.htaccess'] if found else [])

    def test_a_folder_that_two_servers_serve_is_read_as_by_both(self, site):
        site.write('mass/one/.htaccess')
        vhost = u'<VirtualHost *:%d>\n%s</VirtualHost>\n'
        text = vhost % (80, u'DocumentRoot R/mass/one\n')
        text += vhost % (81, u'VirtualDocumentRoot R/mass/%0\n' + EVERYWHERE)
        assert site.found(text) == ['mass/one/.htaccess']

    def test_nothing_is_searched_where_no_file_is_read(self, site):
        for number in range(5):
            site.write('docs/%d/.htaccess' % number)
        site.write('www/.htaccess')
        search = searched(site, u'Alias /docs R/docs\n' + ROOT + ALL)
        assert search.seen >= set([site.root + '/docs', site.root + '/www'])
        assert site.root + '/docs/0' not in search.seen

    def test_the_whole_host_is_no_site(self, site):
        site.write('www/.htaccess')
        text = ROOT + ALL + section(u'/', u'AllowOverride All')
        found = site.read(text + u'AliasMatch ^(.*)$ $1\n')
        assert len(found.settings) == 1
        assert found.cut == 'what lies below /, with 1 of 2 roots searched to the end'


def passwd(site):
    homes = [(u'root', u'/nonexistent'), (u'alice', u'%s/home/alice' % site.root)]
    return u''.join(u'%s:x:1:1::%s:/bin/sh\n' % pair for pair in homes)


def searched(site, text):
    """Return the FolderSearch that a configuration brings about."""
    kept = []
    made = folder_search.FolderSearch

    def make(*given):
        kept.append(made(*given))
        return kept[-1]

    folder_search.FolderSearch = make
    try:
        site.search(text, time.time)
    finally:
        folder_search.FolderSearch = made
    return kept[0]


class TestTurns:
    @pytest.mark.parametrize('file', ['b', 'b/1', 'b/1/2/3/4/5'])
    @pytest.mark.parametrize('wide', ['a/%d', 'a/1/2/3/4/%d', 'a/%d/x/y/z/1'])
    def test_a_site_with_many_folders_hides_no_other_one(self, site, monkeypatch, wide, file):
        monkeypatch.setattr(folder_search, 'MAX_FOLDERS', 200)
        for number in range(300):
            os.makedirs(os.path.join(site.root, wide % number))
        site.write(file + '/.htaccess')
        found = site.read(two_sites(u'a', u'b'))
        assert list(found.settings) == ['%s/%s/.htaccess' % (site.root, file)]
        assert found.cut == '200 folders, with 1 of 2 roots searched to the end'

    def test_the_top_of_each_site_comes_before_all_below(self, site, monkeypatch):
        monkeypatch.setattr(folder_search, 'MAX_FOLDERS', 45)
        for number in range(40):
            site.write('%d/.htaccess' % number, SETTING if number == 39 else u'#\n')
            os.makedirs(os.path.join(site.root, '%d/a/b' % number))
        text = EVERYWHERE + u''.join(u'Alias /%d R/%d\n' % (one, one) for one in range(40))
        found = site.read(text)
        assert len(found.settings) == 1
        assert found.cut.startswith('45 folders, with ') and 'of 40 roots' in found.cut

    def test_a_deep_site_hides_no_other_one(self, site):
        """Two folders in each, so that each level has one to come back to."""
        top = os.path.join(site.root, 'a')
        os.makedirs(top)
        here = os.getcwd()
        try:
            os.chdir(top)
            for _number in range(1000):
                os.mkdir('x')
                os.mkdir('d')
                os.chdir('d')
        finally:
            os.chdir(here)
        site.write('b/1/2/3/4/.htaccess')
        assert list(site.read(two_sites(u'a', u'b')).settings) == [
            site.root + '/b/1/2/3/4/.htaccess'
        ]

    def test_a_list_of_names_ends_in_time(self, site, monkeypatch):
        monkeypatch.setattr(folder_search, '_LIST_SECONDS', -1)
        for number in range(300):
            os.makedirs(os.path.join(site.root, 'www/%d' % number))
        cut = 'entries of %s/www, with 0 of 1 roots searched to the end' % site.root
        assert site.read(ROOT + ALL).cut == cut


class TestLinks:
    @pytest.mark.parametrize(
        'target', ['../elsewhere', 'R/elsewhere', 'another', '../www/./another']
    )
    def test_a_link_leads_to_a_further_root(self, site, target):
        site.write('elsewhere/a/.htaccess')
        link(site, target, 'www/linked')
        if 'another' in target:
            link(site, 'R/elsewhere', 'www/another')
        found = site.found(ROOT + ALL)
        assert len(found) == 1
        assert found[0] in ('www/linked/a/.htaccess', 'www/another/a/.htaccess')

    @pytest.mark.parametrize(
        'options, files, found',
        [
            (u'FollowSymLinks', u'None', True),
            (u'None', u'None', False),
            # A .htaccess file may turn it on.
            (u'None', u'FileInfo', True),
            (u'SymLinksIfOwnerMatch', u'None', True),
        ],
    )
    def test_options_decide_whether_a_link_is_followed(self, site, options, files, found):
        site.write('elsewhere/.htaccess')
        link(site, 'R/elsewhere', 'www/linked')
        text = section(u'R/www', u'Options ' + options, u'AllowOverride ' + files)
        text += section(u'R/www/linked', u'AllowOverride All')
        assert site.found(ROOT + text) == (['www/linked/.htaccess'] if found else [])

    @as_root
    def test_owners_are_compared(self, site):
        site.write('elsewhere/.htaccess')
        os.lchown(link(site, 'R/elsewhere', 'www/linked'), 4321, 4321)
        text = section(u'R/www', u'Options SymLinksIfOwnerMatch')
        text += section(u'R/www/linked', u'AllowOverride All')
        assert site.found(ROOT + text) == []

    def test_a_circle_ends_and_each_folder_is_seen_once(self, site):
        site.write('www/a/.htaccess')
        for name, target in (('up', '..'), ('self', '.'), ('a', '../a'), ('b', 'b')):
            link(site, target, 'www/c/' + name)
        search = searched(site, ROOT + ALL)
        assert sorted(os.path.relpath(path, site.root) for path in search.notes.settings) in (
            ['www/a/.htaccess'],
            ['www/a/.htaccess', 'www/c/a/.htaccess'],
        )
        assert (search.summary(), search.count <= 4) == (None, True)

    @pytest.mark.parametrize(
        'target', ['/', '/proc', '/proc/self/root', '/sys', '/dev', '/etc', '/usr/bin/..']
    )
    def test_a_link_into_the_system_leads_nowhere(self, site, target):
        site.write('www/.htaccess')
        link(site, target, 'www/linked')
        search = searched(site, ROOT + ALL)
        assert (search.count, len(search.notes.settings)) == (1, 1)

    @as_root
    def test_a_strangers_link_leads_to_no_other_file_system(self, site):
        os.lchown(link(site, '/proc/self', 'www/linked'), 4321, 4321)
        assert site.read(ROOT + ALL).cut == (
            '%s/www/linked, a link to another file system, with 0 of 1 roots searched to the end'
            % site.root
        )

    def test_so_many_links_are_looked_at_and_no_more(self, site, monkeypatch):
        monkeypatch.setattr(folder_search, 'MAX_LINKS', 40)
        for number in range(50):
            link(site, 'nowhere', 'www/%d' % number)
        site.write('www/a/.htaccess')
        site.write('elsewhere/.htaccess')
        link(site, 'R/elsewhere', 'other/linked')
        found = site.read(two_sites('www', 'other'))
        # Those of another site are still followed.
        assert sorted(os.path.relpath(path, site.root) for path in found.settings) == [
            'other/linked/.htaccess',
            'www/a/.htaccess',
        ]
        assert found.cut == '40 links, with 2 of 3 roots searched to the end'

    @pytest.mark.parametrize('target', ['.ht', 'R/away/.ht', '../folder/.ht', 'second'])
    def test_a_file_that_is_a_link_is_read(self, site, target):
        for folder in ('www', 'away'):
            site.write(folder + '/.ht')
        link(site, 'away', 'folder')
        link(site, 'R/folder/.ht', 'www/second')
        link(site, target, 'www/.htaccess')
        assert site.found(ROOT + ALL) == ['www/.htaccess']

    @pytest.mark.parametrize(
        'target', ['/dev/zero', '/proc/self/environ', 'pipe', '.', 'nowhere', '.htaccess']
    )
    def test_a_link_to_no_file_is_not_read(self, site, target):
        site.write('www/a/.htaccess')
        os.mkfifo(os.path.join(site.root, 'www/pipe'))
        link(site, target, 'www/.htaccess')
        assert site.found(ROOT + ALL) == ['www/a/.htaccess']
