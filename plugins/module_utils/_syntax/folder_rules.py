# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Tell what <Directory> sections say of a folder: whether httpd reads the .htaccess files in it,
and whether it follows links there. Pure.

A host may have thousands of sections, and a search asks about thousands of folders. So sections
that name a folder are found by its name, and only patterns are tried one after the other.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import bisect
import re
from collections import namedtuple

from .._fields import TYPE_CHECKING
from .evaluate import server_of
from .wildcards import match_names, names_file

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .evaluate import Active, Section  # noqa: F401

# How a .htaccess file is read: not at all; but for lines of modules that are not loaded, which are
# skipped; each line. In this order each one finds more.
NOT_READ, KNOWN_LINES, ALL_LINES = range(3)
# Which links are followed: none, those that belong to the owner of their target, all.
NO_LINKS, OWN_LINKS, ALL_LINKS = range(3)

_CONTAINERS = ('directory', 'directorymatch')
# Sections within which an option holds for less than a folder.
_NARROWER = ('files', 'filesmatch', 'location', 'locationmatch', 'if', 'elseif', 'else')
_KINDS = ('allowoverride', 'allowoverridelist', 'options')
# Regular expressions of which a search in a path of some length may take very long.
_SLOW = re.compile(r'\)[*+{]|\\[1-9]|\(\?(?!:)|\{')
_REPEATED = re.compile(r'(?<!\()[*+?]')
_WILDCARD = re.compile(r'[*?\[]')
MAX_MATCHED = 512

# More parts than a path can have.
_LAST = 5000

# What a section says. server: the <VirtualHost> around it, or None; kind: one of _KINDS; words: in
# lower case; pattern: of the folders; regex: whether that is one; judged: whether the pattern is
# matched, and not taken to match everything; rank: those of a higher one overrule those of a lower.
_Said = namedtuple('_Said', 'server kind words pattern regex judged rank')


