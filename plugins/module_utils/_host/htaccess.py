# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find the .htaccess files with settings of mod_php: without the module, httpd answers 500 to
every request below such a file.

The folders and files are those of site owners, who may put anything there at any time. So it all
happens in a child with limits, folders are walked by descriptor, no link below a document root is
followed, and each search stays on the file system of its root. It says where it was cut short.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
from collections import namedtuple

from .._errors import StrangerError
from .._model import Htaccess
from .._strangers import paths
from .._strangers.limited import run_limited
from .._syntax.evaluate import active_directives, compare_version
from .._syntax.php_settings import find_php_settings
from .._syntax.wildcards import names_file
from .._system.clock import monotonic

MAX_FOLDERS = 10000
MAX_SECONDS = 2
MAX_FILES = 200
MAX_SETTINGS = 5000
MAX_BYTES = 256 * 1024
MAX_ALL_BYTES = 64 * 1024 * 1024
# The child may take longer than its search: a disk or a file system may not answer.
_PATIENCE, _MEMORY = MAX_SECONDS + 3, 256
# httpd opens a .htaccess by its whole path, and the kernel takes no longer one (PATH_MAX).
MAX_PATH, MAX_NAME = 4096, 256
_ALIASES = ('alias', 'scriptalias')
_CONTAINERS = ('directory', 'directorymatch')
# Regular expressions of which a search in a path of some length may take very long.
_SLOW = re.compile(r'\)[*+{]|\\[1-9]|\(\?(?!:)|\{')
_REPEATED = re.compile(r'(?<!\()[*+?]')
MAX_MATCHED = 512

# What <Directory> says of .htaccess. server: the <VirtualHost> around it, or None; regex: whether
# pattern is one; allowed: it is read; judged: whether the pattern is matched, and not taken to
# match everything.
_Override = namedtuple('_Override', 'server pattern regex allowed judged')


def read_htaccess(tree, world, php_files):
    """Return the Htaccess; nothing is looked for where no PHP module is named."""
    if not php_files:
        return Htaccess({}, None)
    active = active_directives(tree, world)
    try:
        return run_limited(lambda: search_folders(active, tree, world), _PATIENCE, _MEMORY)
    except StrangerError:
        return Htaccess({}, 'it did not end within %d s or %d MiB' % (_PATIENCE, _MEMORY))


def search_folders(active, tree, world, now=monotonic):
    """Return the Htaccess of all folders that are served. active: what is in force; now: gives
    seconds.
    """
    names = set(
        name
        for item in active
        if item.name == 'accessfilename'
        for name in item.args
        if len(name) < MAX_NAME
    ) or set(['.htaccess'])
    default = not compare_version(world.version, ['>=', '2.3.9'])
    search = _Search(names, now)
    for root, overrides in _roots(active, tree):
        if search.may_go_on() and (default or any(override.allowed for override in overrides)):
            search.look_below(
                root, lambda folder, some=overrides: is_allowed(folder, some, default)
            )
    return Htaccess(search.settings, search.cut or search.gap)


def _roots(active, tree):
    """Return [(folder that is served, its _Overrides)]: document roots and aliases, each with
    what holds for its server.
    """
    overrides, folders = [], []
    for item in active:
        server = next((section for section in item.sections if section[0] == 'virtualhost'), None)
        if item.name in ('allowoverride', 'allowoverridelist'):
            overrides += _override(item, server, item.path in tree.foreign)
        elif item.name == 'documentroot' and item.args:
            folders.append((os.path.join(tree.root, item.args[0]), server))
        elif item.name in _ALIASES and len(item.args) > 1:
            folders.append((os.path.join(tree.root, item.args[1]), server))
    # A virtual host without a root of its own has the main server's.
    servers = set(override.server for override in overrides)
    found = set(
        (folder, other)
        for folder, server in folders
        for other in ([server] if server else [None] + sorted(servers - set([None])))
    )
    return [
        (folder, _in_order([one for one in overrides if one.server in (None, server)]))
        for folder, server in sorted(found, key=lambda pair: (pair[0], pair[1] or ()))
    ]


