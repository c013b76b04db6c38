# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The rules about moving PHP from its module to FPM (`php: fpm`)."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._model import BY_FPM, BY_MODULE, WARN, Finding
from ..._text import foreign, list_some
from ..case import refuse
from . import marks
from .carry import loaded

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Sequence  # noqa: F401

    from ..._model import PhpMapping  # noqa: F401
    from ..case import Case  # noqa: F401
    from .wishes import Lost  # noqa: F401

# Bytes. mod_proxy_fcgi reads each header of an answer into a buffer of a fixed size.
LONG_HEADER = 8190


def is_wanted(case):
    # type: (Case) -> bool
    """Return whether FPM is asked for, and has not taken PHP over before."""
    return case.wanted.php == 'fpm' and not marks.is_carried(case.state)


def is_in_the_way(case):
    # type: (Case) -> bool
    """Return whether FPM is asked for, and the module stays since FPM cannot take over."""
    return is_wanted(case) and case.carried is None and bool(case.now.php.modules)


def fpm_missing(case):
    # type: (Case) -> list[Finding]
    """No FPM of the version of the module."""
    fpm = case.state.fpm
    if not is_wanted(case) or not case.now.php.modules or fpm is None or fpm.program:
        return []
    return [
        refuse(
            'fpm_missing',
            'There is no FPM for PHP %s: none of %s is there.'
            % (fpm.version or 'of this module', ', '.join(fpm.places.programs)),
            'Install the package %s.' % fpm.places.package,
            [fpm.places.package],
            acceptable=False,
        )
    ]


def fpm_unusable(case):
    # type: (Case) -> list[Finding]
    """An FPM that cannot take PHP over, or nothing to take over."""
    why = _why_unusable(case) if is_wanted(case) else None
    return [refuse('fpm_unusable', *(why + ((), False)))] if why else []


def _why_unusable(case):
    # type: (Case) -> tuple[str, str] | None
    """Return (why FPM cannot run the PHP of the module, the way out), or None."""
    fpm = case.state.fpm
    if not case.now.php.modules:
        if any(one.now.how == BY_FPM for one in case.mappings):
            return None
        return (
            'php: fpm moves what mod_php runs, and no line loads mod_php now.',
            'Switch to prefork first, which brings mod_php back where a switch disabled it.',
        )
    if fpm is None:
        return (
            'Where this kind of host keeps its FPM is not known (layout %s, PHP module %s).'
            % (case.state.layout, case.now.php.modules[0].path),
            'Set FPM up yourself, then ask for php: none.',
        )
    if fpm.problem:
        return 'FPM cannot be used: %s.' % foreign(fpm.problem), 'Fix it, or ask for php: none.'
    if case.carried is None:
        return None
    if case.carried.problem:
        return 'FPM cannot be used: %s.' % foreign(case.carried.problem), 'Set what it names.'
    there = loaded(case.state, case.carried.tree, case.wanted.mpm)
    missing = [one for one in fpm.places.modules if one + '_module' not in there]
    if missing:
        return (
            'httpd cannot ask FPM: it would not load %s.' % ', '.join(missing),
            'Load these modules.',
        )
    return None


def fpm_in_use(case):
    # type: (Case) -> list[Finding]
    """An FPM that serves something: its start with other settings is felt there."""
    if case.carried is None:
        return []
    fpm = case.state.fpm
    asked = sorted(
        set(
            one.now.by
            for one in case.mappings
            if one.now.how == BY_FPM and one.now.by and fpm.places.unit in one.now.by
        )
    )
    used = list(fpm.own_pools) * bool(fpm.active) + asked
    if not used:
        return []
    return [
        refuse(
            'fpm_in_use',
            'The service %s has work already, and would be restarted, with the php.ini, the umask '
            'and the folder for temporary files of httpd: %s.'
            % (fpm.places.unit, list_some([foreign(one) for one in used])),
            'Move that to another FPM first; or accept fpm_in_use.',
        )
    ]


def php_not_carried(case):
    # type: (Case) -> list[Finding]
    """What the module is told, and a pool of FPM could not be."""
    if case.carried is None or not case.carried.lost:
        return []
    return [
        refuse(
            'php_not_carried',
            'FPM would not be told what mod_php is told here: %s.'
            % _in_words(case.carried.lost),
            'Put it into the virtual host, a <Directory> with a plain path, or a <Files> with one '
            'name, outside of <If> and <Location>; or accept php_not_carried.',
        )
    ]


def php_htaccess_copied(case):
    # type: (Case) -> list[Finding]
    """Lines of .htaccess files that hold as they are now, whatever their owner writes later."""
    if case.carried is None or not case.carried.copied:
        return []
    return [
        Finding(
            'php_htaccess_copied',
            WARN,
            False,
            'FPM gets a copy of these lines, and does not hear what their owners change in them '
            'later, or add: %s.' % _in_words(case.carried.copied),
            'Tell the owners. FPM reads their later settings from a .user.ini; engine off has no '
            'such place. After a change, switch to prefork and back for a new copy.',
            [],
        )
    ]


def php_names_denied(case):
    # type: (Case) -> list[Finding]
    """Names of which only httpd's table of types tells whether the module runs them."""
    if case.carried is None or not case.carried.types:
        return []
    return [
        Finding(
            'php_names_denied',
            WARN,
            False,
            'Files with another ending behind one of these, such as x.php.bak, answer 403. The '
            'module may run them, and without it httpd would send their source: %s.'
            % _in_words(case.carried.types),
            'Nothing, where there are no such files. Otherwise name them by SetHandler in a '
            '<FilesMatch>.',
            [],
        )
    ]


def fpm_long_headers(case):
    # type: (Case) -> list[Finding]
    """Headers of answers that httpd takes from its own module, and not from FPM."""
    if case.carried is None or not case.carried.pools:
        return []
    return [
        Finding(
            'fpm_long_headers',
            WARN,
            False,
            'httpd takes no header of %d bytes or more from FPM, name included: a page that sends '
            'one, such as a long cookie, answers 500, where mod_php passes it on.' % LONG_HEADER,
            'Nothing, where no page does so; no directive raises the limit. Such a page logs '
            'AH01070 and AH01075. Have it send several shorter headers.',
            [],
        )
    ]


def php_lost_in_folders(case):
    # type: (Case) -> list[Finding]
    """Files that folders of sites give to the module, of which the sources would be sent."""
    if case.carried is None or not case.carried.exposed:
        return []
    return [
        refuse(
            'php_lost',
            'Nothing would run these files, and their sources would be sent as text: %s.'
            % _in_words(case.carried.exposed),
            'Move these lines to the virtual host or a <Directory>.',
            acceptable=False,
        )
    ]


def _in_words(lost):
    # type: (Sequence[Lost]) -> str
    named = [
        '%s (%s line %d)' % (foreign(one.words), foreign(one.path), one.line)
        if one.path
        else foreign(one.words)
        for one in lost
    ]
    return list_some(named)


def is_carried(case, mapping):
    # type: (Case, PhpMapping) -> bool
    """Return whether FPM runs something with the settings that mod_php has for it."""
    return (
        case.carried is not None
        and mapping.now.how == BY_MODULE
        and marks.is_our_backend(mapping.then.by)
    )
