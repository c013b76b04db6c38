# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""How each site serves PHP: for each ending of a name, in each place with rules of its own.

httpd decides that for each request; this follows its order. A proxy takes an address before
anything else. Then SetHandler counts before AddHandler, and that before the type of the content.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import (
    AS_FILE,
    BY_CGI,
    BY_FCGID,
    BY_FPM,
    BY_MODULE,
    DENIED,
    ELSEWHERE,
    ENGINE_OFF,
    EXECUTED,
    HIGHLIGHTED,
    Htaccess,
    Served,
)
from .._syntax.folder_rules import above
from .._syntax.patterns import finds
from .._syntax.php_words import FASTCGI, PHP_WORDS
from . import folder_lines, php_names
from .section_layers import (
    ACCESS,
    file_matches,
    for_name,
    holding,
    layers_of,
    places_of,
    url_of,
)
from .sites import is_hidden, split_sites

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable  # noqa: F401
    from typing import Any  # noqa: F401

    from .._model import FolderHandler, PhpUnjudged, Site  # noqa: F401
    from .._syntax.evaluate import Active  # noqa: F401
    from .folder_lines import FolderWorld, Server  # noqa: F401
    from .php_names import PhpNames  # noqa: F401
    from .section_layers import AnySection, Layer, SitePlace  # noqa: F401
    from .sites import Placed, SiteLines  # noqa: F401

    # {(place, name of a file): Served}. place: None for the whole site, else the section in words.
    Serving = dict[tuple['str | None', str], Served]
    Mapped = tuple[Serving, dict['str | None', 'PlaceFolder']]
    SitesFound = tuple[list['SiteMappings'], list[PhpUnjudged]]

_BY_ENDING = ('addhandler', 'addtype', 'removehandler', 'removetype')
_PROXIES = frozenset(['proxypass', 'proxypassmatch', 'rewriterule'])
_BY_HOST = ACCESS - frozenset(['require'])
_ADMIN = frozenset(['php_admin_flag', 'php_admin_value'])
_ENGINE = frozenset(['php_flag', 'php_value']) | _ADMIN
NAMES = (
    frozenset(
        [
            'sethandler',
            'addhandler',
            'addtype',
            'forcetype',
            'removehandler',
            'removetype',
            'action',
            'alias',
        ]
    )
    | _PROXIES
    | ACCESS
    | _ENGINE
)
_MODULE_TYPE = re.compile(r'^application/x-httpd-php$')
_MODULE_SCRIPT = re.compile(r'^php\d?-script$')
_SOURCE_TYPE = re.compile(r'^application/x-httpd-php(-source|s)$')

# How one site serves PHP. lines: those that stand in its section; urls: {place: where its files are
# asked, as `url_of` returns it}; folders: {place: PlaceFolder} of those whose folder is known.
SiteMappings = NamedTuple(
    'SiteMappings',
    [
        ('site', 'Site'),
        ('served', 'Serving'),
        ('lines', 'list[PhpLine]'),
        ('urls', 'dict[str | None, str | None]'),
        ('folders', 'dict[str | None, PlaceFolder]'),
    ],
)
SiteMappings.__new__.__defaults__ = ({}, {})
# Where the files of a place are. kind: of its section: htaccess, alias, directory.
PlaceFolder = NamedTuple('PlaceFolder', [('folder', 'str'), ('kind', 'str')])
# A setting of mod_php that is in force. name: of the setting, in lower case; value: text.
PhpLine = NamedTuple(
    'PhpLine',
    [
        ('name', 'str'),
        ('value', 'str'),
        ('path', 'str'),
        ('line', 'int'),
    ],
)
# What .htaccess files say. names: of files that stand for all that may be PHP somewhere, None where
# the configuration alone tells.
Folders = NamedTuple(
    'Folders',
    [
        ('htaccess', 'Htaccess'),
        ('world', 'FolderWorld'),
        ('names', 'list[str] | None'),
    ],
)
_NO_FOLDERS = Folders(Htaccess(), folder_lines.folder_world((), '2.4', ()), None)


