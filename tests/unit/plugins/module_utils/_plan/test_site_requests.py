# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import (
    ConfigTree,
    LeftOut,
    PhpMapping,
    Served,
)
from ansible_collections.webops.apache.plugins.module_utils._plan import site_requests
from ansible_collections.webops.apache.plugins.module_utils._plan.site_requests import (
    Asked,
    judge_sites,
    list_requests,
    pause_for,
)
from ansible_collections.webops.apache.plugins.module_utils._plan.sites import split_sites
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    active_directives,
)

MAIN = '/etc/apache2/apache2.conf'
SCRIPT = '/webops-no-such-page-t0k'
CERTIFICATE = 'it asks for a certificate of its visitors'
PROXIED = 'its visitors come by the PROXY protocol'


def site(name, text='', port=80, tls=False):
    tls = 'SSLEngine on\n' if tls else ''
    return '<VirtualHost *:%d>\nServerName %s\nDocumentRoot /srv/%s\n%s%s</VirtualHost>\n' % (
        port,
        name,
        name,
        tls,
        text,
    )


def read(text, version='2.4.57', ports=(80, 443)):
    tree = ConfigTree(MAIN, '/etc/apache2', {MAIN: text}, {}, frozenset())
    active = active_directives(tree, World(frozenset(['core.c']), frozenset(), version))
    return Asked(active, '/etc/apache2', frozenset(), version, [('0.0.0.0', at) for at in ports])


def mapping(asked, name, now, then=None, place=None, file='page.php', url='', line=1):
    """Return a PhpMapping of the site of that name."""
    sites = [one.site for one in split_sites(asked.active, asked.root, frozenset())]
    (found,) = [one for one in sites if one.name == name]
    now, then = [Served(how, None, MAIN, line) for how in (now, then or now)]
    return PhpMapping(found, place, file, now, then, url)


def requests(text, ways=(), **more):
    """Return ([URL], {site: why not}). ways: arguments of `mapping`."""
    asked = read(text, **more)
    found, left = list_requests(asked, [mapping(asked, *way) for way in ways], 't0k')
    return [one.url for one in found], dict((one.what, one.why) for one in left)


class TestWhichSites:
    @pytest.mark.parametrize(
        'text, urls',
        [
            ('', ['http://localhost/', 'http://localhost:443/']),
            (site('a') + site('b'), ['http://localhost:443/', 'http://a/', 'http://b/']),
            (
                site('a') + site('a', port=443, tls=True),
                ['http://a/', 'https://a/'],
            ),
            (site('a', port=443), ['http://localhost/', 'http://a:443/']),
            # Nobody reaches it.
            (site('a', port=8080), ['http://localhost/', 'http://localhost:443/']),
        ],
    )
    def test_each_that_visitors_reach_is_asked_for_its_first_page(self, text, urls):
        found, left = requests(text)
        assert (sorted(found), left) == (sorted(urls), {})

    @pytest.mark.parametrize(
        'name_hosts, urls',
        [('', ['http://a/']), ('NameVirtualHost *:80\n', ['http://a/', 'http://b/'])],
    )
    def test_httpd_2_2_is_read_as_it_is(self, name_hosts, urls):
        text = name_hosts + site('a') + site('b')
        assert requests(text, version='2.2.15', ports=[80])[0] == urls

    def test_those_beyond_the_first_ones_are_named(self, monkeypatch):
        monkeypatch.setattr(site_requests, 'MOST_SITES', 2)
        found, left = requests(site('a') + site('b') + site('c'), ports=[80])
        assert found == ['http://a/', 'http://b/']
        assert left == {'c:80': 'only the first 150 sites are asked'}

    def test_further_addresses_come_last_and_end_somewhere(self):
        text = '<VirtualHost *>\nServerName a\n</VirtualHost>\n'
        found, left = requests(text, [('a', 'mod_php')], ports=[80, 81, 82, 83, 84])
        assert found == ['http://a/', 'http://a' + SCRIPT + '.php'] + [
            'http://a:%d/' % port for port in (81, 82, 83)
        ]
        assert left == {}


