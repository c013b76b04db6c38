# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find the .htaccess files with settings of mod_php: without the module, httpd answers 500 to
every request below such a file. And those that give files to a handler, or turn PHP off.

The folders and files are those of site owners, who may put anything there at any time. So it all
happens in a child with limits. `served_folders.py` has the folders, `_syntax/folder_rules.py` what
is read in them, and `folder_search.py` goes through them. It says where it was cut short.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import errno
import os
import stat

from .._errors import OtherFileSystemError, StrangerError
from .._model import Htaccess
from .._strangers import paths
from .._strangers.limited import run_limited
from .._syntax.evaluate import active_directives, compare_version
from .._syntax.folder_rules import (
    ALL_LINES,
    NOT_READ,
    FolderRules,
    named_folders,
)
from .._syntax.php_settings import read_folder_words
from .._system.clock import monotonic
from . import folder_search
from .served_folders import find_roots, parse_homes

MAX_FILES = 200
MAX_SETTINGS = 5000
MAX_BYTES = 256 * 1024
MAX_ALL_BYTES = 64 * 1024 * 1024
# Many more files have lines about handlers than settings of PHP. More of them end no search.
MAX_HANDLERS = 10000
# The child may take longer than its search: a disk or a file system may not answer.
_PATIENCE, _MEMORY = folder_search.MAX_SECONDS + 3, 256
MAX_NAME = 256
# There is no such file, or its way leads nowhere.
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENXIO)
PASSWD, MAX_PASSWD = u'/etc/passwd', 4 * 1024 * 1024


def read_htaccess(tree, world, php_files):
    """Return the Htaccess; nothing is looked for where no PHP module is named."""
    if not php_files:
        return Htaccess()
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
    by_default = NOT_READ if compare_version(world.version, ['>=', '2.3.9']) else ALL_LINES
    rules = FolderRules(active, tree.foreign, by_default)
    notes = _Notes(names, rules)
    search = folder_search.FolderSearch(notes, rules, now)
    homes = _read_homes() if any(item.name == 'userdir' for item in active) else []
    search.go_through(find_roots(active, tree.root, world.modules, homes), named_folders(active))
    return Htaccess(
        settings=notes.settings,
        cut=search.summary(),
        handlers=notes.handlers,
        dropped=notes.dropped,
        servers=dict((path, tuple(some)) for path, some in notes.servers.items()),
        unread=tuple(notes.unread),
        names=tuple(notes.names),
        values=notes.values,
        elsewhere=tuple(sorted(notes.elsewhere)),
    )


def _read_homes():
    """Return [(user, home)] of the users in the file of them; those of a directory service are not
    known.
    """
    try:
        return parse_homes(paths.read_file(PASSWD, MAX_PASSWD).decode('latin-1'))
    except (OSError, StrangerError):
        return []


class _Notes(object):
    """What the files say, within limits.

    names: of the files; rules: FolderRules. settings, handlers, values, dropped, servers, unread,
    elsewhere: see Htaccess; gap: the first thing that was left out, or None.
    """

    def __init__(self, names, rules):
        self.names, self.rules = sorted(names), rules
        self.settings, self.handlers, self.values = {}, {}, {}
        self.servers, self.unread, self.elsewhere = {}, [], set()
        self.dropped, self.gap = None, None
        # kept: {path of a file: how it is read}; lines: how many handlers are kept.
        self.kept, self.bytes, self.count, self.lines = {}, 0, 0, 0
        # How many values are kept.
        self.set = 0

    def full(self):
        """Return which limit is reached, in words; None where none is."""
        if len(self.settings) >= MAX_FILES:
            return '%d files with such settings' % MAX_FILES
        if self.count >= MAX_SETTINGS:
            return '%d such settings' % MAX_SETTINGS
        if self.bytes >= MAX_ALL_BYTES:
            return '%d MiB of such files' % (MAX_ALL_BYTES // 1024 // 1024)
        return None

    def read(self, folder, path, devices):
        """Return {path of a file: FolderWords} of the files in an open folder that say something.

        devices: file systems to which a stranger's link may lead.
        """
        found = {}
        for name in self.names:
            content = self._content(folder, name, path, devices)
            if not content:
                continue
            self.bytes += len(content)
            if len(content) > MAX_BYTES:
                self.gap = self.gap or '%d bytes of %s' % (MAX_BYTES, os.path.join(path, name))
                self._note_unread(path, name)
            words = read_folder_words(content[:MAX_BYTES], MAX_SETTINGS, MAX_HANDLERS)
            if words.settings or words.handlers:
                found[os.path.join(path, name)] = words
        return found

    def _content(self, folder, name, path, devices):
        try:
            return _read_below(folder, name, devices)
        except OtherFileSystemError:
            self.gap = self.gap or '%s, a link to another file system' % os.path.join(path, name)
            self._note_unread(path, name)
        except OSError as e:
            if e.errno not in _NOT_THERE:
                self._note_unread(path, name)
        except (ValueError, StrangerError):
            pass  # no file: httpd denies access there
        return b''

    def _note_unread(self, folder, name):
        path = os.path.join(folder, name)
        if len(self.unread) < MAX_FILES and path not in self.unread:
            if self.rules.may_read_in(folder):
                self.unread.append(path)

    def keep(self, found, path, servers):
        """Keep what the files in a folder say, as far as httpd reads it. found: what `read`
        returned.
        """
        if not found:
            return
        how = self.rules.reads(path, servers)
        for file in sorted(found):
            if how != NOT_READ and (found[file].handlers or found[file].values):
                self.servers.setdefault(file, set()).update(servers)
            if how > self.kept.get(file, NOT_READ):
                self._keep(file, found[file], how)

    def _keep(self, file, words, how):
        if how == ALL_LINES and words.settings:
            self.settings[file] = words.settings
            self.count += len(words.settings)
        if file not in self.kept:
            self._keep_values(file, words.values)
            room = max(0, MAX_HANDLERS - self.lines)
            handlers = words.handlers[:room]
            if words.dropped or len(handlers) < len(words.handlers):
                self.dropped = '%d lines about handlers' % MAX_HANDLERS
            if handlers:
                self.handlers[file] = handlers
            self.lines += len(handlers)
        self.kept[file] = how

    def _keep_values(self, file, values):
        room = max(0, MAX_SETTINGS - self.set)
        if len(values) > room:
            self.dropped = '%d settings of PHP' % MAX_SETTINGS
        if values[:room]:
            self.values[file] = values[:room]
            self.set += len(values[:room])


def _read_below(folder, name, devices):
    """Return the bytes of a file by its name, which may lead into folders. Raises OSError,
    ValueError, StrangerError.
    """
    first, _slash, rest = name.strip('/').partition('/')
    if rest:
        with folder.open_folder(first) as inner:
            return _read_below(inner, rest, devices)
    if not stat.S_ISLNK(folder.facts(first).st_mode):
        return folder.read(first, MAX_BYTES + 1)
    # httpd follows such a link, whatever Options say.
    near = None if paths.is_roots_link(folder, first) else devices | set([folder.facts().st_dev])
    inner, last = paths.open_entry(first, any_link=True, start=folder, devices=near)
    with inner:
        if near is not None and inner.facts(last).st_dev not in near:
            raise OtherFileSystemError('%s leads to another file system.' % first)
        return inner.read(last, MAX_BYTES + 1)
