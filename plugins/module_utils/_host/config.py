# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Read the whole configuration of httpd: the main file and everything it may include, whatever the conditions around it."""
import os
import re

from .._errors import ReadError
from .._model import ConfigTree
from .._syntax.evaluate import fill_variables, match_names
from .._syntax.httpd_conf import DIRECTIVE, OPEN, parse_lines, split_words
from .._system.files import native_path, read_text, text_path

MAX_FILES = 5000
# httpd's own limit to folders within folders.
MAX_FOLDERS = 20
_WILD = re.compile(r'[*?\[]')
_INCLUDES = ('include', 'includeoptional')


def read_tree(main, root, variables=None):
    """Give the ConfigTree below `main`. Raises ReadError where the main file is missing or a file cannot be read.

    variables: {name: value} of those that httpd takes from its environment.
    """
    text = read_text(main)
    if text is None:
        raise ReadError('%s does not exist.' % main, path=main)
    reader = _Reader(_server_root(text, root), variables)
    reader.read(main, text)
    links = dict((path, text_path(os.readlink(native_path(path)))) for path in reader.files if os.path.islink(native_path(path)))
    return ConfigTree(main, reader.root, reader.files, reader.includes, frozenset(reader.present), links)


class _Reader(object):
    """Reads files in the order in which httpd does, so that variables are known where they are used."""

    def __init__(self, root, variables):
        self.root, self.files, self.includes, self.present, self.variables = root, {}, {}, set(), dict(variables or {})

    def read(self, path, text):
        self.files[path] = text
        if len(self.files) > MAX_FILES:
            raise ReadError('More than %d configuration files: is there a loop of includes?' % MAX_FILES)
        for line in parse_lines(text):
            if line.kind == DIRECTIVE and line.name == 'define' and len(line.args) == 2:
                self.variables[line.args[0]] = fill_variables(line.args[1], self.variables)
            elif line.kind == DIRECTIVE and line.name in _INCLUDES and line.args:
                self._include(path, line)
            elif line.kind == OPEN and line.name == 'iffile' and line.args:
                self._look_for(line.args[0].lstrip('!'))

    def _include(self, path, line):
        words = split_words(fill_variables(line.text, self.variables))
        included = self.includes[(path, line.number)] = resolve_include(words[1], self.root) if any(words[1:]) else []
        for inner in included:
            if inner not in self.files:
                self.read(inner, u'' if inner == os.devnull else read_text(inner) or u'')

    def _look_for(self, name):
        path = os.path.join(self.root, fill_variables(name, self.variables))
        if os.path.exists(native_path(path)):
            self.present.add(path)


def _server_root(text, compiled):
    for line in parse_lines(text):
        if line.kind == DIRECTIVE and line.name == 'serverroot' and line.args:
            return line.args[0].rstrip('/') or '/'
    return compiled


def resolve_include(pattern, root):
    """Give the files that an Include names, in httpd's order: patterns sorted by name, folders with all below them."""
    found = ['/']
    for part in [part for part in os.path.join(root, pattern).split('/') if part]:
        found = [os.path.join(folder, name) for folder in found for name in _names(folder, part)]
    return [path for start in found for path in _below(start)]


def _names(folder, part):
    if not _WILD.search(part):
        return [part] if os.path.lexists(native_path(os.path.join(folder, part))) else []
    try:
        return match_names(part, _list(folder))
    except OSError:
        return []


def _below(path, depth=0):
    if not os.path.isdir(native_path(path)):
        return [path]
    names = sorted(_list(path)) if depth < MAX_FOLDERS else []
    return [inner for name in names for inner in _below(os.path.join(path, name), depth + 1)]


def _list(folder):
    return [text_path(name) for name in os.listdir(native_path(folder))]
