# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""By which name, address and port each site is asked: httpd's own way to find the virtual host of a
request, followed backwards.

The address of a connection chooses the virtual hosts, those of that very address before those of
any. Among them the name decides; the first one answers to names that none of them has.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import AskedSite
from .._syntax.wildcards import matches

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Sequence  # noqa: F401

    from .._model import Site  # noqa: F401

    # An address and a port: of a virtual host, and at which a server listens.
    Place = tuple[str, 'int | None']
    Listens = list[tuple[str, int]]

# asked: one for each address and port at which visitors reach it; problem: why it cannot be asked
# although visitors may reach it, None where there is nothing to say.
Reach = NamedTuple(
    'Reach',
    [
        ('site', 'Site'),
        ('asked', 'list[AskedSite]'),
        ('problem', 'str | None'),
    ],
)
# Where a server listens that takes connections to any address, and where it is asked then.
_EVERYWHERE = ('0.0.0.0', '::', '')
_LOOPBACK = '127.0.0.1'
_ANY = '*'
_ANY_WORDS = (_ANY, '_default_', '0.0.0.0', '::')
_ADDRESS = re.compile(r'^(\d{1,3}(\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)\Z', re.IGNORECASE)
_NAME = re.compile(r'^[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?\Z')
# Names that no site has, for one that answers to any: the first is what the host calls itself.
_NO_NAMES = ('localhost', 'webops.invalid')


def reach_sites(sites, listeners, by_name=None):
    # type: (list[Site], Listens, list[Place] | None) -> list[Reach]
    """Return [Reach] of the main server and of each virtual host.

    sites: [Site], the main server first; listeners: [(address, port)] on which the server listens;
    by_name: addresses of NameVirtualHost as in `Site.ports`, None for httpd 2.4, which needs none.
    """
    chains = _Chains(sites, by_name)
    found = []
    for number, site in enumerate(sites):
        asked, problem = [], None
        for place in site.ports if number else _main_places(listeners):
            one, why = _ask_at(chains, number, site, place, listeners)
            asked += [each for each in one if each not in asked]
            problem = problem or why
        found.append(Reach(site, asked, None if asked else problem))
    return found


def _main_places(listeners):
    # type: (Listens) -> Listens
    return sorted(set((_ANY, port) for _address, port in listeners))


def _ask_at(chains, number, site, place, listeners):
    # type: (_Chains, int, Site, Place, Listens) -> tuple[list[AskedSite], str | None]
    """Return ([AskedSite], why there is none) for one address of a site, as it is written."""
    address, port = _any_word(place[0]), place[1]
    if address != _ANY and not _ADDRESS.match(address):
        return [], 'its <VirtualHost> has the name %s for an address' % address
    found, problem = [], None
    for each in sorted(set(at for _address, at in listeners if port in (None, at))):
        own = [host for host, at in listeners if at == each]
        for host in _addresses(address, own):
            chain = chains.at(host or _LOOPBACK, each)
            if number not in chain.numbers:
                continue
            name, why = _name_in(chain, number, site)
            problem = problem or why
            if name:
                scheme = 'https' if site.tls else 'http'
                found.append(AskedSite(name, each, scheme, host))
                break
    return found, problem


def _any_word(address):
    # type: (str) -> str
    return _ANY if address in _ANY_WORDS else address.lower()


def _addresses(address, own):
    # type: (str, list[str]) -> Sequence[str | None]
    """Return the addresses to which a request may go, None for loopback.

    address: of the virtual host; own: those on which the server listens at its port.
    """
    everywhere = [host for host in own if host in _EVERYWHERE]
    if address == _ANY:
        return [None] if everywhere else own
    return [address] if everywhere or address in [host.lower() for host in own] else []


def _name_in(chain, number, site):
    # type: (_Chain, int, Site) -> tuple[str | None, str | None]
    """Return (a name by which a site of a chain is asked, why there is none); (None, None) where
    no visitor reaches it, since others have all of its names.
    """
    names = [name.lower().rstrip('.') for name in (site.name,) + site.aliases if name]
    odd = [name for name in names if not _NAME.match(_without_patterns(name))]
    for name in [_without_patterns(name) for name in names] + list(_NO_NAMES):
        if _NAME.match(name) and chain.taken_by(name) == number:
            return name, None
    return None, 'its name %s cannot be asked' % odd[0] if odd else None


def _without_patterns(name):
    # type: (str) -> str
    return name.replace('*', 'www').replace('?', 'a')


class _Chain(object):
    """The virtual hosts that answer at one address and port. numbers: in the order in which httpd
    looks at them; [0], the main server, where there is none.
    """

    def __init__(self, numbers, sites):
        # type: (list[int], list[Site]) -> None
        self.numbers = numbers
        self._exact, self._patterns = {}, []  # type: dict[str, int], list[tuple[int, str, str]]
        for number in numbers:
            for name in (sites[number].name,) + sites[number].aliases:
                name = (name or '').lower().rstrip('.')
                if '*' in name or '?' in name:
                    self._patterns.append((number, name, re.split(r'[*?]', name)[-1]))
                elif name:
                    self._exact.setdefault(name, number)

    def taken_by(self, name):
        # type: (str) -> int
        """Return the number of the site that answers to a name."""
        if len(self.numbers) == 1:
            return self.numbers[0]
        exact = self._exact.get(name)
        for number, pattern, end in self._patterns:
            if exact is not None and number >= exact:
                break
            # Most patterns are told from a name by their end, which is faster.
            if name.endswith(end) and matches(pattern, name):
                return number
        return self.numbers[0] if exact is None else exact


class _Chains(object):
    """All chains of a configuration, each made when it is asked for."""

    def __init__(self, sites, by_name):
        # type: (list[Site], list[Place] | None) -> None
        self._sites = sites
        self._known = {}  # type: dict[tuple[Place | None, int], _Chain]
        self._places = {}  # type: dict[Place, list[int]]
        self._by_name = by_name and [(_any_word(host), port) for host, port in by_name]
        self._is_old = by_name is not None
        for number, site in enumerate(sites[1:], 1):
            for address, port in site.ports:
                self._places.setdefault((_any_word(address), port), []).append(number)

    def at(self, address, port):
        # type: (str, int) -> _Chain
        """Return the _Chain at an address and a port."""
        keys = [(host, each) for host in (address.lower(), _ANY) for each in (port, None)]
        key = ([each for each in keys if each in self._places] or [None])[0]
        if (key, port) not in self._known:
            numbers = self._places.get(key, [0])
            if key and self._is_old and not self._has_names(key[0], port):
                numbers = numbers[:1]
            self._known[key, port] = _Chain(numbers, self._sites)
        return self._known[key, port]

    def _has_names(self, address, port):
        # type: (str, int) -> bool
        return any(host == address and each in (None, port) for host, each in self._by_name)
