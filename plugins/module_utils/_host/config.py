# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Read the whole configuration of httpd: the main file and everything it may include, whatever
the conditions around it.

Files of it may be strangers', by a link, an Include of /home/*/conf, or a root who is careless. So
all of it is read in a child with limits, and what one file can make of itself is counted.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import itertools
import os
import re

from .._errors import ReadError, StrangerError
from .._model import COMMAND_LINE, ConfigTree
from .._strangers.limited import run_limited
from .._syntax.budget import LINE, Budget
from .._syntax.evaluate import INCLUDES
from .._syntax.httpd_conf import DIRECTIVE, OPEN, parse_condition, parse_line, parse_lines
from .._syntax.httpd_options import without_directives
from .._syntax.variables import fill_variables, variables_in
from .._syntax.wildcards import match_names
from .._system.files import native_path, read_text, text_path
from .._system.ownership import only_root_changes

# Seconds and MiB for a whole reading. A cold disk takes some 10 ms for a file.
MAX_SECONDS, MAX_MEMORY = 60, 1024
# httpd's own limit to folders within folders.
MAX_FOLDERS = 20
MAX_ROUNDS = 20
_WILD = re.compile(r'[*?\[]')
# So many values of a variable, or ways to fill a line, and no more.
MAX_VALUES = 100


def read_tree(main, root, variables=None, options=(), seconds=MAX_SECONDS, roots_alone=False):
    """Return the ConfigTree below `main`.

    variables: {name: value} of those that httpd takes from its environment; options: words of its
    command line; roots_alone: nothing is read of a file that another user can change.
    Raises ReadError where the main file is missing, where a file cannot be read, and where the
    whole cannot be read within its limits.
    """
    try:
        return run_limited(
            lambda: _read_tree(main, root, variables, options, roots_alone),
            seconds,
            MAX_MEMORY,
            'The reading of %s and the files that it includes' % main,
        )
    except StrangerError as e:
        raise ReadError(e.message, rule='config_too_large', path=main)


def _read_tree(main, root, variables, options, roots_alone):
    foreign = set() if only_root_changes(main) else set([main])
    if roots_alone and foreign:
        raise ReadError('%s can be changed by users other than root.' % main, path=main)
    text = read_text(main)
    if text is None:
        raise ReadError('%s does not exist.' % main, path=main)
    budget = Budget(foreign)
    reader = _Reader(
        _server_root(main, text, root, _Variables(variables, budget)),
        _Variables(variables, budget),
        budget,
        roots_alone,
    )
    _rest, first, last = without_directives(options)
    start = COMMAND_LINE if first or last else None
    reader.read_all(
        start or main,
        u'\n'.join(first + [u'Include "%s"' % main] + last) + u'\n' if start else text,
    )
    links = dict(
        (path, text_path(os.readlink(native_path(path))))
        for path in reader.files
        if os.path.islink(native_path(path))
    )
    return ConfigTree(
        main=main,
        root=reader.root,
        files=reader.files,
        includes=reader.includes,
        present=frozenset(reader.present),
        links=links,
        start=start,
        foreign=frozenset(foreign),
    )


class _Variables(object):
    """All the values that each variable may have somewhere: which branches are taken depends on
    the MPM, so it is not known here.
    """

    def __init__(self, environment, budget):
        self.environment, self.budget = dict(environment or {}), budget
        self.values, self.asked, self.late = {}, set(), False

    def define(self, path, line):
        """Take a Define line.

        `late` tells that a value came after a line that asked for it had been filled.
        """
        for value in self.fill(path, line, line.args[1]) if any(line.args[1:]) else []:
            name = line.args[0].lower()
            known = self.values.setdefault(name, [])
            if value not in known and len(known) < MAX_VALUES:
                known.append(value)
                self.late = self.late or name in self.asked

    def fill(self, path, line, text):
        """Return every text that this one, of a line, may become."""
        names = sorted(set(name.lower() for name in variables_in(text)))
        if not names:
            return [text]

        def take(amount):
            self.budget.take('made', amount, path, line.number)

        self.asked.update(names)
        fallbacks = set(name.lower() for name in self.environment)
        choices = [
            self.values.get(name, [])
            + ([None] if name in fallbacks or name not in self.values else [])
            for name in names
        ]
        filled = []
        for values in itertools.islice(itertools.product(*choices), MAX_VALUES):
            take(len(text) + LINE * (1 + len(names)))
            known = dict((name, value) for name, value in zip(names, values) if value is not None)
            filled.append(fill_variables(text, known, self.environment, take))
        return filled


