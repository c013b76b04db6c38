# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hosts for tests, as the stage that reads would describe them, made from the texts of real
files.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts import (
    mods_enabled,
    sysconfig_apache2,
)
from ansible_collections.webops.apache.plugins.module_utils._layouts.record import Reading
from ansible_collections.webops.apache.plugins.module_utils._layouts.table import layout_named
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_options import (
    without_directives,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.trees import (
    with_file,
    with_text,
    without_file,
)
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.host_parts import (
    ALL_FIXTURES,
    MAIN,
    ROOT,
    changed,
    fixture,
    paths_of,
    reading_of,
    tree_of,
)

FIXTURES = os.path.join(ALL_FIXTURES, 'sysconfig_httpd')
PHP_CONF = '/etc/httpd/conf.d/php.conf'
SYSCONFIG = '/etc/sysconfig/httpd'
NTS = '/etc/httpd/modules/libphp5.so'
ZTS = '/etc/httpd/modules/libphp5-zts.so'
BINARIES = {
    'prefork': '/usr/sbin/httpd',
    'worker': '/usr/sbin/httpd.worker',
    'event': '/usr/sbin/httpd.event',
}
# Where the MPM is a module: one program, and a file that chooses.
HTTPD = '/usr/sbin/httpd'
MPM_CONF = '/etc/httpd/conf.modules.d/00-mpm.conf'
PHP_MODULES_CONF = '/etc/httpd/conf.modules.d/10-php.conf'
SHARED = ['core.c', 'mod_so.c', 'http_core.c']
MPM_MODULES = dict((mpm, '/etc/httpd/modules/mod_mpm_%s.so' % mpm) for mpm in model.MPMS)
# /etc/httpd/modules is a link.
REAL_MODULES = dict((mpm, '/usr/lib64/httpd/modules/mod_mpm_%s.so' % mpm) for mpm in model.MPMS)


STOCK_PHP = fixture('php.conf')
EL5_PHP = fixture('php-el5.conf')
STOCK_HTTPD = fixture('httpd.conf')
STOCK_SYSCONFIG = fixture('sysconfig')
EL7_MPM = fixture('00-mpm-el7.conf', 'loadmodule')
EL9_MPM = fixture('00-mpm-el9.conf', 'loadmodule')
EL_HTTPD = fixture('httpd.conf', 'loadmodule')
EL7_PHP = (
    (PHP_MODULES_CONF, fixture('10-php-el7.conf', 'loadmodule')),
    (PHP_CONF, fixture('php-el7.conf', 'loadmodule')),
)
EL9_PHP = ((PHP_CONF, fixture('php-el9.conf', 'loadmodule')),)


def wanted(mpm, php=None, directives=None, probes=(), accept=(), **seconds):
    """What a user wants, defaults as in the module."""
    times = dict({'drain_timeout': 5, 'stop_timeout': 10, 'soak': 2}, **seconds)
    return model.Wanted(
        mpm,
        php,
        directives or {},
        list(probes),
        times['drain_timeout'],
        times['stop_timeout'],
        times['soak'],
        list(accept),
    )


def conf_tree(httpd_conf=STOCK_HTTPD, php_conf=STOCK_PHP, more=()):
    """A ConfigTree with httpd.conf and the files of conf.d. more: [(path, text)]."""
    files = {MAIN: httpd_conf}
    if php_conf is not None:
        files[PHP_CONF] = php_conf
    files.update(more)
    return tree_of(files)


def choice_of(sysconfig, binaries=None):
    """The Choice that a text of /etc/sysconfig/httpd makes."""
    compiled = dict(
        (path, SHARED + [mpm + '.c'])
        for mpm, path in (BINARIES if binaries is None else binaries).items()
    )
    return layout_named('sysconfig_httpd').read_choice(
        reading_of(conf_tree(), {SYSCONFIG: sysconfig}, compiled, HTTPD)
    )


def server(mpm, pid=100, ports=(80,), exe=None):
    """A Running server."""
    main = model.Process(
        pid, 1, 1000 + pid, os.path.basename(exe or BINARIES[mpm])[:15], exe or BINARIES[mpm]
    )
    listeners = [model.Listener(4, '0.0.0.0', port, 7000 + port) for port in ports]
    return model.Running(main, mpm, 9, 9, listeners)


def servers_of(running, exe=None):
    """Servers of which one runs this MPM by this program, or none."""
    if not running:
        return model.Servers(None, [], 'absent')
    return model.Servers(server(running, exe=exe) if exe else server(running), [], 'ok')


EL6_SERVICE = model.Service(
    'httpd',
    'sysv',
    ['/sbin/service', 'httpd', 'start'],
    ['/sbin/service', 'httpd', 'stop'],
    '/var/run/httpd/httpd.pid',
)
# What is known of a unit in which another server can be started, with /usr merged and without.
BESIDE_UNIT = {
    'unit': 'httpd.service',
    'type': 'notify',
    'start': ['/usr/sbin/httpd', '$OPTIONS'],
    'control': '/bin/systemctl',
    'remove': '/bin/rm',
}
OVERLAP_UNIT = dict(
    BESIDE_UNIT,
    start=['/usr/sbin/httpd', '$OPTIONS', '-C', 'ListenCoresBucketsRatio 4096'],
    control='/usr/bin/systemctl',
    remove='/usr/bin/rm',
)
_CONTROL = '/usr/bin/systemctl'
EL9_SERVICE = model.Service(
    'httpd',
    'systemd',
    [_CONTROL, 'start', '--', 'httpd'],
    [_CONTROL, 'stop', '--', 'httpd'],
    '/run/httpd/httpd.pid',
    begin_stop=[_CONTROL, 'stop', '--no-block', '--', 'httpd'],
    prepare=[_CONTROL, 'reset-failed', '--', 'httpd'],
    main_pid=100,
)


def el6_host(
    running='same',
    httpd_conf=STOCK_HTTPD,
    php_conf=STOCK_PHP,
    sysconfig=STOCK_SYSCONFIG,
    more=(),
    php_files=None,
    mpms=model.MPMS,
    **changes
):
    """A HostState of the EL6 kind. running: an MPM, 'same' as configured, or None for a stopped
    server; changes: other fields of it."""
    binaries = dict((mpm, BINARIES[mpm]) for mpm in mpms)
    choice = choice_of(sysconfig, binaries)
    tree = conf_tree(httpd_conf, php_conf, more)
    running = choice.mpm if running == 'same' else running
    php_files = {NTS: 'nts', ZTS: 'ts'} if php_files is None else php_files
    state = model.HostState(
        layout='sysconfig_httpd',
        choice=choice,
        launch=model.Launch(),
        tree=tree,
        installed=model.Installed(
            binaries=binaries,
            static_modules=dict((mpm, SHARED + [mpm + '.c']) for mpm in mpms),
            mpm_modules={},
            real_paths=dict((path, path) for path in list(binaries.values()) + list(php_files)),
            php_files=php_files,
        ),
        around=model.Around(),
        service=EL6_SERVICE,
        build=model.Build('2.2.15', ROOT, MAIN, '/etc/httpd/run/httpd.pid'),
        servers=servers_of(running),
        config_test=model.CommandResult([HTTPD, '-t'], 0, u'', u'Syntax OK\n'),
        disk=model.Disk(
            paths=paths_of(list(tree.files) + [SYSCONFIG, '/var/www/html']),
            evidence={SYSCONFIG: sysconfig},
        ),
    )
    return changed(state, **changes)


def el9_host(
    running='same',
    mpm_conf=EL9_MPM,
    httpd_conf=EL_HTTPD,
    more=EL9_PHP,
    php_files=None,
    mpms=model.MPMS,
    version='2.4.62',
    **changes
):
    """A HostState of the EL9 kind, with 00-mpm.conf. Arguments as for el6_host."""
    tree = tree_of(dict({MAIN: httpd_conf, MPM_CONF: mpm_conf}, **dict(more)))
    choice = layout_named('loadmodule').read_choice(
        reading_of(tree, {}, {HTTPD: SHARED}, HTTPD, version, changes.get('options', ()))
    )
    running, php_files = choice.mpm if running == 'same' else running, php_files or {}
    modules = dict((mpm, MPM_MODULES[mpm]) for mpm in mpms)
    real_paths = dict((modules[mpm], REAL_MODULES[mpm]) for mpm in mpms)
    real_paths.update((path, path) for path in [HTTPD] + list(php_files))
    state = model.HostState(
        layout='loadmodule',
        choice=choice,
        launch=model.Launch(),
        tree=tree,
        installed=model.Installed(
            binaries=dict((mpm, HTTPD) for mpm in mpms),
            static_modules=dict((mpm, SHARED) for mpm in mpms),
            mpm_modules=modules,
            real_paths=real_paths,
            php_files=php_files,
        ),
        around=model.Around(),
        service=EL9_SERVICE,
        build=model.Build(version, ROOT, MAIN, '/etc/httpd/run/httpd.pid'),
        servers=servers_of(running, HTTPD),
        config_test=model.CommandResult([HTTPD, '-t'], 0, u'', u'Syntax OK\n'),
        disk=model.Disk(paths=paths_of(list(tree.files) + ['/var/www/html'])),
    )
    return changed(state, **changes)


def el7_host(
    running='same', mpm_conf=EL7_MPM, more=EL7_PHP, php_files=None, version='2.4.6', **others
):
    """A HostState of the EL7 kind: as el9_host, but prefork is active and loads a PHP that is
    not thread-safe.
    """
    return el9_host(
        running,
        mpm_conf,
        more=more,
        php_files={NTS: 'nts'} if php_files is None else php_files,
        version=version,
        **others
    )


def after(state, plan):
    """The same host once the edits of a plan are on the disk and the server was restarted."""
    tree, evidence = state.tree, dict(state.disk.evidence)
    for edit in plan.edits:
        if edit.path in evidence:
            evidence[edit.path] = edit.after
        else:
            tree = _edited(tree, evidence, edit)
    compiled = dict(
        (path, state.installed.static_modules[mpm])
        for mpm, path in state.installed.binaries.items()
    )
    choice = layout_named(state.layout).read_choice(
        reading_of(tree, evidence, compiled, HTTPD, state.build.version, state.launch.options)
    )
    running = (
        server(choice.mpm, exe=state.installed.binaries.get(choice.mpm))
        if state.servers.running
        else None
    )
    return changed(
        state,
        tree=tree,
        choice=choice,
        servers=state.servers._replace(running=running),
        evidence=evidence,
    )


def _edited(tree, evidence, edit):
    if edit.after is None:
        return without_file(tree, edit.path)
    if isinstance(edit.after, model.Link):
        target = os.path.normpath(os.path.join(os.path.dirname(edit.path), edit.after.target))
        return with_file(tree, edit.path, evidence.get(target) or u'', edit.after.target)
    return (
        with_text(tree, edit.path, edit.after)
        if edit.path in tree.files
        else with_file(tree, edit.path, edit.after)
    )


DEBIAN_ROOT, DEBIAN_MAIN = '/etc/apache2', '/etc/apache2/apache2.conf'
DEBIAN_PHP = '/usr/lib/apache2/modules/libphp8.2.so'
DEBIAN_AVAILABLE = [
    '%s%s' % (module, part)
    for module in ('mpm_prefork', 'mpm_worker', 'mpm_event', 'php8.2', 'cgid')
    for part in ('.load', '.conf')
] + ['cgi.load']


def debian_disk(mpm='prefork', php=None, cgi=False, guarded=False, marks=True, more=()):
    """{path: text or Link} of a Debian host, as its packages leave it. php: None (where prefork
    is); guarded: as Debian 11 has it.
    """
    disk = {
        DEBIAN_MAIN: fixture('apache2.conf', 'mods_enabled/debian12'),
        DEBIAN_ROOT + '/ports.conf': u'Listen 80\n',
    }
    for name in DEBIAN_AVAILABLE:
        folder = (
            'mods_enabled/debian11'
            if guarded and name.startswith('mpm_')
            else 'mods_enabled/debian12'
        )
        disk['%s/%s' % (mods_enabled.AVAILABLE, name)] = fixture(name, folder)
    enabled = ['mpm_' + mpm] + (['php8.2'] if (mpm == 'prefork' if php is None else php) else [])
    enabled += [('cgi' if mpm == 'prefork' else 'cgid')] if cgi else []
    for name in DEBIAN_AVAILABLE:
        if os.path.splitext(name)[0] in enabled:
            disk['%s/%s' % (mods_enabled.ENABLED, name)] = model.Link('../mods-available/' + name)
    for module in enabled if marks else []:
        disk['%s/enabled_by_maint/%s' % (mods_enabled.MARKS, module)] = u''
    disk.update(more)
    return disk


def content_of(disk, path):
    """What is read at a path of a disk, behind a link; None where there is nothing."""
    found = disk.get(path)
    return (
        disk.get(os.path.normpath(os.path.join(os.path.dirname(path), found.target)))
        if isinstance(found, model.Link)
        else found
    )


def debian_tree(disk):
    """The ConfigTree that httpd reads from a disk."""

    def is_read(path):
        return path.startswith(DEBIAN_ROOT) and '-available/' not in path

    files = dict((path, content_of(disk, path) or u'') for path in disk if is_read(path))
    links = dict((path, disk[path].target) for path in files if isinstance(disk[path], model.Link))
    return tree_of(files, DEBIAN_MAIN, DEBIAN_ROOT)._replace(links=links)


def where_it_leads(path, tree):
    """The real path of a file that may be a link."""
    return os.path.normpath(os.path.join(os.path.dirname(path), tree.links.get(path, path)))


def debian_host(disk=None, running='same', version='2.4.62', php_files=None, **changes):
    """A HostState of the Debian kind, made of a disk. Other arguments as for el6_host."""
    disk = debian_disk() if disk is None else disk
    tree, program = debian_tree(disk), mods_enabled.PROGRAM
    evidence = dict(
        (path, content_of(disk, path))
        for path in disk
        if '-available/' in path or path.startswith(mods_enabled.MARKS)
    )
    links = dict(
        (path, disk[path].target) for path in evidence if isinstance(disk[path], model.Link)
    )
    reading = reading_of(tree, evidence, {program: SHARED}, program, version)
    choice, found = mods_enabled.read_choice(reading), mods_enabled.mpms(reading)
    running = choice.mpm if running == 'same' else running
    php_files = {DEBIAN_PHP: 'nts'} if php_files is None else php_files
    modules = dict((mpm, found[mpm][1][0]) for mpm in found)
    real_paths = dict((path, path) for path in [program] + list(modules.values()) + list(php_files))
    paths = dict(
        (path, model.PathFacts(path, where_it_leads(path, tree), None, 'utf-8'))
        for path in list(tree.files) + list(evidence)
    )
    state = changed(
        el9_host(),
        layout='mods_enabled',
        choice=choice,
        tree=tree,
        php_files=php_files,
        binaries=dict((mpm, program) for mpm in found),
        service=el9_host().service._replace(name='apache2', pid_file='/run/apache2/apache2.pid'),
        build=model.Build(version, DEBIAN_ROOT, DEBIAN_MAIN, '/run/apache2/apache2.pid'),
        static_modules=dict((mpm, SHARED) for mpm in found),
        servers=servers_of(running, program),
        paths=paths,
        real_paths=real_paths,
        mpm_modules=modules,
        evidence=evidence,
        links=links,
    )
    return changed(state, **changes)


STOCK_APACHE2 = fixture('apache2', 'sysconfig_apache2')
SUSE_BINARIES = dict((mpm, '/usr/sbin/httpd-' + mpm) for mpm in model.MPMS)
SUSE_PHP = '/usr/lib64/apache2-prefork/mod_php7.so'


def suse_evidence(sysconfig=STOCK_APACHE2, missing=()):
    """What is read of a SUSE host. missing: [(mpm, module)] that have no file; PHP is there for
    prefork only.
    """
    evidence = {
        sysconfig_apache2.CHOICE_FILE: sysconfig,
        sysconfig_apache2.START: u'httpd-$APACHE_MPM\n',
        SUSE_PHP: u'',
    }
    named = sysconfig_apache2.shell.last_assignment(STOCK_APACHE2, 'APACHE_MODULES').value.split()
    for mpm in model.MPMS:
        for name in set(named + ['cgid', 'status']) - set(
            ['php7', 'cgi' if mpm == 'event' else '']
        ):
            if (mpm, name) not in missing:
                evidence['/usr/lib64/apache2-%s/mod_%s.so' % (mpm, name)] = u''
    return evidence


def suse_files(layout, folder, options):
    """{path: text} of the configuration of a SUSE host."""
    _rest, first, last = without_directives(options)
    names = ('httpd.conf', 'listen.conf', 'server-tuning.conf', 'default-server.conf')
    files = dict((folder + name, fixture(name, 'sysconfig_apache2')) for name in names)
    lines = first + [u'Include ' + layout.MAIN] + last
    files[model.COMMAND_LINE] = u'\n'.join(lines) + u'\n'
    files[layout.generated_files({})[0]] = fixture('loadmodule.conf', 'sysconfig_apache2')
    files[folder + 'conf.d/mod_php7.conf'] = fixture('mod_php7.conf', 'sysconfig_apache2')
    return files


def suse_host(
    sysconfig=STOCK_APACHE2, running='same', missing=(), more=(), mpms=model.MPMS, **changes
):
    """A HostState of the SUSE kind. Arguments as for el6_host and suse_evidence."""
    layout, folder = sysconfig_apache2, '/etc/apache2/'
    evidence = suse_evidence(sysconfig, missing)
    compiled = dict((SUSE_BINARIES[mpm], SHARED + [mpm + '.c']) for mpm in mpms)
    options = layout.read_options(evidence, {})
    files = dict(suse_files(layout, folder, options), **dict(more))
    tree = tree_of(files, layout.MAIN, '/srv/www')._replace(start=model.COMMAND_LINE)
    choice = layout.read_choice(Reading(evidence, compiled, tree, None))
    running = choice.mpm if running == 'same' else running
    state = changed(
        el9_host(),
        layout='sysconfig_apache2',
        choice=choice,
        options=options,
        tree=tree,
        php_files={SUSE_PHP: 'nts'},
        evidence=evidence,
        mpm_modules={},
        binaries=dict((mpm, SUSE_BINARIES[mpm]) for mpm in mpms),
        static_modules=dict((mpm, SHARED + [mpm + '.c']) for mpm in mpms),
        servers=servers_of(running, SUSE_BINARIES.get(running)),
        paths=paths_of(list(tree.files) + [layout.CHOICE_FILE]),
        real_paths=dict((path, path) for path in SUSE_BINARIES.values()),
    )
    return changed(state, **changes)
