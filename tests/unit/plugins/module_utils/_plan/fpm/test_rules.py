# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import fpm_hosts, hosts

FPM = fpm_hosts.DEBIAN_FPM
SITE = '/etc/apache2/sites-enabled/shop.conf'
IN_USE = FPM._replace(active=True, own_pools=('shop',))


def findings(state, mpm='event', php='fpm', accept=()):
    plan = planner.build_plan(state, hosts.wanted(mpm, php=php, accept=accept))
    return [
        (one.rule, one.level)
        for one in plan.findings
        if one.rule in ('fpm_missing', 'fpm_unusable', 'fpm_in_use', 'php_not_carried')
    ]


@pytest.mark.parametrize(
    'fpm, rule',
    [
        (FPM, None),
        (FPM._replace(program=None), 'fpm_missing'),
        (FPM._replace(problem='its unit php8.2-fpm is masked'), 'fpm_unusable'),
        (IN_USE, 'fpm_in_use'),
        (IN_USE._replace(active=False), None),
    ],
)
def test_the_fpm_of_the_host(fpm, rule):
    assert findings(fpm_hosts.debian_with_fpm(fpm)) == ([(rule, 'refuse')] if rule else [])


def test_of_many_pools_the_number_of_the_others_is_said():
    pools = tuple('pool%02d' % number for number in range(25))
    state = fpm_hosts.debian_with_fpm(IN_USE._replace(own_pools=pools))
    plan = planner.build_plan(state, hosts.wanted('event', php='fpm'))
    (found,) = [one.reason for one in plan.findings if one.rule == 'fpm_in_use']
    assert 'pool19 and 5 more' in found and 'pool20' not in found


def test_the_missing_package_is_named():
    state = fpm_hosts.debian_with_fpm(FPM._replace(program=None))
    plan = planner.build_plan(state, hosts.wanted('event', php='fpm'))
    (found,) = [one for one in plan.findings if one.rule == 'fpm_missing']
    assert found.packages == ['php8.2-fpm'] and not found.acceptable


def test_a_host_without_the_module_has_nothing_to_move():
    state = hosts.changed(hosts.debian_host(hosts.debian_disk('event', php=False)), fpm=FPM)
    assert findings(state, 'worker') == [('fpm_unusable', 'refuse')]


def test_a_layout_without_a_known_place():
    assert findings(hosts.changed(fpm_hosts.debian_with_fpm(), fpm=None)) == [
        ('fpm_unusable', 'refuse')
    ]


def test_modules_of_httpd_that_are_not_there():
    state = hosts.changed(hosts.debian_host(), fpm=FPM)
    state = state._replace(launch=fpm_hosts.debian_with_fpm().launch)
    plan = planner.build_plan(state, hosts.wanted('event', php='fpm'))
    (found,) = [one for one in plan.findings if one.rule == 'fpm_unusable']
    assert 'proxy, proxy_fcgi, setenvif' in found.reason


OWN = u'<FilesMatch "\\.php$">\nSetHandler application/x-httpd-php\nphp_value memory_limit 1M\n'
OWN += u'</FilesMatch>\n%s'


@pytest.mark.parametrize(
    'lines, lost',
    [
        (u'<Files a.php>\nphp_value memory_limit 1M\n</Files>\n', False),
        (u'<Files a*.php>\nphp_value memory_limit 1M\n</Files>\n', True),
        (u'<Files ~ "^a">\nphp_value memory_limit 1M\n</Files>\n', True),
        (u'<FilesMatch "^a">\nphp_value memory_limit 1M\n</FilesMatch>\n', True),
        (OWN % u'', False),
        (OWN % (u'<FilesMatch "^a">\nphp_value precision 1\n</FilesMatch>\n'), True),
        (u'<Location /a>\nphp_admin_value open_basedir /srv\n</Location>\n', True),
        (u'<If "%{HTTPS} == \'on\'">\nphp_value memory_limit 1M\n</If>\n', True),
        (u'<Directory ~ "a+">\nphp_value memory_limit 1M\n</Directory>\n', True),
        (u'<Directory /srv/a>\nphp_value memory_limit 1M\n</Directory>\n', False),
        (u'php_value memory_limit 1M\n', False),
    ],
)
def test_settings_that_a_pool_cannot_have_are_named(lines, lost):
    site = u'<VirtualHost *:80>\nDocumentRoot /srv\n%s</VirtualHost>\n' % lines
    state = fpm_hosts.debian_with_fpm(more={SITE: site})
    plan = planner.build_plan(state, hosts.wanted('event', php='fpm'))
    found = [one for one in plan.findings if one.rule == 'php_not_carried']
    assert bool(found) == lost
    assert not found or '%s line ' % SITE in found[0].reason
    assert findings(state, accept=['php_not_carried']) == (
        [('php_not_carried', model.WARN)] if lost else []
    )