class TestWhatCannotBeAsked:
    @pytest.mark.parametrize(
        'text, left',
        [
            (site('a', 'SSLVerifyClient require\n', 443, True), {'a:443': CERTIFICATE}),
            (site('a', 'SSLVerifyClient optional\n', 443, True), {}),
            (site('a', 'SSLVerifyClient require\n', 443), {}),
            ('SSLVerifyClient require\n' + site('a', '', 443, True), {'a:443': CERTIFICATE}),
            ('SSLVerifyClient require\n' + site('a', 'SSLVerifyClient none\n', 443, True), {}),
            (
                site('a', '<Location />\nSSLVerifyClient require\n</Location>\n', 443, True),
                {'a:443': CERTIFICATE},
            ),
            (
                site('a', '<Directory /srv/a>\nSSLVerifyClient require\n</Directory>\n', 443, True),
                {'a:443': CERTIFICATE},
            ),
            (site('a', '<Location /in>\nSSLVerifyClient require\n</Location>\n', 443, True), {}),
            (site('a', 'RemoteIPProxyProtocol On\n'), {'a:80': PROXIED}),
            (site('a', 'RemoteIPProxyProtocol Off\n'), {}),
            (site('a', 'ProxyProtocol on\n'), {'a:80': PROXIED}),
            (site('a', 'ProxyProtocol optional\n'), {}),
            # It is a matter of the port.
            (
                site('a', 'RemoteIPProxyProtocol On\n') + site('b') + site('c', port=443),
                {'a:80': PROXIED, 'b:80': PROXIED},
            ),
            (
                'RemoteIPProxyProtocol On\n' + site('a') + site('c', port=443),
                {'a:80': PROXIED, 'c:443': PROXIED},
            ),
        ],
    )
    def test_is_named_with_the_reason(self, text, left):
        found = requests(text)[1]
        assert dict(item for item in found.items() if item[0] != 'the main server') == left

    def test_a_site_without_a_name_is_told_by_where_it_stands(self):
        text = '<VirtualHost x.example:80>\nDocumentRoot /srv\n</VirtualHost>\n'
        why = 'its <VirtualHost> has the name x.example for an address'
        assert requests(text)[1] == {'the virtual host in %s line 1' % MAIN: why}


