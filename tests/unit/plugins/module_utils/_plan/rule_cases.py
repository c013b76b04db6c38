# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hosts on which a rule fires, or does not: the table of tests/.../test_rules.py."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._plan import planner
from ansible_collections.webops.apache.tests.unit.plugins.module_utils import hosts

PLESK = model.Panel(
    'plesk', 'Plesk', 'the rpm package psa is installed', 'plesk bin optimization_settings'
)
CPANEL = model.Panel(
    'control_panel', 'cPanel', '/usr/local/cpanel/cpanel exists', 'EasyApache 4 in WHM'
)
STRANGER = model.Process(300, 1, 5, 'httpd', '/usr/sbin/httpd')
LOCKED = model.Keys(frozenset(['/etc/pki/key']), frozenset())
NO_ZTS = {hosts.NTS: 'nts', hosts.ZTS: 'missing'}
BROKEN = model.CommandResult(['/usr/sbin/httpd', '-t'], 1, u'', u'Syntax error on line 3')
NO_MPM = BROKEN._replace(err=u'AH00534: httpd: Configuration error: No MPM loaded.\n')
ITK = [
    ('/etc/httpd/conf.modules.d/01-itk.conf', u'LoadModule mpm_itk_module modules/mod_mpm_itk.so\n')
]
NEW = model.Build('2.4.62', hosts.ROOT, hosts.MAIN, '/etc/httpd/run/httpd.pid')
OLD_2_4 = NEW._replace(version='2.4.6')


def facts(path, problem=None, encoding='utf-8'):
    return dict(
        hosts.paths_of([hosts.SYSCONFIG, '/var/www/html']),
        **{path: model.PathFacts(path, path, problem, encoding)}
    )


def judged(state, wanted, answers=()):
    return [
        (finding.rule, finding.level)
        for finding in planner.build_plan(state, wanted, answers).findings
    ]


def refusals(state, wanted, answers=()):
    return [rule for rule, level in judged(state, wanted, answers) if level == model.REFUSE]


def host(**changes):
    changes.setdefault('build', NEW)
    return hosts.el6_host(**changes)


def by_package(others=(), problem=None, running='prefork'):
    """A host of the kind of Debian 7, of which only the package with prefork is installed."""
    swap = model.Swap('apache2-mpm-worker', ['apache2-mpm-prefork'], list(others), problem)
    state = host(mpms=('prefork',), running=running, layout='mpm_package', swaps={'worker': swap})
    choice = model.Choice(
        '/usr/sbin/apache2',
        None,
        None,
        None,
        '/usr/sbin/apache2',
        '/usr/sbin/apache2',
        'prefork',
        None,
    )
    return hosts.changed(
        state, choice=choice, paths=dict(state.disk.paths, **hosts.paths_of([choice.path]))
    )


def with_servers(state, **changes):
    return state._replace(servers=state.servers._replace(**changes))


def with_service(state, **changes):
    return state._replace(service=state.service._replace(**changes))


def with_running(state, **changes):
    return with_servers(state, running=state.servers.running._replace(**changes))


def started_by(kind, name=None):
    """A host whose server was started so."""
    launch = model.Launch(supervisor=model.Supervisor(kind, name))
    return with_running(hosts.el9_host(), launch=launch)


def with_dependents(*problems):
    """A host with units that go with its service."""
    units = [
        model.Dependent('%d.service' % number, problem) for number, problem in enumerate(problems)
    ]
    return with_service(hosts.el9_host(), dependents=units)


def beside(*files):
    """An instance that reads these files."""
    return model.Other(
        STRANGER, '/etc/httpd/conf/blue.conf', frozenset(files), 'httpd@blue.service'
    )


def with_setting(state, lines):
    """The host with more lines at the end of its configuration."""
    return state._replace(tree=append_to(state.tree, hosts.PHP_CONF, lines))


