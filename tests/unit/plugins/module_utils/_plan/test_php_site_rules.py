# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""PHP is judged for each site. The hosts are those of Debian, with their own files."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import time

import pytest
from ansible_collections.webops.apache.plugins.module_utils._layouts import mods_enabled as layout
from ansible_collections.webops.apache.plugins.module_utils._plan import php_marks, planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

SITES = '/etc/apache2/sites-enabled/'
LOCAL = '/etc/apache2/conf-enabled/local.conf'
FPM = (
    u'<FilesMatch "\\.php$">\nSetHandler "proxy:unix:/run/php/fpm.sock|fcgi://localhost"\n'
    u'</FilesMatch>\n'
)
# What the module does not run and FPM would, once the module is gone.
BEHIND = u'<IfModule !mod_php.c>\n%s</IfModule>\n'


def site(name, text=u''):
    opening = u'<VirtualHost *:80>\nServerName %s\nDocumentRoot /var/www/%s\n' % (name, name)
    return {'%s%s.conf' % (SITES, name): opening + text + u'</VirtualHost>\n'}


def plan_for(more, php=None, mpm='event', disk=None):
    """The plan for a host on prefork with mod_php and these files."""
    disk = disk or hosts.debian_disk(more=more)
    return planner.build_plan(hosts.debian_host(disk), hosts.wanted(mpm, php=php))


def disk_after(disk, plan):
    """The disk once the files of a plan have moved."""
    for move in plan.moves:
        disk = dict(disk, **{move.path: move.after})
    return dict((path, value) for path, value in disk.items() if value is not None)


def both(first, second):
    return dict(first, **second)


def found(plan):
    return dict((finding.rule, finding) for finding in plan.findings)


def handling(plan, name):
    """{place or None: how a page of a site is served after the switch}."""
    return dict(
        (mapping.place, mapping.then.how)
        for mapping in plan.mappings
        if mapping.site.name == name and mapping.name == 'page.php'
    )


class TestMixedSites:
    @pytest.mark.parametrize('names', [('shop', 'blog'), ('blog', 'shop')])
    def test_one_with_fpm_goes_on_and_the_other_is_denied(self, names):
        with_fpm, without = names
        plan = plan_for(both(site(with_fpm, FPM), site(without)), 'none')
        assert planner.refused(plan) == []
        assert handling(plan, with_fpm) == {None: 'fpm'}
        assert handling(plan, without) == {None: 'denied by webops.apache'}
        reason = found(plan)['php_denied'].reason
        # What FPM does not take there was run by the module.
        assert '%s.conf line 1 (.phar, .php, .phtml)' % without in reason
        assert '%s.conf line 1 (.phar, .phtml)' % with_fpm in reason

    def test_what_loses_its_php_by_default_is_refused_with_its_place(self):
        plan = plan_for(both(site('shop', FPM), site('blog')), 'none')
        edit = [edit for edit in plan.edits if edit.path == SITES + 'blog.conf'][0]
        assert edit.after.count(php_marks.BEGIN) == 1
        assert edit.after.endswith(u'  %s\n</VirtualHost>\n' % php_marks.END)

    def test_prefork_brings_back_the_very_files(self):
        more = both(site('shop', FPM), site('blog'))
        disk = hosts.debian_disk(more=more)
        there = disk_after(disk, plan_for({}, 'none', disk=disk))
        back = disk_after(there, plan_for({}, mpm='prefork', disk=there))
        # Who enabled a module is what Debian notes in other files.
        files = [path for path in set(back) | set(disk) if not path.startswith(layout.MARKS)]
        assert [path for path in files if back.get(path) != disk.get(path)] == []
        assert [path for path in files if there.get(path) != disk.get(path)] != []

    def test_a_mapping_in_one_of_three_is_denied_in_all(self):
        mapped = site('a', u'AddType application/x-httpd-php .php\n')
        more = both(both(mapped, site('b')), site('c'))
        plan = plan_for(more, 'none')
        assert planner.refused(plan) == []
        assert [handling(plan, name) for name in 'abc'] == [{None: 'denied by webops.apache'}] * 3

    def test_another_handler_of_fastcgi_is_no_php(self):
        plan = plan_for(both(site('a'), {LOCAL: u'AddHandler fcgid-script .fcgi\n'}), 'none')
        assert handling(plan, 'a') == {None: 'denied by webops.apache'}

    def test_where_no_folder_of_denials_is_read_the_main_file_has_it(self):
        disk = hosts.debian_disk(more=site('a'))
        main = disk['/etc/apache2/apache2.conf']
        disk['/etc/apache2/apache2.conf'] = main.replace(
            u'IncludeOptional conf-enabled/*.conf\n', u''
        )
        plan = plan_for({}, 'none', disk=disk)
        assert handling(plan, 'a') == {None: 'denied by webops.apache'}
        assert '/etc/apache2/apache2.conf' in [edit.path for edit in plan.edits]


