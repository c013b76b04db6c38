# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Layout of EL5, EL6 and Amazon Linux 1: one program for each MPM, and `HTTPD=` in
/etc/sysconfig/httpd names the one to run.

The init script sources that file and then runs `${HTTPD-/usr/sbin/httpd}`: without a colon, so an
empty `HTTPD=` would mean an empty program. So to go back to the default, comment the line out.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .._model import EVENT, PREFORK, WORKER, Choice, FileEdit
from .._syntax import shell, shell_exports
from .._syntax.httpd_options import WITH_VALUE, compiled_mpm
from .._syntax.shell_code import read_script
from .record import Layout

CHOICE_FILE = '/etc/sysconfig/httpd'
INIT_SCRIPT = '/etc/init.d/httpd'
VARIABLE = 'HTTPD'
DEFAULT = '/usr/sbin/httpd'
# They decide which configuration is read, and which process is ours.
_ALSO_READ = ('OPTIONS', 'PIDFILE')
_WORD = re.compile(r'[^ \t\n]+')
# How the init script starts the program.
_DAEMON, _PROGRAM, _OPTIONS = (
    u'daemon',
    (u'$httpd', u'${httpd}', u'"$httpd"'),
    [u'$OPTIONS', u'${OPTIONS}'],
)
# A path that is the same for us as for the shell. Files at other paths were not read.
_PLAIN_PATH = re.compile(r'^/[^$`*?[{]*$')


def detect(evidence, compiled):
    """An init script that asks HTTPD, and a program with an MPM linked in; with a loadable MPM
    the variable is ignored.

    `evidence`: {path: text or None}; `compiled`: {program: source names that `-l` lists}.
    """
    script = evidence.get(INIT_SCRIPT) or ''
    asked = _default_of('HTTPD', script)
    program = DEFAULT if asked is None else asked
    return asked is not None and any(
        mpm + '.c' in compiled.get(program, ()) for mpm in (PREFORK, WORKER, EVENT)
    )


def _default_binary(evidence):
    """The program that runs if nothing is set."""
    asked = _default_of('HTTPD', evidence.get(INIT_SCRIPT) or '')
    return DEFAULT if asked is None else asked


def _default_of(name, script):
    """Return the value in ${NAME-value} of a script, None where there is none."""
    value, end, _rest = script.partition('${%s-' % name)[2].partition('}')
    return value if end else None


def candidate_binaries(evidence):
    """Programs that may hold an MPM; the program itself is asked which one, its name does not
    count.
    """
    default = _default_binary(evidence)
    found = [default] + [default + mark + mpm for mpm in (WORKER, EVENT) for mark in ('.', '-')]
    set_now = shell.last_assignment(evidence.get(CHOICE_FILE) or u'', VARIABLE)
    chosen = _words_of(set_now.value if set_now else None)[0]
    return found + ([chosen] if chosen.startswith('/') and chosen not in found else [])


def program(evidence, compiled):
    """The program that is configured; if there is no such program, the default."""
    chosen = _chosen(evidence)[0]
    return chosen if compiled.get(chosen) else _default_binary(evidence)


def mpms(reading):
    """{mpm: (program, None)}: the MPM is linked in."""
    found = {}
    for path in candidate_binaries(reading.evidence):
        mpm = compiled_mpm(reading.compiled[path])
        if mpm and mpm not in found:
            found[mpm] = (path, None)
    return found


def read_choice(reading):
    """Return the Choice that is configured."""
    evidence = reading.evidence
    binary, value, line, unclear = _chosen(evidence)
    return Choice(
        path=CHOICE_FILE,
        text=evidence.get(CHOICE_FILE),
        value=value,
        line=line,
        binary=binary,
        default=_default_binary(evidence),
        mpm=compiled_mpm(reading.compiled.get(binary, ())),
        unclear=unclear,
    )


def _chosen(evidence):
    """Return (program, value or None, line or None, why it is unclear or None)."""
    text = evidence.get(CHOICE_FILE) or u''
    found = shell.find_assignments(text, VARIABLE)
    unclear = [
        assignment.unclear
        for name in (VARIABLE,) + _ALSO_READ
        for assignment in shell.find_assignments(text, name)
        if assignment.unclear
    ]
    unclear += [
        'it reads %s, which may set %s' % (path, name) for path, name in _set_elsewhere(evidence)
    ]
    last = found[-1] if found else None
    value = last.value if last else None
    return (
        _default_binary(evidence) if value is None else _words_of(value)[0],
        value,
        last.line if last else None,
        unclear[0] if unclear else None,
    )


def _words_of(value):
    """Return [program, option, ...] of a value of HTTPD, which the init script cuts at blanks."""
    return _WORD.findall(value or u'') or [u'']