def with_locked_key(state):
    """The host with a TLS key that has a pass phrase, and nothing said of who is asked for it."""
    lines = u'SSLEngine on\nSSLCertificateKeyFile /etc/pki/key\n'
    return hosts.changed(with_setting(state, lines), keys=LOCKED)


def append_to(tree, path, lines):
    return tree._replace(files=dict(tree.files, **{path: tree.files[path] + lines}))


def answer(error=None):
    return model.Answer('http://a/', 500, False, True, error)


# (rule, host, what is wanted, whether it is refused by that rule); where it is not, nothing else
# refuses it either.
EACH = [
    ('plesk', host(panels=[PLESK]), hosts.wanted('worker'), True),
    ('plesk', host(), hosts.wanted('worker'), False),
    ('config_broken', host(config_test=BROKEN), hosts.wanted('worker'), True),
    (
        'choice_unclear',
        host(sysconfig=u'if true; then HTTPD=/usr/sbin/httpd.event; fi\n', running='prefork'),
        hosts.wanted('worker'),
        True,
    ),
    ('mpm_missing', host(mpms=('prefork', 'event')), hosts.wanted('worker'), True),
    ('mpm_missing', host(mpms=('prefork', 'worker')), hosts.wanted('worker'), False),
    ('mpm_by_package', by_package(), hosts.wanted('worker'), True),
    ('mpm_by_package', by_package(running=None), hosts.wanted('worker'), True),
    ('mpm_by_package', by_package(), hosts.wanted('prefork'), False),
    ('mpm_by_package', host(), hosts.wanted('worker'), False),
    ('old_event', host(build=OLD_2_4), hosts.wanted('event'), True),
    ('old_event', host(build=NEW._replace(version='2.4.25')), hosts.wanted('event'), False),
    ('old_event', host(build=OLD_2_4), hosts.wanted('worker'), False),
    ('php_not_threadsafe', host(php_files=NO_ZTS), hosts.wanted('worker'), True),
    (
        'php_not_threadsafe',
        host(php_files=dict(NO_ZTS, **{hosts.ZTS: 'nts'})),
        hosts.wanted('worker'),
        True,
    ),
    (
        'php_not_threadsafe',
        host(php_files=dict(NO_ZTS, **{hosts.ZTS: 'unknown'})),
        hosts.wanted('worker'),
        True,
    ),
    (
        'php_not_threadsafe',
        host(php_conf=hosts.EL5_PHP, php_files=NO_ZTS),
        hosts.wanted('event'),
        True,
    ),
    ('php_not_threadsafe', host(php_files=NO_ZTS), hosts.wanted('worker', php='none'), False),
    (
        'php_not_threadsafe',
        host(php_files=NO_ZTS, running='worker', sysconfig=u'HTTPD=/usr/sbin/httpd.worker\n'),
        hosts.wanted('prefork'),
        False,
    ),
    ('php_not_threadsafe', host(), hosts.wanted('event'), False),
    (
        'php_not_threadsafe',
        host(php_conf=None, php_files={}),
        hosts.wanted('worker', php='zts'),
        True,
    ),
    ('php_not_threadsafe', host(php_conf=None, php_files={}), hosts.wanted('worker'), False),
    ('php_lost', host(), hosts.wanted('event', php='keep'), True),
    ('php_lost', host(), hosts.wanted('event', php='none'), False),
    ('php_lost', host(), hosts.wanted('event'), False),
    (
        'php_lost',
        host(
            php_files={hosts.ZTS: 'ts'},
            running='worker',
            sysconfig=u'HTTPD=/usr/sbin/httpd.worker\n',
            php_conf=hosts.STOCK_PHP,
        ),
        hosts.wanted('prefork'),
        True,
    ),
    (
        'not_ours',
        with_servers(host(running=None), strangers=[STRANGER], pid_file_state='stale'),
        hosts.wanted('worker'),
        True,
    ),
    (
        'not_ours',
        with_servers(host(running=None), pid_file_state='reused'),
        hosts.wanted('worker'),
        True,
    ),
    (
        'not_ours',
        with_servers(host(running=None), pid_file_state='stale'),
        hosts.wanted('worker'),
        False,
    ),
    (
        'not_ours',
        host(port_holders=[('127.0.0.1', 80, 'process 7 (nginx)')]),
        hosts.wanted('worker'),
        True,
    ),
    (
        'not_ours',
        host(port_holders=[('127.0.0.1', 8080, 'process 7 (nginx)')]),
        hosts.wanted('worker'),
        False,
    ),
    (
        'not_ours',
        host(
            httpd_conf=hosts.STOCK_HTTPD.replace(u'Listen 80\n', u'Listen 10.0.0.1:80\n'),
            port_holders=[('127.0.0.1', 80, 'process 7')],
        ),
        hosts.wanted('worker'),
        False,
    ),
    ('directives_invalid', host(), hosts.wanted('worker', directives={'MinSpareServers': 4}), True),
    (
        'directives_invalid',
        host(),
        hosts.wanted('worker', directives={'ThreadsPerChild': 64}),
        True,
    ),
    (
        'directives_invalid',
        host(),
        hosts.wanted('worker', directives={'ThreadsPerChild': 50, 'MaxClients': 400}),
        False,
    ),
    (
        'unsafe_paths',
        hosts.changed(host(), paths=facts(hosts.SYSCONFIG, 'it belongs to user 48')),
        hosts.wanted('worker'),
        True,
    ),
    (
        'unsafe_paths',
        hosts.changed(host(), paths=facts(hosts.PHP_CONF, 'it belongs to user 48')),
        hosts.wanted('worker'),
        False,
    ),
    (
        'not_utf8',
        hosts.changed(host(), paths=facts(hosts.SYSCONFIG, None, 'other')),
        hosts.wanted('worker'),
        True,
    ),
    (
        'not_utf8',
        hosts.changed(host(), paths=facts(hosts.PHP_CONF, None, 'other')),
        hosts.wanted('worker'),
        False,
    ),
    ('control_panel', host(panels=[CPANEL]), hosts.wanted('worker'), True),
    ('control_panel', hosts.el9_host(panels=[CPANEL]), hosts.wanted('prefork'), True),
    ('control_panel', hosts.el9_host(panels=[CPANEL]), hosts.wanted('event'), False),
    ('control_panel', host(), hosts.wanted('worker'), False),
    ('config_broken', hosts.el9_host(config_test=NO_MPM), hosts.wanted('prefork'), True),
    ('config_broken', host(config_test=NO_MPM), hosts.wanted('worker'), True),
    (
        'config_broken',
        hosts.el9_host(running=None, mpm_conf=u'#', config_test=BROKEN),
        hosts.wanted('prefork'),
        True,
    ),
    ('mpm_missing', hosts.el9_host(mpms=('prefork', 'event')), hosts.wanted('worker'), True),
    ('old_event', hosts.el7_host(more=()), hosts.wanted('event'), True),
    ('php_not_threadsafe', hosts.el7_host(), hosts.wanted('worker'), True),
    ('php_not_threadsafe', hosts.el7_host(), hosts.wanted('worker', php='none'), False),
    (
        'php_directives',
        with_setting(hosts.el7_host(), u'php_value a b\n'),
        hosts.wanted('worker', php='keep'),
        True,
    ),
    (
        'php_directives',
        with_setting(hosts.el7_host(), u'php_value a b\n'),
        hosts.wanted('worker', php='none'),
        False,
    ),
    (
        'php_directives',
        with_setting(hosts.el7_host(), u'<IfModule mod_php5.c>\nphp_value a b\n</IfModule>\n'),
        hosts.wanted('worker', php='none'),
        False,
    ),
    ('module_needs_prefork', hosts.el9_host(more=ITK), hosts.wanted('worker'), True),
    ('module_needs_prefork', hosts.el9_host(more=ITK), hosts.wanted('prefork'), False),
    ('service_masked', with_service(hosts.el9_host(), masked=True), hosts.wanted('worker'), True),
    (
        'service_masked',
        with_service(hosts.el9_host(running=None), masked=True),
        hosts.wanted('worker'),
        False,
    ),
    (
        'unit_cannot_start',
        with_service(hosts.el9_host(), lost=('ReadWritePaths=/srv/gone',)),
        hosts.wanted('worker'),
        True,
    ),
    (
        'unit_cannot_start',
        with_service(hosts.el9_host(running=None), lost=('ReadWritePaths=/srv/gone',)),
        hosts.wanted('worker'),
        False,
    ),
    ('start_needs_a_person', with_locked_key(hosts.el9_host()), hosts.wanted('worker'), True),
    (
        'start_needs_a_person',
        with_locked_key(hosts.el9_host(running=None)),
        hosts.wanted('worker'),
        False,
    ),
    (
        'start_needs_a_person',
        hosts.changed(with_locked_key(hosts.el9_host()), keys=model.Keys()),
        hosts.wanted('worker'),
        False,
    ),
    ('not_managed', started_by(model.BY_HAND), hosts.wanted('worker'), True),
    ('not_managed', started_by(model.BY_UNIT, 'monit.service'), hosts.wanted('worker'), True),
    ('not_managed', started_by(model.BY_PARENT, 'runsv'), hosts.wanted('worker'), True),
    ('not_managed', started_by(model.BY_PARENT, None), hosts.wanted('worker'), True),
    ('not_managed', started_by(model.BY_CONTAINER, 'httpd'), hosts.wanted('worker'), True),
    ('not_managed', started_by(model.BY_SERVICE), hosts.wanted('worker'), False),
    ('not_managed', hosts.el9_host(running=None), hosts.wanted('worker'), False),
    ('service_broken', with_service(host(), problem='no script'), hosts.wanted('worker'), True),
    (
        'service_broken',
        with_service(host(running=None), problem='no script'),
        hosts.wanted('worker'),
        False,
    ),
    ('dependent_units', with_dependents(None, 'it is transient'), hosts.wanted('worker'), True),
    ('dependent_units', with_dependents(None), hosts.wanted('worker'), False),
    ('not_ours', hosts.el9_host(), hosts.wanted('worker'), False),
    (
        'not_ours',
        with_running(hosts.el9_host(), config='/etc/httpd/conf/blue.conf'),
        hosts.wanted('worker'),
        True,
    ),
    ('not_ours', with_running(hosts.el9_host(), config=None), hosts.wanted('worker'), False),
    (
        'not_ours',
        hosts.changed(hosts.el9_host(), others=[beside(hosts.MPM_CONF)]),
        hosts.wanted('worker', accept=['shared_files']),
        False,
    ),
    (
        'shared_files',
        hosts.changed(hosts.el9_host(), others=[beside('/etc/httpd/blue.modules.d/00-mpm.conf')]),
        hosts.wanted('worker'),
        False,
    ),
    (
        'shared_files',
        hosts.changed(hosts.el9_host(), others=[beside(hosts.MPM_CONF)]),
        hosts.wanted('worker'),
        True,
    ),
    (
        'shared_files',
        hosts.changed(hosts.el9_host(), others=[beside(hosts.MPM_CONF)]),
        hosts.wanted('event'),
        False,
    ),
    ('strategy_unavailable', host(), hosts.wanted('worker')._replace(strategy='hold'), True),
    ('strategy_unavailable', host(), hosts.wanted('worker')._replace(strategy='stop'), False),
    (
        'strategy_unavailable',
        host(running=None),
        hosts.wanted('worker')._replace(strategy='hold'),
        False,
    ),
]
