# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask the service manager how it starts and stops the server, and what it knows of it.

Nothing here starts or stops anything.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._errors import ReadError
from .._model import Service
from .._system import processes
from .._system.command import find_program
from .._system.files import native_path

# systemd's own way to tell whether a host was booted with it: sd_booted(3).
SYSTEMD = '/run/systemd/system'
SCRIPTS = ('/etc/init.d', '/etc/rc.d/init.d')
PROPERTIES = (
    'LoadState',
    'UnitFileState',
    'MainPID',
    'ControlGroup',
    'TriggeredBy',
    'Restart',
    'ExecStart',
    'Environment',
    'EnvironmentFiles',
    'EnvironmentFile',
    'KillMode',
)
# The characters of a unit's name, see systemd.unit(5).
_NAME = re.compile(r'^[A-Za-z0-9_][A-Za-z0-9_.@:\\-]*\Z')
_VARIABLE = re.compile(r'^\$(?:\{(\w+)\}|(\w+))$')
# A quote behind an even number of backslashes.
_ENDS = re.compile(r'(?<!\\)(?:\\\\)*"\Z')


def is_name(name):
    """Return whether a unit or a script of init can have this name.

    One that begins with a dash would be an option of the program that gets it.
    """
    return bool(_NAME.match(name))


def read_service(run, name, pid_file, unit):
    """Return the Service with this name. pid_file: where its main process is noted; unit: what
    `ask_unit` gave of it.

    Raises ReadError for what is no name.
    """
    if not is_name(name):
        raise ReadError('%r is not the name of a service.' % name)
    if unit is None:
        program = find_program('service')
        base = [program, name] if program else ['/etc/init.d/%s' % name]
        return Service(
            name=name,
            manager='sysv',
            start=base + ['start'],
            stop=base + ['stop'],
            pid_file=pid_file,
        )
    control = find_program('systemctl')
    return Service(
        name=name,
        manager='systemd',
        start=[control, 'start', '--', name],
        stop=[control, 'stop', '--', name],
        pid_file=pid_file,
        begin_stop=[control, 'stop', '--no-block', '--', name],
        prepare=[control, 'reset-failed', '--', name],
        main_pid=_main_pid(unit, pid_file),
        masked='masked' in (unit.get('LoadState'), unit.get('UnitFileState')),
        socket=_active_socket(run, unit),
        restarts=unit.get('Restart') in ('always', 'on-success'),
        ends_all=unit.get('KillMode') in ('control-group', 'mixed'),
    )


def _main_pid(unit, pid_file):
    """The main process by systemd's account; of a unit made from a script of init it keeps none,
    and knows only what is in its group.
    """
    known = int(unit.get('MainPID') or 0) or None
    noted = None if known else processes.noted_process(pid_file)
    return (
        noted.pid
        if noted and unit.get('ControlGroup') in processes.control_groups(noted.pid)
        else known
    )


def has_script(name):
    """Return whether init has a script of this name."""
    return any(os.access(native_path(os.path.join(folder, name)), os.X_OK) for folder in SCRIPTS)


def unit_name(name):
    """The full name of a service's unit."""
    return name if name.endswith('.service') else name + '.service'


def ask_unit(run, name, more=()):
    """Return {property: text} of a unit; None where systemd does not run, or can have or knows
    no such unit. more: names of further properties.
    """
    if (
        not is_name(name)
        or not os.path.isdir(native_path(SYSTEMD))
        or not find_program('systemctl')
    ):
        return None
    shown = run(
        [
            find_program('systemctl'),
            'show',
            '--property',
            ','.join(PROPERTIES + tuple(more)),
            '--',
            name,
        ]
    )
    unit = parse_unit(shown.out)
    return unit if unit.get('LoadState') in ('loaded', 'masked') else None


def parse_unit(text):
    """Parse the output of `systemctl show`; of a property that comes more than once, all lines."""
    found = {}
    for line in text.split('\n'):
        name, equals, value = line.partition('=')
        if equals:
            found.setdefault(name, []).append(value)
    return dict((name, '\n'.join(values)) for name, values in found.items())


def _active_socket(run, unit):
    for name in (unit.get('TriggeredBy') or '').split():
        if (
            name.endswith('.socket')
            and run([find_program('systemctl'), 'is-active', '--', name]).out.strip() == 'active'
        ):
            return name
    return None


def commands_in(shown):
    """Return the command lines in what systemd shows of an Exec...= property: argv[]=WORD WORD ;
    each.
    """
    parts = [part.partition(u' ;') for part in shown.split(u'argv[]=')[1:]]
    return [command for command, end, _rest in parts if end]


def started_with(unit, read):
    """Return the words of a unit's ExecStart, its variables filled in as systemd does. read:
    path -> text or None.
    """
    commands = commands_in((unit or {}).get('ExecStart') or '')
    words = commands[0].split() if commands else []
    values = environment_of(unit or {}, read)
    filled = []
    for word in words:
        name = _VARIABLE.match(word)
        # A variable that stands alone without braces is cut into words; one in braces stays one
        # word, even an empty one.
        if name and name.group(2):
            filled.extend(values.get(name.group(2), '').split())
        else:
            filled.append(values.get(name.group(1), '') if name else word)
    return filled


def environment_of(unit, read):
    """Return {name: value} of the environment that a unit sets. read: path -> text or None."""
    pairs = _quoted_words(unit.get('Environment') or '')
    values = dict(pair.partition('=')[::2] for pair in pairs if '=' in pair)
    # Older releases print the same property under a name without the s.
    for line in (unit.get('EnvironmentFiles') or unit.get('EnvironmentFile') or '').split('\n'):
        values.update(assigned_in((read(line.split(' (')[0]) if line else None) or u''))
    return values


def _quoted_words(text):
    """Return the words of what systemd shows, or of several such lines.

    Words with blanks stand in double quotes, and a quote in them behind a backslash.
    """
    words, waiting = [], text.replace('\n', ' ').split(' ')[::-1]
    while waiting:
        word = waiting.pop()
        if word.startswith('"'):
            parts = [word[1:]]
            while waiting and not _ENDS.search(parts[-1]):
                parts.append(waiting.pop())
            word = ' '.join(parts)
            word = word[:-1] if _ENDS.search(parts[-1]) else '"' + word
        words += [word] if word else []
    return words


def assigned_in(text):
    """Return {name: value} of the assignments in a file of environment variables."""
    parts = [line.partition(u'=') for line in text.split(u'\n')]
    return dict(
        (name.lstrip(), value.strip().strip('"\''))
        for name, equals, value in parts
        if equals and re.match(r'\w+\Z', name.lstrip())
    )
