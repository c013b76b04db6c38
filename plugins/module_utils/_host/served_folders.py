# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Work out which folders a configuration lets httpd serve: document roots, aliases, homes of users,
and the sites of mass virtual hosting. Pure: what is on the disk is not looked at.

Some folders have a name that only a request brings: of a user, of a host, or of what a pattern
found in a URL. Their Root ends before that name, and says which names may follow.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
from collections import namedtuple

from .._syntax.evaluate import loaded_modules, server_of

# A folder that is served. path: absolute, text; patterns: for the name of each folder that follows,
# as for an Include; empty where `path` itself is served; without: names that the first pattern does
# not match; server: the section <VirtualHost> that serves it, None for the main server's, which all
# others have, too.
Root = namedtuple('Root', 'path patterns without server')
Root.__new__.__defaults__ = ((), frozenset(), None)

# What of the configuration tells the folders. folder: that relative paths begin in; homes: [(user,
# home)].
_Given = namedtuple('_Given', 'folder homes')

# mod_vhost_alias: %% is a percent sign; %p the port; %2, %-1, %2+, %2.3 parts of the host's name.
_HOST_PART = re.compile(r'%(?:%|p|-?\d\+?(?:\.-?\d\+?)?)')
# Where the match of a regular expression, or an expression in <Location>, comes into a path.
_MATCH = re.compile(r'\$(\d)')
_EXPRESSION = '%{'
# What takes no slash: [^/]+ \w* [a-z0-9]+, and these between others.
_ONE_NAME = re.compile(r'(?:\[\^/[^\]\[]*\]|\[[^\]\[/^][^\]\[/]*\]|\\[wd]|[\w-])+[+*]?\Z')
_NOT_LITERAL = re.compile(r'([*?\[])')
_MADE_LITERAL = re.compile(r'\[([*?\[])\]')
_WHOLE_NAME = u'*'
_WORDS_FOR_OFF = (u'disabled', u'disable')
_WORDS_FOR_ON = (u'enabled', u'enable')


def find_roots(active, folder, modules, homes):
    """Return [Root] of the directives that are in force, in the order of these.

    folder: in which relative paths begin; modules: names of what is linked in; homes: [(user,
    home)].
    """
    given, found = _Given(folder, homes), []
    for item in active:
        if item.name in _READERS and item.args:
            server = server_of(item)
            for root in _READERS[item.name](item, given):
                found.append(root._replace(server=server))
    if u'userdir_module' in loaded_modules(active, modules):
        found += _user_roots(active, given)
    return found


def parse_homes(text):
    """Return [(user, home)] of the text of a passwd file."""
    found = []
    for line in text.split(u'\n'):
        fields = line.split(u':')
        if len(fields) >= 6 and fields[5].startswith(u'/'):
            found.append((fields[0], fields[5]))
    return found


# --- by single directives ------------------------------------------------------------------


def _document_root(item, given):
    return [_plain(item.args[0], given)]


def _alias(item, given):
    """Return the Root of an Alias; in a <Location> it has one word, which may be an expression."""
    target = item.args[1] if len(item.args) > 1 else item.args[0]
    if len(item.args) == 1 and not any(_is_location(section) for section in item.sections):
        return []
    fixed, expression, _rest = target.partition(_EXPRESSION)
    return [_begins_with(fixed, given) if expression else _plain(target, given)]


def _is_location(section):
    return section[0] in (u'location', u'locationmatch')


def _alias_match(item, given):
    """Return the Root of an AliasMatch: its target, up to the first $1 that may have a slash."""
    if len(item.args) < 2:
        return []
    pattern, target = item.args[:2]
    parts = []
    for part in target.split(u'/'):
        numbers = [int(number) for number in _MATCH.findall(part)]
        if all(_is_one_name(pattern, number) for number in numbers):
            parts.append((part, _MATCH))
            continue
        fixed = part[: _MATCH.search(part).start()]
        # The match may have slashes: what comes behind it lies somewhere below.
        parts += [(fixed + u'$1', _MATCH)] if fixed else []
        break
    return [_with_patterns(parts, given)]


def _is_one_name(pattern, number):
    """Return whether what group `number` of a regular expression matches never has a slash."""
    inside = _group(pattern, number)
    return inside is not None and bool(_ONE_NAME.match(inside))


def _group(pattern, number):
    """Return the text in the brackets of a group; None where that cannot be told."""
    starts, position = [], 0
    if number == 0 or u'(?' in pattern or u'[(' in pattern or len(pattern) > 1000:
        return None
    while position < len(pattern):
        char = pattern[position]
        position += 2 if char == u'\\' else 1
        if char == u'(':
            starts.append(position)
    if number > len(starts):
        return None
    return pattern[starts[number - 1] :].partition(u')')[0]