def map_sites(active, root, foreign, modules, folders=_NO_FOLDERS):
    # type: (list[Active], str, frozenset[str], Iterable[str], Folders) -> list[SiteMappings]
    """Return [SiteMappings] of the main server and of each virtual host, in reading order.

    A main server that is never asked, since virtual hosts take all requests, serves nothing.

    active: [Active]; root: the folder that names of files are relative to; foreign: paths of files
    that others than root can change; modules: symbols of the modules that are loaded; folders:
    Folders.
    """
    return map_folders(active, root, foreign, modules, folders)[0]


def map_folders(active, root, foreign, modules, folders):
    # type: (list[Active], str, frozenset[str], Iterable[str], Folders) -> SitesFound
    """Return ([SiteMappings], [PhpUnjudged]); arguments as for `map_sites`."""
    sites = split_sites(active, root, NAMES)
    names = folders.names or _names(active)
    known, found = {}, []  # type: dict[Any, Mapped], list[SiteMappings]
    decisive = _deciding(sites[0].items)
    hidden = is_hidden(sites)
    own = [_deciding(items) if number else [] for number, (_site, items) in enumerate(sites)]
    servers = servers_of(active, sites, decisive, own, hidden)
    layers, unjudged = folder_lines.site_layers(
        folders.htaccess, active, foreign, folders.world, servers
    )
    asked = iter(layers)
    for number, (site, items) in enumerate(sites):
        served, folders_of = {}, {}  # type: Serving, dict[str | None, PlaceFolder]
        urls, of_folders = {}, []  # type: dict[str | None, str | None], list[Layer]
        if number or not hidden:
            of_folders = next(asked)
            some = [one for one in of_folders if _decides(one.item) or _is_passed_over(one)]
            of_site = layers_of(decisive, own[number], foreign, some)
            places = places_of(of_site, site.root)
            served, folders_of = _map_site(of_site, places, names, modules, known)
            urls = dict((_named(place), url_of(place, site.root)) for place in places)
        lines = _php_lines([one.item for one in items] + [layer.item for layer in of_folders])
        found.append(SiteMappings(site, served, lines, urls, folders_of))
    return found, unjudged


def servers_of(active, sites, decisive, own, hidden):
    # type: (list[Active], list[SiteLines], list[Placed], list[list[Placed]], bool) -> list[Server]
    """Return [Server] of the sites that are asked for something."""
    sections = folder_lines.section_of(active)
    everywhere = _alias_folders(decisive)
    return [
        folder_lines.Server(
            sections.get((site.path, site.line)),
            ([site.root] if site.root else []) + everywhere + _alias_folders(own[number]),
        )
        for number, (site, _items) in enumerate(sites)
        if number or not hidden
    ]


def _alias_folders(items):
    # type: (list[Placed]) -> list[str]
    return [
        os.path.normpath(item.args[1])
        for item, around in items
        if item.name == 'alias' and len(item.args) > 1 and not around
    ]


def _deciding(items):
    # type: (list[Placed]) -> list[Placed]
    """Return those of some [Placed] that decide how a file is served; settings of PHP do not."""
    return [one for one in items if _decides(one.item)]


def _decides(item):
    # type: (Active) -> bool
    return item.name not in _ENGINE or is_engine(item)


def _is_passed_over(layer):
    # type: (Layer) -> bool
    return layer.item.name == folder_lines.PASSED_OVER


def is_engine(item):
    # type: (Active) -> bool
    """Return whether a setting of PHP says whether it runs."""
    return item.name in _ENGINE and bool(item.args) and item.args[0].lower() == 'engine'


def is_module_word(word):
    # type: (str) -> bool
    """Return whether a handler or a type gives files to the module of PHP to run them."""
    lower = word.lower()
    return bool(_MODULE_TYPE.match(lower) or _MODULE_SCRIPT.match(lower))


def _php_lines(items):
    # type: (list[Active]) -> list[PhpLine]
    """Return the PhpLines among some Actives. Whether the engine runs is no setting here."""
    return [
        PhpLine(item.args[0].lower(), ' '.join(item.args[1:]), item.path, item.line.number)
        for item in items
        if item.name in _ENGINE and item.args and not is_engine(item)
    ]


