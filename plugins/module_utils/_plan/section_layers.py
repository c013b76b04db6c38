# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which lines hold in one place of a site, in the order in which httpd lets the later overrule the
earlier.

The order is that of httpd's documentation ("How the sections are merged"): the server itself;
<Directory>, fewer parts of the path first, with .htaccess; <DirectoryMatch>; <Files>; <Location>;
<If>. Of each kind those of the main server come before those of the virtual host.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._fields import TYPE_CHECKING, NamedTuple
from .._syntax.patterns import finds
from .._syntax.safe_patterns import finds_safely
from .._syntax.wildcards import matches, names_file

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable  # noqa: F401
    from typing import Union

    from .._syntax.evaluate import Active, Section  # noqa: F401
    from .sites import Placed  # noqa: F401

    # One that is made here, and stands nowhere: (name, words).
    ShortSection = tuple[str, tuple[str, ...]]
    AnySection = Union[Section, ShortSection]

_WHERE = ('directory', 'directorymatch', 'location', 'locationmatch')
# Of these the first word may be a regular expression.
_WITH_PATTERNS = ('proxypassmatch', 'rewriterule')
_CONDITIONS = ('if', 'elseif', 'else')
ACCESS = frozenset(['require', 'order', 'allow', 'deny', 'satisfy'])
# What holds for every request that a program is asked for: that its file is there.
_ALWAYS = re.compile(r'^\s*(-[fF]\s+["\']?%\{(REQUEST_FILENAME|SCRIPT_FILENAME)\}["\']?|true)\s*$')
# A path that is itself in a URL, and no pattern.
_PLAIN_URL = re.compile(r'(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+\Z')
_WILDCARD = re.compile(r'[*?\[]')
# A wildcard that stands for itself.
_MADE_LITERAL = re.compile(r'\[([*?\[])\]')
_TOP, _DIRECTORY, _MATCH, _FILES, _LOCATION, _IF, _REWRITTEN = range(7)
_OF_FOLDER = 2

# A line with its place in the order. where: the section that limits it to a folder or an address,
# None for all; files: the innermost <Files>, None for all names; condition: the <If> that cannot be
# decided here; rank: later overrules earlier; foreign: somebody other than root wrote it; folder:
# that of the .htaccess in which it stands.
Layer = NamedTuple(
    'Layer',
    [
        ('item', 'Active'),
        ('where', 'AnySection | None'),
        ('files', 'AnySection | None'),
        ('condition', 'AnySection | None'),
        ('rank', 'tuple[int, int, int, int]'),
        ('foreign', 'bool'),
        ('folder', 'str | None'),
    ],
)
Layer.__new__.__defaults__ = (None,)
# A place of a site. folder: where its files are, None where that is not known; section: the
# section, or path of a .htaccess, that makes it a place of its own, None for the whole site; url:
# where its addresses begin.
SitePlace = NamedTuple(
    'SitePlace',
    [
        ('folder', 'str | None'),
        ('section', 'AnySection | None'),
        ('url', 'str'),
    ],
)


def layers_of(main, own, foreign, folders=()):
    # type: (list[Placed], list[Placed], frozenset[str], Iterable[Layer]) -> list[Layer]
    """Return [Layer] of the lines of the main server and of a virtual host, in httpd's order.

    main, own: [Placed]; own is empty for the main server itself; folders: [Layer] of the .htaccess
    files that are read for it.
    """
    found = []
    for origin, placed in ((0, main), (1, own)):
        for number, one in enumerate(placed):
            layer = _layer(one, origin, number, foreign)
            if layer:
                found.append(layer)
    return sorted(found + list(folders), key=lambda layer: layer.rank)


def folder_layer(item, folder, files, condition, order, number):
    # type: (Active, str, AnySection | None, AnySection | None, tuple[bool, bool], int) -> Layer
    """Return the Layer of a line of a .htaccess in a folder.

    item: Active; files: a <Files> around it, or None; condition: a section that cannot be decided,
    or None; order: (it stands in an <If>, it overrules all else); number: its place among the lines
    of such files.
    """
    is_if, last = order
    kind = _REWRITTEN if last else _IF if is_if else _FILES if files else _DIRECTORY
    depth = len([part for part in folder.split('/') if part])
    where = item.sections[0]
    return Layer(item, where, files, condition, (kind, depth, _OF_FOLDER, number), True, folder)


