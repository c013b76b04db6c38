# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a server was started with, and by whom; and what its service would start it with.

The process table says the first, of processes of root; the unit, the script of init and their files
say the second. Where nobody can tell what the service starts, what it has started says it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import pwd
import re
from collections import namedtuple

from .._model import (
    BY_CONTAINER,
    BY_HAND,
    BY_PARENT,
    BY_SERVICE,
    BY_UNIT,
    Launch,
    Supervisor,
)
from .._syntax.httpd_options import WITH_VALUE, defined_names
from .._system import processes
from .._system.command import ENVIRONMENT
from .._system.files import read_text
from .._system.ownership import judge_path, real_path
from . import services

# Scripts that hand their words on to the program beside them: that of Software Collections, httpd's
# own, Debian's and SUSE's.
SCRIPTS = ('httpd-scl-wrapper', 'apachectl', 'apache2ctl', 'start_apache2')
# What a server has in its command line until its next full start, after an overlap. The large
# number makes it listen once and not once for some cores.
SHARING = ['-C', 'ListenCoresBucketsRatio 4096']
_ACTIONS = ('start', 'startssl', 'restart', 'graceful')
# Names that keep the main process in the foreground, and say nothing to the configuration.
_FOREGROUND = frozenset(['FOREGROUND', 'NO_DETACH', 'ONE_PROCESS', 'DEBUG'])
# What a shell does not hand on as a word, in a command line of which the quotes are lost.
_SHELL = re.compile(r'[;&|<>`()]')
_ASSIGNED = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)=(.*)\Z', re.DOTALL)
# What systemd and shells put into the environment of each process: the next start has its own.
_PASSING = re.compile(
    r'(INVOCATION_ID|JOURNAL_STREAM|NOTIFY_SOCKET|MAINPID|SYSTEMD_.*|LISTEN_.*|WATCHDOG_.*'
    r'|MEMORY_PRESSURE_.*|CREDENTIALS_DIRECTORY|PWD|OLDPWD|SHLVL|_)\Z'
)

# environment: {name: value} that the words themselves set; options: of the program.
Start = namedtuple('Start', 'environment options')


def read_launch(main, service):
    """Return the Launch of the main process of a server that runs. service: the Service."""
    words, users = processes.command_line(main.pid), processes.users_of(main.pid)
    return Launch(
        options=options_of(words) if words else None,
        # A container may not be allowed to see it.
        environment=processes.environment_of(main.pid) or None,
        program=main.exe,
        user=min(users) if len(users) == 1 else None,
        supervisor=judge_supervisor(
            main,
            processes.read_process(main.parent) if main.parent else None,
            processes.control_groups(main.pid),
            words[1:],
            service,
        ),
    )


def judge_supervisor(main, parent, groups, options, service):
    """Return the Supervisor of a main process. parent: Process, None where it cannot be seen;
    groups: paths of the control groups of the main process.

    A script of init knows a server by its pid file alone, and can stop and start one that somebody
    else started in the background, too. systemd knows its own main process only.
    """
    if main.pid == 1:
        return Supervisor(BY_CONTAINER, main.name)
    by_systemd = service.manager == 'systemd'
    if by_systemd and service.main_pid == main.pid:
        return Supervisor(BY_SERVICE)
    if parent is None or parent.pid != 1:
        return Supervisor(BY_PARENT, parent.name if parent else None)
    if not by_systemd:
        stays = stays_in_front(options)
        return Supervisor(BY_PARENT, parent.name) if stays else Supervisor(BY_SERVICE)
    units = [os.path.basename(path) for path in sorted(groups)]
    others = [name for name in units if re.search(r'\.(service|scope)$', name)]
    others = [name for name in others if name != services.unit_name(service.name)]
    return Supervisor(BY_UNIT, others[0]) if others else Supervisor(BY_HAND)


def stays_in_front(options):
    """Return whether a main process with these options is the one that its parent has started."""
    return '-X' in options or bool(_FOREGROUND & set(defined_names(options)))