def _virtual_root(item, given):
    if item.args[0].lower() == u'none':
        return []
    parts = [(part, _HOST_PART) for part in item.args[0].split(u'/')]
    return [_with_patterns(parts, given)]


_READERS = {
    u'documentroot': _document_root,
    u'alias': _alias,
    u'scriptalias': _alias,
    u'aliasmatch': _alias_match,
    u'scriptaliasmatch': _alias_match,
    u'virtualdocumentroot': _virtual_root,
    u'virtualdocumentrootip': _virtual_root,
    u'virtualscriptalias': _virtual_root,
    u'virtualscriptaliasip': _virtual_root,
}


def _plain(path, given):
    # A path may begin with two slashes, and normpath leaves them.
    return Root(u'/' + os.path.normpath(os.path.join(given.folder, path)).lstrip(u'/'))


def _begins_with(text, given):
    """Return the Root of all that begins with a text."""
    folder, _slash, name = text.rpartition(u'/')
    patterns = (_literal(name) + u'*',) if name else ()
    return _plain(folder or u'/', given)._replace(patterns=patterns)


def _with_patterns(parts, given):
    """Return the Root of a path whose parts are [(text, regular expression of what varies)]."""
    fixed = 0
    while fixed < len(parts) and not _varies(*parts[fixed]):
        fixed += 1
    path = u'/'.join(text.replace(u'%%', u'%') for text, _varying in parts[:fixed])
    patterns = tuple(_pattern(*part) for part in parts[fixed:] if part[0])
    return _plain(path or u'/', given)._replace(patterns=patterns)


def _varies(text, varying):
    return any(found.group() != u'%%' for found in varying.finditer(text))


def _pattern(text, varying):
    made, position = [], 0
    for found in varying.finditer(text):
        made.append(_literal(text[position : found.start()]))
        made.append(u'%' if found.group() == u'%%' else u'*')
        position = found.end()
    return u''.join(made) + _literal(text[position:])


def plain_name(pattern):
    """Return the one name that a pattern of a Root matches, None where it matches several."""
    if _NOT_LITERAL.search(_MADE_LITERAL.sub(u'', pattern)):
        return None
    return _MADE_LITERAL.sub(r'\1', pattern)


def _literal(text):
    return _NOT_LITERAL.sub(r'[\1]', text)


# --- homes of users ------------------------------------------------------------------------

# Of one server. places: words of UserDir that name folders, None where it has none; is_off: all are
# off but those that are on, None where that is not said; off, on: names of users.
_Users = namedtuple('_Users', 'places is_off off on')


def _user_roots(active, given):
    told = {}
    for item in active:
        if item.name == u'userdir' and item.args:
            server = server_of(item)
            before = told.get(server, _Users(None, None, frozenset(), frozenset()))
            told[server] = _learn(before, item.args)
    main, found = told.get(None, _Users(None, None, frozenset(), frozenset())), []
    for server in sorted(told, key=lambda server: server or ()):
        users = told[server]
        # As mod_userdir merges: names of users are those of the server alone.
        users = users._replace(
            places=main.places if users.places is None else users.places,
            is_off=main.is_off if users.is_off is None else users.is_off,
        )
        found += [root._replace(server=server) for root in _roots_of(users, given)]
    return found


def _learn(users, words):
    first, names = words[0].lower(), frozenset(words[1:])
    if first in _WORDS_FOR_OFF:
        return users._replace(off=users.off | names) if names else users._replace(is_off=True)
    if first in _WORDS_FOR_ON:
        return users._replace(on=users.on | names) if names else users._replace(is_off=False)
    return users._replace(places=words)


def _roots_of(users, given):
    found = []
    for place in users.places or ():
        if u'://' in place:
            continue  # the visitor is sent to another server
        if place.startswith(u'/'):
            before, star, after = place.partition(u'*')
            found += _named_folders(before if star else place + u'/', after, users, given)
        elif u'*' not in place:
            found += [
                _plain(home + u'/' + place, given)
                for user, home in given.homes
                if _is_on(user, users)
            ]
    return found


def _named_folders(before, after, users, given):
    """Return the Roots of a path in which the name of a user stands between two texts."""
    if users.is_off:
        names = sorted(name for name in users.on if _is_on(name, users) and u'/' not in name)
        return [_plain(before + name + after, given) for name in names]
    folder, _slash, begin = before.rpartition(u'/')
    end, _slash, below = after.partition(u'/')
    patterns = [_literal(begin) + _WHOLE_NAME + _literal(end)]
    patterns += [_literal(part) for part in below.split(u'/') if part]
    root = _plain(folder or u'/', given)
    without = frozenset(begin + name + end for name in users.off)
    return [root._replace(patterns=tuple(patterns), without=without)]


def _is_on(user, users):
    return user not in users.off and (not users.is_off or user in users.on)
