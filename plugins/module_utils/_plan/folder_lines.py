# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The lines of .htaccess files as layers of their folders, for each site that serves them.

Site owners write these files. Nothing of them is expanded, and their regular expressions are tried
in bounded time only. A line of which only httpd knows what it does is left out, and said.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import bisect

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import PhpUnjudged
from .._syntax.evaluate import Active, compare_version, module_names, server_of
from .._syntax.folder_rules import ALL_LINES, NOT_READ, FolderRules, above
from .._syntax.httpd_conf import DIRECTIVE, Line, split_words
from .._syntax.php_settings import MAX_GUARDS, MAX_WORD, lets_in, turns_php_off
from .._syntax.php_words import names_program
from .._syntax.safe_patterns import read_pattern
from .section_layers import ACCESS, always_holds, folder_layer

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable, Iterator, Sequence  # noqa: F401

    from .._model import FolderHandler, Htaccess  # noqa: F401
    from .._syntax.evaluate import Section  # noqa: F401
    from .section_layers import Layer, ShortSection  # noqa: F401

    # {path of a .htaccess: (its folder, its lines)}.
    FileLines = dict[str, tuple[str, list[Layer]]]
    SiteLayers = tuple[list[list[Layer]], list[PhpUnjudged]]

# So many pairs of a site and a .htaccess are judged. A file that a whole server serves, such as
# that of a user, is judged with so many of its sites.
MAX_PAIRS, MAX_SHARING = 5000, 20
# So many regular expressions are tried; most files have the same ones.
MAX_PATTERNS = 200
# The class of AllowOverride that allows a directive; of all others it is FileInfo.
_CLASSES = {
    'php_flag': 'options',
    'php_value': 'options',
    'require': 'authconfig',
    'satisfy': 'authconfig',
    'order': 'limit',
    'allow': 'limit',
    'deny': 'limit',
}
# Name of an Active for a line that httpd passes over: its folder is a place all the same, so that
# what holds there before and after a switch can be compared.
PASSED_OVER = '-'
_FILES = ('files', 'filesmatch')
_IFS = ('if', 'elseif', 'else')
_LIMITS = ('limit', 'limitexcept')
# What is judged by its name; of other sections it has to be known whether they are read.
_JUDGED = _FILES + _IFS + _LIMITS + ('rewritecond', 'requireall', 'requireany')
# A condition of a RewriteRule that holds for every file that is there.
_FOR_FILES = frozenset(
    [
        '%{REQUEST_FILENAME} -f',
        '%{SCRIPT_FILENAME} -f',
        '%{REQUEST_FILENAME} -s',
        '%{REQUEST_FILENAME} !-d',
        '%{SCRIPT_FILENAME} !-d',
    ]
)

# What a site has of these lines. server: its section <VirtualHost>, None for the main server;
# roots: folders that it serves by a name.
Server = NamedTuple('Server', [('server', 'Section | None'), ('roots', 'list[str]')])
# What decides a condition of a .htaccess. modules: names of those that are loaded; version: of
# httpd; defines: names of -D.
FolderWorld = NamedTuple(
    'FolderWorld',
    [
        ('modules', 'frozenset[str]'),
        ('version', 'str'),
        ('defines', 'frozenset[str]'),
    ],
)
# Where a line stands. files: the innermost <Files>; condition: words of the first <If>, or
# condition of a rewrite, that cannot be decided; is_if: it stands in some <If>; limited: in a
# <Limit>; skipped: httpd does not read it; unclear: the section that nobody can decide.
_Stand = NamedTuple(
    '_Stand',
    [
        ('files', 'ShortSection | None'),
        ('condition', 'str | None'),
        ('is_if', 'bool'),
        ('limited', 'bool'),
        ('skipped', 'bool'),
        ('unclear', 'str | None'),
    ],
)
_Unclear = NamedTuple('_Unclear', [('why', 'str')])
# What lines are read with. patterns: the regular expressions so far; all_count: each line that
# cannot be judged is said.
_Reading = NamedTuple(
    '_Reading', [('world', 'FolderWorld'), ('patterns', 'set[str]'), ('all_count', 'bool')]
)


