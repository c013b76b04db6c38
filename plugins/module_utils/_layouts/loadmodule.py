# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Layout of EL7 to EL10, Fedora, Amazon Linux 2 and 2023, Software Collections, JBCS and builds from source: httpd loads its MPM.

The choice is the one active `LoadModule mpm_*_module`, in whatever file the includes bring it. httpd starts with exactly one; which
branches are read depends on what was loaded before, so the line is found by reading as httpd does.
"""
import os
import re

from .record import Layout, choice_last
from .._model import EVENT, MPMS, PREFORK, WORKER, Choice
from .._syntax.evaluate import World, active_directives, static_names
from .._syntax.httpd_conf import COMMENT, DIRECTIVE, comment_lines, parse_comment, parse_lines, replace_argument, uncomment_line
from .._syntax.httpd_options import compiled_mpm, defined_names
from .._syntax.lines import insert_lines
from .._syntax.trees import with_text

PROGRAM = '/usr/sbin/httpd'
SYMBOL = re.compile(r'^mpm_(prefork|worker|event)_module$')


def detect(evidence, compiled):
    """A program without an MPM of its own that can load modules."""
    return any('mod_so.c' in sources and not compiled_mpm(sources) for sources in compiled.values())


def mpms(reading):
    """{mpm: (program, path of its module)}: where a line names it, active or not, or beside those that lines name."""
    program = _program(reading)
    named = dict((mpm, path) for path, mpm in _commented_modules(reading.tree))
    named.update((mpm_of(item), os.path.join(reading.tree.root, item.args[1])) for item in active_lines(reading.tree, reading.world))
    folder = os.path.dirname(sorted(named.values())[0]) if named else os.path.join(reading.tree.root, 'modules')
    return dict((mpm, (program, named.get(mpm) or os.path.join(folder, 'mod_mpm_%s.so' % mpm))) for mpm in MPMS)


def _program(reading):
    return sorted(path for path, sources in reading.compiled.items() if sources)[0]


def _commented_modules(tree):
    for path in sorted(tree.files):
        for line in parse_lines(tree.files[path]):
            if line.kind == COMMENT and _names_mpm(line):
                symbol, module = parse_comment(line).args
                yield os.path.join(tree.root, module), SYMBOL.match(symbol).group(1)


def read_choice(reading):
    """Give the Choice: of the one active line; of none or of several there is no MPM, and httpd does not start."""
    program = _program(reading)
    active = active_lines(reading.tree, reading.world)
    found = set(mpm_of(item) for item in active)
    if active:
        path, line, value = active[0].path, active[0].line.number, active[0].args[0]
    else:
        path, line, value = _home(reading.tree), None, None
    return Choice(path, reading.tree.files[path], value, line, program, program, found.pop() if len(found) == 1 else None, None)


def active_lines(tree, world):
    """Give the active LoadModule lines of MPMs, in the order in which httpd reads them."""
    return [item for item in active_directives(tree, world) if item.name == 'loadmodule' and len(item.args) > 1 and SYMBOL.match(item.args[0])]


def mpm_of(item):
    """The MPM that a LoadModule line loads."""
    return SYMBOL.match(item.args[0]).group(1)


def _home(tree):
    """The file where a line for an MPM belongs: one that has such lines in comments, one named after MPMs, else the main file."""
    commented = [path for path in sorted(tree.files) if any(line.kind == COMMENT and _names_mpm(line) for line in parse_lines(tree.files[path]))]
    named = [path for path in sorted(tree.files) if 'mpm' in os.path.basename(path)]
    return (commented + named + [tree.main])[0]


def _names_mpm(line):
    inner = parse_comment(line)
    return bool(inner and SYMBOL.match(inner.args[0]))


def world_of(state):
    """The World before anything is loaded: the same for every MPM."""
    sources = next(iter(state.static_modules.values()), ['core.c', 'mod_so.c', 'http_core.c'])
    return World(static_names(sources), defined_names(state.options), state.build.version, state.environment)


def choose(state, tree, mpm):
    """Give the ConfigTree in which exactly this MPM is loaded; no line moves, so that what is known of others stays true.

    A stock line that waits in a comment beside the active one is used; where there is none, the active line is rewritten.
    """
    world = world_of(state)
    active = active_lines(tree, world)
    if active and set(mpm_of(item) for item in active) == set([mpm]):
        return tree
    mine = [item for item in active if mpm_of(item) == mpm]
    bare = _commented(tree, [item for item in active if item not in mine])
    if mine:
        return bare
    if active:
        candidates = [_uncommented(bare, active[0].path, mpm, os.path.dirname(active[0].line.args[1])), _rewritten(tree, active, mpm)]
    else:
        candidates = [_uncommented(tree, path, mpm) for path in [_home(tree)] + sorted(tree.files)]
    for candidate in candidates:
        if candidate and [mpm_of(item) for item in active_lines(candidate, world)] == [mpm]:
            return candidate
    return _with_line(state, bare, mpm)


def _commented(tree, items):
    for item in items:
        tree = with_text(tree, item.path, comment_lines(tree.files[item.path], item.line))
    return tree


def _uncommented(tree, path, mpm, folder=None):
    """The tree with the MPM's commented line active; one that names another folder than the active line is an example in some prose."""
    for line in parse_lines(tree.files[path]):
        if line.kind == COMMENT and line.count == 1 and _names_mpm(line):
            symbol, module = parse_comment(line).args
            if symbol == 'mpm_%s_module' % mpm and folder in (None, os.path.dirname(module)):
                return with_text(tree, path, uncomment_line(tree.files[path], line))
    return None


