# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which requests show whether each site answers after a switch as before: its first page, and one
for each way in which it takes scripts.

Nothing is written into a site for that. A script that is not there is asked for by the ending of
its name: access and handler of that ending answer for it, and no code of the site's authors is
named. A front controller may take such a request, as it takes those of any visitor.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import (
    DENIED,
    EXECUTED,
    NO_SUCH_PAGE,
    PHP_OFF,
    PHP_ON,
    WARN,
    Finding,
    LeftOut,
    SiteRequest,
)
from .._syntax.evaluate import compare_version
from .._text import list_some
from .php_names import STEM
from .section_layers import SitePlace, holding, layers_of
from .site_names import reach_sites
from .sites import address_of, split_sites

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable, Sequence  # noqa: F401
    from typing import Any  # noqa: F401

    from .._model import AskedSite, PhpMapping, Served, Site  # noqa: F401
    from .._syntax.evaluate import Active  # noqa: F401
    from .site_names import Reach  # noqa: F401
    from .sites import SiteLines  # noqa: F401

    Requests = list[SiteRequest]

# So many sites are asked, the first ones in the configuration, by so many requests; of each so many
# addresses and ports, and so many ways in which it takes scripts.
MOST_SITES, MOST_REQUESTS, MOST_PLACES, MOST_WAYS = 150, 200, 4, 4
# Seconds before each request. Modules that count the requests of a visitor block who asks for one
# path more than twice a second, whichever the site, or for more than fifty pages.
PAUSE, GENTLE_PAUSE = 0.01, 0.6
_COUNTING = ('evasive', 'dosdetector')

_CERTIFICATE = 'it asks for a certificate of its visitors'
_PROXIED = 'its visitors come by the PROXY protocol'
_ACCEPTED = 'a .htaccess file may make it answer 500, which was accepted as php_htaccess'
_TOO_MANY = 'only the first %d sites are asked' % MOST_SITES
_NO_ROOM = 'there are more than %d such requests' % MOST_REQUESTS
_LINES = frozenset(['sslverifyclient', 'remoteipproxyprotocol', 'proxyprotocol'])
_USUAL_PORTS = {'http': 80, 'https': 443}

# What the sites of a configuration are read from. root: ServerRoot; foreign: paths of files that
# others than root can change; version: of httpd; listeners: (address, port) on which the server
# listens; breaking: folders of which a .htaccess has settings that only mod_php knows, where it
# goes: they were accepted (php_htaccess), and httpd may answer 500 there.
Asked = NamedTuple(
    'Asked',
    [
        ('active', 'list[Active]'),
        ('root', 'str'),
        ('foreign', 'frozenset[str]'),
        ('version', 'str'),
        ('listeners', 'list[tuple[str, int]]'),
        ('breaking', 'Sequence[str]'),
    ],
)
Asked.__new__.__defaults__ = ((),)


def list_requests(asked, mappings, token):
    # type: (Asked, Iterable[PhpMapping], str) -> tuple[list[SiteRequest], list[LeftOut]]
    """Return ([SiteRequest], [LeftOut] of the sites that cannot be asked).

    The first page of each site comes first, then scripts, then the further addresses of sites. Most
    sites take scripts by the same lines: these are asked for in as many sites as there is room for.
    asked: Asked; mappings: [PhpMapping] of all scripts to ask for; token: a word that no file has
    in its name.
    """
    lines = split_sites(asked.active, asked.root, _LINES)
    reaches = reach_sites([one.site for one in lines], asked.listeners, _name_hosts(asked))
    ways = _ways_by_site(mappings)
    turned = dict((one.site, _turns(one)) for one in mappings if one.place is None and _turns(one))
    proxied = _proxied_ports(lines)
    pages, scripts = [], []  # type: Requests, Requests
    others, repeated = [], []  # type: Requests, Requests
    left, seen = [], set()  # type: list[LeftOut], set[tuple[Served, Served]]
    for one, reach in zip(lines, reaches):
        problem = reach.problem or _find_problem(one, lines[0], reach, proxied, asked)
        if not problem and reach.asked and len(pages) >= MOST_SITES:
            problem = _TOO_MANY
        if problem:
            left.append(LeftOut(_in_words(one.site, reach.asked), problem))
        elif reach.asked:
            places, turns = reach.asked[:MOST_PLACES], turned.get(one.site)
            found = [_request(one.site, each, '/', turns) for each in places]
            pages.append(found[0])
            others += found[1:]
            for way in ways.get(one.site, []):
                lines_of = (way.now, way.then)
                (repeated if lines_of in seen else scripts).append(
                    _script(one.site, places[0], way, token)
                )
                seen.add(lines_of)
    needed = pages + scripts + others
    left += [LeftOut(each.site, _NO_ROOM) for each in needed[MOST_REQUESTS:]]
    return (needed + repeated)[:MOST_REQUESTS], left


def pause_for(modules):
    # type: (Iterable[str]) -> float
    """Return the seconds before each request to a site. modules: symbols of what is loaded."""
    is_counted = any(word in name for name in modules for word in _COUNTING)
    return GENTLE_PAUSE if is_counted else PAUSE


