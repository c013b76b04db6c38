# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._orders import (
    Workers,
    plain_order,
    read_order,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import planner, rehearsal
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

ENABLED = '/etc/apache2/mods-enabled'
GENERATED = '/etc/apache2/sysconfig.d/loadmodule.conf'


def arranged(state, mpm, **wished):
    wanted = hosts.wanted(mpm, **wished)
    plan = planner.build_plan(
        state, wanted, [model.Answer('http://localhost:80/', 200, False, True, None)], 't0k'
    )
    return rehearsal.arrange(state, plan, planner.write_tree(state, wanted))


def more(text):
    return (('/etc/httpd/conf.d/more.conf', text),)


class TestArrange:
    @pytest.mark.parametrize(
        'state, mpm, argv',
        [
            (hosts.el6_host(), 'worker', ['/usr/sbin/httpd.worker']),
            (
                hosts.el6_host(options=['-D', 'PROXY']),
                'event',
                ['/usr/sbin/httpd.event', '-D', 'PROXY'],
            ),
            (hosts.el9_host(), 'worker', ['/usr/sbin/httpd']),
            (hosts.debian_host(), 'event', ['/usr/sbin/apache2ctl']),
        ],
        ids=['el6', 'el6-options', 'el9', 'debian'],
    )
    def test_the_program_is_started_as_the_service_does(self, state, mpm, argv):
        assert arranged(state, mpm, php='none').argv == argv

    @pytest.mark.parametrize(
        'state',
        [hosts.el6_host(), hosts.el9_host(), hosts.debian_host(), hosts.suse_host()],
        ids=['el6', 'el9', 'debian', 'suse'],
    )
    def test_it_has_all_of_its_own_kind(self, state):
        order = arranged(state, 'worker', php='none')
        assert isinstance(order.workers, Workers)
        assert read_order('prove', plain_order(order.proof)) == order.proof
        assert order.proof.expected.mpm == 'worker'

    def test_it_is_proved_as_after_the_switch_but_not_watched(self):
        proof = arranged(hosts.el6_host(), 'worker', soak=9).proof
        assert (proof.soak, proof.expected.mpm, proof.expected.exe) == (
            0,
            'worker',
            '/usr/sbin/httpd.worker',
        )

    def test_the_page_that_asks_php_is_there_too(self):
        assert (
            arranged(hosts.el6_host(), 'worker').page.path
            == '/var/www/html/webops-mpm-t0k.php'
        )

    def test_without_php_there_is_no_page(self):
        assert arranged(hosts.debian_host(), 'event', php='none').page is None

    def test_an_address_of_one_link_cannot_be_rehearsed(self):
        assert (
            'more.conf line 1'
            in arranged(hosts.el6_host(more=more(u'Listen [fe80::1%eth0]:81\n')), 'worker').problem
        )

    def test_nothing_else_is_a_problem(self):
        assert (
            arranged(hosts.el6_host(more=more(u'Listen [2001:db8::1]:81\n')), 'worker').problem
            is None
        )


class TestOverlays:
    def test_the_choice_of_the_service_is_not_read_by_httpd(self):
        order = arranged(hosts.el6_host(), 'worker')
        assert (order.texts, order.folders) == ({}, {})

    def test_a_file_that_changes_is_laid_over(self):
        order = arranged(hosts.el9_host(), 'worker')
        assert list(order.texts) == [hosts.MPM_CONF] and order.folders == {}
        assert u'\nLoadModule mpm_worker_module' in order.texts[hosts.MPM_CONF]

    def test_links_come_and_go_in_a_copy_of_their_folder(self):
        folders = arranged(hosts.debian_host(), 'event', php='none').folders
        assert set(folders) == set(
            [ENABLED, '/etc/apache2/conf-enabled', '/etc/apache2/conf-available']
        )
        assert folders[ENABLED]['mpm_event.load'] == model.Link(
            '../mods-available/mpm_event.load'
        )
        assert (
            folders[ENABLED]['mpm_prefork.load'] is None and folders[ENABLED]['php8.2.load'] is None
        )
        assert u'\n' in folders['/etc/apache2/conf-available']['webops-no-php.conf']

    def test_what_the_service_writes_at_its_start_is_laid_over(self):
        order = arranged(hosts.suse_host(), 'worker', php='none')
        assert u'/usr/lib64/apache2-worker/' in order.texts[GENERATED]


