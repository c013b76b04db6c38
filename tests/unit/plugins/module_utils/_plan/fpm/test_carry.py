# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a switch with php: fpm writes, and that the way back brings the very files."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import php_marks, planner
from ansible_collections.webops.apache.plugins.module_utils._plan.fpm import marks
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import fpm_hosts, hosts

SITES = '/etc/apache2/sites-enabled/'
PART = '/etc/apache2/conf-available/zz-webops-php-fpm.conf'
DROP_IN, POOLS = fpm_hosts.DEBIAN_FPM.drop_in, fpm_hosts.DEBIAN_FPM.pool_file


def site(name, lines=u''):
    text = u'<VirtualHost *:80>\n  ServerName %s\n  DocumentRoot /var/www/%s\n%s</VirtualHost>\n'
    return {SITES + name + '.conf': text % (name, name, lines)}


def plan_of(more=(), mpm='event', php='fpm'):
    state = fpm_hosts.debian_with_fpm(more=more)
    return planner.build_plan(state, hosts.wanted(mpm, php=php))


def written(plan, path):
    (found,) = [edit.after for edit in plan.edits if edit.path == path]
    return found


def ways(plan, name='page.php'):
    """Return {(site, place): (how before, how after)} of files with one name."""
    return dict(
        ((one.site.name, one.place), (one.now.how, one.then.how))
        for one in plan.mappings
        if one.name == name
    )


def of_httpd(files):
    return sorted(item for item in files.items() if item[0].startswith('/etc/apache2'))