class FolderRules(object):
    """What a configuration says of folders.

    active: what is in force; foreign: paths of files that others than root can change; by_default:
    NOT_READ or ALL_LINES, where nothing is said.
    """

    def __init__(self, active, foreign, by_default):
        # type: (list[Active], frozenset[str], int) -> None
        self.by_default = by_default
        # by_path: {path: {server: [_Said]}}; patterns: {(pattern, regex): {server: [_Said]}}.
        self.by_path, self.patterns, self.compiled = {}, {}, {}
        for number, item in enumerate(active):
            said = _said(item, number, foreign) if item.name in _KINDS else None
            if said is None:
                continue
            if said.regex or _WILDCARD.search(said.pattern):
                place = self.patterns.setdefault((said.pattern, said.regex), {})
            else:
                place = self.by_path.setdefault(_clean(said.pattern), {})
            place.setdefault(said.server, []).append(said)
        # Where files are read that are not read elsewhere.
        self.readable = sorted(
            path for path, by_server in self.by_path.items() if _any_may_read(by_server)
        )
        self.readable_paths = frozenset(self.readable)
        self.readable_patterns = [
            key for key, by_server in self.patterns.items() if _any_may_read(by_server)
        ]

    def reads(self, folder, servers):
        # type: (str, list[Section | None]) -> int
        """Return how a .htaccess file in a folder is read: the most that one of the servers reads.

        servers: sections <VirtualHost>; None stands for the main server and all others.
        """
        return self._most(folder, servers, self._how_read)

    def classes(self, folder, servers):
        # type: (str, list[Section | None]) -> frozenset[str] | None
        """Return the classes of directives that AllowOverride allows in a folder, a set of words in
        lower case; None for all, also where that cannot be judged. Arguments as for `reads`.
        """
        by_server = self._saying(folder, servers)
        found = [pair for some in by_server.values() for pair in some]
        chosen = None if self.by_default != NOT_READ else frozenset()
        for said, sure in sorted(found, key=lambda pair: pair[0].rank):
            if said.kind == 'allowoverridelist' and said.words not in ([], [u'none']):
                return None
            if said.kind == 'allowoverride':
                words = frozenset(word.partition(u'=')[0] for word in said.words)
                chosen = words if sure and u'all' not in words else None
        return chosen

    def follows(self, folder, servers):
        """Return which links in a folder are followed; arguments as for `reads`."""
        return self._most(folder, servers, _which_links)

    def may_read_in(self, folder):
        """Return whether some server may read a .htaccess file in a folder: quicker than `reads`.
        """
        if self.by_default != NOT_READ or not self.readable_paths.isdisjoint(
            [folder] + above(folder)
        ):
            return True
        return any(regex or names_file(one, folder) for one, regex in self.readable_patterns)

    def may_read_below(self, folder, servers):
        """Return whether a .htaccess file in a folder, or anywhere below it, may be read."""
        if self.by_default != NOT_READ or self.reads(folder, servers) != NOT_READ:
            return True
        below = folder.rstrip(u'/') + u'/'
        index = bisect.bisect_left(self.readable, below)
        if index < len(self.readable) and self.readable[index].startswith(below):
            return True
        return any(regex or _may_lie_below(one, folder) for one, regex in self.readable_patterns)

    def _most(self, folder, servers, judge):
        by_server = self._saying(folder, servers)
        for_all, ways = by_server.pop(None, []), {}
        # Many servers say the same in their own words: each way is judged once.
        for some in by_server.values():
            way = [(one.kind, tuple(one.words), one.rank[0], sure) for one, sure in some]
            ways[tuple(way)] = some
        # All servers of which no section speaks have what the main server has.
        if None in servers or len(by_server) < len(servers):
            ways[()] = []
        return max(
            judge(sorted(for_all + some, key=lambda pair: pair[0].rank)) for some in ways.values()
        )

    def _saying(self, folder, servers):
        """Return {server: [(_Said, whether it is sure that it speaks of this folder)]}."""
        found = {}
        for path in [folder] + above(folder):
            _add(found, self.by_path.get(path, {}), servers, _always)
        for (pattern, regex), by_server in self.patterns.items():
            if regex:
                _add(found, by_server, servers, lambda said: self._matches(said, folder))
            elif names_file(pattern, folder):
                _add(found, by_server, servers, _always)
        return found

    def _matches(self, said, folder):
        """Return whether a regular expression matches a folder, None where that is not judged."""
        if not said.judged or len(folder) > MAX_MATCHED:
            return None
        if said.pattern not in self.compiled:
            try:
                self.compiled[said.pattern] = re.compile(said.pattern)
            except re.error:
                self.compiled[said.pattern] = None  # a pattern of another kind
        compiled = self.compiled[said.pattern]
        return None if compiled is None else compiled.search(folder + u'/') is not None

    def _how_read(self, found):
        """Return how files are read by what is said, [(_Said, whether it is sure)] in order.

        What may match counts where it allows something, not where it forbids.
        """
        by_class, by_name = self.by_default, False
        for said, sure in found:
            if said.kind == 'allowoverride':
                now = _by_class(said.words)
                by_class = now if sure else max(now, by_class)
            elif said.kind == 'allowoverridelist':
                now = said.words not in ([], [u'none'])
                by_name = now if sure else now or by_name
        return ALL_LINES if by_name and by_class == NOT_READ else by_class


def _always(_said):
    return True


def _add(found, by_server, servers, matches):
    """Add to `found` what is said for these servers. matches: returns whether a _Said speaks of
    the folder, None where that is not known.
    """
    wanted = by_server if None in servers else [None] + list(servers)
    for server in wanted if len(wanted) < len(by_server) else list(by_server):
        if None not in servers and server is not None and server not in servers:
            continue
        for said in by_server.get(server, ()):
            matched = matches(said)
            if matched is not False:
                found.setdefault(server, []).append((said, bool(matched)))


