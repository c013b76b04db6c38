# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What each site, and each folder with rules of its own, wants of PHP: which files it runs, with
which settings.

httpd merges sections by depth and order (`section_layers.py`), and a pool of FPM has one set of
settings. So what holds in each place is worked out here as httpd would, once for each place.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from ..._fields import TYPE_CHECKING, NamedTuple
from ..php_mapping import NAMES, is_engine, is_module_word
from ..section_layers import SitePlace, file_matches, holding, layers_of, places_of
from ..sites import split_sites
from .values import SETTINGS, holding_values, is_setting

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable, Sequence  # noqa: F401
    from typing import TypeVar  # noqa: F401

    from ..._model import Site  # noqa: F401
    from ..._syntax.evaluate import Active  # noqa: F401
    from ..section_layers import AnySection, Layer, ShortSection  # noqa: F401
    from ..sites import Placed, SiteLines  # noqa: F401
    from .values import PhpValue  # noqa: F401

    T = TypeVar('T')

# Files of one kind in a place. files: the section of names, None for all; word: None where PHP runs
# them, NOBODY where nobody may have them, else the handler that has them; values: those that hold
# for them, None where those of the place do.
Entry = NamedTuple(
    'Entry',
    [('files', 'AnySection | None'), ('word', 'str | None'), ('values', 'list[PhpValue] | None')],
)
Entry.__new__.__defaults__ = (None,)
# One place. section: None for the whole site, else the section that limits it; values: those that
# hold there; entries: a later one over an earlier one.
PlaceWish = NamedTuple(
    'PlaceWish',
    [
        ('section', 'ShortSection | None'),
        ('values', 'list[PhpValue]'),
        ('entries', 'list[Entry]'),
    ],
)
# One site. places: that of the whole site first.
SiteWish = NamedTuple('SiteWish', [('site', 'Site'), ('places', 'list[PlaceWish]')])
# What cannot be carried. words: what it is; path, line: where it stands.
Lost = NamedTuple('Lost', [('words', 'str'), ('path', 'str | None'), ('line', 'int | None')])
# sites: the main server first; weak: PHP gets some files by their endings or their type; types: the
# lines that give it files by their type.
Wishes = NamedTuple(
    'Wishes',
    [
        ('sites', 'list[SiteWish]'),
        ('lost', 'list[Lost]'),
        ('weak', 'bool'),
        ('types', 'Sequence[Lost]'),
    ],
)
Wishes.__new__.__defaults__ = (False, ())

NONE, NOBODY = u'None', u''
_DECIDING = frozenset(
    ['sethandler', 'addhandler', 'addtype', 'forcetype', 'removehandler', 'removetype', 'alias']
)
# By what a handler is chosen; a later one overrules the earlier ones.
_BY_TYPE, _BY_ENDING, _SET = range(3)
_WILDCARD = re.compile(r'[*?\[]')
_TRUE_NUMBER = re.compile(r'^\s*[+-]?0*[1-9]')


def read_sites(active, root):
    # type: (list[Active], str) -> list[SiteLines]
    """Return [SiteLines], the main server first. root: the folder that names of files are relative
    to.
    """
    return split_sites(active, root, NAMES)


def read_wishes(active, sites, foreign, folders=None):
    # type: (list[Active], list[SiteLines], frozenset[str], Sequence[list[Layer]] | None) -> Wishes
    """Return the Wishes of a configuration.

    active: [Active]; sites: as `read_sites` returns them; foreign: paths of files that others than
    root can change; folders: [[Layer] of each site] of the .htaccess files, None for none.
    """
    main = _deciding(sites[0].items)
    found, lost, known = [], [], {}
    for number, (site, items) in enumerate(sites):
        own = _deciding(items) if number else []
        layers = layers_of(main, own, foreign, folders[number] if folders else ())
        key = (site.root, tuple(id(layer.item) for layer in layers))
        if key not in known:
            known[key] = _places(layers, site.root)
        places, left = known[key]
        found.append(SiteWish(site, places))
        lost += [one for one in left if one not in lost]
    weak = any(item.name != 'sethandler' and _gives_to_php(item) for item in active)
    types = [
        Lost(' '.join([item.name] + item.args), item.path, item.line.number)
        for item in active
        if item.name == 'addtype' and _gives_to_php(item)
    ]
    return Wishes(found, lost, weak, types)


