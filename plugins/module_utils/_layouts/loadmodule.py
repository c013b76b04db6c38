# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Layout of EL7 to EL10, Fedora, Amazon Linux 2 and 2023, Software Collections, JBCS and builds
from source: httpd loads its MPM.

The choice is the one active `LoadModule mpm_*_module`, in whatever file the includes bring it.
httpd starts with exactly one; which branches are read depends on what was loaded before, so the
line is found by reading as httpd does.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._model import EVENT, MPMS, PREFORK, WORKER, Choice
from .._syntax.evaluate import World, static_names
from .._syntax.httpd_options import compiled_mpm, defined_names
from .mpm_lines import active_lines, home_file, load_only, mpm_of, waiting_lines
from .record import Layout

PROGRAM = '/usr/sbin/httpd'


def detect(evidence, compiled):
    """A program without an MPM of its own that can load modules."""
    return any('mod_so.c' in sources and not compiled_mpm(sources) for sources in compiled.values())


def mpms(reading):
    """{mpm: (program, path of its module)}: where a line names it, active or not, or beside
    those that lines name.
    """
    program = _program(reading)
    named = dict((mpm, path) for path, mpm in _commented_modules(reading.tree))
    named.update(
        (mpm_of(item), os.path.join(reading.tree.root, item.args[1]))
        for item in active_lines(reading.tree, reading.world)
    )
    folder = (
        os.path.dirname(sorted(named.values())[0])
        if named
        else os.path.join(reading.tree.root, 'modules')
    )
    return dict(
        (mpm, (program, named.get(mpm) or os.path.join(folder, 'mod_mpm_%s.so' % mpm)))
        for mpm in MPMS
    )


def _program(reading):
    return sorted(path for path, sources in reading.compiled.items() if sources)[0]


def _commented_modules(tree):
    for path in sorted(tree.files):
        for _line, inner in waiting_lines(tree.files[path]):
            yield os.path.join(tree.root, inner.args[1]), mpm_of(inner)


def read_choice(reading):
    """Return the Choice: of the one active line; of none or of several there is not a valid MPM,
    and
    httpd does not start.
    """
    program = _program(reading)
    active = active_lines(reading.tree, reading.world)
    found = set(mpm_of(item) for item in active)
    if active:
        path, line, value = active[0].path, active[0].line.number, active[0].args[0]
    else:
        path, line, value = home_file(reading.tree), None, None
    return Choice(
        path=path,
        text=reading.tree.files[path],
        value=value,
        line=line,
        binary=program,
        default=program,
        mpm=found.pop() if len(found) == 1 else None,
        unclear=None,
    )


def world_of(state):
    """The World before anything is loaded: the same for every MPM."""
    sources = next(iter(state.static_modules.values()), ['core.c', 'mod_so.c', 'http_core.c'])
    return World(
        static_names(sources), defined_names(state.options), state.build.version, state.environment
    )


def choose(state, tree, mpm):
    """Return the ConfigTree in which exactly this MPM is loaded; no line moves, so that what is
    known of others stays true.

    A stock line that waits in a comment beside the active one is used; where there is none, the
    active line is rewritten.
    """
    return load_only(
        tree, mpm, world_of(state), state.mpm_modules.get(mpm) or 'modules/mod_mpm_%s.so' % mpm
    )


class LoadModule(Layout):
    """The MPM is a module, and a LoadModule line chooses it: EL7 and later."""

    name = 'loadmodule'
    service = 'httpd'
    packages = {PREFORK: 'httpd', WORKER: 'httpd', EVENT: 'httpd'}
    php_package = 'php'
    detect = staticmethod(detect)
    usual_program = PROGRAM
    mpms = staticmethod(mpms)
    read_choice = staticmethod(read_choice)
    choose = staticmethod(choose)


LAYOUT = LoadModule()


class LoadModuleAt(LoadModule):
    """The same for another program or service than the usual one.

    With which main file it starts, its service says, too.
    """

    def __init__(self, place):
        """place: a Place; None in it leaves what is usual."""
        self.service = place.service or self.service
        self.usual_program = place.binary or self.usual_program
