# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask this host's package manager what installing packages would do.

Nothing is installed, and nothing is removed.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import glob
import re

from .._errors import ReadError
from .._system.command import find_program
from .._text import foreign
from . import apt, dnf, rpm, zypper
from .foreseen import make_foreseen

# In this order: if both zypper and dnf are there, zypper is the system's own.
PROGRAMS = (
    ('zypper', 'zypper'),
    ('dnf', 'dnf'),
    ('yum', 'yum'),
    ('apt', 'apt-get'),
    ('rpm', 'rpm'),
)
MANAGERS = tuple(name for name, _program in PROGRAMS)
# On a host with the tools of two families, the owner of the server's program is the one to ask.
SERVERS = (
    '/usr/sbin/httpd',
    '/usr/sbin/apache2',
    '/usr/sbin/httpd-prefork',
    '/usr/sbin/httpd2-prefork',
)


def foresee(run, names, manager=None):
    """Return the Foreseen of installing `names`: packages, or absolute paths (or patterns) of
    package files.

    manager: one of MANAGERS, None for the host's own. Raises ReadError if that is not known, or for
    a name that would be an option.
    """
    wrong = [name for name in names if name.startswith('-')]
    if wrong:
        # Not every program understands `--`, the end of the options.
        raise ReadError('%s is not the name of a package.' % ', '.join(wrong))
    names = [path for name in names for path in _expand(name)]
    manager = manager or find_manager(run)
    if manager is None:
        raise ReadError(
            'It is not known what installing %s would remove: none of %s is on this host.'
            % (', '.join(names), ', '.join(program for _name, program in PROGRAMS)),
            rule='package_manager_unknown',
        )
    if not find_program(dict(PROGRAMS)[manager]):
        raise ReadError(
            'It is not known what installing %s would remove: this host has no %s.'
            % (', '.join(names), dict(PROGRAMS)[manager]),
            rule='package_manager_unknown',
        )
    if manager == 'rpm':
        return _foresee_files(run, names)
    answer = (
        dnf.ask(run, manager, names)
        if manager in ('dnf', 'yum')
        else _PLAIN[manager].ask(run, names)
    )
    foreseen = (
        dnf.parse(manager, answer) if manager in ('dnf', 'yum') else _PLAIN[manager].parse(answer)
    )
    return foreseen or _give_up(answer)


_PLAIN = {'apt': apt, 'zypper': zypper}


def find_manager(run):
    """Return the name of this host's package manager, None where it is not known."""
    found = [name for name, program in PROGRAMS if find_program(program)]
    if 'apt' in found and len(found) > 1:
        by_rpm = find_program('rpm') and any(
            run(['rpm', '-qf', '--', path]).rc == 0 for path in SERVERS
        )
        found = [name for name in found if (name == 'apt') != bool(by_rpm)]
    return found[0] if found else None


def _expand(name):
    """Return a name as it is, and the files that a path or a pattern of paths names.

    Raises ReadError where there are none.
    """
    if not name.startswith('/'):
        return [name]
    paths = sorted(glob.glob(name))
    if not paths:
        raise ReadError('There is no package file %s.' % name, path=name)
    return paths


def _foresee_files(run, names):
    """rpm alone fetches nothing: a name that is not a file must be installed already."""
    files = [name for name in names if name.startswith('/')]
    plain = [name for name in names if name not in files]
    missing = sorted(set(plain) - set(rpm.installed(run, plain)))
    if missing:
        raise ReadError(
            'It is not known what installing %s would remove: rpm alone fetches nothing. '
            'Name the files that are going to be installed instead.' % ', '.join(missing),
            rule='package_manager_unknown',
        )
    if not files:
        return make_foreseen('rpm', [])
    asked = rpm.ask(run, files)
    return rpm.judge(*asked) or _give_up(asked[0])


def _give_up(answer):
    """Raise ReadError with what the package manager says."""
    said = '%s\n%s' % (answer.out, answer.err)
    # Search only up to the last '>': without one, each search would go to the end.
    closed = said.rfind('>') + 1
    words = (re.sub(r'<[^>]*>', ' ', said[:closed]) + said[closed:]).strip().split('\n')
    tail = foreign(' '.join(line for line in words[-12:] if line.strip()))
    raise ReadError(
        '%s does not say what it would do (exit code %d): %s'
        % (' '.join(answer.argv), answer.rc, tail or 'nothing'),
        rule='packages_refused',
        command=answer.argv,
    )
