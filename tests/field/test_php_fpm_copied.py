"""What .htaccess files and <Files> tell mod_php holds after `php: fpm`, or it is refused."""

import pytest
from field import FieldHost, on
from php_sites import MARKER, SITES, words

debian = on('debian12')
CARRY = {'php': 'fpm', 'mpm': 'event'}
SHOP = '/var/www/shop'
NAMES = 'memory_limit display_errors precision post_max_size open_basedir max_input_vars'
TELL = f"""<?php /* {MARKER} */
foreach (explode(' ', '{NAMES}') as $name) echo $name, '=', ini_get($name), "\\n";
echo 'passwd=', @file_get_contents('/etc/passwd') === false ? 'kept' : 'read', "\\n";
echo 'set=', ini_set('memory_limit', '77M') === false ? 'no' : 'yes', "\\n";
"""
SITE = f"""<VirtualHost *:80>
  ServerName shop.test
  DocumentRoot {SHOP}
  Alias /other /srv/other
  php_admin_value open_basedir {SHOP}:/srv/other
  <Files lone.php>
    php_value precision 3
  </Files>
  <FilesMatch "\\.phtml$">
    SetHandler application/x-httpd-php
    php_value precision 4
  </FilesMatch>
  <Directory {SHOP}>
    AllowOverride All
  </Directory>
  <Directory {SHOP}/skips>
    AllowOverride All Nonfatal=Unknown
  </Directory>
  <Directory /srv/other>
    AllowOverride Options
    Require all granted
  </Directory>
</VirtualHost>
"""
GUARDED = '<IfModule mod_php.c>\n%s</IfModule>\n'
FOLDERS = {
    f'{SHOP}': GUARDED % 'php_value memory_limit 99M\nphp_flag display_errors on\n',
    f'{SHOP}/up': GUARDED % 'php_flag engine off\n',
    f'{SHOP}/up/runs': GUARDED % 'php_flag engine on\nphp_value post_max_size "5M"\n',
    f'{SHOP}/up/runs/not': GUARDED % 'php_value engine 0\n',
    f'{SHOP}/one': GUARDED % '<Files tell.php>\nphp_value max_input_vars 77\n</Files>\n',
    f'{SHOP}/skips': 'php_value post_max_size 6M\n',
    f'{SHOP}/skips/off': 'php_flag engine off\n',
    f'{SHOP}/for_five': '<IfModule mod_php5.c>\nphp_value post_max_size 7M\n</IfModule>\n',
    '/srv/other': GUARDED % 'php_value memory_limit 88M\n',
    f'{SHOP}/nothing': 'Options -Indexes\n',
}
PAGES = ('tell.php', 'lone.php', 'tell.phtml')


def arrange(host: FieldHost, folders: dict[str, str]) -> None:
    """Make the site, with a .htaccess in each of these folders, and pages beside it."""
    for folder, text in folders.items():
        host.write(f'{folder}/.htaccess', text)
        for name in PAGES:
            host.write(f'{folder}/{name}', TELL)
    host.write(f'{SITES}/shop.conf', SITE)
    host.restart()


def answers(host: FieldHost, folders: dict[str, str]) -> dict[str, tuple[int, str]]:
    """Return what each page answers."""
    urls = [folder.replace('/srv', '').replace(SHOP, '') for folder in folders]
    return {
        f'{url}/{name}': host.visitor.get(f'{url}/{name}', name='shop.test')
        for url in urls
        for name in PAGES
    }


