"""The pages that visitors ask most, by the access logs of two sites: asked before and after.

No report, but what nobody else does: whether a switch breaks a page of a site is seen at that page.
"""

from __future__ import annotations

from typing import Any

import pytest
from field import FieldHost, on

# {site: {page: how often it is asked for}}, the first page of each site first.
SITES = {
    'shop.example.test': {'/shop/': 9, '/shop/cart.html': 5, '/rare.html': 2},
    'news.example.test': {'/': 6, '/today.html': 3},
}
SITE = """<VirtualHost *:80>
    ServerName {name}
    DocumentRoot /srv/{name}
    CustomLog {logs}/{name}.log combined
    {more}
    <Directory /srv/{name}>
        Require all granted
    </Directory>
</VirtualHost>
"""
# Only the server that is switched to answers so.
ONLY_AFTER = '<IfModule mpm_{mpm}_module>\n    Redirect {status} /shop\n    </IfModule>'


def make_sites(host: FieldHost, more: str = '') -> None:
    """Have two sites whose pages visitors at two addresses have asked for."""
    logs = host.layout.log.rpartition('/')[0]
    for name, pages in SITES.items():
        for page in pages:
            path = page + 'index.html' * page.endswith('/')
            host.write(f'/srv/{name}{path}', f'{name} {page}\n')
        text = SITE.format(name=name, more=more, logs=logs)
        host.write(f'{host.layout.sites}/{name}.conf', text)
    host.restart()
    # What these tests themselves have asked until now.
    host.shell('for log in $(ls "$1"/*log); do : >"$log"; done', logs)
    for name, pages in SITES.items():
        for page, often in pages.items():
            # From outside, and from the host's own address.
            for _time in range(often - 1):
                assert host.visitor.get(page, name=name)[0] == 200
            host.shell(
                'python3 -c "$1" "$2" "$3" "$4"',
                'import http.client, sys; c = http.client.HTTPConnection(sys.argv[3]); '
                'c.request("GET", sys.argv[2], headers={"Host": sys.argv[1]}); '
                'assert c.getresponse().status == 200',
                name,
                page,
                host.host.address,
            )
    # One visitor alone decides nothing, however often he asks, and neither does an action.
    for _time in range(20):
        host.visitor.get('/only-one-visitor', name='shop.example.test')
        host.visitor.get('/logout', name='shop.example.test')


def asked(result: dict[str, Any]) -> list[str]:
    """Return the URLs of the pages that were chosen."""
    return [page['url'] for page in result['probe_pages']]


MOST = [
    'http://shop.example.test/shop/',
    'http://news.example.test/',
    'http://shop.example.test/shop/cart.html',
    'http://news.example.test/today.html',
    'http://shop.example.test/rare.html',
]


@on('debian12', 'el9')
def test_pages_that_answer_as_before(host: FieldHost) -> None:
    """The most frequent pages of both sites are asked, and answer the same."""
    make_sites(host)
    result = host.demand_switched(probe_pages=5)
    assert asked(result) == MOST
    assert {(page['before'], page['after'], page['kind']) for page in result['probe_pages']} == {
        (200, 200, 'text/html')
    }
    words = 'Pages of the access logs that were asked before and after it: 5; the same: 5.'
    assert words in result['msg']
    again = host.switch(mpm=host.layout.mpms[0], probe_pages=2).result
    assert asked(again) == MOST[:2]


@on('debian12', 'el9')
@pytest.mark.parametrize(
    ('status', 'rehearse', 'outcome'),
    [
        (404, 'auto', 'refused'),
        (404, 'never', 'rolled_back'),
        # In the rehearsal there is no other server to ask, so there this proves nothing.
        (503, 'auto', 'rolled_back'),
    ],
)
def test_a_page_that_fails_under_the_new_mpm(
    host: FieldHost, status: int, rehearse: str, outcome: str
) -> None:
    """A page of visitors that only the new server does not serve ends the switch, by its name."""
    make_sites(host, ONLY_AFTER.format(status=status, mpm=host.layout.mpms[1]))
    before = host.fingerprint().files
    result = host.switch(probe_pages=3, rehearse=rehearse).result
    assert result['outcome'] == outcome, result['msg']
    assert f'{MOST[0]} answers {status}, before it was 200' in result['msg']
    after = host.fingerprint().files
    assert {path for path in before if before[path] != after.get(path)} == set()
    host.demand_runs(host.layout.mpms[0])
    assert host.visitor.get('/shop/', name='shop.example.test')[0] == 200
    shown = {page['url']: (page['before'], page['after']) for page in result['probe_pages']}
    assert shown[MOST[0]] == (200, None if outcome == 'refused' else status)
