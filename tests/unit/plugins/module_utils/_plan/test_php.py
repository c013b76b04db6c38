# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._plan import (
    outlook,
    php,
    php_marks,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

NTS_LINE = u'LoadModule php5_module modules/libphp5.so'
ZTS_LINE = u'LoadModule php5_module modules/libphp5-zts.so'
HANDLER = u'AddHandler php5-script .php\n'
PREFORK_BLOCK = u'<IfModule prefork.c>\n  %s\n</IfModule>\n' % NTS_LINE
WORKER_BLOCK = u'<IfModule worker.c>\n  %s\n</IfModule>\n' % ZTS_LINE
EVENT_BLOCK = u'<IfModule event.c>\n  %s\n</IfModule>\n' % ZTS_LINE


def switched(state, mpm, choice=None):
    """php.conf once PHP is as wanted, and the host with it."""
    tree = php.write_php(state, mpm, choice)
    return tree.files[hosts.PHP_CONF], state._replace(tree=tree)


def loaded(state, mpm):
    return [module.path for module in outlook.look_ahead(state, state.tree, mpm).php.modules]


def configured(state, mpm):
    """The host as it is when another MPM is configured and runs."""
    line = u'' if mpm == 'prefork' else u'HTTPD=%s\n' % hosts.BINARIES[mpm]
    return state._replace(
        choice=hosts.choice_of(line), servers=state.servers._replace(running=hosts.server(mpm))
    )