def _override(item, server, by_stranger):
    around = [section for section in item.sections if section[0] in _CONTAINERS]
    if not around or not around[-1][1]:
        return []
    name, args = around[-1][:2]
    regex = name == 'directorymatch' or args[0] == '~'
    words = [word.lower() for word in item.args]
    allowed = (
        words not in ([], ['none'])
        and 'nonfatal=unknown' not in words
        and 'nonfatal=all' not in words
    )
    return [
        _Override(
            server, args[-1], regex, allowed, not regex or (not by_stranger and is_quick(args[-1]))
        )
    ]


def is_quick(pattern):
    """Return whether the search for a regular expression ends soon, whatever the path is.

    Where something repeats in a group that repeats, or three times, a name can be made for it.
    """
    repeated = len(_REPEATED.findall(pattern)) + (not pattern.startswith('^'))
    return len(pattern) <= 200 and repeated <= 3 and not _SLOW.search(pattern)


def _in_order(overrides):
    """Sort as httpd does: sections with more parts overrule those with fewer, patterns overrule
    both.
    """
    plain = sorted(
        (one for one in overrides if not one.regex),
        key=lambda one: one.pattern.rstrip('/').count('/'),
    )
    return plain + [one for one in overrides if one.regex]


def is_allowed(folder, overrides, default):
    """Return whether httpd reads a .htaccess in a folder. overrides: the last one that matches
    holds.

    A pattern that is not judged may match, and then what it allows counts, not what it forbids.
    """
    allowed = default
    for one in overrides:
        found = _matches(one, folder)
        if found or (found is None and one.allowed):
            allowed = one.allowed
    return allowed


def _matches(override, folder):
    """Return whether a section is for a folder, None where that is not judged."""
    if not override.regex:
        return names_file(override.pattern, folder)
    if not override.judged or len(folder) > MAX_MATCHED:
        return None
    try:
        return re.search(override.pattern, folder + '/') is not None
    except re.error:
        return None  # a pattern of another kind


# A folder on the way down. identity: (device, inode); waiting: names of the folders in it that are
# still to be seen, the next one last.
_Level = namedtuple('_Level', 'path identity waiting')


