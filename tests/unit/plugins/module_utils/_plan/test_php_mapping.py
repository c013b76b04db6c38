# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree
from ansible_collections.webops.apache.plugins.module_utils._plan import php_mapping
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)

MAIN = '/etc/apache2/apache2.conf'
MODULE = u'LoadModule php_module modules/libphp.so\n'
STOCK = (
    u'<IfModule php_module>\n<FilesMatch ".+\\.ph(?:ar|p|tml)$">\n'
    u'SetHandler application/x-httpd-php\n</FilesMatch>\n'
    u'<FilesMatch ".+\\.phps$">\nSetHandler application/x-httpd-php-source\n'
    u'Require all denied\n</FilesMatch>\n</IfModule>\n'
)
FPM = (
    u'<FilesMatch "\\.php$">\nSetHandler "proxy:unix:/run/php/fpm.sock|fcgi://localhost"\n'
    u'</FilesMatch>\n'
)
SOCKET = 'proxy:unix:/run/php/fpm.sock|fcgi://localhost'


def site(name, text=u'', root=None):
    return u'<VirtualHost *:80>\nServerName %s\nDocumentRoot %s\n%s</VirtualHost>\n' % (
        name,
        root or '/srv/' + name,
        text,
    )


def mapped(text, modules=(), foreign=()):
    """{site: {place and name: how}} of a main file with this text."""
    tree = ConfigTree(MAIN, '/etc/apache2', {MAIN: text}, {}, frozenset())
    active = active_directives(tree, World(frozenset(['core.c']), frozenset(), '2.4.57'))
    loaded = [item.args[0] for item in active if item.name == 'loadmodule'] + list(modules)
    found = php_mapping.map_sites(active, '/etc/apache2', frozenset(foreign), loaded)
    return dict((one.site.name, one.served) for one in found)


def how(text, name='page.php', place=None, of='shop', **others):
    served = mapped(text, **others)[of]
    return served.get((place, name), served[None, name]).how


