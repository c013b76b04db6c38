# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a switch does to the PHP that .htaccess files decide. The hosts are those of Debian."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._layouts import mods_enabled as layout
from ansible_collections.webops.apache.plugins.module_utils._model import Htaccess
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._syntax.php_settings import (
    read_folder_words,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.timing import clock

from .test_php_site_rules import BEHIND, FPM, both, disk_after, found, site

F = '/var/www/shop/f'
FILE = F + '/.htaccess'
OURS = '/etc/apache2/conf-enabled/webops-no-php.conf'
ALLOWED = u'<Directory /var/www>\nAllowOverride All\n</Directory>\n'
ALL = {'/etc/apache2/conf-enabled/a.conf': ALLOWED}
OWN = u'AddType application/x-httpd-php .foo\n'


def plan_for(content, more=None, php='none', mpm='event', disk=None, path=FILE, **given):
    """The plan for a host on prefork with the sites shop and blog, and one .htaccess, or several:
    {path: content}.
    """
    contents = content if isinstance(content, dict) else {path: content}
    files = both(both(site('shop'), site('blog')), ALL)
    disk = disk or hosts.debian_disk(more=both(files, more or {}))
    handlers = {}
    for one in contents:
        words = read_folder_words(contents[one].encode('utf-8'), 100, 100)
        if words.handlers:
            handlers[one] = words.handlers
    state = hosts.changed(hosts.debian_host(disk), htaccess=Htaccess(handlers=handlers))
    return planner.build_plan(state, hosts.wanted(mpm, php=php, **given))


def then(plan, name, place=FILE, of='shop'):
    ways = dict(
        ((one.site.name, one.place, one.name), one.then.how) for one in plan.mappings
    )
    return ways.get((of, place, name))


def refused(plan):
    return [finding.rule for finding in planner.refused(plan)]


class TestDenials:
    @pytest.mark.parametrize(
        'content, name, words',
        [
            (OWN, 'page.foo', '(.foo)'),
            (u'AddHandler application/x-httpd-php .html\n', 'page.html', '(.html)'),
            (u'SetHandler application/x-httpd-php\n', 'page', '(all files)'),
            (
                u'<FilesMatch "^[^.]+$">\nSetHandler application/x-httpd-php\n</FilesMatch>\n',
                'page',
                '(files without an ending)',
            ),
            (u'<Files secret>\nSetHandler application/x-httpd-php\n</Files>\n', 'secret', 'secret'),
            (u'RewriteRule ^x\\.foo$ - [H=application/x-httpd-php]\n', 'x.foo', 'x.foo'),
        ],
    )
    def test_are_for_the_folder_whose_file_alone_maps_them(self, content, name, words):
        plan = plan_for(content)
        assert refused(plan) == []
        assert then(plan, name) == 'denied by webops.apache'
        assert then(plan, 'page.php', None) == 'denied by webops.apache'
        reason = found(plan)['php_denied'].reason
        assert FILE in reason and words in reason
        assert u'<Directory "%s">' % F in plan.tree.files[OURS]
        # What was sent as a file is sent as a file.
        assert then(plan, 'page.html', None) in (None, 'file')

    def test_of_the_whole_site_are_written_for_its_documents(self):
        plan = plan_for(OWN, path='/var/www/shop/.htaccess')
        assert refused(plan) == []
        assert then(plan, 'page.foo', None) == 'denied by webops.apache'
        assert u'<Directory "/var/www/shop">' in plan.tree.files[OURS]

    def test_beside_sites_that_fpm_serves(self):
        plan = plan_for(OWN, site('blog', FPM))
        assert refused(plan) == []
        assert then(plan, 'page.foo') == 'denied by webops.apache'
        assert then(plan, 'page.php', None, 'blog') == 'fpm'

    def test_wildcards_in_the_name_of_a_folder_name_no_others(self):
        plan = plan_for(OWN, path='/var/www/shop/a*[b]/.htaccess')
        assert refused(plan) == []
        assert u'<Directory "/var/www/shop/a[*][[]b]">' in plan.tree.files[OURS]

    def test_a_folder_that_cannot_be_named_is_refused(self):
        path = u'/var/www/shop/a"b/.htaccess'
        plan = plan_for(OWN, path=path)
        assert 'php_lost' in refused(plan)
        assert '(.foo)' in found(plan)['php_lost'].reason

    def test_that_the_file_takes_back_are_refused(self):
        content = u'<Files page.php>\nAllow from all\nSatisfy any\n</Files>\n'
        plan = plan_for(content)
        assert refused(plan) == ['php_lost']
        assert FILE in found(plan)['php_lost'].reason
        assert 'blog' not in found(plan)['php_lost'].reason

    def test_of_sites_whose_sections_move_meanwhile(self):
        """The settings of the module above them get a guard."""
        text = u''.join(
            site(name, u'php_admin_value a b\nAddType application/x-httpd-php .bar\n')[
                '/etc/apache2/sites-enabled/%s.conf' % name
            ]
            for name in ('a', 'b', 'shop')
        )
        plan = plan_for(OWN, {'/etc/apache2/sites-enabled/shop.conf': text})
        assert refused(plan) == []
        assert then(plan, 'page.foo') == 'denied by webops.apache'
        assert then(plan, 'page.bar', None) == 'denied by webops.apache'

    @pytest.mark.parametrize('count', [2, 60])
    def test_of_many_sites_stand_in_their_sections(self, count):
        names = ['s%d' % number for number in range(count)]
        text = u''.join(
            site(name)['/etc/apache2/sites-enabled/%s.conf' % name] for name in names
        )
        files = dict(('/var/www/%s/f/.htaccess' % name, OWN) for name in names)
        plan = plan_for(files, {'/etc/apache2/sites-enabled/many.conf': text})
        assert refused(plan) == []
        assert (u'<Directory' in plan.tree.files[OURS]) == (count == 2)
        for name in names:
            path = '/var/www/%s/f/.htaccess' % name
            assert then(plan, 'page.foo', path, name) == 'denied by webops.apache'

    def test_stay_and_go_again(self):
        disk = hosts.debian_disk(more=both(both(site('shop'), site('blog')), ALL))
        there = disk_after(disk, plan_for(OWN, disk=disk))
        again = plan_for(OWN, disk=there)
        assert again.edits == []
        assert u'<Directory "%s">' % F in there[OURS.replace(u'enabled', u'available')]
        back = disk_after(there, plan_for(OWN, php=None, mpm='prefork', disk=there))
        files = [path for path in set(back) | set(disk) if not path.startswith(layout.MARKS)]
        assert [path for path in files if back.get(path) != disk.get(path)] == []

    def test_what_the_file_gives_to_fpm_is_not_denied(self):
        plan = plan_for(FPM, path='/var/www/shop/.htaccess')
        assert refused(plan) == []
        assert then(plan, 'page.php', None) == 'fpm'
        assert then(plan, 'page.php', None, 'blog') == 'denied by webops.apache'

    def test_of_other_folders_of_a_site_leave_the_one_with_fpm_alone(self):
        """Debian serves icons in each site, and no site owner has a file there."""
        alias = {'/etc/apache2/conf-enabled/alias.conf': u'Alias /icons/ /usr/share/icons/\n'}
        plan = plan_for(FPM, alias, path='/var/www/shop/.htaccess')
        assert refused(plan) == []
        assert then(plan, 'page.php', None) == 'fpm'
        icons = 'Alias /icons/ /usr/share/icons/'
        assert then(plan, 'page.php', icons) == 'denied by webops.apache'
        assert then(plan, 'page.php', None, 'blog') == 'denied by webops.apache'

    def test_that_would_keep_visitors_from_fpm_in_one_folder_are_not_written(self):
        plan = plan_for(FPM)
        assert 'php_lost' in refused(plan)
        assert then(plan, 'page.php') == 'fpm'

    def test_what_only_a_line_of_the_module_maps_is_seen(self):
        """After the switch such a line is not read, and no name of it was known."""
        line = u'<IfModule mod_php.c>\nAddType application/x-httpd-php .foo\n</IfModule>\n'
        plan = plan_for(u'', site('shop', line))
        assert refused(plan) == []
        assert then(plan, 'page.foo', None) == 'denied by webops.apache'

    @pytest.mark.parametrize(
        'line, name',
        [
            (u'AddType application/x-httpd-php .foo', 'page.foo'),
            (
                u'<FilesMatch "\\.php[345]?s$">\nSetHandler application/x-httpd-php-source\n'
                u'</FilesMatch>',
                'page.php3s',
            ),
        ],
    )
    def test_stay_for_what_a_line_of_the_module_maps(self, line, name):
        """A second run finds the files denied, and still no line that says what they were."""
        more = site('shop', u'<IfModule mod_php.c>\n%s\n</IfModule>\n' % line)
        plan = plan_for(u'', more)
        assert then(plan, name, None) == 'denied by webops.apache'
        disk = hosts.debian_disk(more=both(both(both(site('shop'), site('blog')), ALL), more))
        again = plan_for(u'', disk=disk_after(disk, plan))
        assert (refused(again), again.edits) == ([], [])

    @pytest.mark.parametrize(
        'content', [u'AddHandler application/x-httpd-php74 .php\n', u'php_flag engine off\n', OWN]
    )
    def test_of_a_host_with_many_sites_are_found_in_time(self, content):
        names = ['s%d' % number for number in range(500)]
        text = u''.join(
            site(name, u'php_admin_value a b\n' * 6)['/etc/apache2/sites-enabled/%s.conf' % name]
            for name in names
        )
        files = dict(
            ('/var/www/%s%s/.htaccess' % (name, folder), content)
            for name in names
            for folder in ('', '/wp-admin')
        )
        begin = clock()
        plan = plan_for(files, {'/etc/apache2/sites-enabled/many.conf': text})
        assert refused(plan) == [] and clock() - begin < 10


class TestProtections:
    @pytest.mark.parametrize(
        'content, line',
        [
            (u'php_flag engine off\n', 1),
            (u'<IfModule mod_php.c>\nphp_flag engine off\n</IfModule>\n', 2),
            (u'<IfModule mod_php.c>\nphp_value open_basedir /a\n</IfModule>\n', 2),
            (u'<IfModule mod_php.c>\n<Files *>\nSetHandler none\n</Files>\n</IfModule>\n', None),
        ],
    )
    def test_that_only_the_module_has_are_named(self, content, line):
        plan = plan_for(content, {'/etc/apache2/conf-enabled/fpm.conf': BEHIND % FPM})
        assert 'php_protection_lost' in refused(plan)
        reason = found(plan)['php_protection_lost'].reason
        assert FILE in reason and (line is None or '%s line %d' % (FILE, line) in reason)

    def test_that_hold_for_every_handler_are_not(self):
        content = u'<Files *>\nSetHandler none\n</Files>\nphp_flag engine off\n'
        plan = plan_for(content, {'/etc/apache2/conf-enabled/fpm.conf': BEHIND % FPM})
        assert 'php_protection_lost' not in refused(plan)


class TestNotJudged:
    CONTENT = u'<FilesMatch "(?=a)b">\nSetHandler application/x-httpd-php\n</FilesMatch>\n'

    def test_is_refused_with_its_line(self):
        plan = plan_for(self.CONTENT)
        assert refused(plan) == ['php_not_judged']
        assert '%s line 2' % FILE in planner.refused(plan)[0].reason

    def test_may_be_accepted(self):
        assert refused(plan_for(self.CONTENT, accept=['php_not_judged'])) == []

    def test_is_of_no_matter_where_the_module_stays(self):
        assert refused(plan_for(self.CONTENT, mpm='prefork', php=None)) == []