def _layer(placed, origin, number, foreign):
    # type: (Placed, int, int, frozenset[str]) -> Layer | None
    """Return the Layer of one line; None where it is for a proxy, or for some methods only."""
    where = files = condition = None
    conditional = False
    for section in placed.around:
        if section[0] in _WHERE:
            where = section
        elif section[0] in ('files', 'filesmatch'):
            files = section
        elif section[0] in _CONDITIONS:
            conditional = True
            holds = section[0] == 'if' and always_holds(section[1])
            condition = condition if holds else section
        else:
            return None
    rank = (_IF if conditional else _kind(where, files), _depth(where), origin, number)
    item = placed.item
    return Layer(item, where, files, condition, rank, item.path in foreign, None)


def always_holds(words):
    # type: (Iterable[str]) -> bool
    """Return whether the condition of an <If> holds for all files that are there."""
    return bool(_ALWAYS.match(' '.join(words)))


def _depth(where):
    # type: (AnySection | None) -> int
    """Return how deep the folder of a section is; -1 where it has none, most for a pattern."""
    kind = _kind(where)
    if kind == _MATCH:
        return 1000
    return len([part for part in where[1][-1].split('/') if part]) if kind == _DIRECTORY else -1


def _kind(where, files=None):
    # type: (AnySection | None, AnySection | None) -> int
    """Return the place of a section in the order. files: a <Files> around the line, or None."""
    if where is not None and where[0].startswith('location'):
        return _LOCATION
    if files is not None:
        return _FILES
    if where is None:
        return _TOP
    return _MATCH if where[0] == 'directorymatch' or where[1][:1] == ('~',) else _DIRECTORY


def places_of(layers, root):
    # type: (list[Layer], str | None) -> list[SitePlace]
    """Return [SitePlace]: the whole site, then each place for which a section says something else.

    root: the folder of the site's documents, or None. A folder that an Alias names is a place, too.
    """
    found = [SitePlace(root, None, '/')]
    for layer in layers:
        if layer.item.name == 'alias' and len(layer.item.args) > 1 and layer.where is None:
            url, folder = layer.item.args[:2]
            found.append(SitePlace(os.path.normpath(folder), ('alias', (url, folder)), url))
    roots = [place.folder for place in found if place.folder]
    found += _folder_places(layers, found)
    known, named = set(found), set(place.folder for place in found if _is_folder(place))
    for layer in layers:
        for section in (layer.where, layer.condition) if layer.folder is None else ():
            place = _place(section, root, roots) if section else None
            # A .htaccess has made the folder a place already.
            if place and place not in known and not (place.folder in named and _is_plain(section)):
                known.add(place)
                found.append(place)
    return found


def _is_folder(place):
    # type: (SitePlace) -> bool
    return place.section is not None and place.section[0] == 'htaccess'


def _is_plain(section):
    # type: (AnySection) -> bool
    return section[0] == 'directory'


def _folder_places(layers, tops):
    # type: (list[Layer], list[SitePlace]) -> list[SitePlace]
    """Return [SitePlace] of the folders with a .htaccess, and of the conditions in these.

    tops: [SitePlace] of the whole site and of the folders that an Alias names. What such a file
    says of a top, or of a folder above it, is part of that place.
    """
    found, known = [], set()
    for layer in layers:
        if layer.folder is None:
            continue
        top, folder, url = _top_of(layer.folder, tops)
        plain = None if top else ('htaccess', (layer.item.path,))
        for section in (plain, layer.condition):
            place = SitePlace(folder, section, url) if section else None
            if place and place not in known:
                known.add(place)
                found.append(place)
    return found


def _top_of(folder, tops):
    # type: (str, list[SitePlace]) -> tuple[bool, str, str]
    """Return (whether it is a top or lies above one, the folder to look at, its address)."""
    folders = [top for top in tops if top.folder]
    around = [top for top in folders if is_within(folder, top.folder)]
    below = [top for top in folders if is_within(top.folder, folder)]
    if around and max(len(top.folder) for top in around) < len(folder):
        nearest = max(around, key=lambda top: len(top.folder))
        return False, folder, nearest.url.rstrip('/') + folder[len(nearest.folder.rstrip('/')) :]
    if below:
        return True, below[0].folder, below[0].url
    return False, folder, '/'


def is_within(path, folder):
    # type: (str, str) -> bool
    """Return whether a path is a folder, or lies in it."""
    return path == folder or path.startswith(folder.rstrip('/') + '/')


def url_of(place, root):
    # type: (SitePlace, str | None) -> str | None
    """Return the path at which the files of a place are asked, without a slash at its end; None
    where that is not known: the place is a condition or a pattern, or not below `root`.
    """
    if place.section is None:
        return ''
    name, url = place.section[0], None
    if name in ('alias', 'location'):
        url = place.url.rstrip('/')
    elif name == 'htaccess' and len(place.section[1]) == 1:
        url = place.url.rstrip('/')
    elif name == 'directory' and root and place.folder and place.folder.startswith(root + '/'):
        url = place.folder[len(root) :]
    return url if url and _PLAIN_URL.match(url) else None