@pytest.mark.parametrize(
    'state, words',
    [
        (fpm_hosts.debian_with_fpm(), 'has php8.2-fpm run it as mod_php does now, in 1 pool of'),
        (fpm_hosts.debian_with_fpm(FPM._replace(program=None)), 'fpm_missing: There is no FPM'),
        (hosts.debian_host(), 'is refused for now (fpm_unusable: '),
        (hosts.el6_host(php_files={hosts.NTS: 'nts'}), 'is refused for now (fpm_unusable: '),
        (fpm_hosts.carried(), 'leaves it with FPM'),
    ],
)
@pytest.mark.parametrize('php', [None, 'zts'])
def test_the_choices_say_what_each_would_do(state, words, php):
    plan = planner.build_plan(state, hosts.wanted('worker', php=php))
    fixes = [one.fix for one in plan.findings if one.rule == 'php_not_threadsafe']
    # Once FPM runs it, only who asks for a thread-safe module is in the way.
    assert fixes or (php is None and state.fpm and state.fpm.active)
    for fix in fixes:
        assert '-e switch_mpm_php=fpm %s' % words in fix or words in fix
        for name in ('zts', 'none', 'keep'):
            assert '-e switch_mpm_php=%s ' % name in fix


@pytest.mark.parametrize('php', ['fpm', None, 'keep'])
def test_once_moved_nothing_is_asked_again(php):
    assert findings(fpm_hosts.carried(), 'event', php) == []


@pytest.mark.parametrize(
    'state, php, warned',
    [
        (fpm_hosts.debian_with_fpm(), 'fpm', True),
        (fpm_hosts.debian_with_fpm(), 'none', False),
        (fpm_hosts.carried(), 'fpm', False),
    ],
)
def test_who_moves_to_fpm_hears_of_its_limit_for_headers(state, php, warned):
    plan = planner.build_plan(state, hosts.wanted('event', php=php))
    found = [one for one in plan.findings if one.rule == 'fpm_long_headers']
    assert [one.level for one in found] == ['warn'] * warned
    assert not found or '8190 bytes' in found[0].reason


UP = '/var/www/html/up/.htaccess'


def folder_line(name, words, sections=(), guards=()):
    return model.FolderHandler(3, name, tuple(words.split()), guards, sections)


@pytest.mark.parametrize(
    'line, sets_type, lost',
    [
        (folder_line('sethandler', 'None'), False, True),
        (folder_line('sethandler', 'cgi-script'), False, True),
        (folder_line('sethandler', 'None', (('files', '*.php'),)), False, True),
        (folder_line('sethandler', 'None', (('files', '"*.html"'),)), False, False),
        (folder_line('sethandler', 'None', (('filesmatch', '\\.css$'),)), False, True),
        (folder_line('sethandler', 'application/x-httpd-php74'), False, False),
        (folder_line('sethandler', 'None', (), ((False, 'mod_none.c'),)), False, False),
        (folder_line('removehandler', '.php'), False, False),
        (folder_line('removehandler', '.php'), True, True),
        (folder_line('removetype', '.html'), True, False),
        (folder_line('addhandler', 'cgi-script .php .pl'), True, True),
        (folder_line('addtype', 'text/css .css'), True, False),
        (folder_line('forcetype', 'text/plain'), True, True),
    ],
)
def test_folders_in_which_another_handler_has_the_files_of_php(line, sets_type, lost):
    more = {SITE: u'AddType application/x-httpd-php .php\n'} if sets_type else {}
    state = fpm_hosts.debian_with_fpm(more=more)
    state = hosts.changed(state, htaccess=model.Htaccess(handlers={UP: [line]}))
    plan = planner.build_plan(state, hosts.wanted('event', php='fpm'))
    found = [one.reason for one in plan.findings if one.rule == 'php_not_carried']
    assert bool(found) == lost
    assert not found or '%s line 3' % UP in found[0]
