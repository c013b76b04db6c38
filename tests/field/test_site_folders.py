"""Field cases T1 and T2: folders that no DocumentRoot names, and a site behind a very large one."""

import re

import pytest
from field import on

SETTING = 'php_value memory_limit 64M\n'
OPEN = '<Directory {}>\nAllowOverride All\nRequire all granted\n</Directory>\n'
SITE = '<VirtualHost *:80>\nServerName {}\n{}\n</VirtualHost>\n'

# {which kind: (what the configuration says, folder, name of the host, page)}
KINDS = {
    'mod_userdir': (
        SITE.format('homes.test', 'UserDir web')
        + OPEN.format('/home/*/web')
        + '<Directory /home/alice/web>\nOptions FollowSymLinks\n</Directory>\n',
        '/home/alice/web',
        'homes.test',
        '/~alice/page.html',
    ),
    'mod_userdir with a folder of all': (
        SITE.format('users.test', 'UserDir /srv/users/*/web') + OPEN.format('/srv/users/*/web'),
        '/srv/users/bob/web',
        'users.test',
        '/~bob/page.html',
    ),
    'mod_vhost_alias': (
        SITE.format('any.test', 'ServerAlias *.any.test\nVirtualDocumentRoot /srv/mass/%0/web')
        + OPEN.format('/srv/mass'),
        '/srv/mass/shop.any.test/web',
        'shop.any.test',
        '/page.html',
    ),
    'AliasMatch': (
        SITE.format('match.test', 'AliasMatch ^/of/([a-z]+)(/.*)?$ /srv/match/$1/web$2')
        + OPEN.format('/srv/match'),
        '/srv/match/carol/web',
        'match.test',
        '/of/carol/page.html',
    ),
    'a link': (
        SITE.format('link.test', 'DocumentRoot /srv/link') + OPEN.format('/srv/link'),
        '/srv/link/app',
        'link.test',
        '/app/page.html',
    ),
    'a rewrite': (
        SITE.format('rule.test', 'RewriteEngine on\nRewriteRule ^/r/(.*) /opt/rule/$1 [L]')
        + OPEN.format('/opt/rule'),
        '/opt/rule',
        'rule.test',
        '/r/page.html',
    ),
    'a link to the file': (
        SITE.format('file.test', 'DocumentRoot /srv/file') + OPEN.format('/srv/file'),
        '/srv/file',
        'file.test',
        '/page.html',
    ),
}


@on('debian12')
def test_sites_that_no_document_root_names(host):
    """Each of them answers 500 once mod_php is gone, as the last lines show."""
    host.shell('a2enmod -q userdir vhost_alias rewrite && useradd -d /home/alice alice')
    host.shell('mkdir -p /srv/elsewhere /srv/link && ln -s /srv/elsewhere /srv/link/app')
    host.shell('mkdir -p /srv/file /usr/share/app && ln -s /usr/share/app/ht /srv/file/.htaccess')
    host.write(
        '/etc/apache2/sites-enabled/folders.conf', ''.join(kind[0] for kind in KINDS.values())
    )
    for _text, folder, _name, _page in KINDS.values():
        host.write(f'{folder}/.htaccess', SETTING)
        host.write(f'{folder}/page.html', 'a page')
    host.restart()
    assert statuses(host) == dict.fromkeys(KINDS, 200)

    said = host.demand_refused('php_htaccess')['msg']

    files = {kind: f'{folder}/.htaccess line 1' for kind, (_text, folder, *_more) in KINDS.items()}
    assert {kind: file in said for kind, file in files.items()} == dict.fromkeys(KINDS, True)
    host.demand_switched(accept=['php_htaccess'])
    assert statuses(host) == dict.fromkeys(KINDS, 500)


def statuses(host):
    """Return {kind: status of its page}."""
    return {
        kind: host.visitor.get(page, name=name)[0]
        for kind, (_text, _folder, name, page) in KINDS.items()
    }


@on('debian12')
@pytest.mark.parametrize('folder', ['', '/a/b'], ids=['at the top', 'deeper'])
def test_a_site_behind_one_with_many_folders(host, folder):
    """Caches and mail folders have that many, and the first site by name has them."""
    sites = ''.join(
        SITE.format(f'{name}.test', f'DocumentRoot /srv/{name}') + OPEN.format(f'/srv/{name}')
        for name in ('first', 'second')
    )
    host.shell('mkdir -p /srv/first && cd /srv/first && mkdir $(seq 10500)')
    host.write('/etc/apache2/sites-enabled/folders.conf', sites)
    host.write(f'/srv/second{folder}/.htaccess', SETTING)
    host.restart()

    result = host.demand_refused('php_htaccess')

    assert f'/srv/second{folder}/.htaccess line 1' in result['msg']
    told = [item['reason'] for item in result['findings'] if item['level'] == 'warn']
    (numbers,) = re.findall(r'with (\d+) of (\d+) roots searched to the end', ' '.join(told))
    assert int(numbers[1]) - int(numbers[0]) == 1