def values_of(place, entry):
    # type: (PlaceWish, Entry) -> list[PhpValue]
    """Return [PhpValue] that hold for the files of an Entry in a PlaceWish."""
    return place.values if entry.values is None else entry.values


def _deciding(items):
    # type: (list[Placed]) -> list[Placed]
    return [one for one in items if one.item.name in _DECIDING or one.item.name in SETTINGS]


def _places(layers, root):
    # type: (list[Layer], str | None) -> tuple[list[PlaceWish], list[Lost]]
    """Return ([PlaceWish], [Lost]) of a site. root: the folder of its documents, or None."""
    reasons = [_why_lost(layer, layers) for layer in layers]
    lost = _lost(layers, reasons)
    layers = [layer for layer, why in zip(layers, reasons) if why is None]
    whole = _wish(layers, SitePlace(None, None, '/'), None)
    found, folders = [whole], {}
    for place in _each_place(layers, root):
        section = _section(place)
        if section is None or section in folders:
            continue
        wish = _wish(layers, place, section)
        folders[section] = wish
        above = _above(section, folders) or whole
        if section[0] == 'location':
            found += [wish] * bool(wish.entries)
        elif (wish.values, wish.entries) != (above.values, above.entries):
            found.append(wish)
    return found + _off_elsewhere(layers, whole, folders), lost


def _each_place(layers, root):
    # type: (list[Layer], str | None) -> list[SitePlace]
    """Return [SitePlace] of all that may have rules of its own, a folder before those in it."""
    found = places_of(layers, root)
    for layer in layers:
        if layer.folder is not None:
            place = SitePlace(layer.folder, ('htaccess', (layer.item.path,)), '/')
            found += [place] * (place not in found)
    return sorted(found, key=lambda place: (place.folder or '').count('/'))


def _section(place):
    # type: (SitePlace) -> ShortSection | None
    """Return the section that limits lines to a place; None for one that has no such section."""
    name = place.section[0] if place.section else None
    if name == 'location':
        return ('location', place.section[1])
    if name in (None, 'alias', 'directory', 'htaccess') and place.folder:
        return ('directory', (place.folder,))
    return None


def _above(section, folders):
    # type: (ShortSection, dict[ShortSection, PlaceWish]) -> PlaceWish | None
    """Return the PlaceWish of the nearest folder above that of a section; None where there is none.
    """
    if section[0] != 'directory':
        return None
    folder = os.path.dirname(section[1][0])
    while folder not in ('', '/'):
        if ('directory', (folder,)) in folders:
            return folders['directory', (folder,)]
        folder = os.path.dirname(folder)
    return None


def _lost(layers, reasons):
    # type: (list[Layer], list[str | None]) -> list[Lost]
    """Return [Lost] of what holds only for some requests, or for places that no folder is known of.

    reasons: why each of the layers is lost, or None.
    """
    found = []
    for layer, why in zip(layers, reasons):
        item = layer.item
        if why and (is_setting(item) or is_engine(item) or _gives_to_php(item)):
            words = ' '.join([item.name] + item.args[:1]) + ' (%s)' % why
            found.append(Lost(words, item.path, item.line.number))
    return found


def _why_lost(layer, layers):
    # type: (Layer, list[Layer]) -> str | None
    """Return why a line cannot be carried, in words, or None. layers: all of the site."""
    # Of a .htaccess there is only what may be copied.
    if layer.foreign and layer.folder is None:
        return 'others than root can change that file'
    if layer.item.unsure is not None:
        return 'only httpd knows whether it reads that line'
    if layer.condition is not None:
        return 'it holds for some requests only'
    if is_setting(layer.item):
        return _why_setting_lost(layer, layers)
    in_address = layer.where is not None and layer.where[0].startswith('location')
    by_ending = layer.item.name in ('addhandler', 'addtype', 'forcetype')
    if in_address and (by_ending or (is_engine(layer.item) and not _is_off([layer.item]))):
        return 'it holds for an address'
    return None


def _why_setting_lost(layer, layers):
    # type: (Layer, list[Layer]) -> str | None
    """Return the same of a setting. A pool serves whole folders, known by their path."""
    if layer.files is not None and not _is_told_apart(layer.files, layers):
        return 'it holds for some files only'
    if layer.where is None or (layer.where[0] == 'directory' and layer.where[1][:1] != ('~',)):
        return None
    return 'it holds for a pattern or an address'


