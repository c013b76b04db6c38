# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find control panels that own the web server's files."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
from collections import namedtuple

from .._model import Panel
from .._system.command import find_program

# packages: each alone tells, from either package manager; files: groups, of each of which all files
# must be there; switch: see Panel. Files, not folders: what a panel leaves behind when it is
# removed is folders, logs and settings.
Kind = namedtuple('Kind', 'rule name packages files switch')

PLESK_FILES = ('/usr/local/psa/version', '/opt/psa/version')

KINDS = (
    Kind(
        'plesk',
        'Plesk',
        ('psa', 'plesk-core'),
        tuple((path,) for path in PLESK_FILES),
        'plesk bin optimization_settings --set-mpm prefork|event',
    ),
    Kind(
        'control_panel',
        'cPanel',
        ('ea-apache24',),
        (('/usr/local/cpanel/cpanel',),),
        'EasyApache 4 in WHM, or yum swap ea-apache24-mod_mpm_prefork ea-apache24-mod_mpm_event'
        ' (worker and event also need ea-apache24-mod_cgid in place of ea-apache24-mod_cgi)',
    ),
    Kind(
        'control_panel',
        'DirectAdmin',
        (),
        (('/usr/local/directadmin/directadmin',),),
        'cd /usr/local/directadmin/custombuild && ./build set apache_mpm prefork|worker|event && '
        './build apache',
    ),
    # Other products of its maker live in /usr/local/mgr5 too; its settings alone may be left over.
    Kind(
        'control_panel',
        'ISPmanager',
        ('ispmanager-lite-common', 'ispmanager-lite', 'ispmanager-pro', 'ispmanager-business'),
        (
            ('/usr/local/mgr5/bin/core', '/usr/local/mgr5/etc/ispmgr.conf'),
            ('/usr/local/ispmgr/bin/ispmgr',),
        ),
        'its own web interface',
    ),
    Kind(
        'control_panel',
        'HestiaCP',
        (),
        (('/usr/local/hestia/bin/v-list-sys-info',),),
        'bash /usr/local/hestia/install/upgrade/manual/migrate_mpm_event.sh (to event only, and '
        'with PHP-FPM)',
    ),
    # Behind HestiaCP, which links /usr/local/vesta to its own folder.
    Kind(
        'control_panel',
        'VestaCP',
        (),
        (('/usr/local/vesta/bin/v-list-sys-info',),),
        'its own web interface',
    ),
    Kind(
        'control_panel',
        'Kloxo',
        (),
        (('/usr/local/lxlabs/kloxo/httpdocs/index.php',),),
        'its own web interface, where the PHP type sets the MPM (names with _worker or _event, '
        'prefork otherwise)',
    ),
    Kind(
        'control_panel',
        'ISPConfig',
        (),
        (
            ('/usr/local/ispconfig/server/lib/config.inc.php',),
            ('/usr/local/ispconfig/interface/lib/config.inc.php',),
        ),
        'set every site to PHP-FPM in its web interface (Sites), change the modules as its '
        'installation guide for this system says, and have it write its files again: '
        'ispconfig_update.sh --force',
    ),
    Kind(
        'control_panel',
        'Froxlor',
        ('froxlor',),
        (
            ('/var/www/froxlor/lib/userdata.inc.php',),
            ('/var/www/html/froxlor/lib/userdata.inc.php',),
        ),
        'choose PHP-FPM in its settings, then bin/froxlor-cli froxlor:config-services and '
        'bin/froxlor-cli froxlor:cron --force in its folder',
    ),
    Kind(
        'control_panel',
        'Virtualmin',
        ('wbm-virtual-server', 'webmin-virtual-server'),
        (
            ('/usr/share/webmin/virtual-server/module.info',),
            ('/usr/libexec/webmin/virtual-server/module.info',),
            ('/usr/sbin/virtualmin',),
        ),
        'virtualmin modify-web --all-domains --mode fpm, then Servers, Apache Webserver, Global '
        'configuration, Configure Apache Modules in Webmin',
    ),
    Kind(
        'control_panel',
        'CWP',
        (),
        (
            ('/usr/local/cwpsrv/htdocs/resources/admin/include/version.php',),
            ('/usr/local/cwpsrv/htdocs/resources/admin/include/db_conn.php',),
            ('/usr/local/cwpsrv/bin/cwpsrv',),
        ),
        'WebServer Settings, Apache Re-Build in its web interface, which builds httpd with an MPM',
    ),
    Kind(
        'control_panel',
        'aaPanel',
        (),
        (
            ('/www/server/panel/class/common.py',),
            ('/www/server/panel/class/panelSite.py',),
            ('/www/server/panel/BT-Panel',),
        ),
        'App Store, Apache in its web interface',
    ),
    Kind(
        'control_panel',
        'Webuzo',
        (),
        (
            ('/usr/local/webuzo/universal.php',),
            ('/usr/local/webuzo/cli.php',),
            ('/usr/local/webuzo/conf/webuzo/universal.php',),
        ),
        'Apache Settings in its admin panel',
    ),
    Kind(
        'control_panel',
        'InterWorx',
        ('interworx',),
        (('/home/interworx/iworx.ini',), ('/usr/local/interworx/iworx.ini',)),
        'System Services, Web Server in NodeWorx',
    ),
    # SME Server, from which it comes, has the same tools, and writes httpd.conf by templates, too.
    Kind(
        'control_panel',
        'NethServer',
        ('nethserver-base', 'nethserver-httpd', 'e-smith-apache'),
        (('/sbin/e-smith/signal-event',),),
        'a fragment below /etc/e-smith/templates-custom, then signal-event nethserver-httpd-update',
    ),
    Kind(
        'control_panel',
        'ApisCP',
        (),
        (('/usr/local/apnscp/config/config.ini',), ('/usr/local/apnscp/bin/cmd',)),
        'its Bootstrapper: cpcmd scope:get cp.bootstrapper names the settings, and upcp -sb '
        'apache/configure writes httpd.conf',
    ),
)


