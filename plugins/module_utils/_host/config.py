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
from .._syntax.evaluate import match_names
from .._syntax.httpd_conf import DIRECTIVE, OPEN, parse_lines
from .._system.files import read_text

MAX_FILES = 5000
_WILD = re.compile(r'[*?\[]')
_INCLUDES = ('include', 'includeoptional')


def read_tree(main, root):
    """Give the ConfigTree below `main`. Raises ReadError where the main file is missing or a file cannot be read."""
    text = read_text(main)
    if text is None:
        raise ReadError('%s does not exist.' % main, path=main)
    root = _server_root(text, root)
    files, includes, waiting, defines = {main: text}, {}, [main], {}
    while waiting:
        path = waiting.pop(0)
        for line in parse_lines(files[path]):
            if line.kind != DIRECTIVE or not line.args:
                continue
            if line.name == 'define' and len(line.args) == 2:
                defines[line.args[0]] = line.args[1]
            if line.name in _INCLUDES:
                included = resolve_include(_fill(line.args[0], defines), root)
                includes[(path, line.number)] = included
                waiting.extend(_read_new(included, files))
    return ConfigTree(main, root, files, includes, _present(files, root))


def _present(files, root):
    named = [line.args[0].lstrip('!') for text in files.values() for line in parse_lines(text)
             if line.kind == OPEN and line.name == 'iffile' and line.args]
    return frozenset(path for path in (os.path.join(root, name) for name in named) if os.path.exists(path))


def _server_root(text, compiled):
    for line in parse_lines(text):
        if line.kind == DIRECTIVE and line.name == 'serverroot' and line.args:
            return line.args[0].rstrip('/') or '/'
    return compiled


def _fill(path, defines):
    return re.sub(r'\$\{(\w+)\}', lambda m: defines.get(m.group(1), m.group(0)), path)


def _read_new(paths, files):
    new = [path for path in paths if path not in files]
    for path in new:
        files[path] = read_text(path) or u''
    if len(files) > MAX_FILES:
        raise ReadError('More than %d configuration files: is there a loop of includes?' % MAX_FILES)
    return new


def resolve_include(pattern, root):
    """Give the files that an Include names, in httpd's order: patterns sorted by name, folders with all below them."""
    found = ['/']
    for part in [part for part in os.path.join(root, pattern).split('/') if part]:
        found = [os.path.join(folder, name) for folder in found for name in _names(folder, part)]
    return [path for start in found for path in _below(start)]


def _names(folder, part):
    if not _WILD.search(part):
        return [part] if os.path.lexists(os.path.join(folder, part)) else []
    try:
        return match_names(part, os.listdir(folder))
    except OSError:
        return []


def _below(path):
    if not os.path.isdir(path):
        return [path]
    return [inner for name in sorted(os.listdir(path)) for inner in _below(os.path.join(path, name))]