class TestWrittenPaths:
    @pytest.mark.parametrize(
        'text, expected',
        [
            (u'CustomLog logs/a combined', ['/etc/httpd/logs/a']),
            (u'CustomLog "/var/log/a b/x" combined', ['/var/log/a b/x']),
            (u'ErrorLog syslog:local1', []),
            (u'ErrorLog /dev/stderr', []),
            (u'ErrorLog errors', ['/etc/httpd/errors']),
            (u'ErrorLog "syslog:local1:x"', []),
            (u'ErrorLog journald', []),
            (u'SSLPassPhraseDialog exec:/usr/libexec/httpd-ssl-pass-dialog', []),
            (u'SSLPassPhraseDialog builtin', []),
            (u'XmlCatalog /usr/share/xml/catalog.xml', []),
            (
                u'CustomLog "|/usr/sbin/rotatelogs -l /srv/logs/x.%Y 86400" combined',
                ['/srv/logs/x.%Y'],
            ),
            (u'CustomLog "|$/opt/bin/log --to=/srv/x" combined', ['/srv/x']),
            (u'CustomLog "|/opt/bin/log \'unclosed" combined', []),
            (u'SSLSessionCache shmcb:/run/httpd/sslcache(512000)', ['/run/httpd/sslcache']),
            (u'SSLSessionCache none', []),
            (u'SSLStaplingCache shmcb:/run/httpd/stapling(128000)', ['/run/httpd/stapling']),
            (u'Mutex file:/var/lock/httpd default', ['/var/lock/httpd']),
            (u'Mutex sem', []),
            (u'CacheLock on', []),
            (u'DavLockDB /var/lib/dav/lock', ['/var/lib/dav/lock']),
            (u'JkShmFile /run/jk/shm', ['/run/jk/shm']),
            (u'SecAuditLog /var/log/modsec.log', ['/var/log/modsec.log']),
            (u'MDStoreDir md', ['/etc/httpd/md']),
            (u'MDStoreDir /var/lib/md', ['/var/lib/md']),
            (u'ScriptSock run/cgid', ['/etc/httpd/run/cgid']),
            (u'php_admin_value error_log /var/log/php.log', ['/var/log/php.log']),
            (u'php_admin_value upload_tmp_dir /srv/tmp', []),
            (u'LogLevel /x', []),
            (u'DocumentRoot /srv/x', []),
            (u'<IfModule prefork.c>\nCustomLog /only/prefork x\n</IfModule>', []),
        ],
    )
    def test_by_what_a_directive_names(self, text, expected):
        usual = set(arranged(hosts.el6_host(), 'worker').private)
        assert (
            sorted(
                set(arranged(hosts.el6_host(more=more(text + u'\n')), 'worker').private) - usual
            )
            == expected
        )

    def test_what_is_no_file_may_be_anywhere(self):
        order = arranged(hosts.el6_host(more=more(u'ErrorLog /dev/xconsole\n')), 'worker')
        assert '/dev/xconsole' in order.written and '/dev/xconsole' not in order.private

    def test_the_folders_that_httpd_takes_for_its_own(self):
        private = arranged(hosts.el6_host(), 'worker').private
        assert set(['/etc/httpd/run/.', '/etc/httpd/logs/.', '/var/run/httpd/httpd.pid']) <= set(
            private
        )

    def test_a_folder_that_everybody_shares_is_left_alone_where_the_pid_file_is_named(self):
        build = hosts.debian_host().build._replace(pid_file='/run/apache2.pid')
        assert (
            '/run/apache2.pid'
            not in arranged(hosts.debian_host(build=build), 'event', php='none').private
        )

    def test_error_logs_of_all_hosts_are_read(self):
        text = (
            u'<VirtualHost *:80>\nErrorLog logs/one\n</VirtualHost>\nErrorLog "|/usr/bin/x"\n'
            u'ErrorLog syslog\n'
        )
        assert arranged(hosts.el6_host(more=more(text)), 'worker').error_logs == [
            '/etc/httpd/logs/error_log',
            '/etc/httpd/logs/one',
        ]


class TestVitalPaths:
    @pytest.mark.parametrize(
        'text, vital',
        [
            (u'PidFile /srv/x/pid', True),
            (u'Mutex file:/srv/x/lock default', True),
            (u'ScriptSock /srv/x/cgid', True),
            (u'SSLSessionCache shmcb:/srv/x/cache(512000)', True),
            (u'JkShmFile /srv/x/shm', True),
            (u'CustomLog /srv/x/log common', False),
            (u'ErrorLog /srv/x/log', False),
            (u'CacheRoot /srv/x/cache', False),
            (u'DavLockDB /srv/x/dav', False),
            (u'php_admin_value error_log /srv/x/php.log', False),
        ],
    )
    def test_are_those_that_two_servers_cannot_share(self, text, vital):
        order = arranged(hosts.el6_host(more=more(text + u'\n')), 'worker')
        found = [path for path in order.vital if path.startswith('/srv/x/')]
        assert bool(found) is vital

    def test_the_usual_pid_file_is_one_and_the_usual_logs_are_not(self):
        vital = arranged(hosts.el6_host(), 'worker').vital
        assert '/var/run/httpd/httpd.pid' in vital and '/etc/httpd/run/.' in vital
        assert '/etc/httpd/logs/.' not in vital