def _set_elsewhere(evidence):
    """Return (path, name) of each file that is read on the way and may set what we read."""
    return [
        (path, name)
        for path in sourced(evidence)
        for name in (VARIABLE,) + _ALSO_READ
        if not _PLAIN_PATH.match(path) or shell.find_assignments(evidence.get(path) or u'', name)
    ]


def sourced(evidence):
    """Files that the shell reads as well when it reads this one, as far as the evidence tells."""
    found, waiting = [], shell.sourced_files(evidence.get(CHOICE_FILE) or u'')
    while waiting:
        path = waiting.pop(0)
        if path not in found:
            found.append(path)
            waiting.extend(shell.sourced_files(evidence.get(path) or u''))
    return found


def read_options(evidence, environment):
    """Return the words that the service passes to the program: those behind it in HTTPD, and
    those behind it in the init script, with OPTIONS among them.
    """
    sysconfig = evidence.get(CHOICE_FILE) or u''
    set_now = shell.last_assignment(sysconfig, VARIABLE)
    found = _words_of(set_now.value if set_now else None)[1:]
    assignment = shell.last_assignment(sysconfig, 'OPTIONS')
    options = _WORD.findall(assignment.value or u'') if assignment else []
    for word in _behind_program(evidence.get(INIT_SCRIPT) or u''):
        found += options if word in _OPTIONS else [word]
    return found


def _behind_program(script):
    """Return the words behind the program where the init script starts it; those of the stock
    script where only a shell can tell them.
    """
    for command in read_script(script).commands:
        words = command.words
        place = [words.index(name) for name in _PROGRAM if name in words]
        if place and _DAEMON in words[: place[0]]:
            found = _plain_options(words[place[0] + 1 :])
            return _OPTIONS[:1] if found is None else found
    return _OPTIONS[:1]


def _plain_options(words):
    """Return the options among words, without the files that output goes to; None where one of
    them needs a shell.
    """
    found, last = [], None
    for word in words:
        if word in _OPTIONS or word.startswith(u'-') or last in WITH_VALUE:
            found.append(word)
        last = word
    plain = all(word in _OPTIONS or not shell.is_expanded(word) for word in found)
    return [word if word in _OPTIONS else shell.unquoted(word) for word in found] if plain else None


def exports(evidence):
    """Return the Exports of the init script and of the file of settings that it reads."""
    paths = [INIT_SCRIPT] + sourced(evidence) + [CHOICE_FILE]
    found = [shell_exports.find_exports(evidence.get(path) or u'') for path in paths]
    values, unclear = {}, frozenset()
    for each in found:
        values.update(each.values)
        unclear = (unclear - frozenset(each.values)) | each.unclear
    known = dict((name, value) for name, value in values.items() if name not in unclear)
    return shell_exports.Exports(known, unclear)


def pid_file(evidence):
    """The file in which the service manager looks for the main process."""
    assignment = shell.last_assignment(evidence.get(CHOICE_FILE) or u'', 'PIDFILE')
    default = _default_of('PIDFILE', evidence.get(INIT_SCRIPT) or '')
    if assignment and assignment.value:
        return assignment.value
    return '/var/run/httpd/httpd.pid' if default is None else default


def edit_choice_file(state, tree, mpm):
    """[FileEdit] that makes the program with this MPM the one to run; [] if it is already, or if
    there is none.
    """
    choice, binary = state.choice, state.installed.binaries.get(mpm)
    if binary is None or choice.mpm == mpm:
        return []
    text = write_choice(choice.text, binary, choice.default, _words_of(choice.value)[1:])
    if text == choice.text:
        return []
    return [
        FileEdit(
            choice.path,
            state.disk.paths[choice.path].real,
            choice.text,
            text,
            'run the %s MPM' % mpm,
        )
    ]


def write_choice(text, binary, default, options=()):
    """Return the new text of the file that makes `binary` the one to run; `text` is None where
    there is no file yet. options: words behind the program, which stay.
    """
    if binary == default and not options:
        return text if text is None else shell.comment_out(text, VARIABLE)
    return shell.set_value(text or u'', VARIABLE, u' '.join([binary] + list(options)))


class SysconfigHttpd(Layout):
    """HTTPD= in /etc/sysconfig/httpd names the program: EL5 and EL6."""

    name = 'sysconfig_httpd'
    service = 'httpd'
    evidence = (INIT_SCRIPT, CHOICE_FILE)
    packages = {PREFORK: 'httpd', WORKER: 'httpd', EVENT: 'httpd'}
    zts_package = 'php-zts'
    php_package = 'php'
    detect = staticmethod(detect)
    candidate_binaries = staticmethod(candidate_binaries)
    program = staticmethod(program)
    sourced = staticmethod(sourced)
    read_options = staticmethod(read_options)
    exports = staticmethod(exports)
    pid_file = staticmethod(pid_file)
    mpms = staticmethod(mpms)
    read_choice = staticmethod(read_choice)
    edit_choice_file = staticmethod(edit_choice_file)


LAYOUT = SysconfigHttpd()
