# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Walk a configuration as httpd reads it: includes in order, conditions of sections decided, macros
expanded.

Which branch is taken depends on the modules loaded *so far*, so the walk follows LoadModule lines,
as httpd does. If a condition is unknown, the branch is read, and its lines are marked. Users other
than root may have written some of it, so a Budget counts everything that grows.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._fields import TYPE_CHECKING, NamedTuple
from .budget import LINE, Budget
from .collector import uncollected
from .httpd_conf import (
    CLOSE,
    COMMENT,
    DIRECTIVE,
    OPEN,
    parse_condition,
    parse_line,
    parse_lines,
    split_words,
)
from .known_directives import knows_directive
from .macros import fill_body
from .variables import fill_variables
from .wildcards import names_file

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Collection, Iterable  # noqa: F401

    from .._model import ConfigTree  # noqa: F401
    from .httpd_conf import Line  # noqa: F401

    # (name in lower case, its words, path, number of the line).
    Section = tuple[str, tuple[str, ...], str, int]

CONDITIONS = (u'ifmodule', u'ifdefine', u'ifversion', u'iffile', u'ifdirective', u'ifsection')
INCLUDES = (u'include', u'includeoptional')

# name: in lower case; args: words, variables filled in; sections: outermost first, then a section
# `macro` for each Use that brings the line; unsure: the section that makes it unknown whether or
# how it is read.
Active = NamedTuple(
    'Active',
    [
        ('name', 'str'),
        ('args', 'list[str]'),
        ('path', 'str'),
        ('line', 'Line'),
        ('sections', 'tuple[Section, ...]'),
        ('unsure', 'Section | None'),
    ],
)
Active.__new__.__defaults__ = (None,)
# modules: symbols and source names of what is linked in; defines: names of -D; version: '2.4.6';
# variables: {name: value} of the environment.
World = NamedTuple(
    'World',
    [
        ('modules', 'set[str]'),
        ('defines', 'Collection[str]'),
        ('version', 'str'),
        ('variables', 'dict[str, str]'),
    ],
)
World.__new__.__defaults__ = ({},)

# Modules whose source file is not named after their symbol.
_SOURCES = {
    u'core_module': u'core.c',
    u'http_module': u'http_core.c',
    u'ldap_module': u'util_ldap.c',
    u'mpm_prefork_module': u'prefork.c',
    u'mpm_worker_module': u'worker.c',
    u'mpm_event_module': u'event.c',
    u'mpm_itk_module': u'mpm_itk.c',
}
# The symbol of PHP in a LoadModule line.
PHP_SYMBOL = re.compile(r'^php\d?_module$')
# Regular expressions for a version that always match fast: 2.4, ^2\.[24], (2\.2|2\.4)\.[0-9]+$
_PATTERN = re.compile(r'[0-9d.^$\\\[\]()|*+?-]{1,40}\Z')
_UNBOUNDED = re.compile(r'\)[*+?]|\(\?|(?:[*+?].*){4}')


def module_names(symbol):
    # type: (str) -> tuple[str, str]
    """Return the names by which <IfModule> knows a module: its symbol and the name of its source
    file.
    """
    return (symbol, _SOURCES.get(symbol) or u'mod_%s.c' % re.sub(r'_module$', u'', symbol))


def static_names(sources):
    # type: (list[str]) -> set[str]
    """Return the names of modules that `httpd -l` lists as linked in."""
    symbols = dict((source, symbol) for symbol, source in _SOURCES.items())
    return set(sources) | set(
        symbols.get(source) or re.sub(r'^mod_', u'', source[:-2]) + u'_module' for source in sources
    )


def server_of(item):
    # type: (Active) -> Section | None
    """Return the section <VirtualHost> around an Active, None where it is the main server's."""
    for section in item.sections:
        if section[0] == u'virtualhost':
            return section
    return None


def loaded_modules(active, linked_in=()):
    # type: (list[Active], Iterable[str]) -> set[str]
    """Return the symbols of the modules that are loaded, with the names of those linked in."""
    return set(linked_in).union(
        item.args[0] for item in active if item.name == u'loadmodule' and item.args
    )


