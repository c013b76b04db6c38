# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import socket
import subprocess

import pytest
from ansible_collections.webops.apache.plugins.module_utils._errors import InputError
from ansible_collections.webops.apache.plugins.module_utils._model import Answer, Probe
from ansible_collections.webops.apache.plugins.module_utils._proof import probes
from ansible_collections.webops.apache.plugins.module_utils._system.clock import monotonic
from ansible_collections.webops.apache.plugins.module_utils._system.command import find_program
from ansible_collections.webops.apache.tests.unit.plugins.module_utils._proof import sites

PAGES = {
    '/': (200, b'<h1>hello</h1>'),
    '/?q=1': (200, b'asked'),
    '/broken': (500, b'oops'),
    '/source.php': (200, b'<?php echo 1; ?>'),
    '/away': (302, b'', b'Location: http://127.0.0.1:1/\r\n'),
    '/utf8': (200, u'caf\xe9'.encode('utf-8')),
    '/big': (200, b'x' * 200000 + b'needle'),
    '/edge': (200, b'x' * 65530 + b'needle'),
    '/drip': sites.drip,
    '/drip-headers': sites.drip_headers,
    '/silence': sites.silence,
    '/hang-up': sites.hang_up,
}


@pytest.fixture(scope='module')
def site():
    with sites.serving(sites.Site(PAGES)) as made:
        yield made


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(probes, 'TIMEOUT', 0.2)


def ask(site, path, status=None, contains=None):
    return probes.ask(Probe(site.url(path), status, contains), site.addresses)


class TestParseProbe:
    @pytest.mark.parametrize(
        'given, probe',
        [
            ('http://a/', ('http://a/', None, None)),
            (
                {'url': 'https://a.b:8443/x?y#z', 'status': 204, 'contains': 'w'},
                ('https://a.b:8443/x?y#z', 204, 'w'),
            ),
            ({'url': 'http://[::1]:80'}, ('http://[::1]:80', None, None)),
            ('HTTP://A', ('HTTP://A', None, None)),
            ({'url': 'http://a/', 'status': '301'}, ('http://a/', 301, None)),
            ({'url': 'http://a?b', 'status': None}, ('http://a?b', None, None)),
        ],
    )
    def test_takes_a_url_or_a_dictionary(self, given, probe):
        assert probes.parse_probe(given) == Probe(*probe)

    @pytest.mark.parametrize(
        'url',
        [
            '',
            None,
            'a',
            '/x',
            'ftp://a/',
            'http://',
            'http:///x',
            'http://a:0/',
            'http://a:65536/',
            'http://a:x/',
            'http://a b/',
            'http://a/\n',
            u'http://caf\xe9/',
            'http://[::1',
            'http://[zz]/',
            'http://me:secret@a/',
            'http://me@a/',
            'file:///etc/passwd',
            'http://a:80:80/',
        ],
    )
    def test_anything_else_is_refused(self, url):
        with pytest.raises(InputError) as caught:
            probes.parse_probe({'url': url})
        assert caught.value.message.startswith('probes: ')

    @pytest.mark.parametrize('status', [0, 99, 600, -1, 'ok', '2 00', 200.5, True])
    def test_a_status_that_none_is_is_refused(self, status):
        with pytest.raises(InputError):
            probes.parse_probe({'url': 'http://a/', 'status': status})


