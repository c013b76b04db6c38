# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Read the whole configuration of httpd: the main file and everything it may include, whatever the conditions around it."""
import itertools
import os
import re

from .._errors import ReadError
from .._model import COMMAND_LINE, ConfigTree
from .._syntax.evaluate import INCLUDES
from .._syntax.variables import fill_variables, variables_in
from .._syntax.wildcards import match_names
from .._syntax.httpd_conf import DIRECTIVE, OPEN, parse_condition, parse_line, parse_lines
from .._syntax.httpd_options import without_directives
from .._system.files import native_path, read_text, text_path

MAX_FILES = 5000
# httpd's own limit to folders within folders.
MAX_FOLDERS = 20
_WILD = re.compile(r'[*?\[]')
# So many values of a variable, or ways to fill a line, and no more.
MAX_VALUES = 100


def read_tree(main, root, variables=None, options=()):
    """Give the ConfigTree below `main`. Raises ReadError where the main file is missing or a file cannot be read.

    variables: {name: value} of those that httpd takes from its environment; options: words of its command line.
    """
    text = read_text(main)
    if text is None:
        raise ReadError('%s does not exist.' % main, path=main)
    reader = _Reader(_server_root(text, root, variables), variables)
    _rest, first, last = without_directives(options)
    start = COMMAND_LINE if first or last else None
    reader.read_all(start or main, u'\n'.join(first + [u'Include "%s"' % main] + last) + u'\n' if start else text)
    links = dict((path, text_path(os.readlink(native_path(path)))) for path in reader.files if os.path.islink(native_path(path)))
    return ConfigTree(main, reader.root, reader.files, reader.includes, frozenset(reader.present), links, start)


class _Variables(object):
    """All the values that each variable may have somewhere: which branches are taken depends on the MPM, so it is not known here."""

    def __init__(self, environment):
        self.environment, self.values, self.asked, self.late = dict(environment or {}), {}, set(), False

    def define(self, line):
        """Take a Define line. `late` tells that a value came after a line that asked for it had been filled."""
        for value in self.fill(line.args[1]) if any(line.args[1:]) else []:
            name = line.args[0].lower()
            known = self.values.setdefault(name, [])
            if value not in known and len(known) < MAX_VALUES:
                known.append(value)
                self.late = self.late or name in self.asked

    def fill(self, text):
        """Give every text that this one may become."""
        names = sorted(set(name.lower() for name in variables_in(text)))
        self.asked.update(names)
        fallbacks = set(name.lower() for name in self.environment)
        choices = [self.values.get(name, []) + ([None] if name in fallbacks or name not in self.values else []) for name in names]
        return [fill_variables(text, dict((name, value) for name, value in zip(names, values) if value is not None), self.environment, lambda n: None)
                for values in itertools.islice(itertools.product(*choices), MAX_VALUES)]


class _Reader(object):
    """Reads files in the order in which httpd does, so that variables are known where they are used."""

    def __init__(self, root, environment):
        self.root, self.files, self.includes, self.present, self.variables, self.texts = root, {}, {}, set(), _Variables(environment), {}

    def read_all(self, main, text):
        """Read the tree; once more as long as there was a value too late for a line that needs it."""
        self.texts[main], rounds = text, 0
        while rounds == 0 or (self.variables.late and rounds < MAX_FOLDERS):
            self.files, self.includes, self.variables.late, rounds = {}, {}, False, rounds + 1
            self.read(main)

    def read(self, path):
        if path not in self.texts:
            self.texts[path] = u'' if path == os.devnull else read_text(path) or u''
        self.files[path] = self.texts[path]
        if len(self.files) > MAX_FILES:
            raise ReadError('More than %d configuration files: is there a loop of includes?' % MAX_FILES)
        for line in parse_lines(self.files[path]):
            if line.kind == DIRECTIVE and line.name == 'define' and len(line.args) == 2:
                self.variables.define(line)
            elif line.kind == DIRECTIVE and line.name in INCLUDES and line.args:
                self._include(path, line)
            elif line.kind == OPEN and line.name == 'iffile':
                self._look_for(line)

    def _include(self, path, line):
        found = []
        for text in self.variables.fill(line.text):
            args = parse_line(line.number, line.count, text).args
            found.append(resolve_include(args[0], self.root) if any(args) else [])
        included = found[0] if len(found) == 1 else sorted(set(sum(found, [])), key=lambda name: name.split('/'))
        self.includes[(path, line.number)] = included
        for inner in included:
            if inner not in self.files:
                self.read(inner)

    def _look_for(self, line):
        for text in self.variables.fill(line.text):
            _negated, args = parse_condition(parse_line(line.number, line.count, text))
            path = os.path.join(self.root, args[0] if args else '')
            if os.path.exists(native_path(path)):
                self.present.add(path)


def _server_root(text, compiled, environment):
    variables = _Variables(environment)
    for line in parse_lines(text):
        if line.kind == DIRECTIVE and line.name == 'define' and len(line.args) == 2:
            variables.define(line)
        elif line.kind == DIRECTIVE and line.name == 'serverroot' and line.args:
            return os.path.normpath(variables.fill(line.args[0])[-1])
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
