# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import outlook, planner, rules
from ansible_collections.webops.apache.plugins.module_utils._plan.case import Case
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._plan.rule_cases import (
    BROKEN,
    CPANEL,
    EACH,
    NO_MPM,
    NO_ZTS,
    OLD_2_4,
    PLESK,
    STRANGER,
    answer,
    beside,
    by_package,
    facts,
    host,
    judged,
    refusals,
    with_servers,
)

# Those that warn only, or need more than a row.
TESTED_BELOW = [
    'restart_differs',
    'mpm_not_single',
    'php_moves',
    # These have tests in test_php_extensions.py, test_php_site_rules.py and test_php_in_folders.py.
    'php_extensions_missing',
    'php_not_judged',
    'php_denied',
    'php_denied_by_us',
    'php_protection_lost',
    'php_settings_lost',
    'php_not_asked',
    # These in fpm/test_rules.py.
    'fpm_missing',
    'fpm_unusable',
    'fpm_in_use',
    'php_not_carried',
    'php_htaccess_copied',
    'php_names_denied',
    'fpm_long_headers',
    'fewer_workers',
    'http2_lost',
    # This in _layouts/test_sysconfig_apache2.py.
    'php_stays',
    # These in test_module_rules.py.
    'module_wants_threads',
    'modules_not_judged',
    'modules_lost',
    'probe_failed',
    'running_not_configured',
    'reload_would_kill',
    'directives_clamped',
    'php_htaccess',
    'config_unclear',
]


