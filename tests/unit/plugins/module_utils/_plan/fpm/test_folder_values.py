# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What .htaccess files set of PHP: a pool has a copy of it, or it is refused with file and line."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.plugins.module_utils._plan.fpm import folder_values
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import fpm_hosts, hosts

SITE = '/etc/apache2/sites-enabled/a.conf'
POOLS = fpm_hosts.DEBIAN_FPM.pool_file
PART = fpm_hosts.PART
UP = '/var/www/a/up'
GUARD = ((False, 'mod_php.c'),)
LINES = u'<Directory /var/www>\nAllowOverride %s\n</Directory>\n'


def line(words, name='php_value', number=3, guards=GUARD, **more):
    return model.FolderHandler(number, name, tuple(words.split(' ')), guards, **more)


def off(**more):
    return line('engine off', 'php_flag', **more)


def plan_of(values, override=u'All', lines=u'', servers=True, elsewhere=(), more=()):
    text = u'<VirtualHost *:80>\n  ServerName a\n  DocumentRoot /var/www/a\n%s</VirtualHost>\n'
    files = dict(more, **{SITE: LINES % override + text % lines})
    state = fpm_hosts.debian_with_fpm(more=files)
    section = ('virtualhost', ('*:80',), SITE, 4)
    serving = dict((path, (section if servers else None,)) for path in values)
    switches = dict(
        (path, [one for one in some if one.words[:1] == ('engine',)])
        for path, some in values.items()
    )
    htaccess = model.Htaccess(
        handlers=switches, values=values, servers=serving, elsewhere=elsewhere
    )
    state = hosts.changed(state, htaccess=htaccess)
    return planner.build_plan(state, hosts.wanted('event', php='fpm'))


def found(plan, rule):
    return [one.reason for one in plan.findings if one.rule == rule]


def written(plan, path):
    return u''.join(edit.after for edit in plan.edits if edit.path == path)


def copied(plan):
    """Return the lines of the pools that set something."""
    lines = written(plan, POOLS).split('\n')
    return [one for one in lines if one.startswith(('php_value', 'php_admin'))]


class TestCopies:
    def test_a_folder_has_a_pool_with_its_values_and_those_of_the_site(self):
        values = [line('memory_limit 7M'), line('display_errors off', 'php_flag', 4)]
        lines = u'php_admin_value open_basedir /var/www/a\n'
        plan = plan_of({UP + '/.htaccess': values}, lines=lines)
        assert planner.refused(plan) == []
        assert copied(plan)[-3:] == [
            "php_value[display_errors] = '0'",
            "php_value[memory_limit] = '7M'",
            "php_admin_value[open_basedir] = '/var/www/a'",
        ]
        assert '<Directory "%s">' % UP in written(plan, SITE)
        assert UP not in written(plan, PART)
        (said,) = found(plan, 'php_htaccess_copied')
        assert 'php_value memory_limit (%s/.htaccess line 3)' % UP in said and '7M' not in said

    def test_a_folder_of_uploads_executes_nothing(self):
        plan = plan_of({UP + '/.htaccess': [off()]})
        assert planner.refused(plan) == []
        block = written(plan, SITE).partition('<Directory "%s">' % UP)[2]
        assert 'SetHandler "None"' in block and 'webops-' not in block.partition('</Dir')[0]

    @pytest.mark.parametrize('deeper', [[], ['on'], ['on', 'off']])
    def test_the_deepest_folder_counts(self, deeper):
        values, folder = {UP + '/.htaccess': [off()]}, UP
        for word in deeper:
            folder += '/z'
            values[folder + '/.htaccess'] = [line('engine ' + word, 'php_flag')]
        text = written(plan_of(values), SITE)
        block = text.partition('<Directory "%s">' % folder)[2].partition('</Directory>')[0]
        assert ('None' in block) == (deeper != ['on']) and ('sock' in block) == (deeper == ['on'])

    @pytest.mark.parametrize('folder', ['/var/www/a', '/var/www', UP])
    def test_the_folder_of_the_documents_and_those_above(self, folder):
        plan = plan_of({folder + '/.htaccess': [line('memory_limit 7M')]})
        assert planner.refused(plan) == []
        assert '<Directory "%s">' % folder in written(plan, SITE)

    def test_one_file_of_a_folder(self):
        lines = [line('memory_limit 7M', sections=(('files', '"a.php"'),)), off(number=9)]
        lines[1] = lines[1]._replace(sections=(('files', 'b.php'),))
        plan = plan_of({UP + '/.htaccess': lines})
        assert planner.refused(plan) == []
        block = written(plan, SITE).partition('<Directory "%s">' % UP)[2]
        assert 'webops-2' in block.partition('<Files "a.php">')[2].partition('</Files>')[0]
        assert 'None' in block.partition('<Files "b.php">')[2].partition('</Files>')[0]

    def test_what_an_administrator_sets_stays(self):
        plan = plan_of(
            {UP + '/.htaccess': [line('memory_limit 7G')]},
            lines=u'php_admin_value memory_limit 9M\n',
        )
        assert copied(plan) == ["php_admin_value[memory_limit] = '9M'"]

    @pytest.mark.parametrize(
        'values, override',
        [
            ([line('memory_limit 7M', guards=((False, 'mod_php5.c'),))], u'All'),
            ([line('memory_limit 7M', guards=((True, 'mod_php.c'),))], u'All'),
            ([line('memory_limit 7M')], u'FileInfo'),
            ([line('memory_limit 7M')], u'None'),
        ],
    )
    def test_what_httpd_does_not_read_is_neither_copied_nor_refused(self, values, override):
        plan = plan_of({UP + '/.htaccess': values}, override)
        assert planner.refused(plan) == [] and copied(plan) == []
        assert not found(plan, 'php_htaccess_copied')

    def test_a_line_without_a_guard_where_httpd_passes_over_it(self):
        plan = plan_of(
            {UP + '/.htaccess': [line('memory_limit 7M', guards=())]}, u'All Nonfatal=Unknown'
        )
        assert planner.refused(plan) == [] and copied(plan) == ["php_value[memory_limit] = '7M'"]

    def test_sites_that_do_not_serve_the_folder_stay_as_they_are(self):
        other = u'<VirtualHost *:80>\nServerName b\nDocumentRoot /var/www/b\n</VirtualHost>\n'
        path = '/etc/apache2/sites-enabled/b.conf'
        more = {path: other, '/etc/apache2/conf-enabled/own.conf': u'DocumentRoot /var/www/html\n'}
        plan = plan_of({'/var/www/html/up/.htaccess': [off()]}, servers=False, more=more)
        assert planner.refused(plan) == []
        assert '<Directory "/var/www/html/up">' in written(plan, PART)
        assert not [edit for edit in plan.edits if 'sites-enabled' in edit.path]


