# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hosts for tests, as the stage that reads would describe them, made from the texts of real files."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import fnmatch
import io
import os

from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts.record import Reading
from ansible_collections.webops.apache.plugins.module_utils._layouts.table import layout_named
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import World, static_names
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_conf import DIRECTIVE, parse_lines
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_options import defined_names
from ansible_collections.webops.apache.plugins.module_utils._syntax.trees import with_file, with_text, without_file

ALL_FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'fixtures')
FIXTURES = os.path.join(ALL_FIXTURES, 'sysconfig_httpd')
ROOT = '/etc/httpd'
MAIN = '/etc/httpd/conf/httpd.conf'
PHP_CONF = '/etc/httpd/conf.d/php.conf'
SYSCONFIG = '/etc/sysconfig/httpd'
NTS = '/etc/httpd/modules/libphp5.so'
ZTS = '/etc/httpd/modules/libphp5-zts.so'
BINARIES = {'prefork': '/usr/sbin/httpd', 'worker': '/usr/sbin/httpd.worker', 'event': '/usr/sbin/httpd.event'}
# Where the MPM is a module: one program, and a file that chooses.
HTTPD = '/usr/sbin/httpd'
MPM_CONF = '/etc/httpd/conf.modules.d/00-mpm.conf'
PHP_MODULES_CONF = '/etc/httpd/conf.modules.d/10-php.conf'
SHARED = ['core.c', 'mod_so.c', 'http_core.c']
MPM_MODULES = dict((mpm, '/etc/httpd/modules/mod_mpm_%s.so' % mpm) for mpm in model.MPMS)
# /etc/httpd/modules is a link.
REAL_MODULES = dict((mpm, '/usr/lib64/httpd/modules/mod_mpm_%s.so' % mpm) for mpm in model.MPMS)


def fixture(name, folder='sysconfig_httpd'):
    """Text of a stock file, every byte of it."""
    with io.open(os.path.join(ALL_FIXTURES, folder, name), 'r', encoding='latin-1', newline='') as stream:
        return stream.read()


STOCK_PHP = fixture('php.conf')
EL5_PHP = fixture('php-el5.conf')
STOCK_HTTPD = fixture('httpd.conf')
STOCK_SYSCONFIG = fixture('sysconfig')
EL7_MPM = fixture('00-mpm-el7.conf', 'loadmodule')
EL9_MPM = fixture('00-mpm-el9.conf', 'loadmodule')
EL_HTTPD = fixture('httpd.conf', 'loadmodule')
EL7_PHP = ((PHP_MODULES_CONF, fixture('10-php-el7.conf', 'loadmodule')), (PHP_CONF, fixture('php-el7.conf', 'loadmodule')))
EL9_PHP = ((PHP_CONF, fixture('php-el9.conf', 'loadmodule')),)


def wanted(mpm, php=None, directives=None, probes=(), accept=(), **seconds):
    """What a user wants, defaults as in the module."""
    times = dict({'drain_timeout': 5, 'stop_timeout': 10, 'soak': 2}, **seconds)
    return model.Wanted(mpm, php, directives or {}, list(probes), times['drain_timeout'], times['stop_timeout'], times['soak'], list(accept))


def tree_of(files, main=MAIN):
    """A ConfigTree of {path: text}, its Include lines resolved among these files as httpd would on the disk."""
    includes = {}
    for path, text in files.items():
        for line in parse_lines(text):
            if line.kind == DIRECTIVE and line.name in ('include', 'includeoptional') and line.args:
                folder, name = os.path.split(os.path.join(ROOT, line.args[0]))
                includes[(path, line.number)] = sorted(
                    other for other in files if os.path.dirname(other) == folder and fnmatch.fnmatchcase(os.path.basename(other), name))
    return model.ConfigTree(main, ROOT, dict(files), includes, frozenset())


def conf_tree(httpd_conf=STOCK_HTTPD, php_conf=STOCK_PHP, more=()):
    """A ConfigTree with httpd.conf and the files of conf.d. more: [(path, text)]."""
    files = {MAIN: httpd_conf}
    if php_conf is not None:
        files[PHP_CONF] = php_conf
    files.update(more)
    return tree_of(files)


def reading_of(tree, evidence, compiled, program, version='2.2.15', options=()):
    """What a layout may judge by."""
    return Reading(evidence, compiled, tree, World(static_names(compiled.get(program, ())), defined_names(options), version))


def choice_of(sysconfig, binaries=None):
    """The Choice that a text of /etc/sysconfig/httpd makes."""
    compiled = dict((path, SHARED + [mpm + '.c']) for mpm, path in (BINARIES if binaries is None else binaries).items())
    return layout_named('sysconfig_httpd').read_choice(reading_of(conf_tree(), {SYSCONFIG: sysconfig}, compiled, HTTPD))


def server(mpm, pid=100, ports=(80,), exe=None):
    """A Running server."""
    main = model.Process(pid, 1, 1000 + pid, os.path.basename(exe or BINARIES[mpm])[:15], exe or BINARIES[mpm])
    listeners = [model.Listener(4, '0.0.0.0', port, 7000 + port) for port in ports]
    return model.Running(main, mpm, 9, 9, listeners)


def paths_of(paths):
    """PathFacts of paths that may be written safely."""
    return dict((path, model.PathFacts(path, path, None, 'utf-8')) for path in paths)


