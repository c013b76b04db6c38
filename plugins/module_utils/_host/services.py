# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask the service manager how it starts and stops the server, and what it knows of it.

Nothing here starts or stops anything.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import glob
import os
import re

from .._errors import CommandError, ReadError
from .._model import Dependent, Service
from .._syntax.environment_file import parse_environment_file
from .._system import processes
from .._system.command import find_program
from .._system.files import native_path, read_text, text_path
from .._system.ownership import judge_path
from .._text import foreign
from . import unit_paths

# systemd's own way to tell whether a host was booted with it: sd_booted(3).
SYSTEMD = '/run/systemd/system'
SCRIPTS = ('/etc/init.d', '/etc/rc.d/init.d')
# By which a unit names those that systemd stops together with it.
_BONDS = ('RequiredBy', 'RequisiteOf', 'BoundBy', 'ConsistsOf', 'PropagatesStopTo')
PROPERTIES = (
    (
        'Id',
        'Type',
        'Delegate',
        'LoadState',
        'UnitFileState',
        'ActiveState',
        'PrivateTmp',
        'MainPID',
        'ControlGroup',
        'TriggeredBy',
        'Restart',
        'ExecStart',
        'Environment',
        'EnvironmentFiles',
        'EnvironmentFile',
        'UnsetEnvironment',
        'User',
        'NeedDaemonReload',
        'KillMode',
    )
    + _BONDS
    + unit_paths.PROPERTIES
)
_ABOUT_DEPENDENTS = (
    'Id',
    'LoadState',
    'ActiveState',
    'UnitFileState',
    'RefuseManualStart',
    'Transient',
)
# Those that a start brings back as they were: the start of a target starts other units, too.
_STARTABLE = ('.service', '.socket', '.timer', '.path')
MOST_DEPENDENTS = 100
# As systemd has a unit whose file has an error: the server runs on, and no start is possible.
_UNUSABLE = ('bad-setting', 'error')
# Seconds for a script of init to say how its service is.
STATUS_SECONDS = 15
# The characters of a unit's name, see systemd.unit(5).
_NAME = re.compile(r'^[A-Za-z0-9_][A-Za-z0-9_.@:\\-]*\Z')
_VARIABLE = re.compile(r'^\$(?:\{(\w+)\}|(\w+))$')
_IN_BRACES = re.compile(r'\$\{(\w+)\}')
_PATTERN = re.compile(r'[*?[]')
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
        outdated=unit.get('NeedDaemonReload') == 'yes',
        lost=tuple(unit_paths.lost_paths(unit)),
        unit=unit,
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
    return bool(_scripts(name))


def _scripts(name):
    paths = [os.path.join(folder, name) for folder in SCRIPTS]
    return [path for path in paths if os.access(native_path(path), os.X_OK)]


def ask_script(run, service):
    """Return why a service without a unit cannot even say how it is, None where it can.

    A script that others than root can change is not run.
    """
    state = _show(run, service.name, PROPERTIES).get('LoadState')
    if state in _UNUSABLE:
        # Its script would only have systemd start the unit.
        return 'systemd cannot use its unit (LoadState=%s)' % state
    scripts = _scripts(service.name)
    if not scripts:
        return 'systemd has no unit that could be started, and there is no script %s to run' % (
            ' or '.join(os.path.join(folder, service.name) for folder in SCRIPTS)
        )
    if judge_path(scripts[0], None).problem:
        return None
    argv = service.start[:-1] + ['status']
    try:
        result = run(argv, timeout=STATUS_SECONDS)
    except CommandError as e:
        return e.message
    if answers(result):
        return None
    said = foreign((result.err or result.out).strip()) or 'no word'
    return '`%s` ends with exit code %d: %s' % (' '.join(argv), result.rc, said)


def answers(result):
    """Return whether a script's answer to `status` is one: 0 to 3 by the LSB, and said in words.

    A script that cannot run says something on its error output alone; one without such an action
    says how it is used.
    """
    if result.rc not in (0, 1, 2, 3):
        return False
    return result.rc == 0 or bool(result.out.strip()) or 'usage' in result.err.lower()