def read_panels(run):
    """Return the Panels of this host, each once."""
    packages = _read_packages(run)
    panels, seen = [], set()
    for kind in KINDS:
        files = [path for path in _evident_files(kind) if os.path.realpath(path) not in seen]
        seen.update(os.path.realpath(path) for path in files)
        found = [
            'the %s package %s is installed' % (packages[name], name)
            for name in kind.packages
            if name in packages
        ]
        found += ['%s exists' % path for path in files]
        if found:
            panels.append(Panel(kind.rule, kind.name, found[0], kind.switch))
    return panels


def panels_behind(words):
    """Return [(package, name of the panel, its own way)] of the packages that give a panel away,
    and that a text names.
    """
    found = [
        (name, kind)
        for kind in KINDS
        for name in kind.packages
        if re.search(r'(?<![\w.+-])%s(?![\w+]|-[a-z])' % re.escape(name), words)
    ]
    # The first of a panel's packages is enough.
    return [
        (name, kind.name, kind.switch)
        for number, (name, kind) in enumerate(found)
        if kind not in [other for _name, other in found[:number]]
    ]


def _evident_files(kind):
    return [group[-1] for group in kind.files if all(os.path.isfile(path) for path in group)]


def _read_packages(run):
    """Return {name: 'rpm' or 'dpkg'} of those packages that give a panel away and are installed."""
    names = [name for kind in KINDS for name in kind.packages]
    packages = {}
    # Either package manager may be on either family of systems; the one that is missing answers
    # nothing. Both end with an error as soon as one of the names is unknown: only their lines tell.
    if find_program('dpkg-query'):
        answer = run(['dpkg-query', '-W', '-f=${Package} ${Status}\\n', '--'] + names)
        packages.update((name, 'dpkg') for name in parse_dpkg(answer.out) if name in names)
    if find_program('rpm'):
        answer = run(['rpm', '-q', '--queryformat', '%{NAME}\\n', '--'] + names)
        packages.update((name, 'rpm') for name in answer.out.splitlines() if name in names)
    return packages


def parse_dpkg(text):
    """Return the names of the packages that are there, whole or in part: a removed one may leave
    its settings and its name.
    """
    words = [line.split() for line in text.splitlines()]
    return [
        line[0]
        for line in words
        if len(line) == 4 and line[3] not in ('not-installed', 'config-files')
    ]
