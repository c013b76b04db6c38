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

from .httpd_conf import CLOSE, DIRECTIVE, OPEN, parse_lines

CONDITIONS = (u'ifmodule', u'ifdefine', u'ifversion', u'iffile')

# name: in lower case; args: words, variables filled in; line: the Line; sections: ((name, args, path, number), ...), outermost first.
Active = namedtuple('Active', 'name args path line sections')
# modules: symbols and source names of what is linked in; defines: names of -D; version: '2.4.6'.
World = namedtuple('World', 'modules defines version')

_MPM_SOURCE = re.compile(r'^mpm_(prefork|worker|event)_module$')
_VARIABLE = re.compile(r'\$\{([^}]+)\}')


def module_names(symbol):
    """Give the names by which <IfModule> knows a module: its symbol and the name of its source file."""
    mpm = _MPM_SOURCE.match(symbol)
    if mpm:
        return (symbol, mpm.group(1) + u'.c')
    return (symbol, u'mod_%s.c' % re.sub(r'_module$', u'', symbol))


def static_names(sources):
    """Give the names of modules that `httpd -l` lists as linked in."""
    names = set(sources)
    for source in sources:
        stem = source[:-2]
        names.add(stem[4:] + u'_module' if stem.startswith(u'mod_') else u'%s_module' % stem)
        if stem in (u'prefork', u'worker', u'event'):
            names.add(u'mpm_%s_module' % stem)
    return names


def active_directives(tree, world):
    """Give every directive that is in force, as Active, in httpd's reading order."""
    walk = _Walk(tree, world)
    walk.read_file(tree.main, ())
    return walk.found


class _Walk(object):
    """What httpd knows while it reads."""

    def __init__(self, tree, world):
        self.tree, self.world, self.found = tree, world, []
        self.modules, self.defines = set(world.modules), dict((name, u'') for name in world.defines)

    def read_file(self, path, sections, depth=0):
        sections, false_depth, inherited = list(sections), 0, len(sections)
        for line in parse_lines(self.tree.files.get(path, u'')):
            if line.kind == OPEN:
                if false_depth or not self._holds(line):
                    false_depth += 1
                else:
                    sections.append((line.name, tuple(self._fill(line.args)), path, line.number))
            elif line.kind == CLOSE:
                if false_depth:
                    false_depth -= 1
                elif len(sections) > inherited:
                    sections.pop()
            elif line.kind == DIRECTIVE and not false_depth:
                self._take(line, path, tuple(sections), depth)

    def _take(self, line, path, sections, depth):
        args = self._fill(line.args)
        self.found.append(Active(line.name, args, path, line, sections))
        if line.name == u'loadmodule' and args:
            self.modules.update(module_names(args[0]))
        elif line.name == u'define' and args:
            self.defines[args[0]] = args[1] if len(args) > 1 else u''
        elif line.name == u'undefine' and args:
            self.defines.pop(args[0], None)
        elif line.name in (u'include', u'includeoptional') and depth < 32:
            for included in self.tree.includes.get((path, line.number), ()):
                self.read_file(included, sections, depth + 1)

    def _fill(self, args):
        return [_VARIABLE.sub(lambda m: self.defines.get(m.group(1), m.group(0)), arg) for arg in args]

    def _holds(self, line):
        if line.name not in CONDITIONS or not line.args:
            return True
        wanted, args = True, self._fill(line.args)
        if args[0].startswith(u'!'):
            wanted, args = False, [args[0][1:].strip() or (args[1] if len(args) > 1 else u'')] + args[1:]
        return self._true(line.name, args) is wanted

    def _true(self, name, args):
        if name == u'ifmodule':
            return args[0] in self.modules
        if name == u'ifdefine':
            return args[0] in self.defines
        if name == u'iffile':
            return os.path.join(self.tree.root, args[0]) in self.tree.present
        return compare_version(self.world.version, args)


def compare_version(version, args):
    """Decide an <IfVersion>: [operator] version, with =, ==, >, >=, <, <=, ~, and a version in slashes as a pattern."""
    operator, wanted = (args[0], args[1]) if len(args) > 1 else (u'=', args[0])
    if operator == u'~' or wanted.startswith(u'/'):
        return re.search(wanted.strip(u'/'), version) is not None
    ours, theirs = _numbers(version), _numbers(wanted)
    difference = (ours > theirs) - (ours < theirs)
    return {u'=': difference == 0, u'==': difference == 0, u'>': difference > 0, u'>=': difference >= 0,
            u'<': difference < 0, u'<=': difference <= 0}.get(operator, False)


def _numbers(version):
    parts = [int(part) for part in re.findall(r'\d+', version)[:3]]
    return parts + [0] * (3 - len(parts))


def match_names(pattern, names):
    """Give the names that an Include pattern matches, in httpd's order; a wildcard does not match a leading dot."""
    return sorted(name for name in names
                  if fnmatch.fnmatchcase(name, pattern) and (pattern.startswith(u'.') or not name.startswith(u'.')))