def read_dependents(run, name, unit):
    """Return the Dependents of a service: the units that run, and that systemd stops together with
    it or with one of them. unit: its properties.
    """
    found, seen = [], set([unit_name(name)])
    waiting = _bound_in(unit, seen)
    while waiting and len(seen) < MOST_DEPENDENTS:
        unit = _ask_dependent(run, waiting.pop(0))
        if unit.get('ActiveState') in ('active', 'activating', 'reloading'):
            found.append(Dependent(unit['Id'], _problem_of_dependent(unit)))
            waiting.extend(_bound_in(unit, seen))
    return found


def _ask_dependent(run, name):
    return _show(run, name, _ABOUT_DEPENDENTS + _BONDS)


def _bound_in(unit, seen):
    """Return the names of units that go with this one and were not seen yet, and note them."""
    names = sorted(set(name for bond in _BONDS for name in unit.get(bond, '').split()) - seen)
    seen.update(names)
    return [name for name in names if is_name(name)]


def _problem_of_dependent(unit):
    if not unit['Id'].endswith(_STARTABLE):
        return 'a start of it may start other units, too'
    if unit.get('LoadState') != 'loaded' or unit.get('UnitFileState', '').startswith('masked'):
        return 'systemd has no unit of it that can be started'
    if unit.get('RefuseManualStart') == 'yes':
        return 'it may not be started by hand'
    if unit.get('Transient') == 'yes':
        return 'its unit is gone when it is stopped'
    return 'it is just being started' if unit.get('ActiveState') == 'activating' else None


def unit_name(name):
    """The full name of a service's unit."""
    return name if name.endswith('.service') else name + '.service'


def ask_unit(run, name):
    """Return {property: text} of a unit; None where systemd does not run, or can have or knows
    no such unit.
    """
    unit = _show(run, name, PROPERTIES)
    return unit if unit.get('LoadState') in ('loaded', 'masked') else None


def _show(run, name, properties):
    """Return {property: text} of whatever systemd has by a name; {} where there is no systemd."""
    if (
        not is_name(name)
        or not os.path.isdir(native_path(SYSTEMD))
        or not find_program('systemctl')
    ):
        return {}
    shown = run(
        [
            find_program('systemctl'),
            'show',
            '--property',
            ','.join(properties),
            '--',
            name,
        ]
    )
    return parse_unit(shown.out)


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
            filled.append(_IN_BRACES.sub(lambda found: values.get(found.group(1), ''), word))
    return filled


def environment_of(unit, read):
    """Return {name: value} of the environment that a unit sets. read: path -> text or None."""
    pairs = _quoted_words(unit.get('Environment') or '')
    values = dict(pair.partition('=')[::2] for pair in pairs if '=' in pair)
    # Older releases print the same property under a name without the s.
    for line in (unit.get('EnvironmentFiles') or unit.get('EnvironmentFile') or '').split('\n'):
        text = read(line.split(' (')[0]) if line else None
        values.update(parse_environment_file(text or u''))
    for word in _quoted_words(unit.get('UnsetEnvironment') or ''):
        name, equals, value = word.partition('=')
        if not equals or values.get(name) == value:
            values.pop(name, None)
    return values


def read_settings(pattern):
    """Return the text of the files that a unit names, in their order; None where there is none."""
    found = glob.glob(native_path(pattern)) if _PATTERN.search(pattern) else [native_path(pattern)]
    texts = [read_text(text_path(path)) for path in sorted(found)]
    known = [text for text in texts if text is not None]
    return u'\n'.join(known) if known else None


def ask_environment(run):
    """Return {name: value} of what systemd hands to every service (DefaultEnvironment=,
    `systemctl set-environment`).
    """
    lines = run([find_program('systemctl'), 'show-environment']).out.split('\n')
    # A value with special characters is in $'': only a shell could tell it.
    pairs = [line.partition('=') for line in lines if "=$'" not in line]
    return dict((name, value) for name, equals, value in pairs if equals)


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
