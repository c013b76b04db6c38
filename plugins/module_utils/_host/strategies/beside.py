# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find out whether a unit's way of starting is understood: then a new main process can be
started in it, and systemd follows.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ..._model import Ability
from ..._syntax.httpd_conf import DIRECTIVE, parse_lines
from ..._system import processes
from ..._system.command import find_program
from .. import services
from ..launch import SHARING

MEANS = 'a drop-in of systemd'
TYPES = ('forking', 'notify')
# The first systemd with commands that keep all rights whatever the unit takes away.
OLDEST = 231
# Words with blanks in them cannot be told apart in what systemd shows.
_WORD = re.compile(r'^(\$(\w+|\{\w+\})|[A-Za-z0-9_./@:=+,-]+)$')
_CONTROL, _SERVER, _SCRIPT = (
    re.compile(r'/apache2?ctl$'),
    re.compile(r'/(httpd|apache2)(-\w+)?$'),
    re.compile(r'/start_apache2$'),
)
_FOREGROUND = '-DFOREGROUND'


def try_beside(run, state):
    """Return the Ability BESIDE, with the unit and how it starts a server in the background.

    Asks, and changes nothing.
    """
    service, main = state.service, state.servers.running.main
    problem = _judge_state(state)
    if problem:
        return Ability(None, problem)
    unit = service.unit or {}
    if unit.get('Type') not in TYPES or unit.get('Delegate') == 'yes':
        words = 'the unit %s is of a type (%s) for which it was never tried'
        return Ability(None, words % (unit.get('Id'), unit.get('Type')))
    command = beside_command(unit.get('ExecStart') or '')
    if command is None or not _is_started_by(unit, main, command):
        words = 'how %s starts the server is not understood well enough to start a second one'
        return Ability(None, words % unit.get('Id'))
    control = find_program('systemctl')
    version = parse_version(run([control, '--version']).out)
    if version < OLDEST:
        words = 'it was never tried with systemd %d (%d and newer)'
        return Ability(None, words % (version, OLDEST))
    return Ability(
        MEANS,
        None,
        dict(
            unit=unit['Id'],
            type=unit['Type'],
            start=command,
            control=control,
            remove=find_program('rm'),
        ),
    )


def _judge_state(state):
    """Return why no server can come up beside the running one, by what is known already; None
    where nothing is in the way.
    """
    service, main = state.service, state.servers.running.main
    if service.manager != 'systemd':
        return 'systemd does not look after the server'
    if service.main_pid != main.pid:
        words = 'systemd takes %s for the main process and not %d'
        return words % (service.main_pid or 'none', main.pid)
    if service.outdated:
        words = 'the files of %s have changed since systemd read them, and it would read them again'
        return words % service.name
    named = file_with(state.tree, 'scoreboardfile')
    if named:
        words = '%s sets ScoreBoardFile, whose memory the old server would take away at its end'
        return words % named
    return None


def file_with(tree, name):
    """Return the path of a file of the configuration that has this directive, in force or not;
    None where none has.
    """
    for path, text in sorted(tree.files.items()):
        if any(line.kind == DIRECTIVE and line.name == name for line in parse_lines(text)):
            return path
    return None


def parse_version(text):
    """Return the number of systemd's release in what `systemctl --version` says, 0 where there
    is none.
    """
    found = re.match(r'systemd (\d+)', text)
    return int(found.group(1)) if found else 0


def beside_command(shown):
    """Return the words that start a server beside the one that a unit's ExecStart starts, in the
    background; None where it is not understood.
    """
    commands = [found.split() for found in services.commands_in(shown)]
    if len(commands) != 1 or not commands[0] or not all(_WORD.match(word) for word in commands[0]):
        return None
    words = commands[0]
    if _CONTROL.search(words[0]) and words[1:] == ['start']:
        # What apachectl itself does not hand on to the server that it starts.
        return [
            find_program('env') or '/usr/bin/env',
            '-u',
            'APACHE_STARTED_BY_SYSTEMD',
            words[0],
            '-k',
            'start',
        ]
    if (_SERVER.search(words[0]) or _SCRIPT.search(words[0])) and _FOREGROUND in words:
        return [word for word in words if word != _FOREGROUND]
    return None


def _is_started_by(unit, main, command):
    """Return whether the running server was started by these very words, where that is not a
    script's business.
    """
    if not _SERVER.search(command[0]):
        return True
    return _plain(services.started_with(unit, services.read_settings)) == _plain(
        processes.command_line(main.pid)
    )


def _plain(words):
    kept = [word for word in words[1:] if word != _FOREGROUND]
    return kept[:-2] if kept[-2:] == SHARING else kept