@uncollected
def active_directives(tree, world):
    # type: (ConfigTree, World) -> list[Active]
    """Return every directive that is in force, as Active, in httpd's reading order."""
    walk = _Walk(tree, world)
    walk.read_file(tree.start or tree.main, ())
    return walk.found


class _Walk(object):
    """What httpd knows while it reads."""

    def __init__(self, tree, world):
        self.tree, self.world, self.found = tree, world, []
        self.budget = Budget(tree.foreign)
        # A name given by -D is defined, but is not a variable: ${NAME} stays as it is.
        self.modules, self.defined, self.variables = set(world.modules), set(world.defines), {}
        # macros: {name: (parameters, [(line, path)], path)}, the path of a file that others than
        # root can change, if they wrote some of it; made: {(path, number, text)} of Includes that a
        # macro's values changed; undecided: sections; read: paths of files.
        self.macros, self.made, self.undecided, self.read = {}, set(), set(), set()

    def read_file(self, path, sections, reading=()):
        text, inherited, false_depth = self.tree.files.get(path, u''), len(sections), 0
        lines, reading = parse_lines(text), reading + (path,)
        self.budget.check_depth(len(reading), path)
        if path in self.read:
            self.budget.take('made', len(text) + LINE * (1 + len(lines)), path)
        self.read.add(path)
        brought = []
        waiting = _in_turn(lines, path, brought)
        for line, origin, uses in waiting:
            kind = line.kind
            if false_depth:
                false_depth += (kind == OPEN) - (kind == CLOSE)
            elif kind == DIRECTIVE:
                within = sections + uses if uses else sections
                brought += self._take(line, origin, within, reading)[::-1]
            elif kind == OPEN:
                opened = self._open(self._filled(line, origin), origin, sections, waiting)
                false_depth, sections = int(opened is None), sections if opened is None else opened
            elif kind == CLOSE:
                sections = sections[: max(inherited, len(sections) - 1)]

    def _open(self, line, path, sections, waiting):
        """Return the sections from here on; None if the content of this one is not read.

        A macro is removed as a whole.
        """
        if line.name == u'macro' and u'macro_module' in self.modules:
            self._keep_macro(line, path, waiting)
            return sections
        if not self._holds(line, path):
            return None
        self.budget.check_depth(len(sections) + 1, path, line.number)
        return sections + (_section(line, path),)

    def _filled(self, line, path):
        """Return the line with variables filled in; httpd does that before it looks for words."""
        if u'${' not in line.text:
            return line

        def take(amount):
            self.budget.take('made', amount, path, line.number)

        take(LINE + len(line.text))
        text = fill_variables(line.text, self.variables, self.world.variables, take)
        return parse_line(line.number, line.count, text)

    def _take(self, line, path, sections, reading):
        """Take a directive; return the lines that are read in its place."""
        filled = self._filled(line, path)
        name, args = filled.name, filled.args
        unsure = self._unsure(name, line, path, sections) if sections else None
        self.found.append(Active(name, args, path, line, sections, unsure))
        if not args:
            return ()
        self._learn(name, args)
        if name in INCLUDES:
            # httpd refuses a file that includes itself; here it only must end.
            for included in self._included(line, path, args[0]):
                if included not in reading:
                    self.read_file(included, sections, reading)
        if name == u'use':
            return self._macro_lines(
                args, path, line.number, [section for section in sections if section[0] == u'macro']
            )
        return ()

    def _unsure(self, name, line, path, sections):
        doubtful = [section for section in sections if section in self.undecided]
        # The files that such a line names are not looked for, and a line that many uses share must
        # not be changed.
        doubtful += [
            section
            for section in sections
            if section[0] == u'macro'
            and (name == u'loadmodule' or (path, line.number, line.text) in self.made)
        ]
        return doubtful[0] if doubtful else None

    def _keep_macro(self, opening, opened_in, waiting):
        """Skip the lines of a <Macro>: they are read only where it is used."""
        body, depth, author = [], 1, opened_in
        for line, path, _uses in waiting:
            author = path if path in self.tree.foreign else author
            first = u''.join(split_words(line.text)[:1]).lower()
            depth += (first == u'<macro') - (first == u'</macro>')
            if not depth:
                break
            if line.kind != COMMENT:
                body.append((line, path))
        if opening.args:
            self.macros[opening.args[0].lower()] = (opening.args[1:], body, author)

    def _macro_lines(self, args, path, number, within):
        """Return the lines of a macro with these values in them; none if httpd would refuse it."""
        name, values = args[0].lower(), args[1:]
        parameters, body, author = self.macros.get(name, ((), (), path))
        if len(parameters) != len(values) or name in [section[1][0] for section in within]:
            return []
        uses, lines = tuple(within) + ((u'macro', (name,), path, number),), []
        self.budget.check_depth(len(uses), path, number)

        payer = author if author in self.tree.foreign else path

        def take(amount):
            self.budget.take('made', amount, payer, number if payer == path else None)

        take(LINE * (1 + len(parameters)))
        made = fill_body(body, dict(zip(parameters, values)), len(uses), take)
        for (old, origin), (new, _origin) in zip(body, made):
            if new is not old and new.name in INCLUDES:
                self.made.add((origin, new.number, new.text))
            lines.append((new, origin, uses))
        return lines

    def _included(self, line, path, pattern):
        """The files that an Include names.

        The tree has those of every value that a variable may have had.
        """
        files = self.tree.includes.get((path, line.number), ())
        if u'${' not in line.text:
            return files
        self.budget.take('made', LINE * len(files), path, line.number)
        return [name for name in files if names_file(os.path.join(self.tree.root, pattern), name)]

    def _learn(self, name, args):
        if name == u'loadmodule':
            self.modules.update(module_names(args[0]))
        elif name == u'define':
            self.defined.add(args[0])
            # Empty quotes are not a value: such a variable is left as it is.
            if any(args[1:]):
                self.variables[args[0].lower()] = args[1]
        elif name == u'undefine':
            self.defined.discard(args[0])
            self.variables.pop(args[0].lower(), None)
        elif name == u'undefmacro':
            self.macros.pop(args[0].lower(), None)

    def _holds(self, line, path):
        negated, args = parse_condition(line)
        if line.name not in CONDITIONS or not args:
            return True
        found = self._true(line.name, args)
        if found is None:
            self.undecided.add(_section(line, path))
        return found is not negated

    def _true(self, name, args):
        """Return whether a condition holds; None where only httpd can tell."""
        if name == u'ifmodule':
            return args[0] in self.modules
        if name == u'ifdefine':
            return args[0] in self.defined
        if name == u'iffile':
            return os.path.join(self.tree.root, args[0]) in self.tree.present
        if name in (u'ifdirective', u'ifsection'):
            return knows_directive((u'<' if name == u'ifsection' else u'') + args[0], self.modules)
        return compare_version(self.world.version, args)