class TestWhatIsWritten:
    def test_one_pool_where_nothing_is_set(self):
        plan = plan_of(site('a'))
        assert planner.refused(plan) == []
        pools = written(plan, POOLS)
        assert pools.count('\n[') == 1
        assert "listen = /run/webops-php-fpm/webops-1.sock\n" in pools
        assert 'security.limit_extensions = .phar .php .phtml\n' in pools
        assert ways(plan)['a', None] == (model.BY_MODULE, model.BY_FPM)

    def test_a_denial_of_the_stock_file_stays(self):
        plan = plan_of(site('a'))
        assert '<FilesMatch ".+\\.phps$">\n    Require all denied\n' in written(plan, PART)
        assert not ways(plan, 'page.phps')

    def test_no_file_of_a_site_changes_where_it_sets_nothing(self):
        assert not [edit for edit in plan_of(site('a')).edits if edit.path.startswith(SITES)]

    def test_a_pool_for_each_set_of_settings(self):
        flag = u'  php_flag display_errors on\n'
        more = dict(
            site('a', u'  php_admin_value open_basedir /var/www/a\n'),
            **site('b', u'  php_admin_value open_basedir /var/www/b\n' + flag)
        )
        plan = plan_of(more)
        assert planner.refused(plan) == []
        pools = written(plan, POOLS)
        assert "[webops-2]" in pools and "[webops-3]" in pools and '[webops-4]' not in pools
        assert "php_admin_value[open_basedir] = '/var/www/a'\n" in pools
        last = pools[pools.index('[webops-3]') :]
        assert "php_value[display_errors] = '1'\n" in last
        assert "php_admin_value[open_basedir] = '/var/www/b'\n" in last
        text = written(plan, SITES + 'a.conf')
        assert marks.BLOCK in text and php_marks.GUARD in text
        assert 'webops-2.sock' in text

    def test_a_setting_within_a_section_for_the_module_is_not_lost(self):
        lines = (
            u'<IfModule mod_php.c>\n<Directory /var/www/a/app>\n'
            u'php_admin_value open_basedir /var/www/a\n</Directory>\n</IfModule>\n'
        )
        plan = plan_of(site('a', lines))
        assert planner.refused(plan) == []
        assert "php_admin_value[open_basedir] = '/var/www/a'\n" in written(plan, POOLS)
        assert '<Directory "/var/www/a/app">' in written(plan, SITES + 'a.conf')

    def test_an_alias_has_the_settings_of_its_folder(self):
        lines = (
            u'Alias /app /usr/share/app\n<Directory /usr/share/app>\nRequire all granted\n'
            u'php_admin_value open_basedir /usr/share/app\n</Directory>\n'
        )
        # What the folder sets is not for the other folders of the site.
        plan = plan_of(dict(site('a'), **{'/etc/apache2/conf-enabled/app.conf': lines}))
        assert planner.refused(plan) == []
        assert written(plan, POOLS).count('open_basedir') == 1
        assert '<Directory "/usr/share/app">\n' in written(plan, PART)
        assert 'webops-2.sock' in written(plan, PART)

    def test_the_folder_of_the_documents_is_one_of_them(self):
        lines = (
            u'Alias /app /usr/share/app\n<Directory /var/www/a>\n'
            u'php_admin_value open_basedir /var/www/a\n</Directory>\n'
        )
        plan = plan_of(site('a', lines))
        text = written(plan, SITES + 'a.conf')
        assert '<Directory "/var/www/a">\n' in text and text.count('webops-2.sock') == 1

    def test_a_folder_has_the_settings_of_its_site_too(self):
        lines = (
            u'php_admin_value open_basedir /var/www/a\n'
            u'<Directory /var/www/a/big>\nphp_value memory_limit 1G\n</Directory>\n'
        )
        pools = written(plan_of(site('a', lines)), POOLS)
        last = pools[pools.index('[webops-3]') :]
        assert "php_value[memory_limit] = '1G'\n" in last
        assert "php_admin_value[open_basedir] = '/var/www/a'\n" in last

    def test_a_file_has_settings_of_its_own_in_each_folder(self):
        lines = (
            u'<Files a.php>\nphp_value memory_limit 1G\n</Files>\n'
            u'<Directory /var/www/a/x>\nphp_admin_value open_basedir /var/www/a\n</Directory>\n'
        )
        plan = plan_of(site('a', lines))
        assert planner.refused(plan) == []
        pools = written(plan, POOLS)
        both = pools[pools.index('[webops-4]') :]
        assert "[memory_limit] = '1G'" in both and '[open_basedir]' in both
        assert pools.count('memory_limit') == 2 and '[webops-5]' not in pools
        assert 'security.limit_extensions = .php\n' in both
        text = written(plan, SITES + 'a.conf')
        whole, folder = text.split('<Directory "/var/www/a/x">')
        for part, numbers in ((whole, (1, 2)), (folder, (3, 4))):
            first, last = [part.index('webops-%d.sock' % number) for number in numbers]
            assert first < part.index('<Files "a.php">') < last

    def test_the_files_of_a_section_have_settings_of_their_own(self):
        lines = (
            u'<FilesMatch "\\.php$">\nSetHandler application/x-httpd-php\n'
            u'php_admin_value open_basedir /var/www/a\n</FilesMatch>\n'
        )
        plan = plan_of(site('a', lines))
        assert planner.refused(plan) == []
        text = written(plan, SITES + 'a.conf')
        assert text.rindex('<FilesMatch "\\.php$">') > text.rindex('.ph(?:ar|p|tml)$')
        assert text.rindex('webops-2.sock') > text.rindex('webops-1.sock')

    @pytest.mark.parametrize('name', ['a.txt', 'a.phps'])
    def test_a_file_that_php_does_not_run_needs_no_pool(self, name):
        lines = u'<Files %s>\nphp_value memory_limit 1G\n</Files>\n' % name
        plan = plan_of(site('a', lines))
        assert planner.refused(plan) == [] and 'memory_limit' not in written(plan, POOLS)

    def test_a_folder_in_which_the_engine_is_off_executes_nothing(self):
        lines = u'<Directory /var/www/a/up>\nphp_admin_flag engine off\n</Directory>\n'
        plan = plan_of(site('a', lines))
        assert planner.refused(plan) == []
        assert ways(plan)['a', '<Directory /var/www/a/up>'] == (model.ENGINE_OFF, model.AS_FILE)

    @pytest.mark.parametrize(
        'line', ['RemoveHandler .php', 'SetHandler None', 'SetHandler default-handler']
    )
    def test_a_folder_without_a_handler_executes_nothing(self, line):
        lines = (
            u'AddHandler php-script .php\n<Directory /var/www/a/up>\n'
            u'<FilesMatch "\\.ph">\n%s\n</FilesMatch>\n</Directory>\n' % line
        )
        plan = plan_of(site('a', lines))
        now, then = ways(plan).get(('a', '<Directory /var/www/a/up>'), ways(plan)['a', None])
        assert (now == model.BY_MODULE) == (then == model.BY_FPM)

    def test_other_endings_are_executed_too(self):
        plan = plan_of(site('a', u'AddType application/x-httpd-php .htm\n'))
        assert planner.refused(plan) == []
        assert ways(plan, 'page.htm')['a', None] == (model.BY_MODULE, model.BY_FPM)

    @pytest.mark.parametrize(
        'line, denied',
        [
            (u'AddType application/x-httpd-php .htm .x+y\n', True),
            (u'AddType application/x-httpd-php .htm .x+y\nphp_admin_flag engine off\n', False),
            (u'AddHandler application/x-httpd-php .htm\n', False),
            (u'AddType text/html .htm\n', False),
        ],
    )
    def test_names_that_a_type_may_give_to_php_are_denied_and_named(self, line, denied):
        plan = plan_of(site('a', line))
        text = u''.join(edit.after for edit in plan.edits if edit.path == SITES + 'a.conf')
        assert (u'<FilesMatch "(?i)\\.(htm|x\\+y)\\.">\n' in text) is denied
        found = [one for one in plan.findings if one.rule == 'php_names_denied']
        assert bool(found) is ('AddType application' in line)
        assert planner.refused(plan) == [] and all('line' in one.reason for one in found)

    def test_the_unit_has_what_the_server_has(self):
        text = written(plan_of(), DROP_IN)
        assert 'Environment=PHPRC=/etc/php/8.2/apache2\n' in text
        assert 'UMask=0022\n' in text and 'JoinsNamespaceOf=apache2.service\n' in text
        assert marks.unit_before(text) == marks.Before(False, False)

    def test_variables_of_the_server_are_those_of_the_pools(self):
        assert "env[APACHE_RUN_USER] = 'www-data'\n" in written(plan_of(), POOLS)


