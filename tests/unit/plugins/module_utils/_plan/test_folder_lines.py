# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What .htaccess files say of PHP, for the sites that serve them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import ConfigTree, Htaccess
from ansible_collections.webops.apache.plugins.module_utils._plan import folder_lines, php_mapping
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.php_settings import (
    read_folder_words,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.timing import clock

MAIN = '/etc/apache2/apache2.conf'
MODULE = u'LoadModule php_module modules/libphp.so\n'
STOCK = u'<FilesMatch "\\.ph(ar|p|tml)$">\nSetHandler application/x-httpd-php\n</FilesMatch>\n'
FPM = u'<FilesMatch "\\.php$">\nSetHandler "proxy:unix:/run/a.sock|fcgi://a"\n</FilesMatch>\n'
ALL = u'<Directory /srv>\nAllowOverride All\n</Directory>\n'
F = '/srv/shop/f'
FILE = F + '/.htaccess'
DENIED = u'<Directory />\nRequire all denied\n</Directory>\n'


def site(name, text=u''):
    return u'<VirtualHost *:80>\nServerName %s\nDocumentRoot /srv/%s\n%s</VirtualHost>\n' % (
        name,
        name,
        text,
    )


def judged(text, files, modules=(), **facts):
    """([SiteMappings], [PhpUnjudged]) of a main file, and of .htaccess files: {path: text}."""
    tree = ConfigTree(MAIN, '/etc/apache2', {MAIN: text}, {}, frozenset())
    active = active_directives(tree, World(frozenset(['core.c']), frozenset(), '2.4.57'))
    loaded = [item.args[0] for item in active if item.name == 'loadmodule'] + list(modules)
    handlers = dict(
        (path, read_folder_words(content.encode('utf-8'), 100, 100).handlers)
        for path, content in files.items()
    )
    found = Htaccess(handlers=dict(one for one in handlers.items() if one[1]), **facts)
    names = php_mapping.all_names([active], [text], found.handlers).names
    around = folder_lines.folder_world(loaded, '2.4.57', ['X'])
    folders = php_mapping.Folders(found, around, names)
    return php_mapping.map_folders(active, '/etc/apache2', frozenset(), loaded, folders)


def how(text, files, name='page.php', place=FILE, of='shop', **others):
    found = [one for one in judged(text, files, **others)[0] if one.site.name == of][0]
    return found.served.get((place, name), found.served.get((None, name), None)).how


def unclear(content):
    text = ALL + MODULE + STOCK + site('shop')
    return [(one.path, one.line) for one in judged(text, {FILE: content})[1]]


class TestTheFolder:
    @pytest.mark.parametrize(
        'content, name, expected',
        [
            (u'AddType application/x-httpd-php .foo\n', 'page.foo', 'mod_php'),
            (u'AddHandler application/x-httpd-php .html\n', 'page.html', 'mod_php'),
            (u'AddHandler application/x-httpd-php .html\n', 'page.htm', 'file'),
            (u'<Files a1>\nSetHandler application/x-httpd-php\n</Files>\n', 'a1', 'mod_php'),
            (u'<Files *.x>\nForceType application/x-httpd-php\n</Files>\n', 'page.x', 'mod_php'),
            (
                u'<FilesMatch "\\.(a|b)$">\nSetHandler application/x-httpd-php\n</FilesMatch>\n',
                'page.b',
                'mod_php',
            ),
            (
                u'<FilesMatch "^[^.]+$">\nSetHandler application/x-httpd-php\n</FilesMatch>\n',
                'page',
                'mod_php',
            ),
            (u'SetHandler application/x-httpd-php\n', 'page', 'mod_php'),
            (u'SetHandler none\n', 'page.php', 'mod_php'),
            (u'<Files *>\nSetHandler none\n</Files>\n', 'page.php', 'file'),
            (u'<Files *>\nSetHandler Do_Not_Run\n</Files>\n', 'page.php', 'elsewhere'),
            (u'php_flag engine off\n', 'page.php', 'engine off'),
            (u'php_value engine 0\n', 'page.php', 'engine off'),
            (u'php_flag engine on\n', 'page.php', 'mod_php'),
            (u'<IfModule mod_php.c>\nphp_flag engine off\n</IfModule>\n', 'page.php', 'engine off'),
            (u'<IfModule mod_php5.c>\nphp_flag engine off\n</IfModule>\n', 'page.php', 'mod_php'),
            (u'<IfVersion < 2.4>\nphp_flag engine off\n</IfVersion>\n', 'page.php', 'mod_php'),
            (u'<IfDefine X>\nphp_flag engine off\n</IfDefine>\n', 'page.php', 'engine off'),
            (FPM, 'page.php', 'fpm'),
            (FPM, 'page.phtml', 'mod_php'),
            (u'<If "-f %{REQUEST_FILENAME}">\n' + FPM + u'</If>\n', 'page.php', 'fpm'),
            (u'AddHandler fcgid-script .html\n', 'page.html', 'fcgid'),
            (u'RewriteRule \\.php$ - [H=proxy:fcgi://a]\n', 'page.php', 'fpm'),
            (u'RewriteRule ^(.*\\.php)$ fcgi://127.0.0.1:9000/srv/$1 [P,L]\n', 'page.php', 'fpm'),
            (u'RewriteRule ^(.*)$ http://10.0.0.1/$1 [P]\n', 'page.php', 'elsewhere'),
            (u'RewriteRule \\.foo$ - [T=application/x-httpd-php]\n', 'page.foo', 'mod_php'),
            (
                u'RewriteCond %{REQUEST_FILENAME} -f\nRewriteRule \\.php$ - [H=proxy:fcgi://a]\n',
                'page.php',
                'fpm',
            ),
            (u'RewriteCond %{HTTPS} on\nRewriteRule . - [H=a]\n', 'page.php', 'mod_php'),
            (u'RewriteRule ^index\\.php$ - [L]\n', 'page.php', 'mod_php'),
            (
                u'AddType a .b\n<FilesMatch "\\.php$">\nRequire all denied\n</FilesMatch>\n',
                'page.php',
                'denied',
            ),
            (u'<Files *.php>\nOrder allow,deny\nDeny from all\n</Files>\n', 'page.php', 'denied'),
            (u'AddType a .b\nRequire all denied\n', 'page.php', 'denied'),
            (u'<Limit GET>\nRequire all denied\n</Limit>\nAddType a .b\n', 'page.php', 'mod_php'),
        ],
        ids=repr,
    )
    def test_is_a_place_with_rules_of_its_own(self, content, name, expected):
        text = ALL + MODULE + STOCK + site('shop')
        assert how(text, {FILE: content}, name) == expected
        assert unclear(content) == []

    def test_takes_a_mapping_back(self):
        text = ALL + MODULE + u'AddHandler application/x-httpd-php .php .foo\n' + site('shop')
        assert how(text, {FILE: u'RemoveHandler .php\n'}) == 'file'
        assert how(text, {FILE: u'RemoveHandler .php\n'}, 'page.foo') == 'mod_php'

    def test_may_have_a_program_for_its_files(self):
        content = u'AddHandler cgi-php .php\nAction cgi-php /cgi-bin/php\n'
        text = ALL + site('shop')
        assert how(text, {FILE: content}, modules=['actions_module']) == 'cgi'

    def test_has_what_folders_above_say(self):
        files = {
            '/srv/.htaccess': u'AddType application/x-httpd-php .foo\n',
            '/srv/shop/.htaccess': u'AddType application/x-httpd-php .bar\n',
            FILE: u'php_flag engine off\n',
        }
        text = ALL + MODULE + STOCK + site('shop') + site('blog')
        for name in ('page.foo', 'page.bar', 'page.php'):
            assert how(text, files, name) == 'engine off'
            blog = 'file' if name == 'page.bar' else 'mod_php'
            assert how(text, files, name, None, 'blog') == blog
            assert how(text, files, name, None) == 'mod_php'

    def test_a_condition_is_a_place_of_its_own(self):
        content = u"<If \"%{REMOTE_ADDR} == '::1'\">\nphp_flag engine off\n</If>\n"
        text = ALL + MODULE + STOCK + site('shop')
        place = FILE + " <If \"%{REMOTE_ADDR} == '::1'\">"
        assert how(text, {FILE: content}) == 'mod_php'
        assert how(text, {FILE: content}, place=place) == 'engine off'

    def test_an_admin_value_holds_over_it(self):
        text = ALL + MODULE + STOCK + site('shop', u'php_admin_flag engine off\n')
        assert how(text, {FILE: u'php_flag engine on\n'}) == 'engine off'

    def test_a_section_of_files_overrules_a_section_of_root(self):
        """So a denial of ours may be of no use there."""
        denial = u'<FilesMatch "\\.php$">\nRequire all denied\n</FilesMatch>\n'
        text = ALL + denial + site('shop')
        assert how(text, {FILE: u'Require all granted\n'}) == 'denied'
        granted = u'<Files page.php>\nRequire all granted\n</Files>\n'
        assert how(text, {FILE: granted}) == 'file'
        allowed = u'<Files page.php>\nAllow from all\n%s</Files>\n'
        assert how(text, {FILE: allowed % u''}) == 'denied'
        assert how(text, {FILE: allowed % u'Satisfy any\n'}) == 'file'

    def test_what_root_denies_may_be_opened_there(self):
        text = ALL + DENIED + MODULE + STOCK + site('shop')
        assert how(text, {FILE: u'Require all granted\n'}) == 'mod_php'
        assert how(text, {FILE: u'Require all denied\n'}) == 'denied'

    def test_a_section_for_the_same_folder_is_the_same_place(self):
        section = u'<Directory /srv/shop/f>\nRequire all denied\n</Directory>\n'
        text = ALL + MODULE + STOCK + section + site('shop')
        served = judged(text, {FILE: u'php_flag engine off\n'})[0][1].served
        assert set(place for place, _name in served) == set([None, FILE])
        assert served[FILE, 'page.html'].how == 'denied'

    def test_its_line_is_named(self):
        text = ALL + MODULE + STOCK + site('shop')
        served = judged(text, {FILE: u'# a\nphp_flag engine off\n'})[0][1].served
        assert served[FILE, 'page.php'][2:] == (FILE, 2)


class TestAllowOverride:
    @pytest.mark.parametrize(
        'words, content, expected',
        [
            (u'None', u'php_flag engine off\n', 'mod_php'),
            (u'Options', u'php_flag engine off\n', 'engine off'),
            (u'Options=Indexes', u'php_flag engine off\n', 'engine off'),
            (u'FileInfo', u'php_flag engine off\n', 'mod_php'),
            (u'FileInfo', FPM, 'fpm'),
            (u'Options AuthConfig', FPM, 'mod_php'),
            (u'All Nonfatal=Unknown', FPM, 'fpm'),
            (u'AuthConfig', u'AddType a .b\n<Files *>\nRequire all denied\n</Files>\n', 'denied'),
            (u'Limit', u'<Files *>\nRequire all denied\n</Files>\n', 'mod_php'),
            (u'Limit', u'<Files *>\nOrder allow,deny\nDeny from all\n</Files>\n', 'denied'),
        ],
    )
    def test_says_which_lines_count(self, words, content, expected):
        section = u'<Directory /srv/shop>\nAllowOverride %s\n</Directory>\n' % words
        assert how(section + MODULE + STOCK + site('shop'), {FILE: content}) == expected

    def test_is_that_of_the_site(self):
        section = u'<Directory /srv>\nAllowOverride None\n</Directory>\n'
        text = ALL + MODULE + STOCK + site('shop', section)
        text += site('other').replace(u'/srv/other', u'/srv/shop')
        assert how(text, {FILE: FPM}) == 'mod_php'
        assert how(text, {FILE: FPM}, of='other') == 'fpm'

    def test_by_default_nothing_is_read(self):
        assert how(MODULE + STOCK + site('shop'), {FILE: FPM}) == 'mod_php'


class TestWhoServesIt:
    def test_only_its_site(self):
        text = ALL + MODULE + STOCK + site('shop') + site('blog')
        found = judged(text, {FILE: FPM})[0]
        assert [FILE in one.folders for one in found if one.site.name] == [True, False]

    def test_an_alias_of_the_main_server_is_of_all(self):
        text = u'Alias /app /srv/app\n' + ALL + MODULE + STOCK + site('shop') + site('blog')
        path = '/srv/app/up/.htaccess'
        for name in ('shop', 'blog'):
            assert how(text, {path: FPM}, place=path, of=name) == 'fpm'

    def test_what_no_root_names_is_of_the_server_that_the_search_found(self):
        text = u'Listen 80\n' + ALL + MODULE + STOCK + site('shop') + site('blog')
        path = '/srv/users/a/.htaccess'
        section = ('virtualhost', ('*:80',), MAIN, 13)
        for servers, which in ([None], ['shop', 'blog']), ([section], ['blog']):
            found = judged(text, {path: FPM}, servers={path: servers})[0]
            assert [one.site.name for one in found if path in one.folders] == which

    def test_too_many_are_said(self, monkeypatch):
        monkeypatch.setattr(folder_lines, 'MAX_PAIRS', 2)
        files = dict(('/srv/shop/%s/.htaccess' % name, FPM) for name in 'abc')
        found = judged(ALL + site('shop'), files)[1]
        assert [one.path for one in found] == ['/srv/shop/c/.htaccess']


class TestUnclear:
    @pytest.mark.parametrize(
        'content, lines',
        [
            (u'<FilesMatch "(?=a)b">\nSetHandler application/x-httpd-php\n</FilesMatch>\n', [2]),
            (u'<FilesMatch "(?=a)b">\nSetHandler text/plain\n</FilesMatch>\n', []),
            (u'<FilesMatch "(?=a)b">\nRequire all granted\n</FilesMatch>\n', [2]),
            (u'<FilesMatch "(?=a)b">\nRequire all denied\n</FilesMatch>\n', []),
            (u'<IfVersion ~ (2.4)+>\nphp_flag engine off\n</IfVersion>\n', [2]),
            (u'<IfModule ${X}>\nphp_flag engine off\n</IfModule>\n', [2]),
            (u'<Unknown a>\nAddType application/x-httpd-php .a\n</Unknown>\n', [2]),
            (u'AddType application/x-httpd-php .${A}\n', [1]),
            (u'AddType application/x-httpd-php' + u' .a' * 100 + u'\n', [1]),
            (u'RewriteRule (?=a) - [H=application/x-httpd-php]\n', [1]),
            (u'RewriteRule %s - [H=application/x-httpd-php]\n' % (u'a|' * 150), [1]),
            (u'<FilesMatch "%s">\nphp_flag engine off\n</FilesMatch>\n' % (u'a|' * 150), [2]),
            (u'<Files a>\n' * 20 + u'php_flag engine off\n', [21]),
            (u'<IfModule mod_php.c>\n' * 20 + u'php_flag engine off\n', [21]),
            (u'RewriteRule (?=a) http://a/ [P]\n', []),
            (u'<Limit GET>\n<Files a>\nAllow from all\n</Files>\n</Limit>\n', [3]),
        ],
        ids=repr,
    )
    def test_is_said_with_its_line(self, content, lines):
        assert unclear(content) == [(FILE, line) for line in lines]

    def test_files_that_could_not_be_read_are_said(self):
        found = judged(ALL + site('shop'), {}, unread=(FILE,), dropped='3 lines')[1]
        assert [(one.path, one.line) for one in found] == [(FILE, None), (None, None)]


def test_a_site_owner_cannot_make_it_long():
    """Nor can he hide the lines of others: what was not looked at is said."""
    pattern = u'.*(a|b)*x%d.*[0-9]*%s'
    lines = u''.join(
        u'<FilesMatch "%s">\nSetHandler application/x-httpd-php\n</FilesMatch>\n'
        % (pattern % (number, u'.[a-z]?' * 15))
        for number in range(90)
    )
    files = {}
    for each in range(60):
        files['/srv/shop/d%d/.htaccess' % each] = lines.replace(u'*x', u'*x%d' % each)
    begin = clock()
    unjudged = judged(ALL + MODULE + STOCK + site('shop'), files)[1]
    assert len(unjudged) > 60 * 90 / 2
    assert clock() - begin < 20


def test_many_sites_with_such_files_are_judged_in_time():
    text = ALL + MODULE + STOCK + u''.join(site('s%d' % each) for each in range(1500))
    content = u'AddHandler application/x-httpd-php74 .php\n'
    content += u'<Files *.php>\nAllow from all\n</Files>\n'
    files = {}
    for each in range(1500):
        files['/srv/s%d/.htaccess' % each] = content
        files['/srv/s%d/wp-admin/.htaccess' % each] = content
    begin = clock()
    found, unjudged = judged(text, files)
    assert (len(found), unjudged) == (1501, [])
    assert clock() - begin < 10