def folder_world(modules, version, defines):
    # type: (Iterable[str], str, Iterable[str]) -> FolderWorld
    """Return the FolderWorld. modules: symbols of what is loaded, with the names of what is linked
    in.
    """
    names = set(modules)
    for symbol in modules:
        names.update(module_names(symbol))
    return FolderWorld(frozenset(names), version, frozenset(defines))


def site_layers(htaccess, active, foreign, world, servers, all_count=False):
    # type: (Htaccess, list[Active], frozenset[str], FolderWorld, list[Server], bool) -> SiteLayers
    """Return ([[Layer] of each server], [PhpUnjudged]).

    htaccess: Htaccess; active: [Active]; foreign: paths of files that others than root can change;
    world: FolderWorld; servers: [Server]; all_count: a line that cannot be judged is said even
    where it gives nobody more.
    """
    if not (htaccess.handlers or htaccess.unread or htaccess.dropped):
        return [[] for _server in servers], []
    files, unjudged = _read_files(htaccess, _Reading(world, set(), all_count))
    by_default = NOT_READ if compare_version(world.version, ['>=', '2.3.9']) else ALL_LINES
    rules = FolderRules(active, foreign, by_default)
    found, pairs = [[] for _server in servers], 0  # type: list[list[Layer]], int
    for number, path in _pairs(htaccess, files, servers):
        pairs += 1
        if pairs > MAX_PAIRS:
            unjudged.append(PhpUnjudged(path, None, 'too many sites and .htaccess files'))
            break
        folder, lines = files[path]
        section = [servers[number].server]
        if rules.reads(folder, section) != NOT_READ:
            classes = rules.classes(folder, section)
            found[number].extend(layer for layer in lines if _is_allowed(layer, classes))
    return found, unjudged


def _is_allowed(layer, classes):
    # type: (Layer, frozenset[str] | None) -> bool
    """Return whether AllowOverride lets a line be read. classes: its words, None for all."""
    if layer.item.name == PASSED_OVER:
        return True
    return classes is None or _CLASSES.get(layer.item.name, 'fileinfo') in classes


# --- which site serves which file ----------------------------------------------------------


def _pairs(htaccess, files, servers):
    # type: (Htaccess, FileLines, list[Server]) -> Iterator[tuple[int, str]]
    """Yield (number of a server, path of a file) of all that belong together."""
    by_folder = {}  # type: dict[str, list[str]]
    for path in sorted(files):
        by_folder.setdefault(files[path][0], []).append(path)
    claimed, named = set(), {}  # type: set[str], dict[Section | None, list[int]]
    folders = sorted(by_folder)
    for number, server in enumerate(servers):
        named.setdefault(server.server, []).append(number)
        for folder in _folders_of(server.roots, folders, by_folder):
            for path in by_folder[folder]:
                claimed.add(path)
                yield number, path
    for path in sorted(set(files) - claimed):
        for number in _sharing(htaccess.servers.get(path, ()), named, len(servers)):
            yield number, path


def claims(paths, names, servers):
    # type: (Iterable[str], Sequence[str], list[Server]) -> dict[str, set[Section | None]]
    """Return {path of a file: set of the sections of the servers that serve its folder by a name}.

    names: of such files.
    """
    by_folder = {}  # type: dict[str, list[str]]
    for path in paths:
        by_folder.setdefault(folder_of(path, names), []).append(path)
    folders = sorted(by_folder)
    found = dict((path, set()) for path in paths)  # type: dict[str, set[Section | None]]
    for server in servers:
        for folder in _folders_of(server.roots, folders, by_folder):
            for path in by_folder[folder]:
                found[path].add(server.server)
    return found


def _sharing(sections, named, count):
    # type: (Iterable[Section | None], dict[Section | None, list[int]], int) -> list[int]
    """Return the numbers of the servers that serve a folder that no root of theirs names."""
    found = [number for section in sections if section for number in named.get(section, ())]
    return found or list(range(min(count, MAX_SHARING)))


def _folders_of(roots, folders, by_folder):
    # type: (list[str], list[str], dict[str, list[str]]) -> list[str]
    """Return the folders with files that are in, or around, some roots. folders: sorted."""
    found = set()  # type: set[str]
    for root in roots:
        found.update(one for one in [root] + above(root) if one in by_folder)
        below = root.rstrip('/') + '/'
        index = bisect.bisect_left(folders, below)
        while index < len(folders) and folders[index].startswith(below):
            found.add(folders[index])
            index += 1
    return sorted(found)


