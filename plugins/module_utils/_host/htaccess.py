# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Find the .htaccess files with settings of mod_php: without the module, httpd answers 500 to every request below such a file.

A bounded look, since sites may be large and on slow disks: it follows no links, stays on the file system of each document root,
and says where it was cut short.
"""
import os
import re
import stat
from collections import namedtuple

from .._model import Htaccess
from .._syntax.evaluate import active_directives, compare_version
from .._syntax.wildcards import names_file
from .._system.clock import monotonic
from .._system.files import native_path, text_path

MAX_FOLDERS = 10000
MAX_SECONDS = 2
MAX_FILES = 200
MAX_BYTES = 256 * 1024
SETTING = re.compile(r'(?im)^\s*php_(admin_)?(value|flag)\s')
_ALIASES = ('alias', 'scriptalias')
_CONTAINERS = ('directory', 'directorymatch')

# What <Directory> says of .htaccess. server: the <VirtualHost> around it, or None; regex: whether pattern is one; allowed: it is read.
_Override = namedtuple('_Override', 'server pattern regex allowed')


def read_htaccess(tree, world, php_files, now=monotonic):
    """Give the Htaccess; nothing is looked for where no PHP module is named. now: gives seconds."""
    if not php_files:
        return Htaccess({}, None)
    active = active_directives(tree, world)
    names = set(name for item in active if item.name == 'accessfilename' for name in item.args) or set(['.htaccess'])
    default = not compare_version(world.version, ['>=', '2.3.9'])
    search = _Search(names, now)
    for root, overrides in _roots(active, tree.root):
        if search.cut is None and (default or any(override.allowed for override in overrides)):
            search.look_below(root, lambda folder, some=overrides: is_allowed(folder, some, default))
    return Htaccess(search.texts, search.cut)


def _roots(active, root):
    """Give [(folder that is served, its _Overrides)]: document roots and aliases, each with what holds for its server."""
    overrides, folders = [], []
    for item in active:
        server = next((section for section in item.sections if section[0] == 'virtualhost'), None)
        if item.name in ('allowoverride', 'allowoverridelist'):
            overrides += _override(item, server)
        elif item.name == 'documentroot' and item.args:
            folders.append((os.path.join(root, item.args[0]), server))
        elif item.name in _ALIASES and len(item.args) > 1:
            folders.append((os.path.join(root, item.args[1]), server))
    # A virtual host without a root of its own has the main server's.
    servers = set(override.server for override in overrides)
    found = set((folder, other) for folder, server in folders for other in ([server] if server else [None] + sorted(servers - set([None]))))
    return [(folder, [one for one in overrides if one.server in (None, server)])
            for folder, server in sorted(found, key=lambda pair: (pair[0], pair[1] or ()))]


def _override(item, server):
    around = [section for section in item.sections if section[0] in _CONTAINERS]
    if not around or not around[-1][1]:
        return []
    name, args = around[-1][:2]
    regex = name == 'directorymatch' or args[0] == '~'
    words = [word.lower() for word in item.args]
    allowed = words not in ([], ['none']) and 'nonfatal=unknown' not in words and 'nonfatal=all' not in words
    return [_Override(server, args[-1], regex, allowed)]


def is_allowed(folder, overrides, default):
    """Tell whether httpd reads a .htaccess in a folder: sections with more parts overrule those with fewer, patterns overrule both."""
    allowed = default
    plain = sorted((one for one in overrides if not one.regex), key=lambda one: one.pattern.rstrip('/').count('/'))
    for one in plain + [one for one in overrides if one.regex]:
        if _matches(one, folder):
            allowed = one.allowed
    return allowed


def _matches(override, folder):
    if not override.regex:
        return names_file(override.pattern, folder)
    try:
        return re.search(override.pattern, folder + '/') is not None
    except re.error:
        return True  # a pattern of another kind: rather look once too often


class _Search(object):
    """Goes through folders until one of the limits is reached. cut: which, None as long as none is."""

    def __init__(self, names, now):
        self.names, self.now, self.deadline = sorted(names), now, now() + MAX_SECONDS
        self.texts, self.seen, self.cut = {}, set(), None

    def look_below(self, root, allowed):
        root = os.path.normpath(root)
        above = root
        while above != os.path.dirname(above):
            above = os.path.dirname(above)
            self._look_in(above, allowed)
        try:
            device = os.stat(native_path(root)).st_dev
        except OSError:
            return
        for native, folders, _files in os.walk(native_path(root)):
            folder = text_path(native)
            if not self._may_go_on():
                return
            if folder in self.seen:
                folders[:] = []
                continue
            self.seen.add(folder)
            self._look_in(folder, allowed)
            folders[:] = [name for name in sorted(folders) if _device(os.path.join(native, name)) == device]

    def _may_go_on(self):
        if len(self.seen) >= MAX_FOLDERS:
            self.cut = '%d folders' % MAX_FOLDERS
        elif len(self.texts) >= MAX_FILES:
            self.cut = '%d files with such settings' % MAX_FILES
        elif self.now() > self.deadline:
            self.cut = '%d s' % MAX_SECONDS
        return self.cut is None

    def _look_in(self, folder, allowed):
        paths = [os.path.join(folder, name) for name in self.names]
        texts = [(path, _read(path)) for path in paths if os.path.isfile(native_path(path))]
        found = [(path, text) for path, text in texts if SETTING.search(text)]
        if found and allowed(folder):
            self.texts.update(found)


def _device(native):
    try:
        facts = os.lstat(native)
    except OSError:
        return None
    return facts.st_dev if stat.S_ISDIR(facts.st_mode) else None


def _read(path):
    """The text of a regular file, as far as it is read; no text where it is none, or a link."""
    try:
        descriptor = os.open(native_path(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return u''
    try:
        return os.read(descriptor, MAX_BYTES).decode('latin-1') if stat.S_ISREG(os.fstat(descriptor).st_mode) else u''
    except OSError:
        return u''
    finally:
        os.close(descriptor)
