# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._model import Site
from ansible_collections.webops.apache.plugins.module_utils._plan.site_names import reach_sites

MAIN = Site(None, (), (('*', 80),), False, None, None, '/var/www')
EVERYWHERE = [('0.0.0.0', 80)]
BOTH = EVERYWHERE + [('0.0.0.0', 8080), ('0.0.0.0', 443)]


def host(name, *places, **more):
    """Return a virtual host; an alias is given by more."""
    aliases, tls = more.get('aliases', ()), more.get('tls', False)
    return Site(name, aliases, places or (('*', 80),), tls, '/c', 1, '/srv')


def asked(sites, listeners=None, by_name=None):
    """Return, of each site, [scheme://name:port@address] or why it cannot be asked."""
    found = reach_sites([MAIN] + sites, listeners or EVERYWHERE, by_name)
    return [
        one.problem
        or ['%s://%s:%d@%s' % (at.scheme, at.name, at.port, at.address) for at in one.asked]
        for one in found
    ]


A, B = host('a'), host('b')


class TestByName:
    @pytest.mark.parametrize(
        'sites, expected',
        [
            ([], [['http://localhost:80@None']]),
            # The main server gets nothing where a virtual host takes all.
            ([A], [[], ['http://a:80@None']]),
            ([A, B], [[], ['http://a:80@None'], ['http://b:80@None']]),
            # The first one that has a name gets it.
            ([A, host('a', aliases=('x',))], [[], ['http://a:80@None'], ['http://x:80@None']]),
            ([A, host('a')], [[], ['http://a:80@None'], []]),
            ([A, host('A.')], [[], ['http://a:80@None'], []]),
            # The first one answers to all other names, so it needs none.
            ([host(None), B], [[], ['http://localhost:80@None'], ['http://b:80@None']]),
            ([B, host(None)], [[], ['http://b:80@None'], []]),
            (
                [host(None), host('localhost')],
                [[], ['http://webops.invalid:80@None'], ['http://localhost:80@None']],
            ),
            # Patterns.
            (
                [A, host(None, aliases=('*.x',))],
                [[], ['http://a:80@None'], ['http://www.x:80@None']],
            ),
            (
                [A, host('c', aliases=('*',)), B],
                [[], ['http://a:80@None'], ['http://c:80@None'], []],
            ),
            ([host('c', aliases=('b?',)), host('ba')], [[], ['http://c:80@None'], []]),
            ([B, host('b_1.x-y')], [[], ['http://b:80@None'], ['http://b_1.x-y:80@None']]),
            ([A, host('b@c')], [[], ['http://a:80@None'], 'its name b@c cannot be asked']),
            ([A, host('b/../c', aliases=('d',))], [[], ['http://a:80@None'], ['http://d:80@None']]),
        ],
    )
    def test_a_site_is_asked_by_a_name_that_is_its_own(self, sites, expected):
        assert asked(sites) == expected

    @pytest.mark.parametrize(
        'by_name, expected',
        [
            ([], ['http://a:80@None']),
            ([('*', 80)], ['http://b:80@None']),
            ([('*', None)], ['http://b:80@None']),
            ([('_default_', 80)], ['http://b:80@None']),
            ([('*', 8080)], ['http://a:80@None']),
        ],
    )
    def test_httpd_2_2_needs_a_line_for_names(self, by_name, expected):
        _main, first, second = asked([A, B], by_name=by_name)
        assert first == ['http://a:80@None'] and (second or first) == expected

    def test_very_many_sites_are_quick(self):
        found = asked([host('s%d' % number, aliases=('*.s%d' % number,)) for number in range(1500)])
        assert found[1500] == ['http://s1499:80@None']


class TestByAddressAndPort:
    @pytest.mark.parametrize(
        'sites, listeners, expected',
        [
            ([host('a', ('*', 8080))], EVERYWHERE, [['http://localhost:80@None'], []]),
            (
                [host('a', ('*', 8080))],
                BOTH[:2],
                [['http://localhost:80@None'], ['http://a:8080@None']],
            ),
            (
                [host('a', ('*', 80), ('*', 8080))],
                BOTH[:2],
                [[], ['http://a:80@None', 'http://a:8080@None']],
            ),
            ([host('a', ('*', None))], BOTH[:2], [[], ['http://a:80@None', 'http://a:8080@None']]),
            (
                [A, host('a', ('*', 443), tls=True)],
                [BOTH[0], BOTH[2]],
                [[], ['http://a:80@None'], ['https://a:443@None']],
            ),
            # Those of an address come before those of any.
            (
                [A, host('b', ('192.0.2.1', 80))],
                EVERYWHERE,
                [[], ['http://a:80@None'], ['http://b:80@192.0.2.1']],
            ),
            (
                [A, host('b', ('192.0.2.1', 80))],
                [('192.0.2.1', 80)],
                [[], [], ['http://b:80@192.0.2.1']],
            ),
            (
                [A, host('b', ('192.0.2.1', 80))],
                [('192.0.2.1', 80), ('192.0.2.2', 80)],
                [[], ['http://a:80@192.0.2.2'], ['http://b:80@192.0.2.1']],
            ),
            (
                [host('b', ('192.0.2.9', 80))],
                [('192.0.2.1', 80)],
                [['http://localhost:80@192.0.2.1'], []],
            ),
            ([host('b', ('127.0.0.1', 80)), A], EVERYWHERE, [[], ['http://b:80@127.0.0.1'], []]),
            (
                [host('b', ('2001:DB8::1', 80))],
                [('::', 80)],
                [['http://localhost:80@None'], ['http://b:80@2001:db8::1']],
            ),
            ([host('a', ('_default_', 80))], EVERYWHERE, [[], ['http://a:80@None']]),
            ([host('a', ('0.0.0.0', 80))], EVERYWHERE, [[], ['http://a:80@None']]),
            (
                [host('a', ('www.example', 80))],
                EVERYWHERE,
                [
                    ['http://localhost:80@None'],
                    'its <VirtualHost> has the name www.example for an address',
                ],
            ),
        ],
    )
    def test_a_site_is_asked_where_it_answers(self, sites, listeners, expected):
        assert asked(sites, listeners) == expected