class TestWritePhp:
    def test_stock_from_prefork_to_worker_needs_no_edit(self):
        state = hosts.el6_host()
        assert php.write_php(state, 'worker', None) is state.tree

    def test_stock_from_prefork_to_event_gets_a_block(self):
        text, state = switched(hosts.el6_host(), 'event')
        assert text == hosts.STOCK_PHP.replace(PREFORK_BLOCK, PREFORK_BLOCK + EVENT_BLOCK)
        assert [loaded(state, mpm) for mpm in ('prefork', 'worker', 'event')] == [
            [hosts.NTS],
            [hosts.ZTS],
            [hosts.ZTS],
        ]

    def test_stock_from_worker_to_event_gets_a_block_behind_that_of_worker(self):
        text, state = switched(configured(hosts.el6_host(), 'worker'), 'event')
        assert text == hosts.STOCK_PHP.replace(WORKER_BLOCK, WORKER_BLOCK + EVENT_BLOCK)

    @pytest.mark.parametrize('mpm', ['worker', 'event'])
    def test_a_bare_line_of_el5_is_left_to_prefork_and_a_block_follows(self, mpm):
        text, state = switched(hosts.el6_host(php_conf=hosts.EL5_PHP), mpm)
        block = u'<IfModule %s.c>\n  %s\n</IfModule>\n' % (mpm, ZTS_LINE)
        assert text == hosts.EL5_PHP.replace(
            NTS_LINE + u'\n', u'<IfModule prefork.c>\n%s\n</IfModule>\n%s' % (NTS_LINE, block)
        )
        assert (loaded(state, mpm), loaded(state, 'prefork')) == ([hosts.ZTS], [hosts.NTS])

    @pytest.mark.parametrize('comment', [u'#', u'# ', u'#  \t'])
    def test_a_commented_line_in_the_worker_block_is_uncommented(self, comment):
        before = (
            PREFORK_BLOCK
            + u'<IfModule worker.c>\n  %s%s\n</IfModule>\n' % (comment, ZTS_LINE)
            + HANDLER
        )
        text, state = switched(hosts.el6_host(php_conf=before), 'worker')
        assert loaded(state, 'worker') == [hosts.ZTS]
        assert text.replace(u' ', u'').replace(u'\t', u'') == (
            PREFORK_BLOCK + WORKER_BLOCK + HANDLER
        ).replace(u' ', u'')

    def test_a_commented_line_that_other_mpms_would_read_too_stays_a_comment(self):
        before = u'#%s\n' % ZTS_LINE + PREFORK_BLOCK + HANDLER
        text, state = switched(hosts.el6_host(php_conf=before), 'worker')
        assert text == u'#%s\n' % ZTS_LINE + PREFORK_BLOCK + WORKER_BLOCK + HANDLER
        assert loaded(state, 'prefork') == [hosts.NTS]

    def test_a_block_for_all_but_prefork_needs_no_edit(self):
        state = hosts.el6_host(
            php_conf=PREFORK_BLOCK
            + u'<IfModule !prefork.c>\n%s\n</IfModule>\n' % ZTS_LINE
            + HANDLER
        )
        assert all(
            php.write_php(state, mpm, None) is state.tree for mpm in ('prefork', 'worker', 'event')
        )

    @pytest.mark.parametrize('text', [hosts.STOCK_PHP, hosts.EL5_PHP], ids=['el6', 'el5'])
    @pytest.mark.parametrize('mpm', ['prefork', 'worker', 'event'])
    def test_keep_leaves_everything(self, text, mpm):
        state = hosts.el6_host(php_conf=text)
        assert php.write_php(state, mpm, 'keep') is state.tree

    def test_without_php_nothing_is_added(self):
        state = hosts.el6_host(php_conf=None, php_files={})
        for choice in (None, 'zts', 'none'):
            assert php.write_php(state, 'worker', choice) is state.tree

    @pytest.mark.parametrize(
        'files',
        [
            {hosts.NTS: 'nts', hosts.ZTS: 'missing'},
            {hosts.NTS: 'nts'},
            {hosts.NTS: 'nts', hosts.ZTS: 'nts'},
            {hosts.NTS: 'nts', hosts.ZTS: 'unknown'},
        ],
        ids=['missing', 'never seen', 'nts under the name of zts', 'unknown'],
    )
    @pytest.mark.parametrize('text', [hosts.STOCK_PHP, hosts.EL5_PHP], ids=['el6', 'el5'])
    @pytest.mark.parametrize('mpm', ['worker', 'event'])
    def test_without_a_thread_safe_module_nothing_is_written(self, text, files, mpm):
        state = hosts.el6_host(php_conf=text, php_files=files)
        assert php.write_php(state, mpm, None) is state.tree

    def test_a_thread_safe_module_without_the_mark_in_its_name_is_taken(self):
        text, state = switched(
            hosts.el6_host(php_conf=PREFORK_BLOCK + HANDLER, php_files={hosts.NTS: 'ts'}), 'worker'
        )
        assert loaded(state, 'worker') == [hosts.NTS]

    def test_a_module_under_an_odd_name_is_found(self):
        folder = '/etc/httpd/modules/'
        files = {
            folder + 'libphp-5.5.so': 'nts',
            folder + 'libphp-zts-5.5.so': 'ts',
            folder + 'libphp5-zts.so': 'ts',
        }
        before = (
            u'<IfModule prefork.c>\nLoadModule php5_module modules/libphp-5.5.so\n</IfModule>\n'
        )
        text, state = switched(hosts.el6_host(php_conf=before, php_files=files), 'worker')
        assert loaded(state, 'worker') == [folder + 'libphp-zts-5.5.so']

    def test_an_absolute_path_outside_the_root_stays_absolute(self):
        files = {'/opt/php/libphp5.so': 'nts', '/opt/php/libphp5-zts.so': 'ts', hosts.ZTS: 'ts'}
        text, _state = switched(
            hosts.el6_host(
                php_conf=u'LoadModule php5_module /opt/php/libphp5.so\n', php_files=files
            ),
            'worker',
        )
        assert u'  LoadModule php5_module /opt/php/libphp5-zts.so\n' in text

    def test_zts_alone_gets_a_block_for_prefork_on_the_way_back(self):
        state = configured(hosts.el6_host(php_conf=WORKER_BLOCK + HANDLER), 'worker')
        text, back = switched(state, 'prefork')
        assert text == WORKER_BLOCK + PREFORK_BLOCK + HANDLER
        text, back = switched(hosts.changed(state, php_files={hosts.ZTS: 'ts'}), 'prefork')
        assert loaded(back, 'prefork') == [hosts.ZTS]

    def test_of_several_versions_each_gets_its_own_sister(self):
        seven = dict(
            ('/etc/httpd/modules/' + name, kind)
            for name, kind in [('libphp7.so', 'nts'), ('libphp7-zts.so', 'ts')]
        )
        before = u'<IfModule prefork.c>\nLoadModule php7_module modules/libphp7.so\n</IfModule>\n'
        text, state = switched(
            hosts.el6_host(
                php_conf=before, php_files=dict(seven, **{hosts.NTS: 'nts', hosts.ZTS: 'ts'})
            ),
            'worker',
        )
        assert loaded(state, 'worker') == ['/etc/httpd/modules/libphp7-zts.so']
        assert u'LoadModule php7_module modules/libphp7-zts.so' in text

    def test_nested_guards_keep_the_new_block_inside_the_outer_one(self):
        before = (
            u'<IfModule !mod_php7.c>\n  <IfModule  prefork.c>\n%s\n  </IfModule>\n</IfModule>\n'
            % NTS_LINE
        )
        text, state = switched(hosts.el6_host(php_conf=before), 'worker')
        assert loaded(state, 'worker') == [hosts.ZTS]
        assert text == before.replace(u'  </IfModule>\n', u'  </IfModule>\n' + WORKER_BLOCK)

    def test_a_guard_within_a_guard_about_mpms_puts_the_block_behind_both(self):
        before = (
            u'<IfModule !worker.c>\n<IfModule prefork.c>\n%s\n</IfModule>\n</IfModule>\n' % NTS_LINE
        )
        text, state = switched(hosts.el6_host(php_conf=before), 'worker')
        assert text == before + WORKER_BLOCK
        assert loaded(state, 'worker') == [hosts.ZTS]

    def test_crlf_stays_crlf(self):
        before = hosts.STOCK_PHP.replace(u'\n', u'\r\n')
        text, state = switched(hosts.el6_host(php_conf=before), 'event')
        assert text == hosts.STOCK_PHP.replace(PREFORK_BLOCK, PREFORK_BLOCK + EVENT_BLOCK).replace(
            u'\n', u'\r\n'
        )
        assert loaded(state, 'event') == [hosts.ZTS]

    def test_a_missing_last_newline_stays_missing(self):
        text, state = switched(
            hosts.el6_host(php_conf=HANDLER + PREFORK_BLOCK.rstrip(u'\n')), 'worker'
        )
        assert text == HANDLER + PREFORK_BLOCK + WORKER_BLOCK.rstrip(u'\n')
        text, state = switched(hosts.el6_host(php_conf=NTS_LINE), 'worker')
        assert (loaded(state, 'worker'), loaded(state, 'prefork')) == ([hosts.ZTS], [hosts.NTS])

    def test_a_line_that_goes_on_over_two_is_guarded_as_one(self):
        before = u'LoadModule php5_module \\\n  modules/libphp5.so\n' + HANDLER
        text, state = switched(hosts.el6_host(php_conf=before), 'worker')
        assert (
            text == u'<IfModule prefork.c>\nLoadModule php5_module \\\n  modules/libphp5.so\n'
            u'</IfModule>\n' + WORKER_BLOCK + HANDLER
        )
        assert (loaded(state, 'worker'), loaded(state, 'prefork')) == ([hosts.ZTS], [hosts.NTS])

    def test_php_of_the_server_that_runs_is_not_lost_where_another_mpm_is_configured_already(self):
        state = hosts.el6_host(running='prefork', sysconfig=u'HTTPD=/usr/sbin/httpd.event\n')
        text, state = switched(state, 'event')
        assert loaded(state, 'event') == [hosts.ZTS]

    def test_a_file_with_a_name_beyond_ascii_can_be_edited(self):
        path = u'/etc/httpd/conf.d/caf\xe9.conf'
        state = hosts.el6_host(php_conf=None, more=[(path, PREFORK_BLOCK)])
        assert php.write_php(state, 'worker', None).files[path] == PREFORK_BLOCK + WORKER_BLOCK

    @pytest.mark.parametrize(
        'before',
        [
            u'#<IfModule !prefork.c>\n  LoadModule php5_module modules/libphp5.so\n#</IfModule>\n',
            PREFORK_BLOCK
            + u'#<IfModule worker.c>\n#  LoadModule php5_module modules/libphp5-zts.so\n'
            u'#</IfModule>\n',
            u'<IfModule !mod_php5.c>\n<IfModule !mod_php7.c>\n<IfModule prefork.c>\n LoadModule '
            u'php5_module modules/libphp5.so\n'
            u'</IfModule>\n</IfModule>\n</IfModule>\n',
            u'LoadModule php5_module modules/libphp5.so\nLoadModule php5_module '
            u'modules/libphp5-zts.so\n',
            u'<IfModule  prefork.c>\n   LoadModule php5_module "modules/libphp5.so" \n '
            u'</IfModule>\n',
            u'loadmodule php5_module /etc/httpd/modules/libphp5.so\n',
        ],
        ids=[
            'guard commented out',
            'whole block commented',
            'nested',
            'both unguarded',
            'uneven blanks',
            'absolute and lower case',
        ],
    )
    @pytest.mark.parametrize('mpm', ['worker', 'event'])
    def test_shapes_from_public_hosts_get_thread_safe_php_and_prefork_keeps_its_own(
        self, before, mpm
    ):
        text, state = switched(hosts.el6_host(php_conf=before + HANDLER), mpm)
        assert (loaded(state, mpm), loaded(state, 'prefork')) == ([hosts.ZTS], [hosts.NTS])
        assert set(before.splitlines()) <= set(text.splitlines()) | set(
            line.replace(u'#', u'', 1) for line in before.splitlines()
        )

    def test_itk_alone_is_no_guard_of_ours(self):
        before = u'<IfModule itk.c>\n    LoadModule php5_module modules/libphp5.so \n</IfModule>'
        state = hosts.el6_host(php_conf=before)
        assert php.write_php(state, 'worker', None) is state.tree
        assert loaded(switched(state, 'worker', 'zts')[1], 'worker') == []