def _rewritten(tree, active, mpm):
    """The first line loads the wanted MPM instead, from the same folder; the others are commented out."""
    first, rest = active[0], _commented(tree, active[1:])
    if first.line.count != 1:
        return None
    module = os.path.join(os.path.dirname(first.line.args[1]), 'mod_mpm_%s.so' % mpm)
    quoted = u'"%s"' % module if u'"' in first.line.text else module
    text = replace_argument(rest.files[first.path], first.line, 1, quoted)
    line = [line for line in parse_lines(text) if line.number == first.line.number][0]
    return with_text(rest, first.path, replace_argument(text, line, 0, 'mpm_%s_module' % mpm))


def _with_line(state, tree, mpm):
    """Add a line where nothing has been loaded yet."""
    path = _home(tree)
    module = state.mpm_modules.get(mpm) or 'modules/mod_mpm_%s.so' % mpm
    before = [line.number for line in parse_lines(tree.files[path]) if line.kind in (DIRECTIVE, 'open')]
    text = insert_lines(tree.files[path], (before or [1])[0] - 1, [u'LoadModule mpm_%s_module %s' % (mpm, module)])
    return with_text(tree, path, text)


def layout_at(place):
    """This layout for another program, service or main file; None leaves what is usual."""
    program = place.binary or PROGRAM
    return LAYOUT._replace(
        service=place.service or LAYOUT.service, candidate_binaries=lambda evidence: [program], program=lambda evidence, compiled: program,
        read_options=lambda evidence: ['-f', place.config] if place.config else [])


LAYOUT = Layout(
    name='loadmodule', service='httpd', evidence=(), names=(), packages={PREFORK: 'httpd', WORKER: 'httpd', EVENT: 'httpd'},
    zts_package=None, php_package='php', detect=detect, candidate_binaries=lambda evidence: [PROGRAM],
    program=lambda evidence, compiled: PROGRAM, command=lambda program: [program], environment=None, sourced=lambda evidence: [],
    read_options=lambda evidence: [], pid_file=lambda evidence: None, mpms=mpms, read_choice=read_choice, choose=choose,
    generated=(), edit_beside=lambda state, tree, mpm: [], drop=lambda tree, path: None, restore=None, dependants=lambda tree, mpm: [], denial=None,
    own_file=lambda mpm: None, order=choice_last)
