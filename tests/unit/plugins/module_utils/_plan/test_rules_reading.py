# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import planner, rules
from ansible_collections.webops.apache.plugins.module_utils._syntax.php_settings import (
    find_php_settings,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

SITE = '/var/www/html/.htaccess'
GUARDED = u'<IfModule mod_php5.c>\nphp_value a b\n</IfModule>\n'
PERL = [('/etc/httpd/conf.modules.d/02-perl.conf', u'LoadModule perl_module modules/mod_perl.so\n')]
MACRO = u'LoadModule macro_module modules/mod_macro.so\n<Macro M $x>\n%s</Macro>\nUse M event\n'


def judged(state, wanted):
    """What is found, beside that php: none denies what PHP is."""
    return [
        (finding.rule, finding.level)
        for finding in planner.build_plan(state, wanted).findings
        if finding.rule != 'php_denied'
    ]


def finding_of(state, wanted, rule):
    return [
        finding for finding in planner.build_plan(state, wanted).findings if finding.rule == rule
    ][0]


def with_htaccess(state, texts, cut=None):
    """The host whose sites have such files, found by the search that reads them."""
    settings = dict(
        (path, find_php_settings(text.encode('latin-1'), 100)) for path, text in texts.items()
    )
    return hosts.changed(state, htaccess=model.Htaccess(settings, cut))


class TestHtaccess:
    @pytest.mark.parametrize(
        'text, mpm, php, refused',
        [
            (u'php_value a b\n', 'worker', 'none', True),
            (u'Options -Indexes\nphp_flag a on\n', 'worker', 'none', True),
            (u'php_value a b\n', 'prefork', None, False),
            (GUARDED, 'worker', 'none', False),
            (u'<IfModule !mod_php5.c>\nphp_value a b\n</IfModule>\n', 'worker', 'none', True),
            (u'<IfModule mod_php7.c>\nphp_value a b\n</IfModule>\n', 'worker', 'none', False),
            (u'<IfModule mod_dir.c>\nphp_value a b\n</IfModule>\n', 'worker', 'none', False),
            (u'#php_value a b\n', 'worker', 'none', False),
            (u'', 'worker', 'none', False),
        ],
    )
    def test_a_setting_that_breaks_a_site_is_refused(self, text, mpm, php, refused):
        state = with_htaccess(hosts.el7_host(), {SITE: text})
        assert judged(state, hosts.wanted(mpm, php=php)) == (
            [('php_htaccess', 'refuse')] if refused else []
        )

    def test_with_a_thread_safe_php_nothing_breaks(self):
        state = with_htaccess(
            hosts.el6_host(build=hosts.el6_host().build._replace(version='2.4.62')),
            {SITE: u'php_value a b\n'},
        )
        assert judged(state, hosts.wanted('worker')) == []

    def test_what_is_broken_already_is_not_refused(self):
        state = with_htaccess(hosts.el9_host(), {SITE: u'php_value a b\n'})
        assert judged(state, hosts.wanted('prefork')) == [('fewer_workers', 'warn')]

    def test_each_place_is_named_up_to_a_number_and_no_content(self):
        texts = dict(
            ('/srv/%02d/.htaccess' % number, u'#\nphp_value secret word\n') for number in range(25)
        )
        finding = finding_of(
            with_htaccess(hosts.el7_host(), texts),
            hosts.wanted('worker', php='none'),
            'php_htaccess',
        )
        assert (
            '/srv/00/.htaccess line 2, /srv/01/.htaccess line 2' in finding.reason
            and ' and 5 more.' in finding.reason
        )
        assert 'secret' not in finding.reason and 'word' not in finding.reason

    def test_can_be_accepted_and_is_no_edit(self):
        state = with_htaccess(hosts.el7_host(), {SITE: u'php_value a b\n'})
        plan = planner.build_plan(
            state, hosts.wanted('worker', php='none', accept=['php_htaccess'])
        )
        assert planner.refused(plan) == [] and SITE not in [edit.path for edit in plan.edits]

    @pytest.mark.parametrize(
        'mpm, php, found', [('worker', 'none', [('php_htaccess', 'warn')]), ('prefork', None, [])]
    )
    def test_a_search_that_was_cut_short_is_said(self, mpm, php, found):
        state = with_htaccess(hosts.el7_host(), {}, '10000 folders')
        assert judged(state, hosts.wanted(mpm, php=php)) == found


class TestPerl:
    @pytest.mark.parametrize(
        'threads, mpm, refused',
        [
            (False, 'worker', True),
            (False, 'event', False),
            (True, 'worker', False),
            (None, 'worker', False),
            (False, 'prefork', False),
        ],
    )
    def test_without_threads_needs_prefork(self, threads, mpm, refused):
        # Of a host that runs event with it, nothing is changed.
        state = hosts.el9_host(more=PERL, perl_threads=threads)
        assert [rule for rule, level in judged(state, hosts.wanted(mpm)) if level == 'refuse'] == (
            ['module_needs_prefork'] if refused else []
        )


class TestConfigUnclear:
    @pytest.mark.parametrize(
        'text, found',
        [
            (
                u'<IfDirective Unheard>\nLoadModule php_module modules/libphp.so\n</IfDirective>\n',
                [('config_unclear', 'refuse')],
            ),
            (
                u'<IfDirective !Unheard>\nLoadModule mpm_event_module modules/mod_mpm_event.so\n'
                u'</IfDirective>\n',
                [('config_unclear', 'refuse')],
            ),
            (
                u'<IfDirective Unheard>\nLoadModule dir_module modules/mod_dir.so\nListen 81\n'
                u'</IfDirective>\n',
                [],
            ),
            (u'<IfSection Directory>\nListen 81\n</IfSection>\n', []),
            (
                MACRO % u'LoadModule mpm_$x_module modules/mod_mpm_$x.so\n',
                [('config_unclear', 'refuse')],
            ),
            (MACRO % u'LoadModule dir_module modules/mod_dir.so\n', []),
            (MACRO % u'Include conf.d/$x.conf\n', [('config_unclear', 'warn')]),
            (
                MACRO.replace(u'Use', u'#Use')
                % u'LoadModule mpm_$x_module modules/mod_mpm_$x.so\n',
                [],
            ),
        ],
    )
    def test_is_said_of_what_decides_alone(self, text, found):
        state = hosts.el9_host(
            mpm_conf=hosts.EL9_MPM,
            more=[('/etc/httpd/conf.d/x.conf', text)],
            php_files={'/etc/httpd/modules/libphp.so': 'ts'},
        )
        assert [
            pair for pair in judged(state, hosts.wanted('worker')) if pair[0] == 'config_unclear'
        ] == found

    def test_names_the_lines(self):
        text = u'<IfDirective Unheard>\nLoadModule php_module modules/libphp.so\n</IfDirective>\n'
        state = hosts.el9_host(
            more=[('/etc/httpd/conf.d/x.conf', text)],
            php_files={'/etc/httpd/modules/libphp.so': 'ts'},
        )
        assert finding_of(state, hosts.wanted('worker'), 'config_unclear').reason == (
            'It is not certain what httpd would load: /etc/httpd/conf.d/x.conf line 2 '
            '(loadmodule php_module) depends on '
            '<ifdirective Unheard> in /etc/httpd/conf.d/x.conf line 1.'
        )

    def test_can_be_accepted(self):
        assert set(['php_htaccess', 'config_unclear']) <= set(rules.ACCEPTABLE)


def strangers(*pids):
    return [model.Process(pid, 1, 5, 'httpd', '/usr/sbin/httpd') for pid in pids]


class TestNotOurs:
    @pytest.mark.parametrize(
        'pids, pid_file_state, found',
        [
            (
                (300,),
                'stale',
                [
                    (
                        'Process 300 (/usr/sbin/httpd) runs, and the service httpd does not own it '
                        '(pid file stale).',
                        'Stop it, or put it under the service, and try again.',
                    )
                ],
            ),
            (
                (300, 301),
                'absent',
                [
                    (
                        'Processes 300 (/usr/sbin/httpd), 301 (/usr/sbin/httpd) run, and the '
                        'service httpd does not own them '
                        '(pid file absent).',
                        'Stop them, or put them under the service, and try again.',
                    )
                ],
            ),
            (
                (),
                'reused',
                [
                    (
                        '/var/run/httpd/httpd.pid names a process that is not httpd, so the '
                        'service '
                        'would not start.',
                        'Remove the stale file.',
                    )
                ],
            ),
        ],
    )
    def test_processes_are_one_finding(self, pids, pid_file_state, found):
        state = hosts.el6_host(
            running=None, servers=model.Servers(None, strangers(*pids), pid_file_state)
        )
        plan = planner.build_plan(state, hosts.wanted('worker'))
        assert [(one.reason, one.fix) for one in plan.findings if one.rule == 'not_ours'] == found

    def test_beside_an_httpd_that_runs_nobody_is_told_to_remove_the_pid_file(self):
        state = hosts.el6_host(running=None, servers=model.Servers(None, strangers(300), 'reused'))
        found = [
            finding
            for finding in planner.build_plan(state, hosts.wanted('worker')).findings
            if finding.rule == 'not_ours'
        ]
        assert len(found) == 2 and not [finding for finding in found if 'Remove' in finding.fix]