class TestRefuses:
    @pytest.mark.parametrize(
        'handler',
        [
            line('open_basedir /'),
            line('error_log /etc/x'),
            line('extension /home/u/x.so'),
            line('sendmail_path /bin/x'),
            line('upload_tmp_dir /etc'),
            line('disable_functions none'),
            line('MEMORY_LIMIT 7M'),
            line("default_charset x'y"),
            line('default_charset x"y'),
            line('default_charset x\\'),
            line('default_charset x\ny'),
            line('default_charset $pool'),
            line('default_charset a;b'),
            line('default_charset x]'),
            line(u'default_charset \xe9'),
            line('memory_limit'),
            line('memory_limit 1 2'),
            line('memory_limit 7M', whole=False),
            line('memory_limit 7M', sections=(('files', 'a*.php'),)),
            line('memory_limit 7M', sections=(('files', '~ "a"'),)),
            line('memory_limit 7M', sections=(('filesmatch', '^a$'),)),
            line('memory_limit 7M', sections=(('if', '"true"'),)),
            line('memory_limit 7M', sections=(('ifdefine', '${X}'),)),
            off(sections=(('filesmatch', '^a$'),)),
            off(sections=(('files', '${X}'),)),
            off(sections=(('if', '"%{HTTPS} == \'on\'"'),)),
        ],
        ids=repr,
    )
    def test_what_a_pool_or_a_section_cannot_have(self, handler):
        plan = plan_of({UP + '/.htaccess': [handler]})
        (said,) = found(plan, 'php_not_carried')
        assert '%s/.htaccess line 3' % UP in said
        assert copied(plan) == [] and UP not in written(plan, SITE)

    @pytest.mark.parametrize(
        'folder',
        ['/var/www/a/*', '/var/www/a/[x]', '/var/www/a/"', '/var/www/a/${X}', '/var/www/a/x\\',
         '/var/www/a/x\n', '/var/www/a/..', '/var/www/a/?', u'/var/www/a/\xe9', '/var/www/a/%{X}'],
    )
    def test_a_folder_whose_name_httpd_would_read_otherwise(self, folder):
        plan = plan_of({folder + '/.htaccess': [off()]})
        (said,) = found(plan, 'php_not_carried')
        assert 'line 3' in said and '<Directory "%s' % folder[:-1] not in written(plan, SITE)

    @pytest.mark.parametrize(
        'more',
        [
            {'servers': False},
            {'elsewhere': (UP,)},
            {'elsewhere': ('/var/www/a',)},
            {'elsewhere': ('/',)},
        ],
    )
    def test_a_folder_that_is_served_in_other_ways_too(self, more):
        assert found(plan_of({UP + '/.htaccess': [off()]}, **more), 'php_not_carried')
        more = {'elsewhere': (UP + '/below', '/var/www/a/u')}
        assert not found(plan_of({UP + '/.htaccess': [off()]}, **more), 'php_not_carried')

    def test_more_sets_than_pools_may_be(self):
        values = dict(
            ('%s/%02d/.htaccess' % (UP, number), [line('memory_limit %dM' % number)])
            for number in range(folder_values.MOST_SETS + 2)
        )
        values['/var/www/a/a/.htaccess'] = [off()]
        plan = plan_of(values)
        (said,) = found(plan, 'php_not_carried')
        assert '/50/.htaccess line 3' in said and '/51/.htaccess line 3' in said
        assert '/49/' not in said and len(copied(plan)) == folder_values.MOST_SETS

    def test_of_many_lines_the_number_of_the_others_is_said(self):
        plan = plan_of({UP + '/.htaccess': [line('extension x', number=one) for one in range(25)]})
        (said,) = found(plan, 'php_not_carried')
        assert 'line 19) and 5 more' in said