@debian
def test_settings_of_folders_hold_there_and_back(host):
    """Values, files, folders in folders, and the engine off, then on, then off."""
    arrange(host, FOLDERS)
    before = answers(host, FOLDERS)
    assert 'max_input_vars=77' in before['/one/tell.php'][1]
    assert 'precision=3' in before['/lone.php'][1] and 'precision=4' in before['/tell.phtml'][1]
    assert MARKER in before['/up/tell.php'][1] and MARKER not in before['/up/runs/tell.php'][1]
    assert 'passwd=kept' in before['/tell.php'][1] and 'memory_limit=99M' in before['/tell.php'][1]
    assert MARKER in before['/skips/off/tell.php'][1]
    result = host.demand_switched(**CARRY)
    assert answers(host, FOLDERS) == before
    (said,) = [one for one in result['findings'] if one['rule'] == 'php_htaccess_copied']
    assert f'{SHOP}/up/.htaccess line 2' in said['reason']
    assert 'mod_php5' not in said['reason'] and 'for_five' not in said['reason']
    host.demand_switched(mpm='prefork')
    assert answers(host, FOLDERS) == before
    assert host.read(f'{SHOP}/up/.htaccess') == FOLDERS[f'{SHOP}/up']


@debian
@pytest.mark.parametrize(
    'text, number, rule',
    [
        (GUARDED % 'php_value open_basedir /\n', 2, 'php_not_carried'),
        (GUARDED % 'php_value extension /tmp/own.so\n', 2, 'php_not_carried'),
        (GUARDED % 'php_value sendmail_path /tmp/own\n', 2, 'php_not_carried'),
        (GUARDED % '<If "true">\nphp_value precision 5\n</If>\n', 3, 'php_not_carried'),
        (GUARDED % '<FilesMatch ".">\nphp_flag engine off\n</FilesMatch>\n', 3, 'php_not_carried'),
        (GUARDED % 'php_value default_charset "a\'\\nb"\n', 2, 'php_not_carried'),
        ('php_value precision 5\n', 1, 'php_htaccess'),
        ('php_flag engine off\n', 1, 'php_htaccess'),
    ],
)
def test_what_would_be_lost_or_more_is_refused(host, text, number, rule):
    """Nothing changes; what a pool would let an owner have is his no more than before."""
    arrange(host, {f'{SHOP}/up': text})
    before = answers(host, {f'{SHOP}/up': text})
    result = host.demand_refused(rule, 'event', ('/etc/php',), php='fpm')
    assert f'{SHOP}/up/.htaccess line {number}' in words(result)
    assert answers(host, {f'{SHOP}/up': text}) == before


@debian
def test_a_folder_with_a_name_that_httpd_would_read_as_a_pattern(host):
    """Else its owner decided for the folders of others."""
    arrange(host, {f'{SHOP}/*': FOLDERS[f'{SHOP}/up']})
    result = host.demand_refused('php_not_carried', 'event', ('/etc/php',), php='fpm')
    assert f'{SHOP}/*/.htaccess line 2' in words(result)


@debian
@pytest.mark.parametrize('target, refused', [('up', True), ('/', True), ('/srv/far', False)])
def test_a_link_to_a_folder_of_uploads(host, target, refused):
    """It executes nothing, by whichever path it is asked."""
    folders = {f'{SHOP}/up/deep': GUARDED % 'php_flag engine off\n'}
    arrange(host, folders)
    host.write('/srv/far/deep/.htaccess', GUARDED % 'php_flag engine off\n')
    host.write('/srv/far/deep/tell.php', TELL)
    host.shell(f'ln -s {target} {SHOP}/link')
    if refused:
        result = host.demand_refused('php_not_carried', 'event', ('/etc/php',), php='fpm')
        assert f'{SHOP}/up/deep/.htaccess line 2' in words(result)
        return
    before = host.visitor.get('/link/deep/tell.php', name='shop.test')
    assert MARKER in before[1]
    host.demand_switched(**CARRY)
    assert host.visitor.get('/link/deep/tell.php', name='shop.test') == before
    assert MARKER in host.visitor.get('/up/deep/tell.php', name='shop.test')[1]


@debian
def test_a_folder_that_only_a_request_names(host):
    """Of a home nobody can say which sites serve it."""
    host.shell('a2enmod -q userdir && useradd -m who && chmod 755 /home/who')
    arrange(host, {'/home/who/public_html': FOLDERS[SHOP]})
    result = host.demand_refused('php_not_carried', 'event', ('/etc/php',), php='fpm')
    assert '/home/who/public_html/.htaccess line 2' in words(result)