class TestEachRule:
    """Each rule fires where it has to, alone, and is silent where it has not."""

    @pytest.mark.parametrize('rule, state, wanted, fires', EACH)
    def test_fires_or_not(self, rule, state, wanted, fires):
        assert [found for found in refusals(state, wanted) if found == rule] == (
            [rule] if fires else []
        )
        assert fires or refusals(state, wanted) == []

    def test_every_rule_of_the_table_has_a_test_and_a_function_of_its_own(self):
        names = set(name for name, _rule in rules.RULES)
        assert names == set(row[0] for row in EACH) | set(TESTED_BELOW)
        assert len(set(rule for _name, rule in rules.RULES)) == len(rules.RULES)
        assert set(rules.ACCEPTABLE) <= names

    @pytest.mark.parametrize('words', [u'No MPM loaded.', u'More than one MPM loaded.'])
    @pytest.mark.parametrize(
        'text',
        [
            u'',
            u'LoadModule mpm_event_module modules/mod_mpm_event.so\nLoadModule mpm_worker_module '
            u'modules/mod_mpm_worker.so\n',
        ],
        ids=['none', 'two'],
    )
    @pytest.mark.parametrize('running', [None, 'event'])
    def test_a_number_of_mpms_that_the_switch_makes_one_is_a_warning(self, words, text, running):
        state = hosts.el9_host(
            running,
            text,
            config_test=NO_MPM._replace(err=u'AH00534: httpd: Configuration error: %s\n' % words),
        )
        assert judged(state, hosts.wanted('prefork')) == [('mpm_not_single', 'warn')] + (
            [('reload_would_kill', 'warn')] if running else []
        )

    @pytest.mark.parametrize(
        'running, sysconfig, mpm_conf, rules_found',
        [
            ('worker', None, hosts.EL9_MPM, ['reload_would_kill']),
            ('event', None, hosts.EL9_MPM, []),
            (None, None, hosts.EL9_MPM, []),
            ('worker', hosts.STOCK_SYSCONFIG, None, ['running_not_configured']),
            ('prefork', hosts.STOCK_SYSCONFIG, None, []),
        ],
    )
    def test_a_disk_that_chooses_another_mpm_ends_a_server_that_loads_its_own(
        self, running, sysconfig, mpm_conf, rules_found
    ):
        state = (
            hosts.el9_host(running, mpm_conf)
            if mpm_conf
            else host(running=running, sysconfig=sysconfig)
        )
        assert judged(state, hosts.wanted('event' if mpm_conf else 'worker')) == [
            (rule, 'warn') for rule in rules_found
        ]

    @pytest.mark.parametrize(
        'now, then, lost',
        [
            (['a_module', 'b_module'], ['a_module'], True),
            (['a_module'], ['a_module', 'b_module'], False),
            (['cgi_module'], ['cgid_module'], False),
            (['php5_module', 'a_module'], ['a_module'], False),
        ],
    )
    def test_a_module_that_the_service_would_leave_out_is_refused(self, now, then, lost):
        state = hosts.el9_host()
        look = outlook.look_ahead(state, state.tree, 'event')
        for layout, found in (('sysconfig_apache2', lost), ('loadmodule', False)):
            case = Case(
                state._replace(layout=layout),
                hosts.wanted('event'),
                look._replace(modules=now),
                look._replace(modules=then),
                [],
                [],
            )
            assert ('modules_lost' in [finding.rule for finding in rules.judge(case)]) is found

    @pytest.mark.parametrize(
        'mpm, php, moves',
        [('worker', 'none', True), ('worker', 'keep', True), ('prefork', None, False)],
    )
    def test_php_that_another_program_runs_afterwards_is_a_warning(self, mpm, php, moves):
        # As it is delivered, its guard does not know the module of PHP 5.
        conf = hosts.EL9_PHP[0][1].replace(u'!mod_php.c', u'!mod_php5.c')
        conf = conf.replace(u'(php|phar)', u'php')
        conf += u'<IfModule mod_php5.c>\nAddHandler php5-script .php\n</IfModule>\n'
        state = hosts.el7_host(more=list(hosts.EL7_PHP[:1]) + [(hosts.PHP_CONF, conf)])
        assert judged(state, hosts.wanted(mpm, php=php)) == (
            [('php_moves', 'warn')] if moves else []
        )

    def test_a_probe_that_fails_already_is_refused(self):
        assert refusals(host(), hosts.wanted('worker'), [answer('status 500 instead of 200')]) == [
            'probe_failed'
        ]
        assert refusals(host(), hosts.wanted('worker'), [answer()]) == []

    def test_what_runs_and_is_not_configured_is_a_warning(self):
        state = host(running='prefork', sysconfig=u'HTTPD=/usr/sbin/httpd.worker\n')
        assert judged(state, hosts.wanted('worker')) == [('running_not_configured', 'warn')]

    def test_numbers_that_nobody_asked_for_are_a_warning(self):
        state = host(
            httpd_conf=hosts.STOCK_HTTPD + u'<IfModule worker.c>\nMaxClients 310\n</IfModule>\n'
        )
        assert judged(state, hosts.wanted('worker')) == [('directives_clamped', 'warn')]
        assert judged(state, hosts.wanted('prefork')) == []

    def test_a_directive_that_a_later_line_overrules_is_named_with_its_place(self):
        case = Case(
            host(),
            hosts.wanted('worker', directives={'MaxClients': 400, 'ThreadStackSize': 5}),
            None,
            planner.build_plan(host(), hosts.wanted('worker')).target,
            [],
            [],
        )
        reasons = [
            finding.reason
            for finding in rules.judge(case._replace(now=case.target))
            if finding.rule == 'directives_invalid'
        ]
        assert reasons == [
            'MaxClients stays 300: /etc/httpd/conf/httpd.conf line 45 sets it later.',
            'ThreadStackSize stays unset.',
        ]


