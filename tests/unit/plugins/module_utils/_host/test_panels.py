# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

import pytest
from ansible_collections.webops.apache.plugins.module_utils._host import panels
from ansible_collections.webops.apache.plugins.module_utils._model import CommandResult
from ansible_collections.webops.apache.tests.unit.plugins.module_utils.runner import ScriptedRunner

NAMES = [
    'psa',
    'plesk-core',
    'ea-apache24',
    'ispmanager-lite-common',
    'ispmanager-lite',
    'ispmanager-pro',
    'ispmanager-business',
    'froxlor',
    'wbm-virtual-server',
    'webmin-virtual-server',
    'interworx',
    'nethserver-base',
    'nethserver-httpd',
    'e-smith-apache',
]
RPM = ['rpm', '-q', '--queryformat', '%{NAME}\\n', '--'] + NAMES
DPKG = ['dpkg-query', '-W', '-f=${Package} ${Status}\\n', '--'] + NAMES

PSA, OPT_PSA = '/usr/local/psa/version', '/opt/psa/version'
CPANEL = '/usr/local/cpanel/cpanel'
DIRECTADMIN = '/usr/local/directadmin/directadmin'
MGR5_CORE, MGR5_CONF = '/usr/local/mgr5/bin/core', '/usr/local/mgr5/etc/ispmgr.conf'
ISPMGR4 = '/usr/local/ispmgr/bin/ispmgr'
HESTIA = '/usr/local/hestia/bin/v-list-sys-info'
VESTA = '/usr/local/vesta/bin/v-list-sys-info'
KLOXO = '/usr/local/lxlabs/kloxo/httpdocs/index.php'

LATER = [
    ('/usr/local/ispconfig/interface/lib/config.inc.php', 'ISPConfig'),
    ('/usr/local/ispconfig/server/lib/config.inc.php', 'ISPConfig'),
    ('/var/www/froxlor/lib/userdata.inc.php', 'Froxlor'),
    ('/var/www/html/froxlor/lib/userdata.inc.php', 'Froxlor'),
    ('/usr/share/webmin/virtual-server/module.info', 'Virtualmin'),
    ('/usr/libexec/webmin/virtual-server/module.info', 'Virtualmin'),
    ('/usr/local/cwpsrv/htdocs/resources/admin/include/version.php', 'CWP'),
    ('/usr/local/cwpsrv/bin/cwpsrv', 'CWP'),
    ('/usr/sbin/virtualmin', 'Virtualmin'),
    ('/www/server/panel/class/common.py', 'aaPanel'),
    ('/www/server/panel/BT-Panel', 'aaPanel'),
    ('/usr/local/webuzo/universal.php', 'Webuzo'),
    ('/home/interworx/iworx.ini', 'InterWorx'),
    ('/sbin/e-smith/signal-event', 'NethServer'),
    ('/usr/local/apnscp/config/config.ini', 'ApisCP'),
]


def rpm_says(*names):
    """What rpm prints about NAMES when only `names` are installed, with its count of the missing
    as its exit code.
    """
    lines = [
        u'%s\n' % name if name in names else u'package %s is not installed\n' % name
        for name in NAMES
    ]
    return RPM, CommandResult(RPM, len(NAMES) - len(names), u''.join(lines), u'')


def dpkg_says(*lines):
    """What dpkg-query prints: a line for each package that it knows, and an error for all
    others.
    """
    return DPKG, CommandResult(
        DPKG,
        1,
        u''.join(u'%s\n' % line for line in lines),
        u'dpkg-query: no packages found matching psa\n',
    )


class Host(object):
    def __init__(self, root):
        self.root = root

    def path(self, path):
        return self.root + path

    def write(self, *paths):
        for path in paths:
            self.make_folder(os.path.dirname(path))
            with open(self.path(path), 'wb') as stream:
                stream.write(b'1\n')

    def make_folder(self, path):
        if not os.path.isdir(self.path(path)):
            os.makedirs(self.path(path))

    def under_root(self, kind):
        return kind._replace(
            files=tuple(tuple(self.path(path) for path in group) for group in kind.files)
        )


@pytest.fixture
def host(monkeypatch, tmp_path):
    """A folder that stands for the root of the files that give panels away."""
    found = Host(str(tmp_path.resolve()))
    monkeypatch.setattr(panels, 'KINDS', tuple(found.under_root(kind) for kind in panels.KINDS))
    return found


@pytest.fixture
def programs(monkeypatch):
    """Sets which package managers this host has: none, unless a test says so."""

    def make(*names):
        monkeypatch.setattr(
            panels, 'find_program', lambda name: '/usr/bin/' + name if name in names else None
        )

    make()
    return make


def read(*answers):
    run = ScriptedRunner(*answers)
    found = panels.read_panels(run)
    assert run.left == []
    return found