class _Search(object):
    """Goes through folders until one of the limits is reached.

    settings: {path: [PhpSetting]}; cut: which limit, None as long as none is; gap: the first thing
    that was left out on the way, or None.
    """

    def __init__(self, names, now):
        self.names, self.now, self.deadline = sorted(names), now, now() + MAX_SECONDS
        self.settings, self.cut, self.gap = {}, None, None
        # seen, above: paths of folders; waiting: how many names the levels hold together.
        self.seen, self.above, self.waiting, self.bytes, self.count = set(), {}, 0, 0, 0

    def may_go_on(self):
        """Return whether no limit is reached; `cut` says which one is."""
        reached = [
            words
            for is_reached, words in (
                (len(self.seen) >= MAX_FOLDERS, '%d folders' % MAX_FOLDERS),
                (len(self.settings) >= MAX_FILES, '%d files with such settings' % MAX_FILES),
                (self.count >= MAX_SETTINGS, '%d such settings' % MAX_SETTINGS),
                (
                    self.bytes >= MAX_ALL_BYTES,
                    '%d MiB of such files' % (MAX_ALL_BYTES // 1024 // 1024),
                ),
                (self.now() > self.deadline, '%d s' % MAX_SECONDS),
            )
            if is_reached
        ]
        self.cut = self.cut or (reached[0] if reached else None)
        return self.cut is None

    def look_below(self, root, allowed):
        """Look in a folder that is served, the folders above it and all below it."""
        root = os.path.normpath(root)
        above = root
        while above != os.path.dirname(above) and self.may_go_on():
            above = os.path.dirname(above)
            if above not in self.above:
                self.above[above] = self._read_at(above)
            self._keep(self.above[above], above, allowed)
        try:
            top = paths.open_folder(root, any_link=True)
        except (OSError, StrangerError):
            return
        self._walk(top, root, allowed)

    def _walk(self, top, root, allowed):
        """Go down one folder after the other. One descriptor is open, however deep it goes."""
        folder, device, levels = top, top.facts().st_dev, []
        try:
            levels.append(self._enter(folder, root, allowed))
            while levels and self.may_go_on():
                level = levels[-1]
                if level.waiting:
                    name = level.waiting.pop()
                    self.waiting -= 1
                    inner = self._open(folder, name, device)
                    if inner:
                        os.close(folder.descriptor)
                        folder = inner
                        levels.append(self._enter(folder, os.path.join(level.path, name), allowed))
                    continue
                levels.pop()
                if levels:
                    above = folder.open_parent()
                    os.close(folder.descriptor)
                    folder = above
                    if _identity(folder) != levels[-1].identity:
                        self.gap = self.gap or 'a folder below %s was moved meanwhile' % root
                        break
        finally:
            self.waiting -= sum(len(level.waiting) for level in levels)
            os.close(folder.descriptor)

    def _open(self, folder, name, device):
        """Return the Folder of this name; None where it is on another file system, a link, or
        gone.
        """
        try:
            # A look does not mount what an automounter would.
            return folder.open_folder(name) if folder.facts(name).st_dev == device else None
        except OSError:
            return None

    def _enter(self, folder, path, allowed):
        """Look in a folder; return its _Level."""
        waiting = []
        if path not in self.seen:
            self.seen.add(path)
            self._keep(self._read_in(folder, path), path, allowed)
            waiting = sorted(self._folders_in(folder, path), reverse=True)
            self.waiting += len(waiting)
        return _Level(path, _identity(folder), waiting)

    def _folders_in(self, folder, path):
        found, room = [], MAX_FOLDERS - len(self.seen) - self.waiting
        try:
            for number, (name, is_folder) in enumerate(folder.entries()):
                if number % 256 == 255 and not self.may_go_on():
                    break
                if is_folder and len(path) + len(name) < MAX_PATH:
                    found.append(name)
                # The limit is reached once these are seen.
                if len(found) >= room:
                    self.gap = self.gap or '%d folders' % MAX_FOLDERS
                    break
        except (OSError, StrangerError):
            self.gap = self.gap or '%s, of which the folders could not be listed' % path
        return found

    def _read_at(self, path):
        try:
            with paths.open_folder(path, any_link=True) as folder:
                return self._read_in(folder, path)
        except (OSError, StrangerError):
            return {}

    def _read_in(self, folder, path):
        """Return {path of a file: [PhpSetting]} of the files in a folder that have some."""
        found = {}
        for name in self.names:
            content = _read_below(folder, name)
            self.bytes += len(content)
            if len(content) > MAX_BYTES:
                self.gap = self.gap or '%d bytes of %s' % (MAX_BYTES, os.path.join(path, name))
            settings = find_php_settings(content[:MAX_BYTES], MAX_SETTINGS)
            if settings:
                found[os.path.join(path, name)] = settings
        return found

    def _keep(self, found, path, allowed):
        if found and allowed(path):
            self.settings.update(found)
            self.count += sum(len(settings) for settings in found.values())


def _identity(folder):
    facts = folder.facts()
    return facts.st_dev, facts.st_ino


def _read_below(folder, name):
    """Return the bytes of a file by its name, which may lead into folders; empty where there is
    none.
    """
    first, _slash, rest = name.strip('/').partition('/')
    try:
        if not rest:
            return folder.read(first, MAX_BYTES + 1)
        with folder.open_folder(first) as inner:
            return _read_below(inner, rest)
    except (OSError, ValueError, StrangerError):
        return b''
