# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Hosts for tests, as the stage that reads would describe them, made from the texts of real files."""
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import io
import os

from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts.table import layout_named
from ansible_collections.webops.apache.plugins.module_utils._plan.trees import with_text

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'fixtures', 'sysconfig_httpd')
ROOT = '/etc/httpd'
MAIN = '/etc/httpd/conf/httpd.conf'
PHP_CONF = '/etc/httpd/conf.d/php.conf'
SYSCONFIG = '/etc/sysconfig/httpd'
NTS = '/etc/httpd/modules/libphp5.so'
ZTS = '/etc/httpd/modules/libphp5-zts.so'
BINARIES = {'prefork': '/usr/sbin/httpd', 'worker': '/usr/sbin/httpd.worker', 'event': '/usr/sbin/httpd.event'}


def fixture(name):
    """Text of a stock file, every byte of it."""
    with io.open(os.path.join(FIXTURES, name), 'r', encoding='latin-1', newline='') as stream:
        return stream.read()


STOCK_PHP = fixture('php.conf')
EL5_PHP = fixture('php-el5.conf')
STOCK_HTTPD = fixture('httpd.conf')
STOCK_SYSCONFIG = fixture('sysconfig')


def wanted(mpm, php=None, directives=None, probes=(), accept=(), **seconds):
    """What a user wants, defaults as in the module."""
    times = dict({'drain_timeout': 5, 'stop_timeout': 10, 'soak': 2}, **seconds)
    return model.Wanted(mpm, php, directives or {}, list(probes), times['drain_timeout'], times['stop_timeout'], times['soak'], list(accept))


def conf_tree(httpd_conf=STOCK_HTTPD, php_conf=STOCK_PHP, more=()):
    """A ConfigTree with httpd.conf and the files of conf.d. more: [(path, text)]."""
    files = {MAIN: httpd_conf}
    if php_conf is not None:
        files[PHP_CONF] = php_conf
    files.update(more)
    included = sorted(path for path in files if path.startswith('/etc/httpd/conf.d/'))
    numbers = [number for number, line in enumerate(httpd_conf.split(u'\n'), 1) if line.strip() == u'Include conf.d/*.conf']
    return model.ConfigTree(MAIN, ROOT, files, dict(((MAIN, number), included) for number in numbers), frozenset())


def choice_of(sysconfig, binaries=None):
    """The Choice that a text of /etc/sysconfig/httpd makes."""
    by_path = dict((path, mpm) for mpm, path in (binaries or BINARIES).items())
    layout = layout_named('sysconfig_httpd')
    value, line, unclear = layout.read_choice({SYSCONFIG: sysconfig})
    binary = BINARIES['prefork'] if value is None else value
    return model.Choice(SYSCONFIG, sysconfig, value, line, binary, BINARIES['prefork'], by_path.get(binary), unclear)


def server(mpm, pid=100, ports=(80,), exe=None):
    """A Running server."""
    main = model.Process(pid, 1, 1000 + pid, os.path.basename(exe or BINARIES[mpm])[:15], exe or BINARIES[mpm])
    listeners = [model.Listener(4, '0.0.0.0', port, 7000 + port) for port in ports]
    return model.Running(main, mpm, 9, 9, listeners)


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
        static_modules=dict((mpm, ['core.c', 'mod_so.c', 'http_core.c', mpm + '.c']) for mpm in mpms),
        servers=model.Servers(server(running) if running else None, [], 'ok' if running else 'absent'),
        config_test=model.CommandResult(['/usr/sbin/httpd', '-t'], 0, u'', u'Syntax OK\n'),
        paths=dict((path, model.PathFacts(path, path, None, 'utf-8')) for path in list(tree.files) + [SYSCONFIG, '/var/www/html']),
        real_paths=dict((path, path) for path in list(binaries.values()) + list(php_files)))
    return state._replace(**changes)


def after(state, plan):
    """The same host once the edits of a plan are on the disk and the server was restarted."""
    tree, sysconfig = state.tree, state.choice.text
    for edit in plan.edits:
        if edit.path == state.choice.path:
            sysconfig = edit.after
        else:
            tree = with_text(tree, edit.path, edit.after)
    choice = choice_of(sysconfig or u'', state.binaries)
    running = server(choice.mpm) if state.servers.running else None
    return state._replace(tree=tree, choice=choice, servers=state.servers._replace(running=running))