class TestAsk:
    @pytest.mark.parametrize(
        'path, status, contains, error',
        [
            ('/', None, None, None),
            ('/', 200, 'hello', None),
            ('/', 200, 'bye', "the page does not hold 'bye'"),
            ('/', 204, 'hello', 'status 200 instead of 204'),
            ('/broken', None, None, None),
            ('/broken', 500, None, None),
            ('/broken', 200, None, 'status 500 instead of 200'),
            ('/missing', 404, None, None),
            ('/?q=1', 200, 'asked', None),
            ('/utf8', 200, u'caf\xe9', None),
            ('/utf8', 200, u'caf\xe9'.encode('utf-8'), None),
            ('/', 200, '', None),
        ],
    )
    def test_judges_status_and_content(self, site, path, status, contains, error):
        answer = ask(site, path, status, contains)
        assert (answer.error or '').replace("u'", "'") == (error or '')
        assert answer.status == PAGES.get(path, (404,))[0]

    def test_a_page_that_holds_the_source_of_a_script_is_marked(self, site):
        assert ask(site, '/source.php').source is True
        assert ask(site, '/').source is False

    def test_a_redirect_is_an_answer_and_is_not_followed(self, site):
        assert ask(site, '/away', 302) == Answer(site.url('/away'), 302, False, True, None)

    def test_the_host_of_the_url_goes_into_the_request_and_the_connection_to_our_own_server(
        self, site
    ):
        ask(site, '/?host=1#here')
        path, headers = site.asked[-1]
        assert (path, headers['Host']) == ('/?host=1', 'www.example.com:%d' % site.port)

    def test_the_usual_port_is_not_named(self, monkeypatch):
        asked = []
        page = probes.Page(200, u'', None)
        monkeypatch.setattr(probes, 'fetch', lambda *words: asked.append(words) or page)
        probes.ask(Probe('http://a.example', None, None), [('10.0.0.1', 80)])
        probes.ask(Probe('https://[2001:db8::1]:443?x', None, None), [('::', 443)])
        assert asked == [
            ('http', '10.0.0.1', 80, 'a.example', '/', False),
            ('https', '::', 443, '[2001:db8::1]', '/?x', False),
        ]

    @pytest.mark.parametrize(
        'host, own, address',
        [
            ('www.example.com', ['192.0.2.1', '2001:db8::1'], '192.0.2.1'),
            ('2001:DB8::0:1', ['192.0.2.1', '2001:db8::1'], '2001:db8::1'),
            ('192.0.2.1', ['2001:db8::1', '192.0.2.1'], '192.0.2.1'),
            ('192.0.2.9', ['192.0.2.1'], '192.0.2.1'),
            # Of a listener on every address it counts whether the address is this host's.
            ('127.0.0.1', ['::'], '127.0.0.1'),
            ('127.0.0.1', ['0.0.0.0'], '127.0.0.1'),
            ('192.0.2.9', ['0.0.0.0'], '0.0.0.0'),
            ('::1', ['0.0.0.0'], '0.0.0.0'),
            ('2001:db8::1', ['::'], '::'),
            ('127.0.0.1', ['192.0.2.1'], '192.0.2.1'),
            ('a%', ['::'], '::'),
        ],
    )
    def test_an_address_in_the_url_is_asked_if_it_is_ours(self, host, own, address):
        assert probes.choose_address(host, own) == address

    def test_only_the_first_64_kib_are_read(self, site):
        assert ask(site, '/big', contains='needle').matched is False
        assert ask(site, '/edge', contains='needle').matched is True

    def test_a_port_of_somebody_else_is_not_asked(self, site):
        before = len(site.asked)
        answer = probes.ask(Probe(site.url(), None, None), [('0.0.0.0', site.port + 1)])
        assert (
            answer.error == 'nothing of this server listens on port %d' % site.port
            and len(site.asked) == before
        )

    def test_a_refused_connection_is_no_answer(self):
        with sites.serving(sites.Site({})) as gone:
            pass
        answer = ask(gone, '/')
        assert answer.status is None and answer.error.startswith('no answer: ')

    def test_a_server_that_hangs_up_is_no_answer(self, site):
        answer = ask(site, '/hang-up')
        assert (
            answer.status is None
            and answer.error.startswith('no answer: ')
            and len(answer.error) > 12
        )

    @pytest.mark.parametrize('path', ['/silence', '/drip', '/drip-headers'])
    def test_a_slow_server_is_not_waited_for_longer_than_the_limit_in_all(self, site, short, path):
        began = monotonic()
        answer = ask(site, path)
        assert 0.1 < monotonic() - began < 1.5
        assert answer.status is None and answer.error.startswith('no answer: ')


class TestFetch:
    def test_a_listener_on_all_addresses_of_ipv6_is_asked_by_ipv4_where_there_is_no_ipv6(
        self, site
    ):
        # The site listens on IPv4 only, as a host without an address of IPv6 does.
        assert probes.fetch('http', '::', site.port, 'a', '/')[0] == 200

    def test_gives_the_bytes_of_the_page(self, site):
        page = probes.fetch('http', '127.0.0.1', site.port, 'a', '/utf8')
        assert page == probes.Page(200, u'caf\xc3\xa9', None)

    def test_raises_what_the_connection_raises(self, site, short):
        with pytest.raises((socket.error, ValueError)):
            probes.fetch('https', '127.0.0.1', site.port, 'a', '/')


@pytest.fixture(scope='module')
def tls_site(tmpdir_factory):
    openssl = find_program('openssl')
    if not openssl:
        pytest.skip('there is no openssl to make a certificate with')
    folder = tmpdir_factory.mktemp('tls')
    key, certificate = str(folder.join('key')), str(folder.join('certificate'))
    process = subprocess.Popen(
        [
            openssl,
            'req',
            '-x509',
            '-newkey',
            'rsa:2048',
            '-nodes',
            '-days',
            '1',
            '-subj',
            '/CN=other.example',
            '-keyout',
            key,
            '-out',
            certificate,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    words = process.communicate()[0]
    assert process.returncode == 0, words
    with sites.serving(sites.Site(PAGES).with_tls(certificate, key)) as made:
        yield made


class TestHttps:
    @pytest.mark.parametrize('host', ['www.example.com', '127.0.0.1', '[::1]'])
    def test_a_certificate_of_its_own_and_for_another_name_is_no_obstacle(self, tls_site, host):
        answer = probes.ask(
            Probe(tls_site.url('/', host, 'https'), 200, 'hello'), tls_site.addresses
        )
        assert answer == Answer(tls_site.url('/', host, 'https'), 200, False, True, None)

    @pytest.mark.parametrize('path', ['/silence', '/drip', '/drip-headers'])
    def test_a_slow_server_is_not_waited_for_longer_than_the_limit_in_all(
        self, tls_site, short, path
    ):
        began = monotonic()
        answer = probes.ask(
            Probe(tls_site.url(path, scheme='https'), None, None), tls_site.addresses
        )
        assert monotonic() - began < 1.5 and answer.error.startswith('no answer: ')

    def test_plain_http_is_no_answer(self, tls_site):
        assert probes.ask(Probe(tls_site.url('/'), None, None), tls_site.addresses).status is None
