# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._plan import outlook
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts


def look(text, mpm='prefork', **changes):
    state = hosts.el6_host(httpd_conf=text, php_conf=None, **changes)
    return outlook.look_ahead(state, state.tree, mpm)


class TestWorldOf:
    def test_a_missing_program_is_taken_to_be_like_the_others(self):
        state = hosts.el6_host(mpms=('prefork',))
        world = outlook.world_of(state, 'event')
        assert 'event.c' in world.modules and 'mpm_event_module' in world.modules
        assert 'prefork.c' not in world.modules and 'http_core.c' in world.modules

    def test_without_any_program_there_is_still_a_core(self):
        assert 'core.c' in outlook.world_of(hosts.el6_host(mpms=(), running=None), 'worker').modules

    @pytest.mark.parametrize(
        'options, defines',
        [
            ([], []),
            (['-DSSL'], ['SSL']),
            (['-D', 'SSL'], ['SSL']),
            (['-D', 'A=1', '-e', 'debug', '-DB'], ['A=1', 'B']),
            (['-D'], ['']),
        ],
    )
    def test_options_define_names(self, options, defines):
        assert outlook.world_of(hosts.el6_host(options=options), 'worker').defines == defines


class TestLookAhead:
    @pytest.mark.parametrize(
        'mpm, path, safety',
        [('prefork', hosts.NTS, 'nts'), ('worker', hosts.ZTS, 'ts'), ('event', None, None)],
    )
    def test_php_of_the_stock_file(self, mpm, path, safety):
        state = hosts.el6_host()
        found = outlook.look_ahead(state, state.tree, mpm)
        assert [(module.path, module.thread_safety) for module in found.php.modules] == (
            [(path, safety)] if path else []
        )
        assert [handler.args for handler in found.php.handlers] == [['php5-script', '.php']]
        assert found.binary == hosts.BINARIES[mpm]

    def test_the_first_line_of_a_symbol_counts(self):
        found = look(
            u'LoadModule php5_module modules/libphp5.so\nLoadModule php5_module '
            u'modules/libphp5-zts.so\n'
        )
        assert [module.path for module in found.php.modules] == [hosts.NTS]

    def test_a_file_that_is_not_there_is_missing(self):
        assert (
            look(u'LoadModule php7_module modules/libphp7.so\n').php.modules[0].thread_safety
            == 'missing'
        )

    @pytest.mark.parametrize(
        'line, is_handler',
        [
            (u'AddHandler php5-script .php', True),
            (u'AddHandler php-script .php', True),
            (u'AddType application/x-httpd-php .php', True),
            (u'AddType application/x-httpd-php5 .php', True),
            (u'SetHandler application/x-httpd-php', True),
            (u'AddType application/x-httpd-php-source .phps', False),
            (u'AddType text/html .php', False),
            (u'AddHandler fcgid-script .php', False),
            (u'SetHandler "proxy:fcgi://127.0.0.1:9000"', False),
            (u'AddHandler', False),
        ],
    )
    def test_knows_the_handlers_of_mod_php(self, line, is_handler):
        assert bool(look(line + u'\n').php.handlers) is is_handler

    @pytest.mark.parametrize(
        'line, listens',
        [
            (u'Listen 80', [('', 80)]),
            (u'Listen 0.0.0.0:80', [('0.0.0.0', 80)]),
            (u'Listen [::1]:80', [('::1', 80)]),
            (u'Listen *:80', [('', 80)]),
            (u'Listen 443 https', [('', 443)]),
            (u'Listen http', []),
            (u'Listen', []),
            (u'Listen 80\nListen 81\nListen 80', [('', 80), ('', 81)]),
        ],
    )
    def test_reads_where_it_listens(self, line, listens):
        assert look(line + u'\n').listens == listens

    def test_the_document_root_is_that_of_the_first_host(self):
        hosts_text = (
            u'<VirtualHost *:80>\nDocumentRoot /srv/a\n</VirtualHost>\n<VirtualHost '
            u'*:80>\nDocumentRoot /srv/b\n</VirtualHost>\n'
        )
        assert look(u'DocumentRoot /var/www/html\n' + hosts_text).files.document_root == '/srv/a'
        assert look(u'DocumentRoot "/var/www/html"\n').files.document_root == '/var/www/html'
        assert look(u'').files.document_root is None

    def test_error_log_and_pid_file_are_those_of_the_main_server(self):
        found = look(
            u'ErrorLog logs/a\nErrorLog logs/error_log\nPidFile run/httpd.pid\n<VirtualHost '
            u'*:80>\nErrorLog logs/b\n</VirtualHost>\n'
        )
        assert (found.files.error_log, found.files.pid_file) == (
            '/etc/httpd/logs/error_log',
            '/etc/httpd/run/httpd.pid',
        )
        assert look(u'ErrorLog "|/usr/bin/logger"\n').files.error_log is None
        assert look(u'').files.pid_file == '/etc/httpd/run/httpd.pid'

    def test_options_decide_sections(self):
        text = u'<IfDefine SSL>\nListen 443\n</IfDefine>\n'
        assert look(text).listens == []
        assert look(text, options=['-DSSL']).listens == [('', 443)]


@pytest.mark.parametrize(
    'text, offered',
    [
        (u'LoadModule http2_module modules/mod_http2.so\nProtocols h2 http/1.1\n', True),
        (
            u'LoadModule http2_module modules/mod_http2.so\n'
            u'<VirtualHost *:80>\nProtocols H2C\n</VirtualHost>\n',
            True,
        ),
        (u'LoadModule http2_module modules/mod_http2.so\nProtocols http/1.1\n', False),
        (u'LoadModule http2_module modules/mod_http2.so\n', False),
        (u'Protocols h2\n', False),
        (
            u'LoadModule http2_module modules/mod_http2.so\n'
            u'<IfModule worker.c>\nProtocols h2\n</IfModule>\n',
            False,
        ),
    ],
)
def test_http2_is_offered_by_a_line_and_a_module(text, offered):
    assert look(text).http2 is offered
