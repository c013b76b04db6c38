# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Layout of SLES and openSUSE: one program for each MPM, and `APACHE_MPM=` in
/etc/sysconfig/apache2 names the MPM to run.

At each start start_apache2 writes the LoadModule lines anew, from APACHE_MODULES and the folder of
that MPM. A module that has no file there is silently left out. So the tree is read as it will be
written, and never edited there.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._model import EVENT, MPMS, PREFORK, THREADED, WORKER, Choice, FileEdit
from .._syntax import shell, shell_exports
from .._syntax.httpd_options import compiled_mpm
from .record import Layout

CHOICE_FILE, START = '/etc/sysconfig/apache2', '/usr/sbin/start_apache2'
VARIABLE, MODULES = 'APACHE_MPM', 'APACHE_MODULES'
# They decide which configuration is read.
_ALSO_READ = ('APACHE_SERVER_FLAGS', 'APACHE_HTTPD_CONF')
BASES = ('/usr/sbin/httpd-', '/usr/sbin/httpd2-')
FOLDERS = ('/usr/lib64/apache2', '/usr/lib/apache2')
PID_FILE = '/run/httpd.pid'
MAIN = '/etc/apache2/httpd.conf'
# start_apache2 takes both names for the same module.
_CGI = {True: 'cgid', False: 'cgi'}
_PHP = re.compile(r'^php[78]?$')


def detect(evidence, compiled):
    """The script that asks APACHE_MPM, and a program with an MPM linked in."""
    return VARIABLE in (evidence.get(START) or u'') and any(
        compiled_mpm(sources) for sources in compiled.values()
    )


def candidate_binaries(evidence):
    """Programs that may hold an MPM, of newer and of older releases."""
    return [base + mpm for base in BASES for mpm in MPMS]


def program(evidence, compiled):
    """The program that is configured; if it is not there, the first that is."""
    installed = _installed(compiled)
    return (
        installed.get(_named(evidence)[0])
        or installed[[mpm for mpm in MPMS if mpm in installed][0]]
    )


def _installed(compiled):
    found = {}
    for path in candidate_binaries({}):
        mpm = compiled_mpm(compiled.get(path) or ())
        if mpm and mpm not in found:
            found[mpm] = path
    return found


def _named(evidence):
    """Return (value or None, line or None, why it is unclear or None) of APACHE_MPM; an empty
    value leaves it to start_apache2.
    """
    text = evidence.get(CHOICE_FILE) or u''
    found = shell.find_assignments(text, VARIABLE)
    unclear = [
        assignment.unclear
        for name in (VARIABLE, MODULES) + _ALSO_READ
        for assignment in shell.find_assignments(text, name)
        if assignment.unclear
    ]
    last = found[-1] if found else None
    return (
        last.value if last else None,
        last.line if last else None,
        unclear[0] if unclear else None,
    )


def mpms(reading):
    """{mpm: (program, None)}: the MPM is linked in."""
    return dict((mpm, (path, None)) for mpm, path in _installed(reading.compiled).items())


def read_choice(reading):
    """Return the Choice that is configured."""
    installed = _installed(reading.compiled)
    value, line, unclear = _named(reading.evidence)
    default = program({}, reading.compiled)
    binary = installed.get(value, BASES[0] + value) if value else default
    return Choice(
        path=CHOICE_FILE,
        text=reading.evidence.get(CHOICE_FILE),
        value=value,
        line=line,
        binary=binary,
        default=default,
        mpm=compiled_mpm(reading.compiled.get(binary) or ()),
        unclear=unclear,
    )


def read_options(evidence, environment):
    """Return what start_apache2 passes to the program."""
    text = evidence.get(CHOICE_FILE) or u''
    flags = re.findall(r'[^ \t\n]+', _value_in(text, 'APACHE_SERVER_FLAGS'))
    names = [re.sub('^-D', '', flag) for flag in flags if flag != '-D']
    if _value_in(text, 'APACHE_EXTENDED_STATUS') == 'on':
        names.append('EXTENDED_STATUS')
    words = ['-D', 'SYSCONFIG', '-C', 'PidFile %s' % PID_FILE]
    folder = generated_folder(evidence)
    return (
        words
        + [word for name in names for word in ('-D', name)]
        + ['-C', 'Include %s/loadmodule.conf' % folder]
        + ['-C', 'Include %s/global.conf' % folder]
        + ['-f', main_file(evidence)]
        + ['-c', 'Include %s/include.conf' % folder]
    )


