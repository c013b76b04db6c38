"""Each site by its own name, port and TLS: asked before a switch, in the rehearsal, and after it.

A switch that leaves the first site well and breaks another one is no success.
"""

from __future__ import annotations

from typing import Any

import pytest
from field import FieldHost, on

SITE = """<VirtualHost *:{port}>
    ServerName {name}
    DocumentRoot /srv/{name}
    {lines}
    <Directory /srv/{name}>
        {access}
    </Directory>
</VirtualHost>
"""
EVERYBODY = {'el6': 'Order allow,deny\n        Allow from all'}
# Only the server that is switched to answers so.
ONLY_AFTER = '<IfModule {mpm}>\n    Redirect {status} /\n    </IfModule>'
MODULES = {'el6': '{mpm}.c'}
# Named later than every site that a host has, so that those keep their place.
CONF = 'zz-{name}-{port}.conf'
USERS = 'ann:$apr1$zAFqOXVX$Oy1vP2rNlk1fDqJ3Tx2hU.\n'
LOGIN = """AuthType Basic
        AuthName inside
        AuthUserFile /srv/users
        Require valid-user"""


def add_site(
    host: FieldHost, name: str, lines: str = '', port: int = 80, conf: str = CONF, access: str = ''
) -> None:
    """Add a virtual host with a first page. access: who may see it, '' for everybody."""
    host.write(f'/srv/{name}/index.html', f'{name}\n')
    access = access or EVERYBODY.get(host.layout.name, 'Require all granted')
    text = SITE.format(name=name, port=port, lines=lines, access=access)
    host.write(f'{host.layout.sites}/{conf.format(name=name, port=port)}', text)


def make_sites(host: FieldHost, lines: str = '') -> None:
    """Have two sites by name. lines: of the second one."""
    if host.layout.name == 'el6':
        host.write(f'{host.layout.sites}/names.conf', 'NameVirtualHost *:80\n')
    add_site(host, 'shop.test')
    add_site(host, 'wiki.test', lines)
    host.restart()


def only_after(host: FieldHost, status: int) -> str:
    """Return lines by which only the server that is switched to answers so."""
    module = MODULES.get(host.layout.name, 'mpm_{mpm}_module').format(mpm=host.layout.mpms[1])
    return ONLY_AFTER.format(mpm=module, status=status)


def first_pages(result: dict[str, Any]) -> dict[str, tuple[int | None, int | None]]:
    """Return {URL: (status before, status after)} of the first pages that were asked."""
    return {
        one['url']: (one['before'], one['after'])
        for one in result['probe_sites']
        if one['url'].count('/') == 3 and one['url'].endswith('/')
    }


def not_proved(result: dict[str, Any]) -> dict[str, str]:
    """Return {site: why}."""
    return {one['site']: one['why'] for one in result['sites_not_proved']}


def demand_no_words(result: dict[str, Any]) -> None:
    """Demand that all sites were proved, and nothing is said of them."""
    assert result['sites_not_proved'] == []
    assert 'sites_not_proved' not in [item['rule'] for item in result['findings']]
    assert not [words for words in result.get('warnings', []) if 'sites' in words]


def make_certificates(host: FieldHost) -> None:
    """Have one certificate for all sites, and httpd speak TLS at port 443."""
    host.shell(
        'a2enmod -q ssl && mkdir -p /srv/tls && cd /srv/tls && openssl req -x509 -newkey rsa:2048 '
        '-nodes -keyout key -out crt -days 30 -subj /CN=shop.test'
    )


def with_tls(lines: str = '') -> str:
    """Return the lines of a site with TLS, and its own ones."""
    parts = [
        'SSLEngine on',
        'SSLCertificateFile /srv/tls/crt',
        'SSLCertificateKeyFile /srv/tls/key',
    ]
    return '\n    '.join([*parts, lines])


@on('debian12', 'el6', 'el9')
def test_sites_that_answer_as_before(host: FieldHost) -> None:
    """Each site is asked by its name, there and back, and there is nothing to say of them."""
    make_sites(host)
    for result in host.there_and_back():
        found = first_pages(result)
        assert found['http://shop.test/'] == found['http://wiki.test/'] == (200, 200)
        demand_no_words(result)


@on('debian12', 'el6', 'el9')
@pytest.mark.parametrize(
    ('status', 'rehearse', 'outcome'),
    [
        (404, 'auto', 'refused'),
        (404, 'never', 'rolled_back'),
        # In the rehearsal there is no other server to ask, so there this proves nothing.
        (503, 'auto', 'rolled_back'),
    ],
)
def test_a_site_that_breaks_under_the_new_mpm(
    host: FieldHost, status: int, rehearse: str, outcome: str
) -> None:
    """The first site is well, the last one is not: all is taken back, and the site is named."""
    make_sites(host, only_after(host, status))
    before = host.fingerprint().files
    result = host.switch(rehearse=rehearse).result
    assert result['outcome'] == outcome, result['msg']
    words = f'wiki.test:80 answers {status} at http://wiki.test/, before it was 200'
    assert words in result['msg'] and 'shop.test' not in result['msg']
    after = host.fingerprint().files
    assert {path for path in before if before[path] != after.get(path)} == set()
    host.demand_runs(host.layout.mpms[0])
    assert host.visitor.get('/', name='wiki.test')[0] == 200
    seen = None if outcome == 'refused' else status
    assert first_pages(result)['http://wiki.test/'] == (200, seen)
    if outcome == 'rolled_back':
        assert 'proved to answer as before' in result['msg']


