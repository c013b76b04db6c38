# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import served_folders
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

HOMES = [(u'root', u'/root'), (u'alice', u'/home/alice'), (u'bob', u'/home/bob')]
USERS = u'LoadModule userdir_module modules/mod_userdir.so\n'
VHOST = u'<VirtualHost *:80>\n%s\n</VirtualHost>\n'


def active(text):
    tree = ConfigTree(hosts.MAIN, hosts.ROOT, {hosts.MAIN: text}, {}, frozenset())
    return active_directives(tree, World([], [], '2.4.62'))


def roots_of(text, modules=()):
    return served_folders.find_roots(active(text), hosts.ROOT, modules, HOMES)


def shown(roots):
    """[path, its patterns behind it] of each."""
    return [u'/'.join((root.path,) + root.patterns).replace(u'//', u'/') for root in roots]


class TestFindRoots:
    @pytest.mark.parametrize(
        'text, found',
        [
            (u'DocumentRoot /srv/www/\n', [u'/srv/www']),
            (u'DocumentRoot //srv//www/../www\n', [u'/srv/www']),
            (u'DocumentRoot www\n', [hosts.ROOT + u'/www']),
            (u'Alias /a /srv/a\nScriptAlias /b /srv/b/\n', [u'/srv/a', u'/srv/b']),
            (u'Alias /srv/a\n', []),
            (u'<Location /a>\nAlias /srv/a\n</Location>\n', [u'/srv/a']),
            (
                u'<LocationMatch ^/a/(?<X>.*)>\nAlias /srv/a/%{env:MATCH_X}/b\n</LocationMatch>\n',
                [u'/srv/a'],
            ),
            (u'<Location /a>\nAlias /srv/a%{x}\n</Location>\n', [u'/srv/a*']),
            (u'AliasMatch ^/a(.*) /srv/a$1\n', [u'/srv/a*']),
            (u'AliasMatch ^/a(/.*)? /srv/a/$1\n', [u'/srv/a']),
            (u'AliasMatch ^/~([^/]+)(/.*)?$ /home/$1/web$2\n', [u'/home/*/web*']),
            (u'AliasMatch ^/~(.*)/(.*)$ /home/$1/web$2\n', [u'/home']),
            (u'AliasMatch ^/(\\w+)/(.*)$ /srv/[$1]/x/$2\n', [u'/srv/[[]*]/x']),
            (u'AliasMatch ^/(?:a|b)/([a-z]+) /srv/$1/web\n', [u'/srv']),
            (u'AliasMatch ^/a/x.gif$ /srv/a\n', [u'/srv/a']),
            (u'AliasMatch ^(.*)$ $1\n', [u'/']),
            (u'ScriptAliasMatch ^/cgi/(.*) /srv/cgi/$1\n', [u'/srv/cgi']),
            (u'VirtualDocumentRoot /srv/%0\n', [u'/srv/*']),
            (u'VirtualDocumentRoot /srv/%-2.1.3/x%%/%3+/web\n', [u'/srv/*.3/x%/*/web']),
            (u'VirtualDocumentRoot /srv/%2.1/%2.2+/a%-1b\n', [u'/srv/*/*/a*b']),
            (u'VirtualDocumentRoot /srv/100%%/p%p\n', [u'/srv/100%/p*']),
            (u'VirtualDocumentRoot none\n', []),
            (u'VirtualDocumentRootIP /srv/ip/%0/web\n', [u'/srv/ip/*/web']),
            (u'VirtualScriptAlias /srv/%0/cgi\n', [u'/srv/*/cgi']),
            (u'VirtualDocumentRoot /srv/one\n', [u'/srv/one']),
            (u'RewriteRule ^/x /srv/x\n', []),
        ],
        ids=repr,
    )
    def test_each_directive(self, text, found):
        assert shown(roots_of(text)) == found

    @pytest.mark.parametrize(
        'words, found',
        [
            ([u'public_html'], [u'/root/public_html', u'/home/alice/public_html']),
            ([u'www web'], [u'/root/www', u'/home/alice/www', u'/root/web', u'/home/alice/web']),
            ([u'/srv/users'], [u'/srv/users/*']),
            ([u'/srv/*/web'], [u'/srv/*/web']),
            ([u'/srv/u-*x/a/b'], [u'/srv/u-*x/a/b']),
            ([u'http://x.test/*/'], []),
            ([u'a/*/b'], []),
            ([u'public_html', u'disabled'], []),
            ([u'public_html', u'Disabled root'], [u'/home/alice/public_html']),
            ([u'public_html', u'disabled', u'enabled alice'], [u'/home/alice/public_html']),
            ([u'/srv/*/web', u'disabled', u'enabled alice'], [u'/srv/alice/web']),
            ([u'web', u'disabled', u'enabled'], [u'/root/web', u'/home/alice/web']),
            ([u'disabled root'], []),
        ],
        ids=repr,
    )
    def test_user_dir(self, words, found):
        text = u'UserDir disabled bob\n' + u''.join(u'UserDir %s\n' % word for word in words)
        assert shown(roots_of(USERS + text)) == found

    def test_user_dir_needs_its_module(self):
        text = u'UserDir public_html\n'
        assert roots_of(text) == []
        assert len(roots_of(text, [u'userdir_module'])) == len(HOMES)

    def test_users_that_are_off_are_left_out_of_a_pattern(self):
        (root,) = roots_of(USERS + u'UserDir /srv/u-*/web\nUserDir disabled bob\n')
        assert root.without == set([u'u-bob'])

    @pytest.mark.parametrize(
        'main, own, found',
        [
            (u'UserDir a', u'', [(u'/root/a', False)]),
            (u'', u'UserDir a', [(u'/root/a', True)]),
            (u'UserDir a', u'UserDir b', [(u'/root/a', False), (u'/root/b', True)]),
            (u'UserDir a', u'UserDir disabled', [(u'/root/a', False)]),
            (u'UserDir a\nUserDir disabled', u'UserDir enabled', [(u'/root/a', True)]),
            # The names of users are not taken over.
            (u'UserDir a\nUserDir disabled root', u'UserDir b', [(u'/root/b', True)]),
        ],
    )
    def test_a_virtual_host_has_what_it_does_not_say_itself(self, main, own, found):
        told = active(USERS + main + u'\n' + VHOST % own)
        roots = served_folders.find_roots(told, hosts.ROOT, (), HOMES[:1])
        assert [(root.path, root.server is not None) for root in roots] == found

    def test_each_root_knows_its_server(self):
        text = u'Alias /a /a\n' + VHOST % u'DocumentRoot /b' + VHOST % u'VirtualDocumentRoot /c/%0'
        servers = [root.server and root.server[3] for root in roots_of(text)]
        assert servers == [None, 2, 5]


class TestParseHomes:
    @pytest.mark.parametrize(
        'text, homes',
        [
            (u'a:x:1:1:A:/home/a:/bin/sh\n', [(u'a', u'/home/a')]),
            (u'a:x:1:1:A:/a:/bin/sh\nb:x:1:1::/b:', [(u'a', u'/a'), (u'b', u'/b')]),
            (u'a:x:1:1:A:relative:\nb:x\n+::::::\n\n#\n', []),
            (u'', []),
        ],
    )
    def test_table(self, text, homes):
        assert served_folders.parse_homes(text) == homes


class TestPlainName:
    @pytest.mark.parametrize(
        'pattern, name',
        [(u'web', u'web'), (u'a[*]b[[]', u'a*b['), (u'*', None), (u'a*[*]', None), (u'a?', None)],
    )
    def test_table(self, pattern, name):
        assert served_folders.plain_name(pattern) == name


def test_thousands_of_sites_are_found_in_one_pass():
    text = USERS + u''.join(
        VHOST % (u'DocumentRoot /srv/%d\nUserDir web\nUserDir disabled root' % number)
        for number in range(1500)
    )
    found = roots_of(text)
    assert len(found) == 1500 * (1 + len(HOMES) - 1)
