# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which web sites a configuration has, and which lines are for which of them."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import Site
from .._syntax.evaluate import server_of

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .._syntax.evaluate import Active, Section  # noqa: F401

    # What `_key` returns: a section, and the macros that brought it.
    SiteKey = tuple[Section, tuple[Section, ...]]

# Sections that limit their lines to some folders, files or addresses, or to some requests.
CONTAINERS = frozenset(
    [
        'directory',
        'directorymatch',
        'files',
        'filesmatch',
        'location',
        'locationmatch',
        'if',
        'elseif',
        'else',
        'proxy',
        'proxymatch',
        'limit',
        'limitexcept',
    ]
)

# items: in reading order, the lines for this site alone.
SiteLines = NamedTuple('SiteLines', [('site', 'Site'), ('items', 'list[Placed]')])
# around: the sections of CONTAINERS around it, outermost first.
Placed = NamedTuple('Placed', [('item', 'Active'), ('around', 'tuple[Section, ...]')])


def split_sites(active, root, names):
    # type: (list[Active], str, frozenset[str]) -> list[SiteLines]
    """Return [SiteLines]: of the main server first, then of each virtual host in reading order.

    root: the folder that names of files are relative to; names: of the directives that are kept
    beside those that describe a site. A virtual host also has what the main server has.
    """
    own_depth = _macro_depths(active)
    # {key: (the lines that describe a site, those that are kept)}.
    found = {None: ([], [])}  # type: dict[SiteKey | None, tuple[list[Active], list[Placed]]]
    order = [None]  # type: list[SiteKey | None]
    for item in active:
        key = _key(item, own_depth)
        if key not in found:
            found[key] = ([], [])
            order.append(key)
        facts, kept = found[key]
        around = _containers(item)
        if item.name in _FACTS and not around:
            facts.append(item)
        if item.name in names:
            kept.append(Placed(item, around))
    main = _describe(None, found[None][0], root, None)
    return [
        SiteLines(main if key is None else _describe(key, found[key][0], root, main), found[key][1])
        for key in order
    ]


def is_hidden(sites):
    # type: (list[SiteLines]) -> bool
    """Return whether virtual hosts take all requests, so that the main server gets none.

    sites: [SiteLines], the main server first.
    """
    taken = set(
        (_any_address(address), port) for one in sites[1:] for address, port in one.site.ports
    )
    ports = sites[0].site.ports
    return bool(ports) and all(
        taken & set([('*', None), ('*', port), (_any_address(address), port)])
        for address, port in ports
    )


def _any_address(address):
    # type: (str) -> str
    return '*' if address in ('*', '_default_', '0.0.0.0', '::') else address


def _macro_depths(active):
    # type: (list[Active]) -> dict[Section, int]
    """Return {section of a virtual host: how many macros brought the section itself}.

    The lines in it may come by further macros.
    """
    depths = {}  # type: dict[Section, int]
    for item in active:
        server, macros = server_of(item), _macros_of(item)
        if server is not None:
            depths[server] = min(depths.get(server, len(macros)), len(macros))
    return depths


def _macros_of(item):
    # type: (Active) -> tuple[Section, ...]
    return tuple(section for section in item.sections if section[0] == 'macro')


def _key(item, own_depth):
    # type: (Active, dict[Section, int]) -> SiteKey | None
    """Return what tells the virtual host of a line from others, None for the main server.

    One macro may bring the same section many times.
    """
    server = server_of(item)
    return None if server is None else (server, _macros_of(item)[: own_depth[server]])


def _containers(item):
    # type: (Active) -> tuple[Section, ...]
    return tuple(section for section in item.sections if section[0] in CONTAINERS)


_FACTS = frozenset(['servername', 'serveralias', 'documentroot', 'sslengine', 'listen'])


def _describe(key, facts, root, main):
    # type: (SiteKey | None, list[Active], str, Site | None) -> Site
    """Return the Site of a key. facts: the lines that describe it; main: the Site of the main
    server, of which a virtual host has the document root where it names none.
    """
    values = {}
    aliases = []
    for item in facts:
        if item.name == 'serveralias':
            aliases.extend(item.args)
        elif item.args and item.name != 'listen':
            values[item.name] = item.args[0]
    folder = values.get('documentroot')
    name = values.get('servername', '').rpartition('://')[2].partition(':')[0]
    if key is None:
        ports = sorted(set(address_of(item.args[0]) for item in facts if _is_listen(item)))
        path = line = None
    else:
        ports = [address_of(word) for word in key[0][1]]
        path, line = key[0][2], key[0][3]
    return Site(
        name=name or None,
        aliases=tuple(aliases),
        ports=tuple(ports),
        tls=values.get('sslengine', '').lower() in ('on', 'optional'),
        path=path,
        line=line,
        root=os.path.normpath(os.path.join(root, folder)) if folder else (main and main.root),
        shared=bool(key and key[1]),
    )


def _is_listen(item):
    # type: (Active) -> bool
    return item.name == 'listen' and bool(item.args)


def address_of(word):
    # type: (str) -> tuple[str, int | None]
    """Return (address or '*', port or None) of a word such as `*:80`, `[::1]:80`, `80`."""
    address, _colon, port = word.rpartition(':')
    if not port.isdigit() and port != '*':
        address, port = word, ''
    return address.strip('[]') or '*', int(port) if port.isdigit() else None