def _in_turn(lines, path, brought):
    """Yield (line, path, sections `macro`) of each line of a file.

    What is added to `brought` meanwhile comes next, the last one first.
    """
    for line in lines:
        yield line, path, ()
        while brought:
            yield brought.pop()


def _section(line, path):
    return (line.name, tuple(line.args), path, line.number)


def compare_version(version, args):
    # type: (str, list[str]) -> bool | None
    """Decide an <IfVersion>: [operator] version, with =, ==, >, >=, <, <=; None if only httpd can
    tell.

    After ~, or in slashes, it is a regular expression.
    """
    operator, wanted = (args[0], args[1]) if len(args) > 1 else (u'=', args[0])
    if operator == u'~' or wanted.startswith(u'/'):
        return _matches(wanted if operator == u'~' else wanted.strip(u'/'), version)
    ours, theirs = _numbers(version), _numbers(wanted)
    difference = (ours > theirs) - (ours < theirs)
    return {
        u'=': difference == 0,
        u'==': difference == 0,
        u'>': difference > 0,
        u'>=': difference >= 0,
        u'<': difference < 0,
        u'<=': difference <= 0,
    }.get(operator, False)


def _matches(pattern, version):
    if not _PATTERN.match(pattern) or _UNBOUNDED.search(pattern):
        return None
    try:
        return re.search(pattern, version) is not None
    except re.error:
        return False


def _numbers(version):
    # A number of a thousand digits takes long.
    parts = [int(part[:9]) for part in re.findall(r'\d+', version)[:3]]
    return parts + [0] * (3 - len(parts))