def _names(active):
    # type: (list[Active]) -> list[str]
    """Return names of files that stand for all that may be PHP somewhere."""
    names = php_names.Names()
    php_names.learn_active(names, active, NAMES)
    return names.found().names


def all_names(actives, texts, handlers):
    # type: (list[list[Active]], Iterable[str], dict[str, list[FolderHandler]]) -> PhpNames
    """Return the PhpNames of several configurations, and of what is not read in any of them now.

    actives: [[Active]]; texts: of files; handlers: {path: [FolderHandler]} of .htaccess files.
    """
    names = php_names.Names()
    for active in actives:
        php_names.learn_active(names, active, NAMES)
    php_names.learn_texts(names, texts)
    php_names.learn_folders(names, handlers)
    return names.found()


def _map_site(layers, places, names, modules, known):
    # type: (list[Layer], list[SitePlace], list[str], Iterable[str], dict[Any, Mapped]) -> Mapped
    """Return ({(place, name): Served}, {place: PlaceFolder}); of a place only what differs from the
    whole site.

    places: [SitePlace]; known: results of other sites with the same lines, which are most of them.
    """
    held = _held(layers, places)
    key = tuple(
        (place.section, place.url, tuple(id(layer.item) for layer in lines))
        for place, lines in held
    )
    if key not in known:
        known[key] = _map_places(held, names, modules)
    return known[key]


def _held(layers, places):
    # type: (list[Layer], list[SitePlace]) -> list[tuple[SitePlace, list[Layer]]]
    """Return [(SitePlace, [Layer] that hold there)]."""
    general = [layer for layer in layers if layer.folder is None]
    by_folder = {}  # type: dict[str, list[Layer]]
    for layer in layers:
        if layer.folder is not None:
            by_folder.setdefault(layer.folder, []).append(layer)
    found = []
    for place in places:
        lines = holding(general, place)
        if by_folder and place.folder:
            near = [one for one in [place.folder] + above(place.folder) if one in by_folder]
            some = [layer for one in near for layer in by_folder[one]]
            lines = sorted(lines + holding(some, place), key=lambda layer: layer.rank)
        found.append((place, lines))
    return found


def _map_places(places, names, modules):
    # type: (list[tuple[SitePlace, list[Layer]]], list[str], Iterable[str]) -> Mapped
    """Return what `_map_site` returns of some [(SitePlace, [Layer])], the whole site first."""
    found, folders = {}, {}  # type: Serving, dict[str | None, PlaceFolder]
    whole = [id(layer.item) for layer in places[0][1] if layer.folder is None]
    for place, lines in places:
        key = _named(place)
        kind = place.section and place.section[0]
        if kind in ('htaccess', 'alias', 'directory') and place.folder:
            folders[key] = PlaceFolder(place.folder, kind)
        some = names
        if kind == 'htaccess' and [id(one.item) for one in lines if one.folder is None] == whole:
            some = [name for name in names if _concerns(lines, name)]
        for name in some:
            served = _serve(for_name(lines, place, name), name, place.url, modules)
            if place.section is None or served != found[None, name]:
                found[key, name] = served
    return found, folders


def _concerns(lines, name):
    # type: (list[Layer], str) -> bool
    """Return whether some line of a .htaccess may say something of a file of this name."""
    endings = ['.' + part.lower() for part in name.split('.')[1:]]
    for layer in lines:
        if layer.folder is None:
            continue
        item = layer.item
        if item.name in _BY_ENDING:
            words = item.args if item.name.startswith('remove') else item.args[1:]
            if not [word for word in words if '.' + word.lstrip('.').lower() in endings]:
                continue
        if layer.files is None or file_matches(layer.files, name, True) is not False:
            return True
    return False


def _named(place):
    # type: (SitePlace) -> str | None
    """Return what a SitePlace is called, None for the whole site."""
    return place.section and in_words(place.section)


