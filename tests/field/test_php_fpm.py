"""php: fpm moves what mod_php runs to FPM, and `mpm=prefork` brings it back."""

import pytest
from field import AFTER_A_SWITCH, FieldHost, demand_same, on
from php_sites import BY_FPM, FPM, MODULE, PAGE, add_site, asked, enable_fpm, words

debian = on('debian12')
FPM_FOLDERS = ('/etc/php', '/etc/systemd/system')
CARRY = {'php': 'fpm', 'mpm': 'event'}
UNIT = 'php8.2-fpm'
# What the package php-fpm brings to RHEL 7, around the program that its analogue has.
FPM_CONF = 'include=/etc/php-fpm.d/*.conf\n[global]\nerror_log = /var/log/php-fpm.log\n'
FPM_PROGRAM = '#!/bin/sh\nexec /usr/sbin/php-fpm7.4 -y /etc/php-fpm.conf "$@"\n'
FPM_UNIT = '[Service]\nType=notify\nExecStart=/usr/sbin/php-fpm --nodaemonize\nPrivateTmp=true\n'
FPM_UNIT += '[Install]\nWantedBy=multi-user.target\n'
# $1 visitors ask for a page that takes $2 ms, until the file /root/over is there.
LOAD = """
rm -f /root/over /root/asked
for one in $(seq $1); do
    ( while test ! -e /root/over; do
        curl -s -o /dev/null -w '%{http_code}\\n' "localhost/slow.php?ms=$2"
    done >>/root/asked ) &
done
wait
"""


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
    """Its program reads its configuration, and cannot start; the one from before still runs."""
    host.shell('mv /usr/sbin/php-fpm8.2 /usr/sbin/fpm-of-before')
    script = '#!/bin/sh\ntest "$1" != -t || exit 0\necho no such library >&2\nexit 78\n'
    host.write('/usr/sbin/php-fpm8.2', script, '755')
    result = host.demand_refused('rehearsal_failed', 'event', FPM_FOLDERS, php='fpm')
    assert 'no such library' in words(result)
    assert 'webops' not in host.shell('ls /run')


@debian
def test_nobody_is_refused_there_and_back(host):
    """Visitors ask for pages of PHP that take a second, all the time."""
    host.write('/root/load', LOAD)
    host.shell('nohup bash /root/load 8 300 >/dev/null 2>&1 &')
    host.demand_switched(**CARRY, drain_timeout=10)
    host.demand_switched(mpm='prefork', drain_timeout=10)
    host.shell('touch /root/over; sleep 1')
    asked_for = host.read('/root/asked').split()
    assert len(asked_for) > 50
    assert set(asked_for) == {'200'}


@debian
@pytest.mark.parametrize(
    'line, rule',
    [
        ('<IfModule mod_php.c>\nphp_value open_basedir /\n</IfModule>', 'php_not_carried'),
        ('php_value memory_limit 7M', 'php_htaccess'),
        ('SetHandler None', 'php_not_carried'),
        ('AddType application/x-httpd-php .htm', 'php_lost'),
    ],
)
def test_what_a_folder_of_a_site_says(host, line, rule):
    """Owners of sites tell mod_php things that FPM would not hear."""
    lines = '<Directory /var/www/shop>\nAllowOverride All\n</Directory>\n'
    add_site(host, 'shop', lines)
    host.write('/var/www/shop/up/.htaccess', line + '\n')
    host.restart()
    result = host.demand_refused(rule, 'event', FPM_FOLDERS, php='fpm')
    assert '/var/www/shop/up/.htaccess line ' in words(result)


@debian
def test_the_choices_are_listed(host):
    """Who only wants event is told what there is."""
    result = host.demand_refused('php_not_threadsafe', 'event', php='auto')
    for choice in ('fpm has php8.2-fpm run it', 'zts', 'none loads no PHP: 1 site', 'keep'):
        assert f'-e switch_mpm_php={choice}' in result['msg']


