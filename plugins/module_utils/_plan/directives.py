# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The directives of each MPM: names, ranges, how they bind each other, and how to write them.

Ranges and compiled-in values are those of server/mpm/{prefork,worker,event} in httpd 2.2 and 2.4.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._fields import TYPE_CHECKING
from .._model import EVENT, PREFORK, WORKER, Setting
from .._syntax.httpd_conf import CLOSE, OPEN, append_lines, parse_lines, replace_argument
from .._syntax.lines import insert_lines

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable, Mapping, Sequence  # noqa: F401
    from typing import Any  # noqa: F401

    from .._model import ConfigTree  # noqa: F401
    from .._syntax.evaluate import Active, Section  # noqa: F401

MAX = 2**31 - 1
_COMMON = {
    'StartServers': (1, MAX),
    'ServerLimit': (1, 20000),
    'MaxRequestWorkers': (1, MAX),
    'MaxConnectionsPerChild': (0, MAX),
}  # type: dict[str, tuple[float, float]]
_THREADED = dict(
    _COMMON,
    MinSpareThreads=(1, MAX),
    MaxSpareThreads=(1, MAX),
    ThreadLimit=(1, 20000),
    ThreadsPerChild=(1, 20000),
    ThreadStackSize=(0, MAX),
)
# {mpm: {name: (least, most)}}
RANGES = {
    PREFORK: dict(
        _COMMON, ServerLimit=(1, 200000), MinSpareServers=(1, MAX), MaxSpareServers=(1, MAX)
    ),
    WORKER: _THREADED,
    EVENT: dict(
        _THREADED,
        ThreadLimit=(1, 100000),
        ThreadsPerChild=(1, 100000),
        AsyncRequestWorkerFactor=(0.0625, MAX),
    ),
}  # type: dict[str, dict[str, tuple[float, float]]]
# Directives whose number need not be whole. Event counts this one in sixteenths.
FRACTIONS = ('AsyncRequestWorkerFactor',)
# Names of 2.2, which 2.4 still understands.
OLD_NAMES = {'MaxClients': 'MaxRequestWorkers', 'MaxRequestsPerChild': 'MaxConnectionsPerChild'}
# httpd 2.2 checks others against these as it reads, so they have to come first.
LIMITS = ('ServerLimit', 'ThreadLimit')
# {name in lower case: name of 2.4, in its own spelling}.
_MODERN = dict((name.lower(), name) for mpm in RANGES for name in RANGES[mpm])
_MODERN.update((old.lower(), name) for old, name in OLD_NAMES.items())


def modern_name(name):
    # type: (str) -> str | None
    """Return the name of 2.4 for a directive, in its own spelling; None where no MPM has it."""
    return _MODERN.get(('%s' % name).lower())


def check_directives(mpm, directives):
    # type: (str, Mapping[str, Any]) -> list[str]
    """Return what is wrong with the directives that are asked for, as sentences; [] where
    nothing is.
    """
    problems, seen = [], {}  # type: list[str], dict[str | None, str]
    for name in sorted(directives):
        modern, value = modern_name(name), value_of(name, directives[name])
        if modern not in RANGES[mpm]:
            problems.append(
                '%s is not a directive of the %s MPM. Its directives are %s.'
                % (name, mpm, ', '.join(sorted(RANGES[mpm])))
            )
        elif value is None:
            kind = 'number' if modern in FRACTIONS else 'whole number'
            problems.append('%s: %r is not a %s.' % (name, directives[name], kind))
        elif not RANGES[mpm][modern][0] <= value <= RANGES[mpm][modern][1]:
            problems.append(
                '%s: %s is out of range (%s to %s).' % ((name, value) + RANGES[mpm][modern])
            )
        elif modern in seen:
            problems.append('%s and %s are one directive under two names.' % (seen[modern], name))
        seen[modern] = name
    return problems


def number_of(value):
    # type: (Any) -> int | None
    """Return a whole number as int, whether it comes as a number or as text; None for anything
    else.
    """
    if isinstance(value, bool):
        return None
    return int(value) if re.match(r'^-?[0-9]+\Z', '%s' % (value,)) else None