class TestTheWholeSite:
    @pytest.mark.parametrize(
        'text, expected',
        [
            (MODULE + STOCK + site('shop'), 'mod_php'),
            (STOCK + site('shop'), 'file'),
            (FPM + site('shop'), 'fpm'),
            (MODULE + STOCK + site('shop', FPM), 'fpm'),
            (MODULE + FPM + site('shop', STOCK), 'mod_php'),
            (u'AddHandler php5-script .php\n' + site('shop'), 'file'),
            (
                u'LoadModule php5_module a\nAddHandler php5-script .php\n' + site('shop'),
                'mod_php',
            ),
            (u'LoadModule php7_module a\nAddHandler php5-script .php\n' + site('shop'), 'file'),
            (MODULE + site('shop', u'AddType application/x-httpd-php .php\n'), 'mod_php'),
            (site('shop', u'AddType application/x-httpd-php .php\n'), 'file'),
            (MODULE + STOCK + site('shop', u'AddHandler fcgid-script .fcgi\n'), 'mod_php'),
            (site('shop', u'AddHandler fcgid-script .fcgi .php\n'), 'fcgid'),
            (site('shop', u'AddHandler cgi-script .php\n'), 'cgi'),
            (
                site('shop', u'ProxyPassMatch "^/(.*\\.php)$" fcgi://127.0.0.1:9000/srv/$1\n'),
                'fpm',
            ),
            (MODULE + STOCK + site('shop', u'ProxyPass / http://10.0.0.1/\n'), 'elsewhere'),
            (MODULE + STOCK + site('shop', u'ProxyPass /api http://10.0.0.1/\n'), 'mod_php'),
            (
                MODULE + STOCK + site('shop', u'ProxyPass /page.php !\nProxyPass / http://b/\n'),
                'elsewhere',
            ),
            (
                site('shop', u'RewriteRule ^/(.*\\.php)$ fcgi://127.0.0.1:9000/srv/$1 [P,L]\n'),
                'fpm',
            ),
            (MODULE + STOCK + site('shop', u'php_admin_flag engine off\n'), 'engine off'),
            (MODULE + STOCK + site('shop', u'php_admin_value engine 0\n'), 'engine off'),
            (
                MODULE
                + STOCK
                + site('shop', u'php_admin_flag engine off\nphp_admin_flag engine on\n'),
                'mod_php',
            ),
            (
                MODULE
                + STOCK
                + site('shop', u'<FilesMatch "\\.php$">\nRequire all denied\n</FilesMatch>\n'),
                'denied',
            ),
            (
                MODULE
                + STOCK
                + site(
                    'shop',
                    u'<Files *.php>\nOrder allow,deny\nDeny from all\n</Files>\n',
                ),
                'denied',
            ),
            (
                MODULE + STOCK + u'<Directory />\nRequire all denied\n</Directory>\n'
                u'<Directory /srv/>\nRequire all granted\n</Directory>\n' + site('shop'),
                'mod_php',
            ),
            (
                MODULE + STOCK + u'<Directory />\nRequire all denied\n</Directory>\n'
                u'<Directory /srv/>\nAllow from all\n</Directory>\n' + site('shop'),
                'denied',
            ),
            (
                MODULE + STOCK + u'<Directory />\nRequire all denied\n</Directory>\n'
                u'<Directory /srv/>\nAllow from all\nSatisfy any\n</Directory>\n'
                + site('shop'),
                'mod_php',
            ),
            (
                u'<Directory /srv/shop>\n' + FPM + u'</Directory>\n' + MODULE + STOCK
                + site('shop'),
                'fpm',
            ),
            (
                u'<Directory ~ "^/srv/sh">\n' + FPM + u'</Directory>\n' + site('shop'),
                'fpm',
            ),
            (
                MODULE
                + STOCK
                + site(
                    'shop',
                    u'<LocationMatch "\\.php$">\nSetHandler proxy:fcgi://127.0.0.1:9000\n'
                    u'</LocationMatch>\n',
                ),
                'fpm',
            ),
            (
                MODULE
                + STOCK
                + site(
                    'shop',
                    u'<FilesMatch "\\.php$">\n<If "-f %{REQUEST_FILENAME}">\n'
                    u'SetHandler "proxy:unix:/run/a.sock|fcgi://a"\n</If>\n</FilesMatch>\n',
                ),
                'fpm',
            ),
            (MODULE + STOCK + site('shop', u'SetHandler None\n'), 'mod_php'),
            (
                MODULE
                + STOCK
                + site('shop', u'<FilesMatch "\\.php$">\nSetHandler None\n</FilesMatch>\n'),
                'file',
            ),
            (u'AddHandler php-by-cgi .php\n' + site('shop'), 'file'),
        ],
    )
    def test_is_served_as_httpd_would(self, text, expected):
        assert how(text) == expected

    def test_an_action_counts_where_its_module_is_loaded(self):
        text = site('shop', u'AddHandler php-by-cgi .php\nAction php-by-cgi /cgi-bin/php.cgi\n')
        assert how(text, modules=['actions_module']) == 'cgi'
        assert how(text) == 'file'

    def test_the_module_takes_its_files_before_an_action_does(self):
        text = u'AddType application/x-httpd-php .php\nAction application/x-httpd-php /c/php\n'
        assert how(MODULE + text + site('shop'), modules=['actions_module']) == 'mod_php'
        assert how(text + site('shop'), modules=['actions_module']) == 'cgi'

    def test_says_by_what_and_which_line_decides(self):
        served = mapped(MODULE + STOCK + site('shop', FPM))['shop'][None, 'page.php']
        assert (served.by, served.path, served.line) == (SOCKET, MAIN, 15)

    def test_other_sites_stay_as_they_are(self):
        text = MODULE + STOCK + site('shop', FPM) + site('blog')
        assert (how(text, of='shop'), how(text, of='blog')) == ('fpm', 'mod_php')

    @pytest.mark.parametrize(
        'name, expected',
        [('page.phtml', 'mod_php'), ('page.phps', 'denied'), ('page.html', 'file')],
    )
    def test_each_ending_has_its_own(self, name, expected):
        assert how(MODULE + STOCK + site('shop'), name) == expected

    def test_an_ending_that_the_site_maps_is_known(self):
        text = site('shop', u'AddType application/x-httpd-php .asp\n')
        assert how(MODULE + text, 'page.asp') == 'mod_php'

    def test_a_name_that_is_named_is_known(self):
        text = site('shop', u'<Files "cron.php">\nRequire all denied\n</Files>\n')
        assert how(MODULE + STOCK + text, 'cron.php') == 'denied'
        assert how(MODULE + STOCK + text) == 'mod_php'

    @pytest.mark.parametrize(
        'pattern, expected', [(u'^nothing$', 'file'), (u'^(?=nothing)$', 'fpm')]
    )
    def test_a_pattern_of_a_stranger_is_tried_in_bounded_time_only(self, pattern, expected):
        text = site('shop', u'<FilesMatch "%s">\nSetHandler proxy:fcgi://a\n</FilesMatch>\n')
        assert how(text % pattern, foreign=[MAIN]) == expected
        assert how(text % pattern) == 'file'