def el6_host(running='same', httpd_conf=STOCK_HTTPD, php_conf=STOCK_PHP, sysconfig=STOCK_SYSCONFIG, more=(), php_files=None, mpms=model.MPMS,
             **changes):
    """A HostState of the EL6 kind. running: an MPM, 'same' as configured, or None for a stopped server; changes: other fields of it."""
    binaries = dict((mpm, BINARIES[mpm]) for mpm in mpms)
    choice = choice_of(sysconfig, binaries)
    tree = conf_tree(httpd_conf, php_conf, more)
    running = choice.mpm if running == 'same' else running
    php_files = {NTS: 'nts', ZTS: 'ts'} if php_files is None else php_files
    state = model.HostState(
        layout='sysconfig_httpd', choice=choice, options=[], tree=tree, php_files=php_files, panels=[], binaries=binaries, port_holders=[],
        service=model.Service('httpd', 'sysv', ['/sbin/service', 'httpd', 'start'], ['/sbin/service', 'httpd', 'stop'],
                              '/var/run/httpd/httpd.pid'),
        build=model.Build('2.2.15', ROOT, MAIN, '/etc/httpd/run/httpd.pid'),
        static_modules=dict((mpm, SHARED + [mpm + '.c']) for mpm in mpms),
        servers=model.Servers(server(running) if running else None, [], 'ok' if running else 'absent'),
        config_test=model.CommandResult([HTTPD, '-t'], 0, u'', u'Syntax OK\n'),
        paths=paths_of(list(tree.files) + [SYSCONFIG, '/var/www/html']),
        real_paths=dict((path, path) for path in list(binaries.values()) + list(php_files)), evidence={SYSCONFIG: sysconfig})
    return state._replace(**changes)


def el9_host(running='same', mpm_conf=EL9_MPM, httpd_conf=EL_HTTPD, more=EL9_PHP, php_files=None, mpms=model.MPMS, version='2.4.62', **changes):
    """A HostState of the EL9 kind: one program, and conf.modules.d/00-mpm.conf loads the MPM. Arguments as for el6_host."""
    tree = tree_of(dict({MAIN: httpd_conf, MPM_CONF: mpm_conf}, **dict(more)))
    choice = layout_named('loadmodule').read_choice(reading_of(tree, {}, {HTTPD: SHARED}, HTTPD, version, changes.get('options', ())))
    running, php_files = choice.mpm if running == 'same' else running, php_files or {}
    real_paths = dict([(HTTPD, HTTPD)] + [(MPM_MODULES[mpm], REAL_MODULES[mpm]) for mpm in mpms] + [(path, path) for path in php_files])
    control = ['/usr/bin/systemctl']
    state = model.HostState(
        layout='loadmodule', choice=choice, options=[], tree=tree, php_files=php_files, panels=[], binaries=dict((mpm, HTTPD) for mpm in mpms),
        port_holders=[], service=model.Service(
            'httpd', 'systemd', control + ['start', 'httpd'], control + ['stop', 'httpd'], '/run/httpd/httpd.pid',
            begin_stop=control + ['stop', '--no-block', 'httpd'], prepare=control + ['reset-failed', 'httpd'], main_pid=100),
        build=model.Build(version, ROOT, MAIN, '/etc/httpd/run/httpd.pid'), static_modules=dict((mpm, SHARED) for mpm in mpms),
        servers=model.Servers(server(running, exe=HTTPD) if running else None, [], 'ok' if running else 'absent'),
        config_test=model.CommandResult([HTTPD, '-t'], 0, u'', u'Syntax OK\n'), paths=paths_of(list(tree.files) + ['/var/www/html']),
        real_paths=real_paths, mpm_modules=dict((mpm, MPM_MODULES[mpm]) for mpm in mpms))
    return state._replace(**changes)


def el7_host(running='same', mpm_conf=EL7_MPM, more=EL7_PHP, php_files=None, version='2.4.6', **others):
    """A HostState of the EL7 kind: as el9_host, but prefork is active and loads a PHP that is not thread-safe."""
    return el9_host(running, mpm_conf, more=more, php_files={NTS: 'nts'} if php_files is None else php_files, version=version, **others)


def after(state, plan):
    """The same host once the edits of a plan are on the disk and the server was restarted."""
    tree, evidence = state.tree, dict(state.evidence)
    for edit in plan.edits:
        if edit.path in evidence:
            evidence[edit.path] = edit.after
        else:
            tree = _edited(tree, evidence, edit)
    compiled = dict((path, state.static_modules[mpm]) for mpm, path in state.binaries.items())
    choice = layout_named(state.layout).read_choice(reading_of(tree, evidence, compiled, HTTPD, state.build.version, state.options))
    running = server(choice.mpm, exe=state.binaries.get(choice.mpm)) if state.servers.running else None
    return state._replace(tree=tree, choice=choice, servers=state.servers._replace(running=running), evidence=evidence)


def _edited(tree, evidence, edit):
    if edit.after is None:
        return without_file(tree, edit.path)
    if isinstance(edit.after, model.Link):
        target = os.path.normpath(os.path.join(os.path.dirname(edit.path), edit.after.target))
        return with_file(tree, edit.path, evidence.get(target) or u'', edit.after.target)
    return with_text(tree, edit.path, edit.after) if edit.path in tree.files else with_file(tree, edit.path, edit.after)
