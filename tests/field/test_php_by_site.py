"""Field cases P: PHP is decided by httpd for each site and folder."""

import pytest
from field import on
from php_sites import BY_FPM, FPM, MODULE, SITES, add_site, asked, enable_fpm, words

NONE = {'php': 'none', 'mpm': 'event'}
# All processes of a switch of 1,500 sites together took 204 MiB.
MANY_KIB = 240 * 1024
debian = on('debian12')


def level_of(result, rule):
    """Return (level, reason) of a finding of this rule; the test fails where there is none."""
    found = [item for item in result['findings'] if item['rule'] == rule]
    assert found, words(result)
    return found[0]['level'], found[0]['reason']


@debian
def test_a_handler_of_fastcgi_for_other_files(host):
    """`a2enmod fcgid` maps .fcgi, and has nothing to do with PHP."""
    add_site(host, 'shop')
    host.write('/etc/apache2/conf-enabled/fcgi.conf', 'AddHandler fcgid-script .fcgi\n')
    host.restart()
    result = host.demand_switched(**NONE)
    assert asked(host, 'shop') == '403'
    assert level_of(result, 'php_denied')[0] == 'warn'


@debian
@pytest.mark.parametrize('names', [('shop', 'blog'), ('blog', 'shop')])
def test_one_site_with_fpm_and_one_with_the_module(host, names):
    """Who moves to FPM site by site has both for a while."""
    with_fpm, with_module = names
    enable_fpm(host)
    add_site(host, with_fpm, BY_FPM)
    add_site(host, with_module)
    host.restart()
    assert (asked(host, with_fpm), asked(host, with_module)) == (FPM, MODULE)
    before = host.read(f'{SITES}/{with_module}.conf')
    result = host.demand_switched(**NONE)
    assert (asked(host, with_fpm), asked(host, with_module)) == (FPM, '403')
    reason = level_of(result, 'php_denied')[1]
    assert f'{with_module}.conf line 1' in reason and f'{with_fpm}.conf' not in reason
    host.demand_switched(mpm='prefork')
    assert (asked(host, with_fpm), asked(host, with_module)) == (FPM, MODULE)
    assert host.read(f'{SITES}/{with_module}.conf') == before


@debian
@pytest.mark.parametrize(
    'line', ['AddType application/x-httpd-php .php', 'AddHandler php-script .php']
)
def test_a_mapping_of_its_own_in_one_of_three_sites(host, line):
    """Old instructions have people write such a line into the site that they care for."""
    for name, lines in (('a', ''), ('b', line + '\n'), ('c', '')):
        add_site(host, name, lines)
    host.restart()
    host.demand_switched(**NONE)
    assert [asked(host, name) for name in 'abc'] == ['403'] * 3


@debian
def test_a_main_file_that_does_not_include_the_folder_of_denials(host):
    """People who came from another system write an apache2.conf of their own."""
    add_site(host, 'shop')
    host.shell("sed -i '/conf-enabled/d' /etc/apache2/apache2.conf")
    host.restart()
    host.demand_switched(**NONE)
    assert asked(host, 'shop') == '403'


@on('el6')
def test_one_site_whose_php_is_a_cgi_program(host):
    """suPHP and its like are set up for a single site; the others use the module."""
    host.write(
        '/var/www/cgi-bin/php.cgi',
        '#!/bin/sh\nprintf "Content-Type: text/plain\\r\\n\\r\\ncgi-fcgi page"\n',
        '755',
    )
    host.shell(host.layout.cgi)
    own = 'AddHandler php-by-cgi .php\nAction php-by-cgi /cgi-bin/php.cgi\n'
    host.write('/etc/httpd/conf.d/names.conf', 'NameVirtualHost *:80\n')
    add_site(host, 'cgi', own)
    add_site(host, 'mod')
    host.restart()
    assert asked(host, 'cgi') == 'cgi-fcgi'
    host.demand_switched(mpm='worker', php='none')
    assert (asked(host, 'cgi'), asked(host, 'mod')) == ('cgi-fcgi', '403')


@debian
def test_protections_that_only_the_module_has(host):
    """Sites are kept apart by open_basedir, and a folder of uploads runs nothing."""
    enable_fpm(host)
    host.write(
        '/etc/apache2/conf-enabled/fpm.conf', f'<IfModule !mod_php.c>\n{BY_FPM}</IfModule>\n'
    )
    add_site(
        host,
        'shop',
        'php_admin_value open_basedir /var/www/shop\n'
        '<Directory /var/www/shop/uploads>\nphp_admin_flag engine off\n</Directory>\n',
    )
    host.restart()
    result = host.demand_refused('php_protection_lost', 'event', php='none')
    assert f'{SITES}/shop.conf line 4' in words(result)
    assert f'{SITES}/shop.conf line 6' in words(result)


@debian
def test_fpm_that_comes_after_the_switch(host):
    """Later somebody enables FPM, and wonders why each page still answers 403."""
    add_site(host, 'shop')
    host.restart()
    host.demand_switched(**NONE)
    enable_fpm(host)
    host.write(
        f'{SITES}/shop.conf',
        host.read(f'{SITES}/shop.conf').replace('</VirtualHost>', BY_FPM + '</VirtualHost>'),
    )
    host.shell('apache2ctl graceful')
    assert asked(host, 'shop') == '403'
    assert 'php_denied_by_us' in words(host.audit().result)
    host.demand_switched(mpm='event')
    assert asked(host, 'shop') == FPM


@debian
def test_fpm_that_runs_and_that_no_site_asks(host):
    """The package of FPM is there and runs; nobody has enabled its configuration."""
    add_site(host, 'shop')
    host.restart()
    host.shell('systemctl start php8.2-fpm || service php8.2-fpm start')
    result = host.demand_switched(**NONE)
    level, reason = level_of(result, 'php_denied')
    assert level == 'warn' and 'shop' in reason


@debian
def test_fpm_that_is_stopped(host):
    """FPM is configured, its service is stopped, and the first site only redirects."""
    enable_fpm(host)
    host.shell('systemctl stop php8.2-fpm || service php8.2-fpm stop')
    host.write(
        '/etc/apache2/conf-enabled/fpm.conf', f'<IfModule !mod_php.c>\n{BY_FPM}</IfModule>\n'
    )
    add_site(host, 'a', 'Redirect permanent / https://a.test/\n')
    add_site(host, 'shop')
    host.restart()
    result = host.demand_refused('fpm_unreachable', 'event', php='none')
    assert '/run/php/php8.2-fpm.sock' in words(result)


@debian
def test_many_sites_with_many_settings(host):
    """A host of a hosting company."""
    host.shell(
        'mkdir -p /var/www/html; for i in $(seq 1500); do printf "<VirtualHost *:80>\\nServerName '
        's$i.test\\nDocumentRoot /var/www/html\\n"; for j in 1 2 3 4 5 6; do printf '
        '"php_admin_value user_agent a$j\\n"; done; printf "</VirtualHost>\\n"; done '
        f'>{SITES}/many.conf'
    )
    host.restart()
    result = host.demand_switched(kib=MANY_KIB, **NONE)
    assert ' and 1481 more' in level_of(result, 'php_denied')[1]
    assert len(words(result)) < 2000000