def _name_hosts(asked):
    # type: (Asked) -> list[tuple[str, int | None]] | None
    """Return the addresses of NameVirtualHost; None for httpd 2.4, which has no use for them."""
    if compare_version(asked.version, ['>=', '2.3.11']):
        return None
    return [
        address_of(item.args[0])
        for item in asked.active
        if item.name == 'namevirtualhost' and item.args
    ]


def _proxied_ports(lines):
    # type: (list[SiteLines]) -> set[int | None]
    """Return the ports at which connections begin with a line of the PROXY protocol; None among
    them stands for all.
    """
    found = set()  # type: set[int | None]
    for number, one in enumerate(lines):
        for item, _around in one.items:
            if item.name != 'sslverifyclient' and _word_of(item) == 'on':
                found |= set(port for _address, port in one.site.ports) if number else set([None])
    return found


def _word_of(item):
    # type: (Active) -> str
    return item.args[0].lower() if item.args else ''


def _find_problem(one, main, reach, proxied, asked):
    # type: (SiteLines, SiteLines, Reach, set[int | None], Asked) -> str | None
    """Return why a site cannot be asked, in words, or None. one, main: SiteLines."""
    if not reach.asked:
        return None
    if None in proxied or proxied & set(each.port for each in reach.asked):
        return _PROXIED
    if _breaks(one.site.root, asked.breaking):
        return _ACCEPTED
    own = one.items if one is not main else []
    layers = holding(layers_of(main.items, own, asked.foreign), SitePlace(one.site.root, None, '/'))
    last = [
        layer.item
        for layer in layers
        if layer.files is None and layer.item.name == 'sslverifyclient'
    ][-1:]
    return _CERTIFICATE if one.site.tls and last and _word_of(last[0]) == 'require' else None


def _breaks(root, folders):
    # type: (str | None, Iterable[str]) -> bool
    """Return whether a site may answer 500 once one of these folders does. root: the folder of its
    documents, None where that is not known.
    """
    return any(root is None or (root + '/').startswith(one.rstrip('/') + '/') for one in folders)


def _in_words(site, asked):
    # type: (Site, list[AskedSite]) -> str
    """Return which site it is, in words."""
    if site.path is None:
        return 'the main server'
    ports = [str(port) for port in sorted(set(each.port for each in asked))]
    if site.name:
        return ':'.join([site.name] + ports[:1])
    return 'the virtual host in %s line %d' % (site.path, site.line)


def _request(site, at, path, php_turns):
    # type: (Site, AskedSite, str, str | None) -> SiteRequest
    """Return the SiteRequest for a path. at: AskedSite."""
    usual = at.port == _USUAL_PORTS[at.scheme]
    url = '%s://%s%s%s' % (at.scheme, at.name, '' if usual else ':%d' % at.port, path)
    return SiteRequest(_in_words(site, [at]), url, at.address, php_turns)


def _ways_by_site(mappings):
    # type: (Iterable[PhpMapping]) -> dict[Site, list[PhpMapping]]
    """Return {Site: [PhpMapping]}: one for each way in which a site takes scripts in each place."""
    known, found = {}, {}  # type: dict[Any, PhpMapping], dict[Site, list[PhpMapping]]
    for one in mappings:
        key = (one.site, one.place, one.now.how, one.then.how)
        if _is_askable(one) and (key not in known or one.name == STEM + '.php'):
            known[key] = one
    for key in sorted(known, key=lambda key: (key[1] or '', key[2], key[3])):
        ways = found.setdefault(key[0], [])
        if len(ways) < MOST_WAYS:
            ways.append(known[key])
    return found


def _is_askable(one):
    # type: (PhpMapping) -> bool
    """Return whether a script can be asked for that is not there. A name without our stem may be
    that of a script of the site, which must not run.
    """
    if one.url is None or not one.name.startswith(STEM + '.'):
        return False
    return one.now.how == DENIED or one.now.how in EXECUTED


def _turns(one):
    # type: (PhpMapping) -> str | None
    """Return what the switch does to the PHP of a PhpMapping: PHP_OFF, PHP_ON or None. It does not
    open what somebody else denies.
    """
    was, will = one.now.how in EXECUTED, one.then.how in EXECUTED
    if was == will or one.now.how == DENIED:
        return None
    return PHP_OFF if was else PHP_ON


def _script(site, at, way, token):
    # type: (Site, AskedSite, PhpMapping, str) -> SiteRequest
    path = '%s/%s%s%s' % (way.url, NO_SUCH_PAGE, token, way.name[len(STEM) :])
    return _request(site, at, path, _turns(way))


def judge_sites(left):
    # type: (list[LeftOut]) -> list[Finding]
    """Return the Findings about sites that are not proved. left: [LeftOut]."""
    if not left:
        return []
    words = list_some(['%s (%s)' % (item.what, item.why) for item in left], joint='; ')
    return [
        Finding(
            'sites_not_proved',
            WARN,
            False,
            'No request shows whether these sites answer after the switch as before: %s.' % words,
            'Look at them yourself, or name pages of theirs by probes.',
            [],
        )
    ]