def in_words(section):
    # type: (AnySection) -> str
    """Return a section as it stands in the configuration, such as `<Directory /srv/a>`; of an
    Alias, the line.
    """
    if section[0] == 'alias':
        return 'Alias %s %s' % section[1]
    if section[0] == 'htaccess':
        # The path of the file, then the condition.
        return ' '.join(section[1])
    return '<%s %s>' % (_SPELLED.get(section[0], section[0]), ' '.join(section[1]))


_SPELLED = {
    'directory': 'Directory',
    'directorymatch': 'DirectoryMatch',
    'location': 'Location',
    'locationmatch': 'LocationMatch',
    'if': 'If',
    'elseif': 'ElseIf',
    'else': 'Else',
}


def _serve(lines, name, url, modules):
    # type: (list[tuple[Active, bool]], str, str, Iterable[str]) -> Served
    """Return the Served of one file. lines: [(Active, sure)] in httpd's order."""
    denied = _denial(lines)
    proxied = _proxied(lines, url.rstrip('/') + '/' + name)
    if denied:
        return Served(DENIED, None, denied.path, denied.line.number)
    if proxied:
        return proxied
    word, item = _handler(lines, name)
    if word is None:
        return Served(AS_FILE, None, None, None)
    served = _by_handler(word, item, lines, modules)
    off = _engine_off(lines) if served.how in (BY_MODULE, HIGHLIGHTED) else None
    return Served(ENGINE_OFF, served.by, off.path, off.line.number) if off else served


def _denial(lines):
    # type: (list[tuple[Active, bool]]) -> Active | None
    """Return the line that denies all access, None where some access is left.

    Require is of one module, Order, Allow and Deny are of another one. Of each the last section
    that says something holds, alone. Both have to let a visitor in, unless Satisfy says otherwise.
    """
    by_name = _last_section([item for item, sure in lines if sure and item.name == 'require'])
    by_host = _last_section([item for item, sure in lines if sure and item.name in _BY_HOST])
    named = by_name if _denies(by_name, 'require all denied', 'require ') else []
    hosts = by_host if _denies(by_host, 'deny from all', 'allow ') else []
    if [item for item in by_host if item.name == 'satisfy' and item.args[:1] == ['any']]:
        return hosts[-1] if hosts and (named or not by_name) else None
    return (named + hosts)[-1] if named or hosts else None


def _last_section(items):
    # type: (list[Active]) -> list[Active]
    """Return those of some Actives that stand in the same section as the last one."""
    return [item for item in items if item.sections == items[-1].sections]


def _denies(items, denial, lets_in):
    # type: (list[Active], str, str) -> bool
    """Return whether one of some Actives is a denial, and none that begins so lets somebody in."""
    words = [' '.join([item.name] + item.args).lower() for item in items]
    return denial in words and not [
        one for one in words if one.startswith(lets_in) and 'denied' not in one
    ]


def _proxied(lines, url):
    # type: (list[tuple[Active, bool]], str) -> Served | None
    """Return the Served of an address that a proxy takes; the first that takes it holds."""
    for item, sure in lines:
        target = _proxy_target(item, url) if item.name in _PROXIES and sure else None
        if target == '!':
            return None
        if target:
            how = BY_FPM if FASTCGI.search(target) else ELSEWHERE
            return Served(how, target, item.path, item.line.number)
    return None


def _proxy_target(item, url):
    # type: (Active, str) -> str | None
    """Return where a line sends an address, '!' for nowhere, None where it does not take it."""
    args = item.args
    if item.name == 'rewriterule':
        flags = args[2].strip('[]').lower().split(',') if len(args) > 2 else []
        return args[1] if 'p' in flags and finds(args[0], url) else None
    inside = any(section[0].startswith('location') for section in item.sections)
    if inside and args:
        return args[0]
    if len(args) < 2:
        return None
    if item.name == 'proxypassmatch':
        return args[1] if finds(args[0], url) else None
    return args[1] if args[0] == '/' or url.startswith(args[0].rstrip('/') + '/') else None