@debian
def test_an_fpm_that_serves_already(host):
    """Another site has a pool of its own in the same FPM."""
    host.shell(
        "sed 's/^.www.$/[own]/; s/php8.2-fpm.sock/own.sock/' /etc/php/8.2/fpm/pool.d/www.conf "
        '>/etc/php/8.2/fpm/pool.d/own.conf; systemctl restart php8.2-fpm'
    )
    result = host.demand_refused('fpm_in_use', 'event', FPM_FOLDERS, php='fpm')
    assert 'own' in words(result)
    host.demand_switched(**CARRY, accept=['fpm_in_use'])


@on('el8-modphp')
def test_rhel_with_both_ways_of_php(host):
    """RHEL 8 has FPM for event, and mod_php, with settings of its own, for prefork."""
    host.demand_switched(mpm='prefork')
    before = host.fingerprint('/etc/php-fpm.d')
    page = host.visitor.get('/sapi.php')
    host.demand_switched(**CARRY)
    assert 'fpm-fcgi' in host.visitor.get('/sapi.php')[1]
    assert 'save_path' in host.read('/etc/php-fpm.d/zz-webops-apache.conf')
    host.demand_switched(mpm='prefork')
    assert host.visitor.get('/sapi.php') == page
    demand_same(before, host.fingerprint('/etc/php-fpm.d'), only=AFTER_A_SWITCH)


@on('el7')
def test_rhel_7_with_settings_outside_of_any_guard(host):
    """RHEL 7 sets the folder of sessions for mod_php in php.conf, and httpd must not read that."""
    host.write('/etc/php-fpm.conf', FPM_CONF)
    host.write('/usr/sbin/php-fpm', FPM_PROGRAM, '755')
    host.write('/usr/lib/systemd/system/php-fpm.service', FPM_UNIT)
    host.shell('mkdir -p /etc/php-fpm.d && systemctl daemon-reload')
    add_site(host, 'shop', 'php_admin_value open_basedir /var/www/shop\n')
    host.restart()
    before = host.fingerprint('/etc/php-fpm.d')
    assert asked(host, 'shop') == MODULE
    host.demand_switched(**CARRY)
    assert asked(host, 'shop') == FPM
    assert 'save_path' in host.read('/etc/php-fpm.d/zz-webops-apache.conf')
    host.demand_switched(mpm='prefork')
    assert asked(host, 'shop') == MODULE
    demand_same(before, host.fingerprint('/etc/php-fpm.d'), only=AFTER_A_SWITCH)
    assert 'inactive' in host.shell('systemctl is-active php-fpm || true')


@on('el9')
def test_a_host_that_has_fpm_anyway(host):
    """RHEL 9 has no mod_php: there is nothing to move."""
    host.demand_switched(mpm='prefork', php='fpm')
    assert 'fpm-fcgi' in host.visitor.get('/sapi.php')[1]


@on('el7', 'suse')
def test_a_host_without_the_package(host):
    """It is named, so that the role can install it."""
    mpm = host.layout.mpms[1]
    result = host.demand_refused('fpm_missing', mpm, php='fpm')
    package = {'el7': 'php-fpm', 'suse': 'php7-fpm'}[host.layout.name]
    assert [item['packages'] for item in result['findings'] if item['rule'] == 'fpm_missing'] == [
        [package]
    ]


@debian
def test_a_proof_that_fails(host):
    """A page of the user answers otherwise: everything is as it was, the unit of FPM too."""
    host.shell(f'systemctl disable --now {UNIT}')
    add_site(host, 'shop', 'php_value memory_limit 99M\n')
    host.restart()
    before, unit = host.fingerprint(*FPM_FOLDERS), unit_state(host)
    probe = {'url': 'http://localhost/sapi.php', 'status': 200, 'contains': 'apache2handler'}
    result = host.switch(**CARRY, probes=[probe], rehearse='never').result
    assert result['outcome'] == 'rolled_back', result['msg']
    demand_same(before, host.fingerprint(*FPM_FOLDERS), only=AFTER_A_SWITCH)
    assert unit_state(host) == unit
    assert 'webops' not in host.shell('ls /run')


