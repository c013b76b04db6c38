"""php: fpm moves what mod_php runs to FPM, and `mpm=prefork` brings it back."""

from field import FieldHost, on
from php_sites import FPM, MODULE, add_site, asked, words

debian = on('debian12')
FPM_FOLDERS = ('/etc/php', '/etc/systemd/system')
CARRY = {'php': 'fpm', 'mpm': 'event'}
UNIT = 'php8.2-fpm'


def unit_state(host: FieldHost) -> list[str]:
    """Return whether the unit of FPM is enabled, and whether it runs."""
    shown = host.shell(f'systemctl show {UNIT} -p UnitFileState -p ActiveState --value')
    return sorted(shown.split())


@debian
def test_there_and_back(host):
    """The commonest job: a host as installed, with one site."""
    add_site(host, 'shop')
    host.restart()
    before = unit_state(host)
    host.there_and_back(more=FPM_FOLDERS, **CARRY)
    assert unit_state(host) == before
    assert asked(host, 'shop') == MODULE
    assert 'webops' not in host.shell('ls /run')


@debian
def test_a_unit_that_is_off(host):
    """FPM came with the package, and somebody has turned it off."""
    host.shell(f'systemctl disable --now {UNIT}')
    add_site(host, 'shop')
    host.restart()
    before = unit_state(host)
    assert before == ['disabled', 'inactive']
    host.demand_switched(**CARRY)
    assert asked(host, 'shop') == FPM
    assert unit_state(host) == ['active', 'enabled']
    host.demand_switched(mpm='prefork')
    assert unit_state(host) == before
    assert asked(host, 'shop') == MODULE


@debian
def test_once_more_changes_nothing(host):
    """Playbooks run every night."""
    host.demand_switched(**CARRY)
    assert host.switch(**CARRY).result['outcome'] == 'unchanged'
    assert host.switch(mpm='event').result['outcome'] == 'unchanged'


@debian
def test_a_rehearsal_asks_an_fpm_of_its_own(host):
    """Its sockets are nowhere to be seen, before, meanwhile or after the way back."""
    there = host.demand_switched(**CARRY)
    assert there['rehearsal']['state'] == 'passed' and not there['rehearsal']['warnings']
    said = host.demand_switched(mpm='prefork')
    assert said['rehearsal']['state'] == 'passed'
    assert 'webops' not in host.shell('ls /run')


@debian
def test_an_fpm_that_does_not_start(host):
    """Its program is broken since an upgrade; the process from before still runs."""
    host.shell('mv /usr/sbin/php-fpm8.2 /usr/sbin/fpm-of-before')
    host.write('/usr/sbin/php-fpm8.2', '#!/bin/sh\necho no such library >&2; exit 78\n', '755')
    result = host.demand_refused('rehearsal_failed', 'event', FPM_FOLDERS, php='fpm')
    assert 'no such library' in words(result)
    assert 'webops' not in host.shell('ls /run')