def _handler(lines, name):
    # type: (list[tuple[Active, bool]], str) -> tuple[str | None, Active | None]
    """Return (word, Active): the handler or, without one, the type of a file; (None, None) where
    httpd sends it as it is.
    """
    endings = ['.' + part.lower() for part in name.split('.')[1:]]
    set_by = _last(lines, 'sethandler')
    if set_by is not None:
        return set_by.args[0], set_by
    added = _by_ending(lines, 'addhandler', 'removehandler')
    typed = _by_ending(lines, 'addtype', 'removetype')
    forced = _last(lines, 'forcetype')
    # Of several endings the last one that says something holds.
    chosen = [added[ending] for ending in endings if ending in added]
    chosen = chosen or ([forced] if forced else [])
    chosen = chosen or [typed[ending] for ending in endings if ending in typed]
    return (chosen[-1].args[0], chosen[-1]) if chosen else (None, None)


def _last(lines, name):
    # type: (list[tuple[Active, bool]], str) -> Active | None
    """Return the last line of a directive, None where there is none or it takes back the others."""
    found = [item for item, _sure in lines if item.name == name and item.args]
    return found[-1] if found and found[-1].args[0].lower() != 'none' else None


def _by_ending(lines, adds, removes):
    # type: (list[tuple[Active, bool]], str, str) -> dict[str, Active]
    """Return {ending: Active} of what one directive gives to endings, and another takes away."""
    table = {}
    for item, _sure in lines:
        if item.name == adds:
            for word in item.args[1:]:
                table['.' + word.lstrip('.').lower()] = item
        elif item.name == removes:
            for word in item.args:
                table.pop('.' + word.lstrip('.').lower(), None)
    return table


def _by_handler(word, item, lines, modules):
    # type: (str, Active, list[tuple[Active, bool]], Iterable[str]) -> Served
    """Return the Served of a handler. item: the line that names it."""
    how, by = _kind_of(word, modules), word
    if how in (AS_FILE, None):
        # Without its module, a handler may still be given to a program.
        action = _action(lines, word) if 'actions_module' in modules else None
        if action is not None:
            how, by, item = BY_CGI, action.args[1], action
    return Served(how or ELSEWHERE, by, item.path, item.line.number)


def _kind_of(word, modules):
    # type: (str, Iterable[str]) -> str | None
    """Return by what a handler is served; None for one that has nothing to do with PHP."""
    lower = word.lower()
    loaded = [name[: -len('_module')] for name in modules if re.match(r'^php\d?_module$', name)]
    if FASTCGI.search(word):
        return BY_FPM
    if lower in ('fcgid-script', 'fastcgi-script'):
        return BY_FCGID
    if lower == 'cgi-script':
        return BY_CGI
    if _SOURCE_TYPE.match(word):
        return HIGHLIGHTED if loaded else AS_FILE
    if _MODULE_TYPE.match(word):
        return BY_MODULE if loaded else AS_FILE
    if lower in [name + '-script' for name in loaded]:
        return BY_MODULE
    if PHP_WORDS.match(lower) or lower == 'default-handler':
        return AS_FILE
    # A type such as text/html names no handler.
    return AS_FILE if '/' in word else None


def _action(lines, word):
    # type: (list[tuple[Active, bool]], str) -> Active | None
    found = None
    for item, _sure in lines:
        if item.name == 'action' and len(item.args) > 1 and item.args[0] == word:
            found = item
    return found


def _engine_off(lines):
    # type: (list[tuple[Active, bool]]) -> Active | None
    """Return the line that turns the engine of the module off, None where it is on.

    A later line holds, but php_admin_flag holds over php_flag.
    """
    last = None
    for item, sure in lines:
        if item.name in _ENGINE and sure and is_engine(item):
            if last is None or item.name in _ADMIN or last.name not in _ADMIN:
                last = item
    value = (last.args[1:] or [''])[0].lower() if last else 'on'
    return last if value in ('off', '0', 'false', 'no') else None


def is_php(served):
    # type: (Served) -> bool
    """Return whether PHP has to do with it."""
    return served.how in EXECUTED or served.how in (HIGHLIGHTED, ENGINE_OFF)


def names_php(word):
    # type: (str | None) -> bool
    """Return whether a handler or a type is one of PHP's own. word: may be None."""
    return bool(word and (PHP_WORDS.match(word.lower()) or _SOURCE_TYPE.match(word)))
