# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Before packages are installed for a switch: what would be installed, and a refusal if anything
would be removed that nobody asked to remove.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ._errors import InputError, ReadError
from ._host.panels import panels_behind
from ._packages.ask import foresee
from ._packages.foreseen import unasked

RULE = 'packages_removed'


def look_ahead(run, names, manager=None):
    """Return the result of asking what installing `names` would do; its key `failed` says whether
    that is refused.

    Raises Error.

    names: packages, or absolute paths or patterns of package files; manager: the one to ask, None
    for the host's own.
    """
    wrong = [name for name in names if not _is_name(name)]
    if wrong:
        raise InputError(
            'name: %s is not the name of a package. Nothing was asked, and nothing was changed.'
            % ', '.join(map(repr, wrong))
        )
    result = {
        'changed': False,
        'failed': False,
        'manager': manager,
        'command': [],
        'installs': [],
        'upgrades': [],
        'removes': [],
        'unasked': [],
        'msg': 'There is nothing to install.',
    }
    if not names:
        return result
    try:
        foreseen = foresee(run, names, manager)
    except ReadError as e:
        words = '%s Nothing was installed, and nothing was changed.%s'
        raise ReadError(words % (e.message, _own_ways(e.message)), **e.details)
    result.update(foreseen._asdict(), unasked=unasked(names, foreseen))
    if result['unasked']:
        return dict(result, failed=True, rule=RULE, msg=explain(names, foreseen, result['unasked']))
    return dict(result, msg='Nothing would be removed that nobody asked to remove.')


def _is_name(name):
    """Return whether this may be given to a package manager as a name.

    What begins with a dash would be an option; a trailing one makes apt-get remove what it is asked
    to install.
    """
    return name == name.strip() and name.strip('-') == name and name != ''


def explain(names, foreseen, going):
    """Say what would be removed, who says so, and what to do instead."""
    return (
        'Installing %s would remove %s (asked: %s). Nothing was installed, and nothing was '
        'changed.%s Decide by hand what to do with %s first.'
        % (
            ', '.join(names),
            ', '.join(going),
            ' '.join(foreseen.command),
            _own_ways(' '.join(going)),
            'it' if len(going) == 1 else 'them',
        )
    )


def _own_ways(words):
    return ''.join(
        ' The package %s belongs to %s. To switch there, use %s.' % way
        for way in panels_behind(words)
    )