class TestWritePhpZts:
    def test_a_host_without_php_under_its_mpm_gets_the_one_of_another(self):
        text, state = switched(
            configured(hosts.el6_host(php_conf=PREFORK_BLOCK), 'event'), 'worker', 'zts'
        )
        assert text == PREFORK_BLOCK + WORKER_BLOCK
        state = configured(hosts.el6_host(php_conf=PREFORK_BLOCK), 'event')
        assert php.write_php(state, 'worker', None) is state.tree


class TestWritePhpNone:
    def test_a_line_of_this_mpm_alone_is_guarded_and_sources_are_denied(self):
        text, state = switched(hosts.el6_host(), 'worker', 'none')
        lines = [
            php_marks.GUARD,
            u'<IfModule !worker.c>',
            u'  ' + ZTS_LINE,
            u'</IfModule>',
            php_marks.GUARD_END,
        ]
        assert text == (
            hosts.STOCK_PHP.replace(u'  ' + ZTS_LINE, u'\n'.join(lines))
            + php_marks.BEGIN + u'\n'
            u'<IfModule !mod_php5.c>\n  <FilesMatch "(?i)\\.(php[0-9]?|phtml|phar)(\\.|$)">\n    '
            u'<IfModule mod_authz_core.c>\n'
            u'      Require all denied\n    </IfModule>\n    <IfModule !mod_authz_core.c>\n      '
            u'Order allow,deny\n'
            u'      Deny from all\n    </IfModule>\n  </FilesMatch>\n</IfModule>\n'
            + php_marks.END
            + u'\n'
        )
        assert (loaded(state, 'worker'), loaded(state, 'prefork')) == ([], [hosts.NTS])

    def test_a_line_that_others_read_too_is_wrapped(self):
        text, state = switched(hosts.el6_host(php_conf=hosts.EL5_PHP), 'worker', 'none')
        assert u'<IfModule !worker.c>\n%s\n</IfModule>\n' % NTS_LINE in text
        assert (loaded(state, 'worker'), loaded(state, 'prefork')) == ([], [hosts.NTS])

    @pytest.mark.parametrize(
        'text',
        [hosts.STOCK_PHP, hosts.EL5_PHP, HANDLER + NTS_LINE],
        ids=['el6', 'el5', 'no last newline'],
    )
    @pytest.mark.parametrize('mpm', ['prefork', 'worker', 'event'])
    def test_a_second_time_changes_nothing(self, text, mpm):
        once, state = switched(hosts.el6_host(php_conf=text), mpm, 'none')
        assert loaded(state, mpm) == []
        assert php.write_php(configured(state, mpm), mpm, 'none').files == state.tree.files

    @pytest.mark.parametrize('text', [hosts.STOCK_PHP, hosts.EL5_PHP], ids=['el6', 'el5'])
    @pytest.mark.parametrize('mpm', ['worker', 'event'])
    def test_back_at_the_default_php_is_there_again(self, text, mpm):
        state = configured(switched(hosts.el6_host(php_conf=text), mpm, 'none')[1], mpm)
        state = switched(state, 'prefork')[1]
        assert loaded(state, 'prefork') == [hosts.NTS]
        assert loaded(switched(configured(state, 'prefork'), mpm)[1], mpm) == [hosts.ZTS]

    SETTINGS = (
        u'php_value memory_limit 64M\n\n'
        u'<Directory /srv>\nphp_flag engine off\n</Directory>\n'
    )

    @pytest.mark.parametrize(
        'text',
        [
            hosts.STOCK_PHP,
            hosts.EL5_PHP,
            hosts.EL5_PHP + SETTINGS,
            PREFORK_BLOCK + HANDLER + SETTINGS + u'php_value a b',
            (HANDLER + SETTINGS + NTS_LINE).replace(u'\n', u'\r\n'),
        ],
        ids=['el6', 'el5', 'settings', 'of prefork alone', 'last line without an end'],
    )
    @pytest.mark.parametrize('ways', [['worker'], ['event'], ['worker', 'event', 'worker']])
    def test_there_and_back_is_the_same_text(self, text, ways):
        state = hosts.el6_host(php_conf=text)
        for mpm in ways:
            there, state = switched(configured(state, state.choice.mpm), mpm, 'none')
            assert there != text and loaded(state, mpm) == []
            assert outlook.look_ahead(state, state.tree, mpm).php.settings == []
            state = configured(state, mpm)
        assert switched(state, 'prefork')[0] == text

    def test_a_guard_stays_as_long_as_the_module_is_off(self):
        text = PREFORK_BLOCK + HANDLER + self.SETTINGS
        there, state = switched(hosts.el6_host(php_conf=text), 'worker', 'none')
        assert there.count(php_marks.GUARD) == 2
        assert switched(configured(state, 'worker'), 'worker', 'none')[0] == there
        again, state = switched(configured(state, 'worker'), 'event', 'none')
        assert again.count(php_marks.GUARD) == 2

    def test_the_denial_holds_only_where_no_version_is_loaded(self):
        text = (
            u'<IfModule prefork.c>\nLoadModule php7_module modules/libphp7.so\n</IfModule>\n'
            + WORKER_BLOCK
            + HANDLER
        )
        state = switched(hosts.el6_host(php_conf=text), 'worker', 'none')[1]
        assert (
            u'<IfModule !mod_php5.c>\n<IfModule !mod_php7.c>\n  <FilesMatch'
            in state.tree.files[hosts.PHP_CONF]
        )
        denied = [
            [
                item.name
                for item in outlook.active_directives(state.tree, outlook.world_of(state, mpm))
                if item.path == hosts.PHP_CONF and item.name in ('deny', 'require')
            ]
            for mpm in ('prefork', 'worker')
        ]
        assert denied == [[], ['require']]

    def test_other_endings_that_are_mapped_to_php_are_denied_too(self):
        text = switched(
            hosts.el6_host(
                php_conf=WORKER_BLOCK + u'AddType application/x-httpd-php .php .inc .PHP3 a(b\n'
            ),
            'worker',
            'none',
        )[0]
        assert u'"(?i)\\.(php[0-9]?|phtml|phar|inc)(\\.|$)"' in text

    def test_a_handler_inside_a_host_is_answered_for_every_host(self):
        text = WORKER_BLOCK + u'<VirtualHost *:80>\n' + HANDLER + u'</VirtualHost>\n'
        tree = php.write_php(hosts.el6_host(php_conf=text), 'worker', 'none')
        assert (
            u'FilesMatch "(?i)' in tree.files[hosts.MAIN]
            and u'FilesMatch' not in tree.files[hosts.PHP_CONF]
        )

    def test_without_handlers_nothing_is_denied(self):
        assert (
            u'FilesMatch'
            not in switched(hosts.el6_host(php_conf=WORKER_BLOCK), 'worker', 'none')[0]
        )