class TestTheSteps:
    def test_fpm_comes_before_httpd_changes(self):
        plan = plan_of(site('a'))
        actions = [step.action for step in plan.steps]
        staged = plan.steps[actions.index('stage_files')].order.paths
        first = [step.order.staged for step in plan.steps if step.action == 'swap_file'][:2]
        assert [staged[number] for number in first] == [POOLS, DROP_IN]
        assert actions.index('settle_fpm') < actions.index('stop_server')
        back = [step for step in plan.steps if step.undo == 'settle_fpm']
        assert [(step.undo_order.active, step.undo_order.enabled) for step in back] == [
            (False, False)
        ]

    def test_fpm_goes_after_httpd_is_proved(self):
        plan = planner.build_plan(fpm_hosts.carried(), hosts.wanted('prefork'))
        actions = [step.action for step in plan.steps]
        assert actions[-4:] == ['keep_way_back', 'swap_file', 'swap_file', 'hand_fpm_back']
        assert (plan.steps[-1].order.active, plan.steps[-1].order.enabled) == (False, False)
        assert plan.cleanup[-1].order.path == '/etc/systemd/system/php8.2-fpm.service.d'


class TestTheWayBack:
    @pytest.mark.parametrize(
        'lines',
        [
            u'',
            u'  php_value memory_limit 1G\n',
            u'<Directory /var/www/a/up>\n  php_flag engine off\n php_value a b\n</Directory>\n',
        ],
    )
    def test_brings_the_very_files(self, lines):
        state = fpm_hosts.debian_with_fpm(more=site('a', lines))
        there = fpm_hosts.carried(state)
        assert there.tree.files != state.tree.files
        plan = planner.build_plan(there, hosts.wanted('prefork'))
        assert planner.refused(plan) == []
        back = fpm_hosts.after(there, plan)
        assert of_httpd(back.tree.files) == of_httpd(state.tree.files)
        assert back.tree.links == state.tree.links
        assert back.fpm == state.fpm
        assert back.disk.evidence.get(PART) is None

    @pytest.mark.parametrize('php', ['fpm', None, 'keep'])
    def test_once_more_changes_nothing(self, php):
        plan = planner.build_plan(fpm_hosts.carried(), hosts.wanted('event', php=php))
        assert plan.steps == []