@on('debian12', 'el9')
def test_a_site_is_not_asked_where_nobody_wants_it(host: FieldHost) -> None:
    """With `probe_sites: false` only what was named is proved."""
    make_sites(host, only_after(host, 404))
    result = host.demand_switched(probe_sites=False)
    assert result['probe_sites'] == [] and result['sites_not_proved'] == []


@on('debian12', 'el6', 'el9')
def test_a_first_site_that_only_redirects(host: FieldHost) -> None:
    """Many hosts send all unknown names away, and have two sites at two ports behind that."""
    if host.layout.name == 'el6':
        host.write(f'{host.layout.sites}/names.conf', 'NameVirtualHost *:80\n')
    moved = 'Redirect permanent / https://elsewhere.test/'
    add_site(host, 'moved.test', moved, conf='000-{name}.conf')
    add_site(host, 'shop.test')
    host.write(f'{host.layout.sites}/ports.conf', 'Listen 8080\n')
    add_site(host, 'shop.test', port=8080)
    host.restart()
    result = host.demand_switched()
    found = first_pages(result)
    assert found['http://moved.test/'] == (301, 301)
    assert found['http://shop.test/'] == found['http://shop.test:8080/'] == (200, 200)
    demand_no_words(result)


@on('debian12', 'el9')
def test_a_site_that_breaks_at_one_port(host: FieldHost) -> None:
    """The same name answers at two ports; at the one where another site comes first it breaks."""
    add_site(host, 'shop.test')
    add_site(host, 'first.test', port=8080)
    host.write(f'{host.layout.sites}/ports.conf', 'Listen 8080\n')
    add_site(host, 'shop.test', only_after(host, 404), port=8080)
    host.restart()
    result = host.switch(rehearse='never').result
    assert result['outcome'] == 'rolled_back', result['msg']
    assert 'shop.test:8080 answers 404 at http://shop.test:8080/' in result['msg']


@on('debian12', 'el6', 'el9')
def test_a_site_with_a_login(host: FieldHost) -> None:
    """What lies behind a login is not proved, and the site is named; the login itself stays."""
    host.write('/srv/users', USERS)
    make_sites(host)
    add_site(host, 'wiki.test', access=LOGIN)
    host.restart()
    result = host.demand_switched()
    assert first_pages(result)['http://wiki.test/'] == (401, 401)
    assert list(not_proved(result)) == ['wiki.test:80']
    (reason,) = [x['reason'] for x in result['findings'] if x['rule'] == 'sites_not_proved']
    assert 'wiki.test:80 (it asks for a name and a password' in reason


@on('debian12', 'el9')
def test_a_denial_that_is_lost(host: FieldHost) -> None:
    """A site that nobody may see is open under the new MPM alone."""
    module = f'mpm_{host.layout.mpms[1]}_module'
    make_sites(host, f'<IfModule !{module}>\n    Redirect 403 /\n    </IfModule>')
    result = host.switch(rehearse='never').result
    assert result['outcome'] == 'rolled_back', result['msg']
    assert 'wiki.test:80 answers 200 at http://wiki.test/, before it was 403' in result['msg']
    assert host.visitor.get('/', name='wiki.test')[0] == 403


@on('debian12')
def test_sites_with_tls(host: FieldHost) -> None:
    """By SNI: one is well, one breaks under the new MPM."""
    make_certificates(host)
    add_site(host, 'shop.test', with_tls(), port=443)
    add_site(host, 'wiki.test', with_tls(only_after(host, 404)), port=443)
    host.restart()
    result = host.switch(rehearse='never').result
    assert result['outcome'] == 'rolled_back', result['msg']
    assert 'wiki.test:443 answers 404 at https://wiki.test/, before it was 200' in result['msg']
    assert first_pages(result)['https://shop.test/'] == (200, 200)


@on('debian12')
def test_sites_that_cannot_be_asked(host: FieldHost) -> None:
    """A certificate of the visitors, and the PROXY protocol: told by name, with the reason."""
    make_certificates(host)
    host.shell('a2enmod -q remoteip')
    wants = 'SSLVerifyClient require\n    SSLCACertificateFile /srv/tls/crt'
    add_site(host, 'shop.test', with_tls(), port=443)
    add_site(host, 'intern.test', with_tls(wants), port=443)
    host.write(f'{host.layout.sites}/ports.conf', 'Listen 8080\n')
    add_site(host, 'balanced.test', 'RemoteIPProxyProtocol On', port=8080)
    host.restart()
    result = host.demand_switched()
    assert first_pages(result)['https://shop.test/'] == (200, 200)
    assert not_proved(result) == {
        'intern.test:443': 'it asks for a certificate of its visitors',
        'balanced.test:8080': 'its visitors come by the PROXY protocol',
    }


@on('debian12', 'el9')
def test_very_many_sites(host: FieldHost) -> None:
    """Of 1,500 sites the first are asked, all the others are told, and it takes its time only."""
    access = 'Require all granted'
    texts = [
        SITE.format(name=f's{n}.test', port=80, lines='', access=access).replace(
            f'/srv/s{n}.test', '/srv/all'
        )
        for n in range(1500)
    ]
    host.write('/srv/all/index.html', 'all\n')
    host.write(f'{host.layout.sites}/zz-many.conf', ''.join(texts))
    host.restart()
    result = host.switch(rehearse='never', kib=300 * 1024).result
    assert result['outcome'] == 'switched', result['msg']
    assert 100 <= len(first_pages(result)) <= 150
    assert {one['before'] for one in result['probe_sites']} <= {200, 404, 403}
    (reason,) = [x['reason'] for x in result['findings'] if x['rule'] == 'sites_not_proved']
    assert ' and 13' in reason and 'only the first 150 sites are asked' in reason