def _by_class(words):
    """Return how files are read by the words of an AllowOverride. `All` and `None` are no flags:
    each takes away all that stands before it.
    """
    read, skips = False, False
    for word in words:
        if word in (u'all', u'none'):
            read, skips = word == u'all', False
        elif word in (u'nonfatal=unknown', u'nonfatal=all'):
            read, skips = True, True
        else:
            read = True
    if not read:
        return NOT_READ
    return KNOWN_LINES if skips else ALL_LINES


def _which_links(found):
    """Return which links are followed by what is said. httpd follows all where nothing is."""
    every, own = True, False
    for said, sure in found:
        if said.kind != 'options':
            continue
        relative = any(word.startswith((u'+', u'-')) for word in said.words)
        now_every, now_own = (every, own) if relative else (False, False)
        for word in said.words:
            is_on, name = not word.startswith(u'-'), word.lstrip(u'+-')
            if name in (u'followsymlinks', u'all'):
                now_every = is_on
            if name == u'symlinksifownermatch':
                now_own = is_on
        every, own = (now_every, now_own) if sure else (every or now_every, own or now_own)
    return ALL_LINKS if every else OWN_LINKS if own else NO_LINKS


def _any_may_read(by_server):
    return any(_may_read(said) for some in by_server.values() for said in some)


def _may_read(said):
    if said.kind == 'allowoverride':
        return _by_class(said.words) != NOT_READ
    return said.kind == 'allowoverridelist' and said.words not in ([], [u'none'])


def _said(item, number, foreign):
    """Return the _Said of a directive, None where it speaks of no folder."""
    around = [section for section in item.sections if section[0] in _CONTAINERS]
    server, words = server_of(item), [word.lower() for word in item.args]
    if any(section[0] in _NARROWER for section in item.sections):
        return None
    if not around:
        # Options may stand for the whole server.
        rank = (0, server is not None, number)
        if item.name == 'options':
            return _Said(server, item.name, words, u'/', False, True, rank)
        return None
    name, args = around[-1][:2]
    if not args:
        return None
    regex, pattern = name == 'directorymatch' or args[0] == u'~', args[-1]
    # Sections with more parts overrule those with fewer, regular expressions overrule both.
    parts = _LAST if regex else 1 + _clean(pattern).rstrip(u'/').count(u'/')
    judged = not regex or (item.path not in foreign and is_quick(pattern))
    return _Said(
        server, item.name, words, pattern, regex, judged, (parts, server is not None, number)
    )


def above(path):
    # type: (str) -> list[str]
    """Return the paths of the folders above an absolute path, the nearest one first."""
    found, end = [], path.rfind(u'/')
    while end > 0:
        found.append(path[:end])
        end = path.rfind(u'/', 0, end)
    return found + [u'/'] if path != u'/' else found


def _clean(path):
    return u'/' + u'/'.join(part for part in path.split(u'/') if part not in (u'', u'.'))


def _may_lie_below(pattern, folder):
    """Return whether a pattern with wildcards may name a folder below this one."""
    wanted, parts = [[part for part in text.split(u'/') if part] for text in (pattern, folder)]
    return len(wanted) > len(parts) and all(
        one == name or match_names(one, [name]) for one, name in zip(wanted, parts)
    )


def named_folders(active):
    """Return {path: set of servers} of the folders that a <Directory> section names without a
    wildcard. None stands for the main server.
    """
    found = {}
    for item in active:
        for section in item.sections:
            if section[0] == 'directory' and len(section[1]) == 1:
                path = section[1][0]
                if path.startswith(u'/') and not _WILDCARD.search(path):
                    found.setdefault(_clean(path), set()).add(server_of(item))
    return found


def is_quick(pattern):
    """Return whether the search for a regular expression ends soon, whatever the path is.

    Where something repeats in a group that repeats, or three times, a name can be made for it.
    """
    repeated = len(_REPEATED.findall(pattern)) + (not pattern.startswith('^'))
    return len(pattern) <= 200 and repeated <= 3 and not _SLOW.search(pattern)