def _is_told_apart(files, layers):
    # type: (AnySection, list[Layer]) -> bool
    """Return whether the files of a section can have a pool of their own: one file by its name, or
    just those that the same section gives to PHP.
    """
    given = [one.files for one in layers if one.files and _gives_to_php(one.item)]
    if is_name(files):
        return None not in [file_matches(one, files[1][0], False) for one in given]
    patterns = [one.files for one in layers if one.files and is_setting(one.item)]
    # Of a file that two patterns take, nobody can tell which settings hold.
    return files in given and not [
        one for one in patterns if one != files and not is_name(one)
    ]


def is_name(files):
    # type: (AnySection) -> bool
    """Return whether a section of names takes one name only."""
    return files[0] == 'files' and len(files[1]) == 1 and not _WILDCARD.search(files[1][0])


def _wish(layers, place, section):
    # type: (list[Layer], SitePlace, ShortSection | None) -> PlaceWish
    """Return the PlaceWish of a place."""
    lines = holding(layers, place)
    plain = [layer.item for layer in lines if layer.files is None]
    values = holding_values([item for item in plain if is_setting(item)])
    if section is not None and section[0] == 'location':
        own = [layer.item for layer in lines if layer.where == place.section]
        return PlaceWish(section, values, _entries_of_address(own))
    entries = _entries(lines)
    return PlaceWish(section, values, entries + _entries_of_files(lines, entries))


def _entries_of_files(lines, entries):
    # type: (list[Layer], list[Entry]) -> list[Entry]
    """Return [Entry] of the files of PHP that have settings of their own, patterns first.

    entries: [Entry] of the place.
    """
    settings = [layer for layer in lines if is_setting(layer.item)]
    found = []
    for files in sorted(_each_once([one.files for one in settings if one.files]), key=is_name):
        if _is_run(files, entries):
            holding_here = [one.item for one in settings if _covers(one.files, files)]
            found.append(Entry(files, None, holding_values(holding_here)))
    return found


def _is_run(files, entries):
    # type: (AnySection, list[Entry]) -> bool
    """Return whether PHP runs the files of a section of names, by the last Entry for them."""
    words = [one.word for one in entries if _covers(one.files, files)]
    return words[-1:] == [None]


def _covers(section, files):
    # type: (AnySection | None, AnySection) -> bool
    """Return whether a section of names, None for all, takes the files of another one."""
    if section in (None, files):
        return True
    return is_name(files) and file_matches(section, files[1][0], False) is True


def _entries_of_address(items):
    # type: (list[Active]) -> list[Entry]
    """Return [Entry] of the lines of a <Location>, in which no section of names can stand."""
    words = []
    for item in items:
        if item.name == 'sethandler' and item.args:
            words.append(None if is_module_word(item.args[0]) else item.args[0])
        elif item.name in ('removehandler', 'removetype'):
            words.append(NONE)
    if _is_off(items):
        words = [NONE]
    return [Entry(None, word, None) for word in words[-1:]]


def _entries(lines):
    # type: (list[Layer]) -> list[Entry]
    """Return [Entry] of the Layers that hold in a place."""
    ranked = sorted([one for layer in lines for one in _ranked(layer)], key=lambda one: one[0])
    entries, php = [], []
    for rank, files, word in ranked:
        if word is None:
            php.append((rank, files))
            entries.append(Entry(files, None, None))
        elif php:
            entries += _taken_away(rank, files, word, php)
    patterns = [files for _rank, files in php]
    is_off = _is_off([layer.item for layer in lines if layer.files is None])
    if is_off:
        entries = [Entry(each, NONE, None) for each in patterns]
    for files in _each_once([layer.files for layer in lines if is_engine(layer.item)]):
        if files and _is_off([layer.item for layer in lines if layer.files in (None, files)]):
            entries.append(Entry(files, NONE, None))
    if php and not is_off:
        entries += [Entry(files, NOBODY, None) for files in _perhaps_php(lines)]
    # Of the same ones the last counts.
    return _each_once(entries[::-1])[::-1]


