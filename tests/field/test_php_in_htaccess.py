"""Field cases P: what a .htaccess says of PHP, which httpd asks for each request below it."""

import pytest
from field import on
from php_sites import BY_FPM, FPM, MARKER, MODULE, PAGE, PROXY, add_site, asked, enable_fpm, words

SHOP = '/var/www/shop'
OPEN = f'<Directory {SHOP}>\nAllowOverride All\nRequire all granted\n</Directory>\n'
BY_MODULE = 'application/x-httpd-php'
# {layout: a threaded MPM that it has}
THREADED = {'debian12': 'event', 'el7': 'worker'}
with_module = on('debian12', 'el7')
debian = on('debian12')


def arrange(host, folder, content, *names):
    """Have the site shop with a .htaccess in a folder, and pages of these names beside it."""
    add_site(host, 'shop', OPEN)
    add_site(host, 'blog')
    host.write(f'{SHOP}{folder}/.htaccess', content)
    for name in names:
        host.write(f'{SHOP}{folder}/{name}', PAGE)
    host.restart()


def enable_fpm_behind(host):
    """Have FPM run what no module runs."""
    enable_fpm(host)
    host.write(
        '/etc/apache2/conf-enabled/fpm.conf', f'<IfModule !mod_php.c>\n{BY_FPM}</IfModule>\n'
    )


@with_module
@pytest.mark.parametrize(
    'content, name, plain',
    [
        (f'AddType {BY_MODULE} .foo\n', 'a.foo', 'b.bar'),
        (f'AddHandler {BY_MODULE} .html\n', 'a.html', 'b.txt'),
        (f'<FilesMatch "^[^.]+$">\nSetHandler {BY_MODULE}\n</FilesMatch>\n', 'a', 'b.txt'),
        (f'<Files secret>\nForceType {BY_MODULE}\n</Files>\n', 'secret', 'other'),
    ],
)
def test_what_only_such_a_file_gives_to_the_module(host, content, name, plain):
    """After the switch its source would be sent; nothing else may be denied."""
    arrange(host, '/app', content, name)
    host.write(f'{SHOP}/app/{plain}', 'plain')
    host.write(f'{SHOP}/{plain}', 'plain')
    assert asked(host, 'shop', f'/app/{name}') == MODULE
    result = host.demand_switched(mpm=THREADED[host.layout.name], php='none')
    assert asked(host, 'shop', f'/app/{name}') == '403'
    assert [asked(host, one) for one in ('shop', 'blog')] == ['403'] * 2
    for path in (f'/app/{plain}', f'/{plain}'):
        assert host.visitor.get(path, name='shop.test') == (200, 'plain')
    assert f'{SHOP}/app/.htaccess' in words(result)
    host.demand_switched(mpm='prefork')
    assert asked(host, 'shop', f'/app/{name}') == MODULE


@debian
def test_a_folder_that_is_php_as_a_whole(host):
    """Addresses without an ending, and pictures that a script makes."""
    arrange(host, '/app', f'SetHandler {BY_MODULE}\n', 'a', 'b.png', 'c.d.e')
    host.write(f'{SHOP}/b.png', 'plain')
    names = [f'/app/{name}' for name in ('a', 'b.png', 'c.d.e')]
    assert [asked(host, 'shop', name) for name in names] == [MODULE] * 3
    host.demand_switched(mpm='event', php='none')
    assert [asked(host, 'shop', name) for name in names] == ['403'] * 3
    assert host.visitor.get('/b.png', name='shop.test') == (200, 'plain')


@debian
def test_a_rewrite_rule_that_sets_a_handler(host):
    host.shell('a2enmod -q rewrite')
    content = f'RewriteEngine on\nRewriteRule "\\.foo$" - [H={BY_MODULE}]\n'
    arrange(host, '/app', content, 'a.foo')
    assert asked(host, 'shop', '/app/a.foo') == MODULE
    host.demand_switched(mpm='event', php='none')
    assert asked(host, 'shop', '/app/a.foo') == '403'


@debian
@pytest.mark.parametrize(
    'content',
    [
        f'<FilesMatch "\\.php$">\nSetHandler "{PROXY}"\n</FilesMatch>\n',
        f'RewriteEngine on\nRewriteRule "\\.php$" - [H={PROXY}]\n',
    ],
)
def test_a_site_that_such_a_file_gives_to_fpm(host, content):
    """A hosting panel lets a customer choose so; it is none of mod_php's sites."""
    enable_fpm(host)
    host.shell('a2enmod -q rewrite')
    arrange(host, '', content)
    assert (asked(host, 'shop'), asked(host, 'blog')) == (FPM, MODULE)
    host.demand_switched(mpm='event', php='none')
    assert (asked(host, 'shop'), asked(host, 'blog')) == (FPM, '403')


@debian
@pytest.mark.parametrize('guard', ['{}', '<IfModule mod_php.c>\n{}</IfModule>\n'])
def test_a_folder_of_uploads_that_runs_nothing(host, guard):
    """FPM reads no php_flag: it would run what visitors have sent."""
    enable_fpm_behind(host)
    arrange(host, '/up', guard.format('php_flag engine off\n'), 'x.php')
    assert asked(host, 'shop', '/up/x.php') not in (MODULE, FPM)
    result = host.demand_refused('php_protection_lost', 'event', php='none')
    number = 1 if guard == '{}' else 2
    assert f'{SHOP}/up/.htaccess line {number}' in words(result)


@debian
def test_a_script_to_which_such_a_file_lets_everybody_in(host):
    """What many write for one script of an application overrules any denial of ours."""
    content = '<Files page.php>\nOrder allow,deny\nAllow from all\nSatisfy any\n</Files>\n'
    arrange(host, '', content)
    result = host.demand_refused('php_lost', 'event', php='none')
    assert 'shop' in words(result) and MARKER not in words(result)


@debian
def test_a_line_that_nobody_can_judge(host):
    content = f'<FilesMatch "^(?!x).*\\.foo$">\nSetHandler {BY_MODULE}\n</FilesMatch>\n'
    arrange(host, '/app', content, 'a.foo')
    assert asked(host, 'shop', '/app/a.foo') == MODULE
    result = host.demand_refused('php_not_judged', 'event', php='none')
    assert f'{SHOP}/app/.htaccess line 2' in words(result)


@on('el9')
def test_a_host_without_the_module_goes_on(host):
    """Such files give more to FPM there, and no switch changes that."""
    add_site(host, 'shop', OPEN)
    content = '<Files a.foo>\nSetHandler "proxy:unix:/run/php-fpm/www.sock|fcgi://localhost"\n'
    host.write(f'{SHOP}/app/.htaccess', content + '</Files>\n')
    host.restart()
    before = host.visitor.get('/app/a.foo', name='shop.test')[0]
    for mpm in ('prefork', 'event'):
        host.demand_switched(mpm=mpm)
        assert host.visitor.get('/app/a.foo', name='shop.test')[0] == before