@pytest.mark.usefixtures('programs')
class TestFiles:
    @pytest.mark.parametrize(
        'files, rule, name',
        [
            ([PSA], 'plesk', 'Plesk'),
            ([OPT_PSA], 'plesk', 'Plesk'),
            ([CPANEL], 'control_panel', 'cPanel'),
            ([DIRECTADMIN], 'control_panel', 'DirectAdmin'),
            ([MGR5_CORE, MGR5_CONF], 'control_panel', 'ISPmanager'),
            ([ISPMGR4], 'control_panel', 'ISPmanager'),
            ([HESTIA], 'control_panel', 'HestiaCP'),
            ([VESTA], 'control_panel', 'VestaCP'),
            ([KLOXO], 'control_panel', 'Kloxo'),
        ]
        + [([path], 'control_panel', name) for path, name in LATER],
        ids=lambda value: ' '.join(value) if isinstance(value, list) else value,
    )
    def test_gives_a_panel_away(self, host, files, rule, name):
        host.write(*files)
        found = read()
        assert [(panel.rule, panel.name, panel.found) for panel in found] == [
            (rule, name, '%s exists' % host.path(files[-1]))
        ]

    @pytest.mark.parametrize(
        'files',
        [
            [],
            [MGR5_CORE, '/usr/local/mgr5/etc/billmgr.conf'],
            [MGR5_CONF],
            ['/usr/local/directadmin/custombuild/options.conf'],
            ['/usr/local/hestia/conf/hestia.conf'],
            ['/usr/local/vesta/conf/vesta.conf'],
            ['/usr/local/psa/var/log/panel.log'],
            ['/usr/local/cpanel/logs/error_log'],
            ['/usr/local/lxlabs/kloxo/log/kloxo.log'],
            [
                '/usr/local/CyberCP/version.txt',
                '/usr/share/webmin/version',
                '/usr/local/cwpsrv/logs/error_log',
                '/usr/local/ispconfig/server/ispconfig.log',
                '/usr/local/apnscp/storage/logs/start.log',
            ],
        ],
        ids=' '.join,
    )
    def test_is_not_fooled_by_what_is_left_or_another_s(self, host, files):
        host.write(*files)
        assert read() == []

    @pytest.mark.parametrize(
        'path', [PSA, CPANEL, DIRECTADMIN, ISPMGR4, HESTIA, VESTA, KLOXO, LATER[0][0]]
    )
    def test_wants_a_file_that_is_really_there(self, host, path):
        host.make_folder(path)
        assert read() == []
        os.rmdir(host.path(path))
        os.symlink(host.path('/gone'), host.path(path))
        assert read() == []

    def test_gives_every_panel_once(self, host):
        host.write(PSA, OPT_PSA, MGR5_CORE, MGR5_CONF, ISPMGR4, KLOXO)
        assert [panel.name for panel in read()] == ['Plesk', 'ISPmanager', 'Kloxo']

    def test_takes_no_link_to_hestia_for_vesta(self, host):
        host.write(HESTIA)
        os.symlink(host.path('/usr/local/hestia'), host.path('/usr/local/vesta'))
        assert [panel.name for panel in read()] == ['HestiaCP']

    def test_follows_a_panel_that_lies_elsewhere(self, host):
        host.write('/home/cpanel/cpanel')
        host.make_folder('/usr/local')
        os.symlink(host.path('/home/cpanel'), host.path('/usr/local/cpanel'))
        assert [panel.name for panel in read()] == ['cPanel']