def _perhaps_php(lines):
    # type: (list[Layer]) -> list[ShortSection]
    """Return sections of the names of which only httpd's table of types tells whether PHP runs
    them: x.php.bak is PHP's by its type where that table does not know .bak. Without the module
    such a file would be sent as it is.
    """
    return [
        ('filesmatch', (u'(?i)\\.(%s)\\.' % _joined(layer.item.args[1:]),))
        for layer in lines
        if layer.item.name == 'addtype' and layer.item.args[1:] and _gives_to_php(layer.item)
    ]


def _joined(endings):
    # type: (list[str]) -> str
    return u'|'.join(re.escape(word.lstrip(u'.')) for word in endings)


def _taken_away(rank, files, word, php):
    # type: (int, AnySection | None, str, list[tuple[int, AnySection | None]]) -> list[Entry]
    """Return [Entry] of a line that has another handler take what PHP took.

    php: [(rank, files)] of what PHP took.
    """
    taken = [files] if files is not None else [each for level, each in php if level <= rank]
    entries = [Entry(each, word, None) for each in taken]
    if word == NONE:
        # What chooses a handler in a weaker way counts again.
        entries += [Entry(each, None, None) for level, each in php if level < rank]
    return entries


def _ranked(layer):
    # type: (Layer) -> list[tuple[int, AnySection | None, str | None]]
    """Return [(rank, section of names or None, word)] of a line, word None where it is PHP's."""
    item, files = layer.item, layer.files
    args = item.args
    if not args:
        return []
    if item.name in ('sethandler', 'forcetype'):
        word = None if is_module_word(args[0]) else args[0]
        if word is not None and (item.name == 'forcetype' or word.lower() == 'none'):
            word = NONE
        return [(_SET if item.name == 'sethandler' else _BY_TYPE, files, word)]
    rank = _BY_ENDING if item.name.endswith('handler') else _BY_TYPE
    if item.name in ('addhandler', 'addtype') and len(args) > 1:
        word = None if is_module_word(args[0]) else (args[0] if rank == _BY_ENDING else NONE)
        return [(rank, _by_ending(args[1:], rank), word)]
    if item.name in ('removehandler', 'removetype'):
        return [(rank, _by_ending(args, rank), NONE)]
    return []


def _by_ending(words, rank):
    # type: (list[str], int) -> ShortSection
    """Return a section of the names that have one of these endings: a handler counts anywhere in a
    name, and a type at its end.
    """
    end = u'(\\.|$)' if rank == _BY_ENDING else u'$'
    return ('filesmatch', (u'(?i)\\.(%s)%s' % (_joined(words), end),))


def _is_off(items):
    # type: (list[Active]) -> bool
    """Return whether the engine is off by these lines, in httpd's order."""
    last = None
    for item in items:
        if is_engine(item) and (last is None or _is_admin(item) or not _is_admin(last)):
            last = item
    if last is None:
        return False
    value = (last.args[1:] or [''])[0].lower()
    # As PHP reads a flag, and a value of which it wants to know whether it is true.
    if last.name.endswith('flag'):
        return value not in ('on', '1')
    return value not in ('on', 'yes', 'true') and not _TRUE_NUMBER.match(value)


def _is_admin(item):
    # type: (Active) -> bool
    return item.name.startswith('php_admin')


def _off_elsewhere(layers, whole, folders):
    # type: (list[Layer], PlaceWish, dict[ShortSection, PlaceWish]) -> list[PlaceWish]
    """Return [PlaceWish] of the sections in which the engine is off, by their own words: they may
    hold for folders that no root of a site has.
    """
    patterns = [entry.files for entry in whole.entries if entry.word is None]
    found = []
    for where in _each_once(layer.where for layer in layers if layer.where):
        items = [
            layer.item for layer in layers if layer.where == where and layer.files is None
        ]
        if _is_off(items) and patterns and where[:2] not in folders:
            names = [None] if where[0].startswith('location') else patterns
            found.append(PlaceWish(where[:2], [], [Entry(each, NONE, None) for each in names]))
    return found


def _gives_to_php(item):
    # type: (Active) -> bool
    return item.name in ('sethandler', 'addhandler', 'addtype', 'forcetype') and bool(
        item.args and is_module_word(item.args[0])
    )


def _each_once(items):
    # type: (Iterable[T]) -> list[T]
    found = []
    for item in items:
        if item not in found:
            found.append(item)
    return found