def _place(section, root, roots):
    # type: (AnySection, str | None, list[str]) -> SitePlace | None
    """Return the SitePlace that a section makes; None where it holds for the whole site, or for
    no part of it.
    """
    name, args = section[0], section[1]
    if name in _CONDITIONS:
        return SitePlace(root, section, '/')
    if not args:
        return None
    if name in ('location', 'locationmatch'):
        regex = name == 'locationmatch' or args[0] == '~'
        # Of an address that a pattern names, the pattern decides for each file.
        return None if regex or args[-1] == '/' else SitePlace(root, section, args[-1])
    if name == 'directorymatch' or args[0] == '~':
        return SitePlace(root, section, '/')
    for one in roots:
        folder = _folder_below(args[-1], one)
        if folder:
            return SitePlace(_MADE_LITERAL.sub(r'\1', folder), section, '/')
    return None


def _folder_below(pattern, root):
    # type: (str, str) -> str | None
    """Return the folder below a root that <Directory> names, in its own words; None where it is not
    below.
    """
    wanted = [part for part in pattern.split('/') if part]
    parts = [part for part in root.split('/') if part]
    if len(wanted) <= len(parts):
        return None
    above = '/' + '/'.join(wanted[: len(parts)])
    return os.path.join(root, *wanted[len(parts) :]) if names_file(above, root) else None


def holding(layers, place):
    # type: (list[Layer], SitePlace) -> list[Layer]
    """Return the Layers that hold in a place for some name of a file."""
    return [
        layer
        for layer in layers
        if (layer.condition is None or layer.condition == place.section)
        and (layer.where is None or layer.where == place.section or _covers(layer, place))
    ]


def _covers(layer, place):
    # type: (Layer, SitePlace) -> bool
    """Return whether the section of a layer covers the whole place."""
    name, args = layer.where[0], layer.where[1]
    if layer.folder is not None:
        return place.folder is not None and is_within(place.folder, layer.folder)
    if not args:
        return False
    regex = name.endswith('match') or args[0] == '~'
    if name.startswith('location'):
        # Those with a pattern are asked for each name.
        return regex or _begins(place.url, args[-1])
    if place.folder is None:
        # Documents that nobody knows the folder of are not taken to be denied.
        return not regex and args[-1] == '/' and layer.item.name not in ACCESS
    if regex:
        return not layer.foreign and bool(finds(args[-1], place.folder + '/'))
    return names_file(args[-1], place.folder)


def _begins(url, start):
    # type: (str, str) -> bool
    return url == start or url.startswith(start.rstrip('/') + '/') or start == '/'


def for_name(layers, place, name):
    # type: (list[Layer], SitePlace, str) -> list[tuple[Active, bool]]
    """Return [(Active, sure)] of what holds for a file of that name.

    sure: it is known to hold; a pattern of a kind that Python does not know may hold, and so may
    one that a stranger wrote, where it cannot be tried in bounded time.
    """
    found = []
    for layer in layers:
        takes = _takes(layer, place, name)
        if takes is not False:
            # That of a RewriteRule in a .htaccess was tried before.
            strange = layer.foreign and layer.folder is None and layer.item.name in _WITH_PATTERNS
            found.append((layer.item, takes is True and not strange))
    return found


def _takes(layer, place, name):
    # type: (Layer, SitePlace, str) -> bool | None
    """Return whether a Layer takes a file of that name; None where that is not known."""
    answers = [True]
    if layer.files is not None:
        answers.append(file_matches(layer.files, name, layer.foreign))
    where = layer.where
    if where is not None and where[0].startswith('location') and where != place.section:
        if where[0] == 'locationmatch' or where[1][0] == '~':
            url = place.url.rstrip('/') + '/' + name
            answers.append((finds_safely if layer.foreign else finds)(where[1][-1], url))
    if False in answers:
        return False
    return None if None in answers else True


def file_matches(section, name, foreign):
    # type: (AnySection, str, bool) -> bool | None
    """Return whether a <Files> takes a name; None where that is not known. section: (name, words);
    foreign: somebody other than root wrote it.
    """
    args = section[1]
    if not args:
        return False
    if section[0] == 'filesmatch' or args[0] == '~':
        return (finds_safely if foreign else finds)(args[-1], name)
    plain = not _WILDCARD.search(args[-1])
    return args[-1] == name if plain else matches(args[-1], name)