@pytest.mark.usefixtures('host')
class TestPackages:
    @pytest.mark.parametrize(
        'names, found',
        [
            (['psa'], [('plesk', 'Plesk', 'psa')]),
            (['plesk-core'], [('plesk', 'Plesk', 'plesk-core')]),
            (['psa', 'plesk-core'], [('plesk', 'Plesk', 'psa')]),
            (['ea-apache24'], [('control_panel', 'cPanel', 'ea-apache24')]),
            (
                ['ispmanager-lite-common'],
                [('control_panel', 'ISPmanager', 'ispmanager-lite-common')],
            ),
            (['ispmanager-lite'], [('control_panel', 'ISPmanager', 'ispmanager-lite')]),
            (['ispmanager-pro'], [('control_panel', 'ISPmanager', 'ispmanager-pro')]),
            (['ispmanager-business'], [('control_panel', 'ISPmanager', 'ispmanager-business')]),
            (
                ['psa', 'ea-apache24'],
                [('plesk', 'Plesk', 'psa'), ('control_panel', 'cPanel', 'ea-apache24')],
            ),
            ([], []),
        ],
        ids=lambda value: ' '.join(map(str, value)),
    )
    @pytest.mark.parametrize('manager', ['rpm', 'dpkg'])
    def test_gives_a_panel_away(self, programs, manager, names, found):
        if manager == 'rpm':
            programs('rpm')
            answer = rpm_says(*names)
        else:
            programs('dpkg-query')
            answer = dpkg_says(*['%s install ok installed' % name for name in names])
        expected = [
            (rule, name, 'the %s package %s is installed' % (manager, package))
            for rule, name, package in found
        ]
        assert [(panel.rule, panel.name, panel.found) for panel in read(answer)] == expected

    @pytest.mark.parametrize(
        'dpkg, rpm, found',
        [
            (['psa hold ok installed'], [], ['the dpkg package psa is installed']),
            ([], ['psa'], ['the rpm package psa is installed']),
            (
                ['psa install ok installed'],
                ['ea-apache24'],
                ['the dpkg package psa is installed', 'the rpm package ea-apache24 is installed'],
            ),
            (['psa install ok installed'], ['psa'], ['the rpm package psa is installed']),
            (['psa deinstall ok config-files'], [], []),
            ([], [], []),
        ],
        ids=repr,
    )
    def test_asks_both_package_managers_where_both_are(self, programs, dpkg, rpm, found):
        programs('rpm', 'dpkg-query')
        assert [panel.found for panel in read(dpkg_says(*dpkg), rpm_says(*rpm))] == found

    @pytest.mark.parametrize(
        'manager, argv', [('rpm', RPM), ('dpkg-query', DPKG)], ids=['rpm', 'dpkg']
    )
    @pytest.mark.parametrize(
        'rc, out',
        [
            (1, u''),
            (2, u''),
            (0, u''),
            (-9, u'pack'),
            (1, u'error: rpmdb open failed\npackage psa is not installed\n'),
            (0, u'bash install ok installed\nbash\n'),
        ],
        ids=repr,
    )
    def test_finds_nothing_where_a_package_manager_tells_nothing(
        self, programs, manager, argv, rc, out
    ):
        programs(manager)
        assert read((argv, CommandResult(argv, rc, out, u'error: the database is broken\n'))) == []

    def test_finds_by_file_what_a_broken_package_manager_hides(self, host, programs):
        programs('rpm')
        host.write(OPT_PSA, DIRECTADMIN)
        found = read((RPM, CommandResult(RPM, 1, u'', u'error: rpmdb open failed\n')))
        assert [panel.found for panel in found] == [
            '%s exists' % host.path(OPT_PSA),
            '%s exists' % host.path(DIRECTADMIN),
        ]

    def test_gives_a_panel_once_that_package_and_file_give_away(self, host, programs):
        programs('rpm')
        host.write(PSA, CPANEL)
        assert [(panel.name, panel.found) for panel in read(rpm_says('psa'))] == [
            ('Plesk', 'the rpm package psa is installed'),
            ('cPanel', '%s exists' % host.path(CPANEL)),
        ]


class TestParseDpkg:
    @pytest.mark.parametrize(
        'line, found',
        [
            (u'psa install ok installed', [u'psa']),
            (u'psa hold ok installed', [u'psa']),
            (u'psa deinstall ok installed', [u'psa']),
            (u'psa install reinstreq half-installed', [u'psa']),
            (u'psa install ok unpacked', [u'psa']),
            (u'psa install ok half-configured', [u'psa']),
            (u'psa install ok triggers-pending', [u'psa']),
            (u'psa deinstall ok config-files', []),
            (u'psa purge ok not-installed', []),
            (u'psa unknown ok not-installed', []),
            (u'psa ', []),
            (u'', []),
        ],
    )
    def test_takes_what_is_there(self, line, found):
        assert panels.parse_dpkg(line + u'\n') == found

    def test_takes_every_line(self):
        assert panels.parse_dpkg(
            u'psa deinstall ok config-files\nplesk-core install ok installed\n'
        ) == [u'plesk-core']


class TestSwitch:
    @pytest.mark.parametrize(
        'path, way',
        [
            (PSA, 'plesk bin optimization_settings --set-mpm prefork|event'),
            (CPANEL, 'EasyApache 4'),
            (DIRECTADMIN, 'cd /usr/local/directadmin/custombuild && ./build set apache_mpm '),
            (ISPMGR4, 'its own web interface'),
            (HESTIA, 'bash /usr/local/hestia/install/upgrade/manual/migrate_mpm_event.sh'),
            (VESTA, 'its own web interface'),
            (KLOXO, 'its own web interface, where the PHP type'),
        ],
    )
    @pytest.mark.usefixtures('programs')
    def test_names_the_way_of_the_panel(self, host, path, way):
        host.write(path)
        assert [panel.switch[: len(way)] for panel in read()] == [way]


class TestPanelsBehind:
    @pytest.mark.parametrize(
        'words, found',
        [
            ('psa', [('psa', 'Plesk')]),
            ('a psa-18.0.60-1.noarch b', [('psa', 'Plesk')]),
            ('plesk-core psa', [('psa', 'Plesk')]),
            ('x (psa), ea-apache24', [('psa', 'Plesk'), ('ea-apache24', 'cPanel')]),
            ('psacct psa-portal libpsa +psa psa+ ea-apache24-mod_mpm_event', []),
            ('', []),
        ],
    )
    def test_knows_whole_names(self, words, found):
        assert [way[:2] for way in panels.panels_behind(words)] == found
        assert all(len(way[2]) > 10 for way in panels.panels_behind(words))