def value_of(name, value):
    # type: (str, Any) -> int | float | None
    """Return the number that is given to a directive, an int where it is whole, or None.

    Only some directives may have a fraction.
    """
    whole = number_of(value)
    if whole is not None or modern_name(name) not in FRACTIONS or isinstance(value, bool):
        return whole
    if not re.match(r'^[0-9]{1,10}\.[0-9]{1,6}\Z', '%s' % (value,)):
        return None
    number = float(value)
    return int(number) if number == int(number) else number


def in_force(active, mpm, own_file=None):
    # type: (list[Active], str, str | None) -> dict[str, Setting]
    """Return {name of 2.4: Setting} of the MPM directives that the last active line of each sets.

    own_file: path of a file that only this MPM reads, whatever guards are in it.
    """
    found = {}
    for item in active:
        modern = modern_name(item.name)
        if modern not in RANGES[mpm]:
            continue
        number = value_of(item.name, item.args[0]) if item.args else None
        if number is not None:
            guarded = (
                item.path == own_file or _only_for(item.sections, mpm)
            ) and item.line.count == 1
            found[modern] = Setting(
                name=item.line.text.split()[0],
                value=number,
                file=item.path,
                line=item.line.number,
                guarded=guarded,
            )
    return found


def numbers_of(settings):
    # type: (Mapping[str, Setting]) -> dict[str, float]
    """Return {name of 2.4: number} of Settings."""
    return dict((name, setting.value) for name, setting in settings.items())


def _only_for(sections, mpm):
    # type: (Iterable[Section], str) -> bool
    return any(
        name == 'ifmodule' and _names_mpm(args, mpm) for name, args, _path, _number in sections
    )


def _names_mpm(args, mpm):
    # type: (Sequence[str], str) -> bool
    return list(args[:1]) in ([mpm + '.c'], ['mpm_%s_module' % mpm])


def write_directives(tree, settings, wanted, mpm, version):
    # type: (ConfigTree, dict[str, Setting], Mapping[str, Any], str, str) -> dict[str, str]
    """Return {path: new text} that brings the directives `wanted` into force for `mpm` alone.

    `settings`: what is in force now. A line that only this MPM reads gets the new number; others go
    into its section, or into a new one at the end of the main file, which httpd reads last.
    """
    files, missing, overrule = dict(tree.files), [], False
    for name in sorted(wanted):
        modern, value = modern_name(name), value_of(name, wanted[name])
        setting = settings.get(modern)
        if setting and setting.value == value:
            continue
        if setting and setting.guarded:
            line = [
                item for item in parse_lines(files[setting.file]) if item.number == setting.line
            ][0]
            files[setting.file] = replace_argument(files[setting.file], line, 0, u'%s' % value)
        else:
            missing.append((modern in LIMITS, u'%s %s' % (_name_for(modern, version), value)))
            overrule = overrule or setting is not None
    if missing:
        files[tree.main] = _with_lines(files[tree.main], missing, mpm, overrule)
    return dict((path, text) for path, text in files.items() if text != tree.files[path])


def _name_for(modern, version):
    # type: (str, str) -> str
    old = dict((value, key) for key, value in OLD_NAMES.items())
    return old.get(modern, modern) if version.startswith('2.2') else modern


def _with_lines(text, missing, mpm, overrule):
    # type: (str, list[tuple[bool, str]], str, bool) -> str
    """`missing`: [(it is a limit, line)]; `overrule`: a line that any MPM reads sets one of
    them, so the new ones must come last.
    """
    limits = [line for is_limit, line in missing if is_limit]
    others = [line for is_limit, line in missing if not is_limit]
    section = None if overrule else _section_of(text, mpm)
    if section is None:
        return append_lines(text, [u'<IfModule %s.c>' % mpm] + limits + others + [u'</IfModule>'])
    first, last = section
    text = insert_lines(text, last - 1, others) if others else text
    return insert_lines(text, first, limits) if limits else text


def _section_of(text, mpm):
    # type: (str, str) -> tuple[int, int] | None
    """Return the first and last line number of the last top-level section of `mpm`, or None."""
    found, opened = None, []
    for line in parse_lines(text):
        if line.kind == OPEN:
            opened.append(line)
        elif line.kind == CLOSE and opened:
            start = opened.pop()
            if not opened and start.name == 'ifmodule' and _names_mpm(start.args, mpm):
                found = (start.number, line.number)
    return found