class TestJudge:
    def test_everything_is_found_at_once(self):
        state = host(
            panels=[PLESK],
            config_test=BROKEN,
            build=OLD_2_4,
            php_files=NO_ZTS,
            port_holders=[('0.0.0.0', 80, 'process 7')],
            mpms=('prefork', 'worker'),
        )
        assert refusals(
            state, hosts.wanted('event', directives={'MinSpareServers': 1}), [answer('no')]
        ) == [
            'plesk',
            'config_broken',
            'mpm_missing',
            'old_event',
            'php_not_threadsafe',
            'php_lost',
            'not_ours',
            'directives_invalid',
            'probe_failed',
        ]

    def test_every_finding_has_a_reason_and_a_cure(self):
        state = host(panels=[PLESK], config_test=BROKEN, php_files=NO_ZTS, mpms=('prefork',))
        for finding in planner.build_plan(state, hosts.wanted('event')).findings:
            assert finding.reason.endswith(('.', u'line 3')) and len(finding.fix) > 10

    @pytest.mark.parametrize(
        'rule, state, mpm',
        [
            ('old_event', host(build=OLD_2_4), 'event'),
            ('not_ours', with_servers(host(), strangers=[STRANGER]), 'worker'),
            (
                'not_utf8',
                hosts.changed(host(), paths=facts(hosts.SYSCONFIG, None, 'other')),
                'worker',
            ),
            ('shared_files', hosts.changed(host(), others=[beside(hosts.SYSCONFIG)]), 'worker'),
        ],
    )
    def test_an_acceptable_rule_that_is_accepted_becomes_a_warning(self, rule, state, mpm):
        assert refusals(state, hosts.wanted(mpm)) == [rule]
        plan = planner.build_plan(state, hosts.wanted(mpm, accept=[rule]))
        assert [(f.rule, f.level) for f in plan.findings] == [(rule, 'warn')]
        assert plan.findings[0].reason.startswith('Accepted: ')
        assert plan.steps

    @pytest.mark.parametrize(
        'rule, state',
        [
            ('plesk', host(panels=[PLESK])),
            ('config_broken', host(config_test=BROKEN)),
            ('php_not_threadsafe', host(php_files=NO_ZTS)),
            ('mpm_missing', host(mpms=('prefork',))),
            (
                'not_ours',
                with_servers(host(running=None), strangers=[STRANGER], pid_file_state='stale'),
            ),
        ],
    )
    def test_others_are_refused_even_if_they_are_accepted(self, rule, state):
        assert rule in refusals(state, hosts.wanted('worker', accept=[rule]))

    @pytest.mark.parametrize('now', model.MPMS)
    @pytest.mark.parametrize('then', model.MPMS)
    @pytest.mark.parametrize('panel', [PLESK, CPANEL], ids=['plesk', 'cpanel'])
    def test_a_panel_refuses_every_change_and_nothing_else_where_the_mpm_is_a_module(
        self, panel, now, then
    ):
        state = hosts.el9_host(
            mpm_conf=u'LoadModule mpm_%s_module modules/mod_mpm_%s.so\n' % (now, now),
            panels=[panel],
        )
        assert refusals(state, hosts.wanted(then, accept=[panel.rule])) == (
            [] if now == then else [panel.rule]
        )

    @pytest.mark.parametrize('now', model.MPMS)
    @pytest.mark.parametrize('then', model.MPMS)
    def test_plesk_refuses_every_change_and_nothing_else(self, now, then):
        line = u'' if now == 'prefork' else u'HTTPD=%s\n' % hosts.BINARIES[now]
        assert refusals(host(panels=[PLESK], sysconfig=line), hosts.wanted(then)) == (
            [] if now == then else ['plesk']
        )

    def test_packages_that_would_cure_it_are_named(self):
        plan = planner.build_plan(host(php_files=NO_ZTS), hosts.wanted('worker'))
        assert plan.findings[0].packages == ['php-zts']


class TestMpmByPackage:
    @pytest.mark.parametrize(
        'others, problem, reason, by_hand',
        [
            ([], None, 'apt-get would remove apache2-mpm-prefork for it, and nothing else.', True),
            (
                ['psa', 'libapache2-mod-php5'],
                None,
                'apt-get would remove apache2-mpm-prefork for it, and with that psa, '
                'libapache2-mod-php5.',
                False,
            ),
            (
                [],
                'no such package',
                'what apt-get would remove for it is not known (no such package).',
                False,
            ),
        ],
    )
    def test_says_what_would_go_and_offers_a_way_only_where_nothing_else_does(
        self, others, problem, reason, by_hand
    ):
        (finding,) = [
            each
            for each in planner.build_plan(
                by_package(others, problem), hosts.wanted('worker')
            ).findings
            if each.rule == 'mpm_by_package'
        ]
        assert finding.reason == (
            'Debian 7 and older choose the MPM by package (prefork here), and the package '
            'apache2-mpm-worker is not installed; ' + reason
        )
        assert 'apt-get --simulate install apache2-mpm-worker' in finding.fix
        assert (
            'service apache2 stop; apt-get install apache2-mpm-worker; apache2ctl -t; service '
            'apache2 start' in finding.fix
        ) is by_hand
        # The role may not install it, and nobody may accept it.
        assert (finding.packages, finding.acceptable) == ([], False)


class TestStopped:
    @pytest.mark.parametrize(
        'state, rule',
        [
            (host(running=None, mpms=('prefork',)), 'mpm_missing'),
            (by_package(running=None), 'mpm_by_package'),
        ],
    )
    def test_an_mpm_that_is_not_installed_is_not_there_already(self, state, rule):
        plan = planner.build_plan(state, hosts.wanted('worker'))
        assert planner.refused(plan) and rule in [finding.rule for finding in plan.findings]