class TestDenialsThatAreNotNeededAnyMore:
    def there(self, more):
        """The disk of a host that was switched without PHP."""
        disk = hosts.debian_disk(more=more)
        return disk_after(disk, plan_for({}, 'none', disk=disk))

    @pytest.mark.parametrize('php', [None, 'none'])
    def test_go_where_fpm_serves_meanwhile(self, php):
        disk = dict(self.there(site('a')), **site('a', FPM.replace(u'php$', u'ph(p|ar|tml)$')))
        plan = plan_for({}, php, disk=disk)
        assert layout.DENIAL[0] not in disk_after(disk, plan)
        assert handling(plan, 'a') == {None: 'fpm'}

    @pytest.mark.parametrize('php', [None, 'none'])
    def test_stay_for_the_endings_that_fpm_does_not_take(self, php):
        disk = dict(self.there(site('a')), **site('a', FPM))
        plan = plan_for({}, php, disk=disk)
        assert layout.DENIAL[0] in disk_after(disk, plan)
        assert handling(plan, 'a') == {None: 'fpm'}

    @pytest.mark.parametrize('php', [None, 'none'])
    def test_stay_where_nothing_serves(self, php):
        assert plan_for({}, php, disk=self.there(site('a'))).edits == []


class TestProtections:
    def test_of_an_engine_that_is_off_are_named(self):
        text = u'<Directory /var/www/a/uploads>\nphp_admin_flag engine off\n</Directory>\n'
        plan = plan_for(both(site('a', text), {LOCAL: BEHIND % FPM}), 'none')
        reason = found(plan)['php_protection_lost'].reason
        assert '<Directory /var/www/a/uploads>' in reason and SITES + 'a.conf line 5' in reason

    def test_of_settings_are_named_with_their_lines(self):
        text = u'php_admin_value open_basedir /var/www/a\nphp_value memory_limit 1G\n'
        plan = plan_for(both(site('a', text), {LOCAL: BEHIND % FPM}), 'none')
        protection, other = found(plan)['php_protection_lost'], found(plan)['php_settings_lost']
        assert 'open_basedir (%sa.conf line 4)' % SITES in protection.reason
        assert 'memory_limit (%sa.conf line 5)' % SITES in other.reason
        assert (protection.level, other.level) == ('refuse', 'warn')

    def test_of_a_site_that_stays_as_it_is_are_not(self):
        text = u'php_admin_value open_basedir /var/www/a\n'
        plan = plan_for(site('a', text), 'none')
        assert 'php_protection_lost' not in found(plan)

    def test_of_files_that_fpm_denies_too_are_kept(self):
        text = u'<FilesMatch "\\.phps$">\nRequire all denied\n</FilesMatch>\n'
        plan = plan_for(both(site('a'), {LOCAL: BEHIND % (FPM + text)}), 'none')
        assert 'page.phps' not in [
            mapping.name for mapping in plan.mappings if mapping.then.how == 'file'
        ]


class TestManySites:
    def test_are_judged_in_time_that_grows_with_their_number(self):
        lines = u''.join(u'php_admin_value a%d b\n' % number for number in range(6))
        more = {}
        for number in range(1500):
            more.update(site('site%d' % number, lines))
        state = hosts.debian_host(hosts.debian_disk(more=more))
        begin = time.time()
        plan = planner.build_plan(state, hosts.wanted('event', php='none'))
        seconds = time.time() - begin
        assert planner.refused(plan) == []
        assert seconds < 30
        reason = found(plan)['php_denied'].reason
        assert ' and 1480 more' in reason and len(reason) < 5000