@debian
def test_the_last_switch_is_taken_back(host):
    """By `state: rolled_back`, and then again by the name of the MPM."""
    add_site(host, 'shop', 'php_value memory_limit 99M\n')
    host.restart()
    before, unit = host.fingerprint(*FPM_FOLDERS), unit_state(host)
    host.demand_switched(**CARRY)
    assert host.shell('stat -c %a /etc/php/8.2/fpm/pool.d/zz-webops-apache.conf').strip() == '600'
    host.demand_switched(state='rolled_back')
    demand_same(before, host.fingerprint(*FPM_FOLDERS), only=AFTER_A_SWITCH)
    assert (unit_state(host), asked(host, 'shop')) == (unit, MODULE)


@debian
def test_a_proxy_that_came_meanwhile(host):
    """Modules that came with the switch have got other work since."""
    add_site(host, 'shop')
    host.restart()
    host.demand_switched(**CARRY)
    host.write('/etc/apache2/conf-enabled/own.conf', 'ProxyPass /other http://127.0.0.1:81/\n')
    host.restart()
    host.demand_switched(mpm='prefork')
    assert asked(host, 'shop') == MODULE
    assert 'proxy_module' in host.shell('apache2ctl -M')


@debian
def test_a_pool_of_others_that_is_broken(host):
    """FPM runs on with what it read before; with any start it would end."""
    host.write('/etc/php/8.2/fpm/pool.d/own.conf', '[own]\nuser = nobody-here\nlisten = /run/o\n')
    state = unit_state(host)
    for accepted in ([], ['fpm_in_use']):
        rule = 'fpm_unusable' if accepted else 'fpm_in_use'
        result = host.demand_refused(rule, 'event', FPM_FOLDERS, php='fpm', accept=accepted)
    assert 'pool own' in words(result)
    assert unit_state(host) == state


@debian
def test_a_pool_of_others_that_breaks_meanwhile(host):
    """The way back needs no FPM: it goes on, and says what could not be done."""
    add_site(host, 'shop')
    host.restart()
    host.demand_switched(**CARRY)
    host.write('/etc/php/8.2/fpm/pool.d/own.conf', '[own]\nuser = nobody-here\nlisten = /run/o\n')
    result = host.demand_switched(mpm='prefork')
    assert asked(host, 'shop') == MODULE
    assert 'pool own' in str(result['warnings'])


@debian
@pytest.mark.parametrize('names', [('shop', 'blog'), ('blog', 'shop')])
def test_one_site_has_fpm_already(host, names):
    """Who moves site by site has both for a while; the other site keeps its own pool."""
    with_fpm, with_module = names
    enable_fpm(host)
    add_site(host, with_fpm, BY_FPM)
    add_site(host, with_module)
    host.restart()
    pool = 'ps -o args= -p $(curl -s -H "Host: %s.test" localhost/pid.php)'
    for name in names:
        host.write(f'/var/www/{name}/pid.php', '<?php echo getmypid();')
    result = host.demand_refused('fpm_in_use', 'event', FPM_FOLDERS, php='fpm')
    assert 'php8.2-fpm.sock' in words(result)
    host.there_and_back(more=FPM_FOLDERS, **CARRY, accept=['fpm_in_use'])
    host.demand_switched(**CARRY, accept=['fpm_in_use'])
    assert (asked(host, with_fpm), asked(host, with_module)) == (FPM, FPM)
    assert 'pool www' in host.shell(pool % with_fpm)
    assert 'pool webops-' in host.shell(pool % with_module)


@debian
def test_homes_of_users_execute_nothing(host):
    """Debian turns PHP off in all of them, by a pattern in the file that leaves with mod_php."""
    host.shell('a2enmod -q userdir && useradd -m who && chmod 755 /home/who')
    host.write('/home/who/public_html/page.php', PAGE)
    add_site(host, 'shop')
    host.restart()
    assert asked(host, 'shop', '/~who/page.php') == 'source'
    host.demand_switched(**CARRY)
    assert asked(host, 'shop', '/~who/page.php') == 'source'
    assert asked(host, 'shop') == FPM