# --- what a file says ----------------------------------------------------------------------


def _read_files(htaccess, reading):
    # type: (Htaccess, _Reading) -> tuple[FileLines, list[PhpUnjudged]]
    """Return ({path: (folder, [Layer])}, [PhpUnjudged])."""
    files, unjudged, number = {}, [], 0
    for path in sorted(htaccess.handlers):
        folder, layers = folder_of(path, htaccess.names), []
        for handler in htaccess.handlers[path]:
            number += 1
            layer = _read_line(handler, folder, path, number, reading)
            if isinstance(layer, _Unclear):
                unjudged.append(PhpUnjudged(path, handler.line, layer.why))
            elif layer is not None:
                layers.append(layer)
        files[path] = (folder, layers)
    unjudged += [PhpUnjudged(path, None, 'it could not be read') for path in htaccess.unread]
    if htaccess.dropped:
        unjudged.append(PhpUnjudged(None, None, 'there are more than %s' % htaccess.dropped))
    return files, unjudged


def folder_of(path, names):
    # type: (str, Sequence[str]) -> str
    """Return the folder for which a .htaccess stands. names: of such files, which may have a slash.
    """
    for name in names:
        if path.endswith('/' + name):
            return path[: -len(name) - 1] or '/'
    return path.rpartition('/')[0] or '/'


def _read_line(handler, folder, path, number, reading):
    # type: (FolderHandler, str, str, int, _Reading) -> Layer | _Unclear | None
    """Return the Layer of a FolderHandler; None where it decides nothing, _Unclear where only httpd
    can tell.
    """
    modules = reading.world.modules
    if not all((name in modules) is not negated for negated, name in handler.guards):
        item = _active(PASSED_OVER, [], handler, folder, path)
        return folder_layer(item, folder, None, None, (False, False), number)
    stand = _stand(handler, reading.world)
    if stand.skipped:
        return None
    why = _why_unclear(handler, stand) or _why_untried(handler, stand, reading.patterns)
    if why:
        # What takes PHP away, or keeps visitors out, shows nothing if it is not believed.
        return _Unclear(why) if reading.all_count or _gives(handler) else None
    item = _item(handler, folder, path)
    if item is None or (stand.limited and item.name in ACCESS):
        return None
    files, condition = stand.files, stand.condition
    if handler.name == 'rewriterule':
        files = ('filesmatch', (handler.words[0],))
    section = ('htaccess', (path, condition)) if condition else None
    last = handler.name == 'rewriterule' and item.name == 'sethandler'
    return folder_layer(item, folder, files, section, (stand.is_if, last), number)


def _stand(handler, world):
    # type: (FolderHandler, FolderWorld) -> _Stand
    """Return the _Stand of a line in a file."""
    sections = handler.sections
    files = [(name, tuple(split_words(text))) for name, text in sections if name in _FILES]
    conditions = [found for found in (_condition(*one) for one in sections) if found]
    names = set(name for name, _text in sections)
    others = [one for one in sections if one[0] not in _JUDGED]
    answers = [_holds(name, text, world) for name, text in others]
    unclear = [one for one, holds in zip(others, answers) if holds is None]
    return _Stand(
        files=files[-1] if files else None,
        condition=conditions[0] if conditions else None,
        is_if=not names.isdisjoint(_IFS),
        limited=not names.isdisjoint(_LIMITS),
        skipped=False in answers,
        unclear='<%s %s>' % unclear[0] if unclear else None,
    )


def _condition(name, text):
    # type: (str, str) -> str | None
    """Return a section as a condition that cannot be decided; None where it is none."""
    if name == 'rewritecond':
        return None if text in _FOR_FILES else 'RewriteCond ' + text
    if name not in _IFS or (name == 'if' and always_holds(split_words(text))):
        return None
    return '<%s %s>' % (name.capitalize(), text)


def _holds(name, text, world):
    # type: (str, str, FolderWorld) -> bool | None
    """Return whether a section is read; None where only httpd can tell."""
    negated = text.startswith('!')
    words = split_words(text.lstrip('!').strip())
    if not words or '${' in text:
        return None
    if name == 'ifversion':
        found = compare_version(world.version, words)
    elif name == 'ifdefine':
        found = words[0] in world.defines
    else:
        return False if name == 'requirenone' else None
    return found if found is None else found is not negated


