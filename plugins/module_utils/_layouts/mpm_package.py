# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Layout of Debian 7 and older and Ubuntu 12.04: the package that is installed is the choice,
and /usr/sbin/apache2 leads to its program.

apache2-mpm-prefork, -worker, -event and -itk conflict with each other, and mod_php depends on the
first or the last: a switch removes packages, and installing another one may remove all that depend
on it. So this layout is only read, for the audit and for a refusal that says what apt-get would do,
and never changed.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._model import MPMS, Choice
from .._syntax.httpd_options import compiled_mpm
from .mods_enabled import CONTROL, ENVVARS, PROGRAM, read_options
from .record import Layout

PROGRAMS = dict((mpm, '/usr/lib/apache2/mpm-%s/apache2' % mpm) for mpm in MPMS)


def detect(evidence, compiled):
    """A program with an MPM linked in where these packages put it."""
    return any(compiled_mpm(compiled.get(path) or ()) for path in PROGRAMS.values())


def program(evidence, compiled):
    """The one that apache2ctl starts; else the first that exists."""
    return (
        [PROGRAM]
        if compiled.get(PROGRAM)
        else [PROGRAMS[mpm] for mpm in MPMS if compiled.get(PROGRAMS[mpm])]
    )[0]


def mpms(reading):
    """{mpm: (program, None)}: the MPM is linked in.

    The program is known by the name by which it is started.
    """
    found = dict(
        (compiled_mpm(reading.compiled.get(path) or ()), (path, None))
        for path in list(PROGRAMS.values()) + [PROGRAM]
    )
    return dict((mpm, place) for mpm, place in found.items() if mpm)


def read_choice(reading):
    """Return the Choice: the program itself, since no file has the choice."""
    binary = program(reading.evidence, reading.compiled)
    return Choice(
        path=PROGRAM,
        text=None,
        value=None,
        line=None,
        binary=binary,
        default=binary,
        mpm=compiled_mpm(reading.compiled.get(binary) or ()),
        unclear=None,
    )


class MpmPackage(Layout):
    """The package that is installed chooses: Debian 7 and older."""

    name = 'mpm_package'
    service = 'apache2'
    evidence = (CONTROL,)
    packages = dict((mpm, 'apache2-mpm-%s' % mpm) for mpm in MPMS)
    php_package = 'libapache2-mod-php5'
    detect = staticmethod(detect)
    program = staticmethod(program)
    sources = (ENVVARS,)
    read_options = staticmethod(read_options)
    mpms = staticmethod(mpms)
    read_choice = staticmethod(read_choice)
    by_package = True

    def candidate_binaries(self, evidence):
        return [PROGRAM] + [PROGRAMS[mpm] for mpm in MPMS]

    def command(self, program):
        return [CONTROL]


LAYOUT = MpmPackage()
