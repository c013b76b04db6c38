# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Walk a configuration as httpd reads it: includes in order, <IfModule>, <IfDefine>, <IfVersion> and <IfFile> decided on the way.

Which branch is taken depends on the modules loaded *so far*, so the walk keeps count of LoadModule lines, as httpd does.
"""
import fnmatch
import os
import re
from collections import namedtuple

from .httpd_conf import CLOSE, DIRECTIVE, OPEN, parse_condition, parse_line, parse_lines

CONDITIONS = (u'ifmodule', u'ifdefine', u'ifversion', u'iffile')
INCLUDES = (u'include', u'includeoptional')

# name: in lower case; args: words, variables filled in; line: the Line; sections: ((name, args, path, number), ...), outermost first.
Active = namedtuple('Active', 'name args path line sections')
# modules: symbols and source names of what is linked in; defines: names of -D; version: '2.4.6'; variables: {name: value} of the environment.
World = namedtuple('World', 'modules defines version variables')
World.__new__.__defaults__ = ({},)

# Modules whose source file is not named after their symbol.
_SOURCES = {
    u'core_module': u'core.c', u'http_module': u'http_core.c', u'ldap_module': u'util_ldap.c', u'mpm_prefork_module': u'prefork.c',
    u'mpm_worker_module': u'worker.c', u'mpm_event_module': u'event.c', u'mpm_itk_module': u'mpm_itk.c',
}
VARIABLE = re.compile(r'\$\{([^}]+)\}')


def module_names(symbol):
    """Give the names by which <IfModule> knows a module: its symbol and the name of its source file."""
    return (symbol, _SOURCES.get(symbol) or u'mod_%s.c' % re.sub(r'_module$', u'', symbol))


def static_names(sources):
    """Give the names of modules that `httpd -l` lists as linked in."""
    symbols = dict((source, symbol) for symbol, source in _SOURCES.items())
    return set(sources) | set(symbols.get(source) or re.sub(r'^mod_', u'', source[:-2]) + u'_module' for source in sources)


def active_directives(tree, world):
    """Give every directive that is in force, as Active, in httpd's reading order."""
    walk = _Walk(tree, world)
    walk.read_file(tree.start or tree.main, ())
    return walk.found


class _Walk(object):
    """What httpd knows while it reads."""

    def __init__(self, tree, world):
        self.tree, self.world, self.found = tree, world, []
        # A name given by -D is defined and yet no variable: ${NAME} stays as it is.
        self.modules, self.defined, self.variables = set(world.modules), set(world.defines), {}

    def read_file(self, path, sections, reading=()):
        sections, false_depth, inherited, reading = list(sections), 0, len(sections), reading + (path,)
        for line in parse_lines(self.tree.files.get(path, u'')):
            if line.kind == OPEN:
                filled = line if false_depth else self._filled(line)
                if false_depth or not self._holds(filled):
                    false_depth += 1
                else:
                    sections.append((filled.name, tuple(filled.args), path, line.number))
            elif line.kind == CLOSE:
                if false_depth:
                    false_depth -= 1
                elif len(sections) > inherited:
                    sections.pop()
            elif line.kind == DIRECTIVE and not false_depth:
                self._take(line, path, tuple(sections), reading)

    def _filled(self, line):
        """The line with variables filled in; httpd does that before it looks for words and quotes."""
        if u'${' not in line.text:
            return line
        return parse_line(line.number, line.count, fill_variables(line.text, self.variables, self.world.variables))

    def _take(self, line, path, sections, reading):
        name, args = self._filled(line)[3:5]
        self.found.append(Active(name, args, path, line, sections))
        if name == u'loadmodule' and args:
            self.modules.update(module_names(args[0]))
        elif name == u'define' and args:
            self._define(args)
        elif name == u'undefine' and args:
            self.defined.discard(args[0])
            self.variables.pop(args[0].lower(), None)
        elif name in INCLUDES and args:
            # httpd refuses a file that includes itself; here it only must not go on for ever.
            for included in self._included(line, path, args[0]):
                if included not in reading:
                    self.read_file(included, sections, reading)

    def _included(self, line, path, pattern):
        """The files that an Include names. The tree has those of every value that a variable may have had."""
        files = self.tree.includes.get((path, line.number), ())
        if u'${' not in line.text:
            return files
        return [name for name in files if names_file(os.path.join(self.tree.root, pattern), name)]

    def _define(self, args):
        self.defined.add(args[0])
        # Nothing in quotes is no value: such a variable is left as it stands.
        if any(args[1:]):
            self.variables[args[0].lower()] = args[1]

    def _holds(self, line):
        negated, args = parse_condition(line)
        if line.name not in CONDITIONS or not args:
            return True
        return self._true(line.name, args) is not negated

    def _true(self, name, args):
        if name == u'ifmodule':
            return args[0] in self.modules
        if name == u'ifdefine':
            return args[0] in self.defined
        if name == u'iffile':
            return os.path.join(self.tree.root, args[0]) in self.tree.present
        return compare_version(self.world.version, args)


def compare_version(version, args):
    """Decide an <IfVersion>: [operator] version, with =, ==, >, >=, <, <=, ~, and a version in slashes as a pattern."""
    operator, wanted = (args[0], args[1]) if len(args) > 1 else (u'=', args[0])
    if operator == u'~':
        return _matches(wanted, version)
    if wanted.startswith(u'/'):
        return _matches(wanted.strip(u'/'), version)
    ours, theirs = _numbers(version), _numbers(wanted)
    difference = (ours > theirs) - (ours < theirs)
    return {u'=': difference == 0, u'==': difference == 0, u'>': difference > 0, u'>=': difference >= 0,
            u'<': difference < 0, u'<=': difference <= 0}.get(operator, False)


def _matches(pattern, version):
    try:
        return re.search(pattern, version) is not None
    except re.error:
        return False


def _numbers(version):
    parts = [int(part) for part in re.findall(r'\d+', version)[:3]]
    return parts + [0] * (3 - len(parts))


def fill_variables(text, defined, environment=()):
    """Put the values of those ${NAMES} that are known in their place.

    defined: {name in lower case: value}, known in any case; environment: {name: value}, known as it is written.
    """
    environment = dict(environment)
    return VARIABLE.sub(lambda m: defined.get(m.group(1).lower(), environment.get(m.group(1), m.group(0))), text)


def names_file(pattern, path):
    """Tell whether an absolute Include pattern names a file, be it as part of a folder."""
    wanted, parts = [[part for part in text.split('/') if part] for text in (pattern, path)]
    return len(wanted) <= len(parts) and all(part == name or match_names(part, [name]) for part, name in zip(wanted, parts))


def match_names(pattern, names):
    """Give the names that an Include pattern matches, in httpd's order; a wildcard does not match a leading dot."""
    pattern = pattern.replace('[^', '[!')
    return sorted(name for name in names
                  if fnmatch.fnmatchcase(name, pattern) and (pattern.startswith('.') or not name.startswith('.')))