def _why_unclear(handler, stand):
    # type: (FolderHandler, _Stand) -> str | None
    """Return why a line cannot be judged, in words; None where it can."""
    if stand.unclear:
        return 'it stands in %s' % stand.unclear
    if not handler.whole or _is_cut(handler):
        return 'it is too long'
    if any('${' in word or word.startswith('expr=') for word in handler.words):
        return 'it has a variable'
    if stand.limited and stand.files and handler.name in ACCESS:
        return 'it holds for some methods only'
    return None


def _is_cut(handler):
    # type: (FolderHandler) -> bool
    """Return whether a word or a section of a line may have been left out, or a part of one."""
    texts = list(handler.words) + [text for name, text in handler.sections if name in _FILES]
    return (
        max(len(text) for text in texts + ['']) >= MAX_WORD
        or max(len(handler.sections), len(handler.guards)) >= MAX_GUARDS
    )


def _why_untried(handler, stand, patterns):
    # type: (FolderHandler, _Stand, set[str]) -> str | None
    """Return why the regular expression of a line is not tried, in words; None where it is."""
    pattern = _pattern(handler, stand)
    if pattern is None or pattern in patterns:
        return None
    if len(patterns) >= MAX_PATTERNS:
        return 'there are more than %d regular expressions' % MAX_PATTERNS
    if read_pattern(pattern) is None:
        return 'the regular expression %s is not understood' % pattern
    patterns.add(pattern)
    return None


def _pattern(handler, stand):
    # type: (FolderHandler, _Stand) -> str | None
    """Return the regular expression that chooses the files of a line, None where there is none."""
    if handler.name == 'rewriterule' and handler.words:
        return handler.words[0].lstrip('!')
    if stand.files and stand.files[1]:
        name, words = stand.files
        return words[-1] if name == 'filesmatch' or words[0] == '~' else None
    return None


def _gives(handler):
    # type: (FolderHandler) -> bool
    """Return whether a line gives files to PHP, limits PHP, or lets somebody in."""
    if handler.name in ACCESS:
        return bool(handler.sections) and lets_in(handler)
    if handler.name in _CLASSES:
        return turns_php_off(handler) or handler.words[:1] == ('open_basedir',)
    words = handler.words[-1:] if handler.name == 'rewriterule' else handler.words[:1]
    return any(names_program(word) for word in words) or handler.name == 'action'


def _item(handler, folder, path):
    # type: (FolderHandler, str, str) -> Active | None
    """Return the Active of a line; None where it says nothing of who takes a file."""
    name, words = handler.name, list(handler.words)
    if name in ('php_flag', 'php_value') and words[:1] == ['engine']:
        words = ['engine', 'off' if turns_php_off(handler) else 'on']
    elif name == 'rewriterule':
        name, words = _rewritten(words)
    return _active(name, words, handler, folder, path) if name and words else None


def _active(name, words, handler, folder, path):
    # type: (str, list[str], FolderHandler, str, str) -> Active
    """Return the Active of a directive with these words, where the line of a handler stands."""
    sections = (('directory', (folder,), path, 0),)  # type: tuple[Section, ...]
    sections += tuple((one, tuple(split_words(text)), path, 0) for one, text in handler.sections)
    text = ' '.join([name] + words)
    line = Line(handler.line, 1, DIRECTIVE, name, words, text)
    return Active(name, words, path, line, sections, None)


def _rewritten(words):
    # type: (list[str]) -> tuple[str | None, list[str]]
    """Return (name, words) of the directive that a RewriteRule amounts to for the files that it
    takes; (None, []) where it is none.
    """
    if len(words) < 3 or words[0].startswith('!'):
        return None, []
    for flag in words[2].strip('[]').split(','):
        key, _sign, value = flag.strip().partition('=')
        key = key.lower()
        if key in ('p', 'proxy'):
            return 'rewriterule', ['', words[1], '[P]']
        if key in ('h', 'handler', 't', 'type') and value:
            return 'sethandler', [value]
    return None, []


def section_of(active):
    # type: (list[Active]) -> dict[tuple[str, int], Section]
    """Return {(path, line): section <VirtualHost>} of all virtual hosts."""
    found = {}
    for item in active:
        section = server_of(item)
        if section is not None:
            found[section[2:4]] = section
    return found