class _Reader(object):
    """Reads files in the order in which httpd does, so that variables are known where they are
    used.
    """

    def __init__(self, root, variables, budget, roots_alone):
        self.root, self.variables, self.budget, self.roots_alone = (
            root,
            variables,
            budget,
            roots_alone,
        )
        self.files, self.includes, self.present = {}, {}, set()
        # texts: {path: text}; asked: {text: the lines of it that matter here}; found: {pattern:
        # files}.
        self.texts, self.asked, self.found = {}, {}, {}

    def read_all(self, main, text):
        """Read the tree; once more as long as there was a value too late for a line that needs
        it.
        """
        self._keep(main, text)
        rounds = 0
        while rounds == 0 or (self.variables.late and rounds < MAX_ROUNDS):
            self.files, self.includes, self.variables.late, rounds = {}, {}, False, rounds + 1
            self.read(main)

    def read(self, path, depth=1):
        """Take what a file and those that it includes say."""
        self.files[path] = self.texts[path]
        for line in self.asked[path]:
            if line.name == 'define':
                self.variables.define(path, line)
            elif line.name == 'iffile':
                self._look_for(path, line)
            else:
                for inner in self._included(path, line):
                    if inner not in self.files:
                        self.budget.check_depth(depth + 1, path, line.number)
                        self._open(inner, path, line)
                        self.read(inner, depth + 1)

    def _open(self, path, parent, line):
        """Have the text of a file that a line includes."""
        if path in self.texts:
            return
        self.budget.take('files', 1, parent, line.number)
        is_foreign = not only_root_changes(path)
        if is_foreign:
            self.budget.foreign.add(path)
        is_left_out = path == os.devnull or (is_foreign and self.roots_alone)
        self._keep(path, u'' if is_left_out else read_text(path) or u'')

    def _keep(self, path, text):
        self.budget.take('text', len(text), path)
        self.texts[path] = text
        self.asked[path] = [line for line in parse_lines(text) if _is_asked(line)]

    def _included(self, path, line):
        found = []
        for text in self.variables.fill(path, line, line.text):
            args = (
                line.args if text == line.text else parse_line(line.number, line.count, text).args
            )
            found.append(self._files_of(args[0], path, line) if any(args) else [])
        included = (
            found[0]
            if len(found) == 1
            else sorted(set(itertools.chain(*found)), key=lambda name: name.split('/'))
        )
        self.includes[(path, line.number)] = included
        return included

    def _files_of(self, pattern, path, line):
        if pattern not in self.found:
            self.found[pattern] = resolve_include(
                pattern,
                self.root,
                lambda count: self.budget.take('names', count, path, line.number),
            )
        return self.found[pattern]

    def _look_for(self, path, line):
        for text in self.variables.fill(path, line, line.text):
            _negated, args = parse_condition(parse_line(line.number, line.count, text))
            wanted = os.path.join(self.root, args[0] if args else '')
            if os.path.exists(native_path(wanted)):
                self.present.add(wanted)


def _is_asked(line):
    """Return whether a line brings a file or a variable, or asks for a file."""
    if line.kind == DIRECTIVE:
        return (
            line.name in INCLUDES
            and bool(line.args)
            or line.name == 'define'
            and len(line.args) == 2
        )
    return line.kind == OPEN and line.name == 'iffile'


def _server_root(main, text, compiled, variables):
    for line in parse_lines(text):
        if line.kind == DIRECTIVE and line.name == 'define' and len(line.args) == 2:
            variables.define(main, line)
        elif line.kind == DIRECTIVE and line.name == 'serverroot' and line.args:
            return os.path.normpath(variables.fill(main, line, line.args[0])[-1])
    return compiled


def resolve_include(pattern, root, look=lambda count: None):
    """Return the files that an Include names, in httpd's order: patterns sorted by name, folders
    with all below them.

    look: called with the number of names in each folder that is looked into.
    """
    found = ['/']
    for part in [part for part in os.path.join(root, pattern).split('/') if part]:
        found = [
            os.path.join(folder, name) for folder in found for name in _names(folder, part, look)
        ]
    return [path for start in found for path in _below(start, look)]


def _names(folder, part, look):
    if not _WILD.search(part):
        return [part] if os.path.lexists(native_path(os.path.join(folder, part))) else []
    return match_names(part, _list(folder, look))


def _below(start, look):
    found, waiting = [], [(start, 0)]
    while waiting:
        path, depth = waiting.pop()
        if not os.path.isdir(native_path(path)):
            found.append(path)
        elif depth < MAX_FOLDERS:
            waiting.extend(
                (os.path.join(path, name), depth + 1)
                for name in sorted(_list(path, look), reverse=True)
            )
    return found


def _list(folder, look):
    try:
        names = os.listdir(native_path(folder))
    except OSError:
        return []
    look(len(names))
    return [text_path(name) for name in names]
