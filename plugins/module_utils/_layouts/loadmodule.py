# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Layout of EL7 to EL10, Fedora, Amazon Linux 2 and 2023, Software Collections, JBCS and builds
from source: httpd loads its MPM.

The choice is the one active `LoadModule mpm_*_module`, in any included file. httpd starts only with
exactly one. Which branches are read depends on what was loaded before, so the line is found by
reading as httpd does.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._model import EVENT, MPMS, PREFORK, WORKER, Choice
from .._syntax.evaluate import World, active_directives, static_names
from .._syntax.httpd_options import compiled_mpm, defined_names
from .._syntax.variables import fill_variables
from .mpm_lines import active_lines, home_file, load_only, mpm_of, waiting_lines
from .record import Layout

PROGRAM = '/usr/sbin/httpd'


def detect(evidence, compiled):
    """A program without a built-in MPM that can load modules."""
    return any('mod_so.c' in sources and not compiled_mpm(sources) for sources in compiled.values())


def mpms(reading):
    """{mpm: (program, paths of its module)}: what an active line names comes first, then what
    lies beside that, then what comments name: a comment may be older than what is installed.
    """
    program = _program(reading)
    active = [
        (mpm_of(item), os.path.join(reading.tree.root, item.args[1]))
        for item in active_lines(reading.tree, reading.world)
    ]
    return dict(
        (
            mpm,
            (
                program,
                named_modules(mpm, active)
                + named_modules(mpm, _commented_modules(reading))
                + [os.path.join(reading.tree.root, 'modules', 'mod_mpm_%s.so' % mpm)],
            ),
        )
        for mpm in MPMS
    )


def named_modules(mpm, named):
    """Return the paths where the module of an MPM may be by lines that name some: those of its own
    lines, then the same folders. named: [(mpm, path)].
    """
    own = [path for other, path in named if other == mpm]
    return own + [
        os.path.join(os.path.dirname(path), 'mod_mpm_%s.so' % mpm)
        for other, path in named
        if other != mpm
    ]


def _program(reading):
    return sorted(path for path, sources in reading.compiled.items() if sources)[0]


def _commented_modules(reading):
    tree, found = reading.tree, []
    for path in sorted(tree.files):
        for _line, inner in waiting_lines(tree.files[path]):
            named = filled(reading, inner.args[1])
            found.append((mpm_of(inner), os.path.join(tree.root, named)))
    return found


def filled(reading, text):
    """Return a text of a line that is not in force, with the variables filled in that are known
    once all of the configuration is read.
    """
    if u'${' not in text:
        return text
    defined = dict(
        (item.args[0].lower(), item.args[1])
        for item in active_directives(reading.tree, reading.world)
        if item.name == 'define' and any(item.args[1:])
    )
    return fill_variables(text, defined, reading.world.variables, lambda _length: None)


def read_choice(reading):
    """Return the Choice: of the one active line. With none or several there is no valid MPM, and
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
    sources = next(
        iter(state.installed.static_modules.values()), ['core.c', 'mod_so.c', 'http_core.c']
    )
    return World(
        static_names(sources),
        defined_names(state.launch.options),
        state.build.version,
        state.launch.environment,
    )


def choose(state, tree, mpm):
    """Return the ConfigTree in which exactly this MPM is loaded; no line moves, so all other line
    numbers stay valid.

    A commented stock line beside the active one is used; if there is none, the active line is
    rewritten.
    """
    return load_only(
        tree,
        mpm,
        world_of(state),
        state.installed.mpm_modules.get(mpm) or 'modules/mod_mpm_%s.so' % mpm,
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

    Its service also says with which main file it starts.
    """

    def __init__(self, place):
        """place: a Place; None in it means the usual one."""
        self.service = place.service or self.service
        self.usual_program = place.binary or self.usual_program