class TestScripts:
    @pytest.mark.parametrize(
        'ways, paths',
        [
            ([('a', 'mod_php')], ['.php']),
            ([('a', 'fpm')], ['.php']),
            ([('a', 'denied')], ['.php']),
            # One for all that is taken in the same way, by the usual ending if it is one of them.
            ([('a', 'fpm', None, None, 'page.phar'), ('a', 'fpm')], ['.php']),
            ([('a', 'fpm'), ('a', 'denied', None, None, 'page.phps')], ['.phps', '.php']),
            # A real name may be that of a script of the site.
            ([('a', 'fpm', None, None, 'cron.php')], []),
            # Sources, and what was not PHP, prove nothing.
            ([('a', 'file', 'fpm')], []),
            ([('a', 'engine off')], []),
            ([('a', 'fpm', None, '<If x>', 'page.php', None)], []),
        ],
    )
    def test_one_that_is_not_there_is_asked_for_in_each_way(self, ways, paths):
        found = requests(site('a'), ways, ports=[80])[0]
        assert found == ['http://a/'] + ['http://a' + SCRIPT + path for path in paths]

    def test_a_place_is_asked_by_its_own_address(self):
        ways = [('a', 'mod_php'), ('a', 'denied', None, '<x>', 'page.php', '/up', 9)]
        found = requests(site('a'), ways, ports=[80])[0]
        assert found[1:] == ['http://a' + SCRIPT + '.php', 'http://a/up' + SCRIPT + '.php']

    def test_lines_that_sites_share_give_way(self, monkeypatch):
        """Those of a site alone come first; of the others as many as there is room for."""
        monkeypatch.setattr(site_requests, 'MOST_REQUESTS', 6)
        text = ''.join(site(name) for name in 'abc')
        ways = [(name, 'mod_php') for name in 'abc']
        ways += [('c', 'fpm', None, '<x>', 'page.php', '/c', 7)]
        found, left = requests(text, ways, ports=[80])
        scripts = ['http://%s%s.php' % (where, SCRIPT) for where in ('a', 'c/c', 'b')]
        assert found[3:] == scripts and left == {}
        monkeypatch.setattr(site_requests, 'MOST_REQUESTS', 4)
        found, left = requests(text, ways, ports=[80])
        assert found[3:] == scripts[:1] and list(left) == ['c:80']

    @pytest.mark.parametrize(
        'now, then, turns',
        [
            ('mod_php', 'mod_php', None),
            ('mod_php', 'fpm', None),
            ('mod_php', 'denied by webops.apache', 'off'),
            ('denied by webops.apache', 'mod_php', 'on'),
            # The switch opens nothing that somebody else denies.
            ('denied', 'mod_php', None),
        ],
    )
    def test_what_the_switch_does_to_php_is_kept_in_mind(self, now, then, turns):
        asked = read(site('a'), ports=[80])
        found = list_requests(asked, [mapping(asked, 'a', now, then)], 't0k')[0]
        assert found[0].php_turns == turns

    def test_a_place_without_php_leaves_the_first_page(self):
        asked = read(site('a'), ports=[80])
        way = mapping(asked, 'a', 'mod_php', 'denied by webops.apache', '<x>', 'page.php', '/x')
        assert [one.php_turns for one in list_requests(asked, [way], 't0k')[0]] == [None, 'off']


@pytest.mark.parametrize(
    'count, words',
    [
        (1, 's0 (why).'),
        (2, 's0 (why); s1 (why).'),
        (20, 's19 (why).'),
        (23, 's19 (why) and 3 more.'),
    ],
)
def test_a_warning_names_sites_up_to_a_number(count, words):
    (finding,) = judge_sites([LeftOut('s%d' % number, 'why') for number in range(count)])
    assert (finding.rule, finding.level) == ('sites_not_proved', 'warn')
    assert finding.reason.endswith(words)


def test_nothing_is_said_where_all_are_proved():
    assert judge_sites([]) == []


@pytest.mark.parametrize(
    'modules, pause',
    [
        ([], 0.01),
        (['php_module', 'ssl_module'], 0.01),
        (['evasive20_module'], 0.6),
        (['ssl_module', 'evasive_module'], 0.6),
    ],
)
def test_who_counts_requests_is_asked_slowly(modules, pause):
    assert pause_for(modules) == pause


@pytest.mark.parametrize(
    'folder, broken',
    [
        ('/srv/a', ['a:80']),
        ('/srv/', ['a:80', 'ab:80']),
        ('/', ['a:80', 'ab:80']),
        ('/srv/a/deeper', []),
        ('/elsewhere', []),
    ],
)
def test_sites_that_may_break_as_accepted_are_left_out(folder, broken):
    asked = read(site('a') + site('ab'), ports=(80,))._replace(breaking=[folder])
    found, left = list_requests(asked, [], 't0k')
    assert [one.what for one in left if 'accepted' in one.why] == broken
    assert not [one for one in found if one.site in broken]


def test_a_site_of_which_the_folder_is_not_known_may_break_by_any():
    text = '<VirtualHost *:80>\nServerName a\n</VirtualHost>\n'
    for breaking, count in (([], 0), (['/srv/x'], 1)):
        _found, left = list_requests(read(text)._replace(breaking=breaking), [], 't0k')
        assert len([one for one in left if one.what == 'a:80']) == count