def _value_in(text, name):
    """Return the value of a variable, empty where there is none, or only a shell can tell it."""
    assigned = shell.last_assignment(text, name)
    return (assigned.value if assigned else u'') or u''


def main_file(evidence):
    """Return the main file that start_apache2 names."""
    return _value_in(evidence.get(CHOICE_FILE) or u'', 'APACHE_HTTPD_CONF') or MAIN


def generated_folder(evidence):
    """Return the folder beside the main file that start_apache2 writes."""
    return os.path.join(os.path.dirname(main_file(evidence)), 'sysconfig.d')


def exports(evidence):
    """Return the Exports of the file of settings."""
    return shell_exports.find_exports(evidence.get(CHOICE_FILE) or u'')


def generated_files(evidence):
    """Return the files that start_apache2 writes anew at each start."""
    return (generated_folder(evidence) + '/loadmodule.conf',)


def choose(state, tree, mpm):
    """Return the ConfigTree with the LoadModule lines that start_apache2 writes under this MPM."""
    generated = generated_files(state.disk.evidence)[0]
    if generated not in tree.files:
        return tree
    assigned = shell.last_assignment(state.disk.evidence.get(CHOICE_FILE) or u'', MODULES)
    lines = (
        [
            u'LoadModule %s %s' % found
            for found in [
                _module(state.disk.evidence, name, mpm) for name in (assigned.value or u'').split()
            ]
            if found
        ]
        if assigned
        else []
    )
    return tree._replace(files=dict(tree.files, **{generated: u'\n'.join(lines) + u'\n'}))


def _module(evidence, name, mpm):
    """Return (symbol, path) of a module that has a file under this MPM, else None."""
    name = re.sub(r'^mod_', u'', name)
    name = _CGI[mpm in THREADED] if name in _CGI.values() else name
    for folder in FOLDERS:
        for place in (folder + '-' + mpm, folder):
            path = '%s/mod_%s.so' % (place, name)
            if path in evidence:
                return (u'php_module' if name == 'php8' else u'%s_module' % name), path
    return None


def edit_choice_file(state, tree, mpm):
    """[FileEdit] that names this MPM, or none where it is the one that runs by default."""
    choice, binary = state.choice, state.installed.binaries.get(mpm)
    if binary is None or choice.mpm == mpm:
        return []
    text = shell.set_value(choice.text or u'', VARIABLE, u'' if binary == choice.default else mpm)
    return (
        [
            FileEdit(
                choice.path,
                state.disk.paths[choice.path].real,
                choice.text,
                text,
                'run the %s MPM' % mpm,
            )
        ]
        if text != choice.text
        else []
    )


class SysconfigApache2(Layout):
    """APACHE_MPM in /etc/sysconfig/apache2 chooses the program: SUSE."""

    name = 'sysconfig_apache2'
    service = 'apache2'
    evidence = (CHOICE_FILE, START)
    names = tuple(
        '%s%s/mod_*.so' % (folder, mark)
        for folder in FOLDERS
        for mark in [''] + ['-' + mpm for mpm in MPMS]
    )
    packages = {PREFORK: 'apache2-prefork', WORKER: 'apache2-worker', EVENT: 'apache2-event'}
    php_package = 'apache2-mod_php8'
    detect = staticmethod(detect)
    candidate_binaries = staticmethod(candidate_binaries)
    program = staticmethod(program)
    read_options = staticmethod(read_options)
    exports = staticmethod(exports)
    mpms = staticmethod(mpms)
    read_choice = staticmethod(read_choice)
    choose = staticmethod(choose)
    generated = staticmethod(generated_files)
    edit_choice_file = staticmethod(edit_choice_file)
    denial = ('/etc/apache2/conf.d/webops-no-php.conf', None)


LAYOUT = SysconfigApache2()
