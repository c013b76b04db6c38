# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""The directives of each MPM: names, ranges, how they bind each other, and how to write them.

Ranges and compiled-in values are those of server/mpm/{prefork,worker,event} in httpd 2.2 and 2.4.
"""
import re

from .._model import EVENT, PREFORK, WORKER, Setting
from .._syntax.httpd_conf import CLOSE, OPEN, append_lines, parse_lines, replace_argument
from .._syntax.lines import insert_lines

MAX = 2 ** 31 - 1
_COMMON = {'StartServers': (1, MAX), 'ServerLimit': (1, 20000), 'MaxRequestWorkers': (1, MAX), 'MaxConnectionsPerChild': (0, MAX)}
_THREADED = dict(_COMMON, MinSpareThreads=(1, MAX), MaxSpareThreads=(1, MAX), ThreadLimit=(1, 20000), ThreadsPerChild=(1, 20000),
                 ThreadStackSize=(0, MAX))
# {mpm: {name: (least, most)}}
RANGES = {
    PREFORK: dict(_COMMON, ServerLimit=(1, 200000), MinSpareServers=(1, MAX), MaxSpareServers=(1, MAX)),
    WORKER: _THREADED,
    EVENT: dict(_THREADED, AsyncRequestWorkerFactor=(1, MAX)),
}
DEFAULTS = {
    PREFORK: {'ServerLimit': 256, 'MaxRequestWorkers': 256},
    WORKER: {'ServerLimit': 16, 'ThreadLimit': 64, 'ThreadsPerChild': 25},
    EVENT: {'ServerLimit': 16, 'ThreadLimit': 64, 'ThreadsPerChild': 25},
}
# Names of 2.2, which 2.4 still understands.
OLD_NAMES = {'MaxClients': 'MaxRequestWorkers', 'MaxRequestsPerChild': 'MaxConnectionsPerChild'}
# httpd 2.2 checks others against these as it reads, so they have to come first.
LIMITS = ('ServerLimit', 'ThreadLimit')


def modern_name(name):
    """Give the name of 2.4 for a directive, in its own spelling; None where no MPM has it."""
    known = dict((key.lower(), key) for mpm in RANGES for key in RANGES[mpm])
    old = dict((key.lower(), value) for key, value in OLD_NAMES.items())
    return old.get(name.lower()) or known.get(name.lower())


def check_directives(mpm, directives):
    """Give what is wrong with the directives that are asked for, as sentences; [] where nothing is."""
    problems, seen = [], {}
    for name in sorted(directives):
        modern, value = modern_name(name), number_of(directives[name])
        if modern not in RANGES[mpm]:
            problems.append('%s is no directive of the %s MPM; it has %s.' % (name, mpm, ', '.join(sorted(RANGES[mpm]))))
        elif value is None:
            problems.append('%s: %r is no whole number.' % (name, directives[name]))
        elif not RANGES[mpm][modern][0] <= value <= RANGES[mpm][modern][1]:
            problems.append('%s: %d is out of range (%d to %d).' % ((name, value) + RANGES[mpm][modern]))
        elif modern in seen:
            problems.append('%s and %s are one directive under two names.' % (seen[modern], name))
        seen[modern] = name
    return problems


def number_of(value):
    """Give a whole number as int, whether it comes as a number or as text; None for anything else."""
    if isinstance(value, bool):
        return None
    return int(value) if re.match(r'^-?\d+$', '%s' % (value,)) else None


def in_force(active, mpm):
    """Give {name of 2.4: Setting} of the MPM directives that the last active line of each sets."""
    found = {}
    for item in active:
        modern = modern_name(item.name)
        if modern in RANGES[mpm] and item.args and number_of(item.args[0]) is not None:
            found[modern] = Setting(item.line.text.split()[0], number_of(item.args[0]), item.path, item.line.number,
                                    _only_for(item.sections, mpm) and item.line.count == 1)
    return found


def _only_for(sections, mpm):
    return any(name == 'ifmodule' and args[:1] in ((mpm + '.c',), ('mpm_%s_module' % mpm,)) for name, args, _p, _n in sections)


def check_together(mpm, settings):
    """Give what httpd would clamp in {name of 2.4: number}, as sentences: it would go on with other numbers, and say so in its log only."""
    values = dict(DEFAULTS[mpm], **settings)
    workers, servers = values.get('MaxRequestWorkers'), values['ServerLimit']
    if mpm == PREFORK:
        return ['MaxRequestWorkers %d is more than ServerLimit %d.' % (workers, servers)] if workers > servers else []
    threads, problems = values['ThreadsPerChild'], []
    if threads > values['ThreadLimit']:
        problems.append('ThreadsPerChild %d is more than ThreadLimit %d.' % (threads, values['ThreadLimit']))
    if workers and workers % threads:
        problems.append('MaxRequestWorkers %d is no multiple of ThreadsPerChild %d.' % (workers, threads))
    if workers and workers > servers * threads:
        problems.append('MaxRequestWorkers %d is more than ServerLimit %d times ThreadsPerChild %d (%d).' % (
            workers, servers, threads, servers * threads))
    return problems


def write_directives(tree, settings, wanted, mpm, version):
    """Give {path: new text} that brings the directives `wanted` into force for `mpm` alone.

    `settings`: what is in force now. A line that only this MPM reads gets the new number; others go into its section,
    or into a new one at the end of the main file, which httpd reads last.
    """
    files, missing = dict(tree.files), []
    for name in sorted(wanted):
        modern, value = modern_name(name), number_of(wanted[name])
        setting = settings.get(modern)
        if setting and setting.value == value:
            continue
        if setting and setting.guarded:
            line = [item for item in parse_lines(files[setting.file]) if item.number == setting.line][0]
            files[setting.file] = replace_argument(files[setting.file], line, 0, u'%d' % value)
        else:
            missing.append((u'%s %d' % (_name_for(modern, version), value), modern in LIMITS, setting is not None))
    _add_missing(files, tree.main, missing, mpm, settings)
    return dict((path, text) for path, text in files.items() if text != tree.files[path])


def _name_for(modern, version):
    old = dict((value, key) for key, value in OLD_NAMES.items())
    return old.get(modern, modern) if version.startswith('2.2') else modern


def _add_missing(files, main, missing, mpm, settings):
    """`missing`: [(text of the line, it is a limit, an unguarded line elsewhere sets it too)]."""
    section = _section_of(files[main], mpm) if not [1 for _text, _limit, elsewhere in missing if elsewhere] else None
    if not missing:
        return
    limits, others = [m[0] for m in missing if m[1]], [m[0] for m in missing if not m[1]]
    if section:
        first, last = section
        files[main] = insert_lines(files[main], last - 1, others) if others else files[main]
        files[main] = insert_lines(files[main], first, limits) if limits else files[main]
    else:
        files[main] = append_lines(files[main], [u'<IfModule %s.c>' % mpm] + limits + others + [u'</IfModule>'])


def _section_of(text, mpm):
    """Give the first and last line number of the last top-level section of `mpm`, or None."""
    found, opened = None, []
    for line in parse_lines(text):
        if line.kind == OPEN:
            opened.append(line)
        elif line.kind == CLOSE and opened:
            start = opened.pop()
            if not opened and start.name == 'ifmodule' and start.args[:1] in ([mpm + '.c'], ['mpm_%s_module' % mpm]):
                found = (start.number, line.number)
    return found