class TestPlaces:
    @pytest.mark.parametrize(
        'text, place, expected',
        [
            (
                u'<Directory /srv/shop/uploads>\nphp_admin_flag engine off\n</Directory>\n',
                '<Directory /srv/shop/uploads>',
                'engine off',
            ),
            (
                u'<Directory /srv/*/uploads>\nphp_admin_flag engine off\n</Directory>\n',
                '<Directory /srv/*/uploads>',
                'engine off',
            ),
            (
                u'<DirectoryMatch "uploads">\nRequire all denied\n</DirectoryMatch>\n',
                '<DirectoryMatch uploads>',
                'denied',
            ),
            (
                u'<Location /status>\nSetHandler server-status\n</Location>\n',
                '<Location /status>',
                'elsewhere',
            ),
            (
                u'<Location /app>\nProxyPass http://10.0.0.1/\n</Location>\n',
                '<Location /app>',
                'elsewhere',
            ),
            (
                u'Alias /pma /usr/share/pma\n<Directory /usr/share/pma>\n%s</Directory>\n' % FPM,
                'Alias /pma /usr/share/pma',
                'fpm',
            ),
            (
                u'Alias /pma /usr/share/pma\n<Directory /usr/share/pma/setup>\n'
                u'Require all denied\n</Directory>\n',
                '<Directory /usr/share/pma/setup>',
                'denied',
            ),
            (
                u'<If "%{REMOTE_ADDR} == \'::1\'">\nSetHandler proxy:fcgi://a\n</If>\n',
                "<If %{REMOTE_ADDR} == '::1'>",
                'fpm',
            ),
        ],
    )
    def test_have_rules_of_their_own(self, text, place, expected):
        text = MODULE + STOCK + site('shop', text)
        assert how(text, place=place) == expected
        assert how(text) == 'mod_php'

    def test_that_say_nothing_else_are_not_listed(self):
        section = u'<Directory /srv/shop/a>\nAllow from all\n</Directory>\n'
        text = MODULE + STOCK + site('shop', section)
        assert [place for place, _name in mapped(text)['shop'] if place] == []

    def test_of_an_alias_are_served_where_the_documents_are_denied(self):
        text = (
            u'<Directory />\nRequire all denied\n</Directory>\n<Directory /usr/share/pma>\n'
            u'Require all granted\n</Directory>\nAlias /pma /usr/share/pma\n'
        )
        text = MODULE + STOCK + text + site('shop')
        assert how(text) == 'denied'
        assert how(text, place='Alias /pma /usr/share/pma') == 'mod_php'

    def test_of_other_sites_are_not_ours(self):
        text = MODULE + STOCK + site('shop') + site('blog')
        text += u'<Directory /srv/blog/up>\nphp_admin_flag engine off\n</Directory>\n'
        assert [place for place, _name in mapped(text)['shop'] if place] == []


class TestTheMainServer:
    @pytest.mark.parametrize(
        'listens, hosts, asked',
        [
            (u'', u'', True),
            (u'Listen 80\n', u'', True),
            (u'Listen 80\n', site('shop'), False),
            (u'Listen 80\nListen 8080\n', site('shop'), True),
            (u'Listen 10.0.0.1:80\n', site('shop'), False),
            (u'Listen 80\n', site('shop').replace(u'*:80', u'10.0.0.1:80'), True),
            (u'Listen 80\n', site('shop').replace(u'*:80', u'_default_:*'), False),
        ],
    )
    def test_is_asked_where_no_virtual_host_takes_the_request(self, listens, hosts, asked):
        assert bool(mapped(listens + hosts)[None]) == asked


class TestSites:
    def test_that_one_macro_makes_are_told_apart(self):
        text = (
            u'LoadModule macro_module a\n<Macro Host $n>\n<VirtualHost *:80>\nServerName $n\n'
            u'</VirtualHost>\n</Macro>\nUse Host shop\nUse Host blog\n'
        )
        assert sorted(name for name in mapped(text) if name) == ['blog', 'shop']

    def test_with_lines_from_a_macro_are_one(self):
        text = u'LoadModule macro_module a\n<Macro Php>\n%s</Macro>\n' % FPM
        text += site('shop', u'Use Php\n')
        assert how(text) == 'fpm'
        assert len(mapped(text)) == 2

    def test_are_read_in_time_that_grows_with_their_number(self):
        lines = u''.join(u'php_admin_value a%d b\n' % number for number in range(6))
        text = MODULE + STOCK + u''.join(site('s%d' % each, lines) for each in range(1500))
        begin = time.time()
        found = mapped(text)
        assert len(found) == 1501 and time.time() - begin < 5