def read_service_launch(run, layout, evidence, program, unit):
    """Return the Launch that the service of a layout would make. unit: properties of its unit, or
    None; evidence: {path: text or None}.
    """
    start, main = Start({}, []), _main_of(layout, evidence, unit)
    values = services.ask_environment(run) if unit else {}
    if unit:
        values.update(services.environment_of(unit, services.read_settings))
        start = parse_start(services.started_with(unit, services.read_settings), program)
    if start is None and main and processes.runs_one_of(main, [real_path(program)]):
        # A script that nobody knows starts it: what it has started tells.
        return Launch(
            options=options_of(processes.command_line(main.pid)),
            environment=_lasting(processes.environment_of(main.pid)),
            program=program,
            user=user_of(unit),
        )
    start = start or Start({}, [])
    values.update(start.environment)
    values.update(_exported(layout, evidence, main))
    environment = _ask_environment(run, layout, values)
    return Launch(
        options=layout.read_options(evidence, environment) + start.options,
        environment=environment,
        program=program,
        user=user_of(unit),
    )


def _main_of(layout, evidence, unit):
    """Return the Process that the service has for its server, None where there is none."""
    if unit:
        return processes.read_process(int(unit.get('MainPID') or 0))
    noted = layout.pid_file(evidence)
    return processes.noted_process(noted) if noted else None


def user_of(unit):
    """Return the id of the user that a unit names; root's where it names none."""
    name = (unit or {}).get('User')
    if not name:
        return 0
    try:
        return int(name) if name.isdigit() else pwd.getpwnam(name).pw_uid
    except KeyError:
        return None


def _exported(layout, evidence, main):
    """Return {name: value} that the files of a service export; what only a shell can tell is as
    the server that runs has it.
    """
    found = layout.exports(evidence)
    known = processes.environment_of(main.pid) if main and found.unclear else {}
    return dict(
        [(name, known[name]) for name in found.unclear if name in known], **found.values
    )


def _ask_environment(run, layout, values):
    """Return {name: value} of the environment of a program, with what the script that starts it
    reads. A file that others than root can change is not run.
    """
    scripts = [path for path in layout.sources if read_text(path) is not None]
    if not scripts or any(judge_path(path, None).problem for path in scripts):
        return values
    return source_environment(run, scripts, values)


def source_environment(run, scripts, values):
    """Return {name: value} of the environment after a shell has read these scripts, as the service
    has them read. values: the environment before.
    """
    words = [
        '/bin/sh',
        '-c',
        '; '.join(['for script; do . "$script" >/dev/null 2>&1; done', 'exec /usr/bin/env']),
        'env',
    ] + list(scripts)
    lines = run(words, environment=values).out.split('\n')
    found = _lasting(dict(line.partition('=')[::2] for line in lines if '=' in line))
    # What every program gets that we run is no part of it.
    return dict(
        (name, value)
        for name, value in found.items()
        if name in values or ENVIRONMENT.get(name) != value
    )


def parse_start(words, program):
    """Return the Start that the words of a command line make of a program, whatever wraps it
    (nice, chrt, numactl, env ...); None where the program is not in them, or a shell has more to do
    than to start it.
    """
    values, by_env = {}, False
    for number, word in enumerate(words):
        if is_started_by(word, program):
            rest = words[number:]
            plain = number == 0 or not any(_SHELL.search(each) for each in rest)
            return Start(values, options_of(rest)) if plain else None
        by_env = by_env or os.path.basename(word) == 'env'
        assigned = _ASSIGNED.match(word) if by_env else None
        if assigned:
            values[assigned.group(1)] = assigned.group(2)
    return None


def is_started_by(path, program):
    """Return whether a path is that of the program, or of a script beside it that hands its words
    on, whatever links lead there.
    """
    if not path.startswith('/'):
        return False
    real = real_path(program)
    return real_path(path) == real or (
        os.path.basename(path) in SCRIPTS
        and os.path.dirname(real_path(path)) == os.path.dirname(real)
    )


def options_of(words):
    """Return the options in a command line, without those that say what to do, or that keep the
    server in the foreground.
    """
    rest, options = list(words[1:]), []
    while rest:
        word = rest.pop(0)
        if word == '-k':
            rest = rest[1:]
        elif word == '-D' and rest and rest[0] in _FOREGROUND:
            rest = rest[1:]
        elif word in WITH_VALUE and rest:
            options += [word, rest.pop(0)]
            options = options[:-2] if options[-2:] == SHARING else options
        elif word not in _ACTIONS and not (word[:2] == '-D' and word[2:] in _FOREGROUND):
            options.append(word)
    return options


def _lasting(environment):
    return dict(
        (name, value) for name, value in environment.items() if not _PASSING.match(name)
    )
