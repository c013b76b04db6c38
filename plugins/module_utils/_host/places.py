# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""A server that lies elsewhere: who starts it, with which options, and the environment without
which its program may not even run.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._errors import ReadError
from .._layouts import loadmodule
from .._model import Launch
from .._syntax.httpd_options import compiled_mpm, last_option
from .._system.files import native_path, read_text, text_path
from . import launch, services

_COLLECTION = re.compile(r'^(/opt/rh/([A-Za-z0-9_.-]+))/root/')
_ENABLED = re.compile(r'^[ \t]*(?:export[ \t]+)?\w+_SCLS_ENABLED=(.*)$', re.MULTILINE)
_NAMES = re.compile(r'[A-Za-z0-9_. -]*\Z')
# What programs of this kind, and the scripts that start them, are called everywhere.
_SERVER = re.compile(
    r'^(httpd2?|apache2?)([.-](prefork|worker|event|itk|scl-wrapper))?$|^(apache2?|httpd)ctl$'
)
# How the layouts that have no place of another server are changed by hand.
BY_HAND = {
    'mods_enabled': 'Stop the instance, change the links in its own mods-enabled (a2dismod-NAME '
    'and a2enmod-NAME, made by setup-instance), start it.',
    'sysconfig_apache2': 'Stop the instance, set APACHE_MPM in its own '
    '/etc/sysconfig/apache2@NAME, start it.',
    'mpm_package': 'The package that is installed is the MPM of every instance; switch the usual '
    'server, with the instances stopped.',
    'sysconfig_httpd': 'Stop the instance, set the program that its own script starts, start it.',
}


def read_start(run, place):
    """Return the Launch that the service of the server at a Place makes.

    Raises ReadError where no service starts it, or starts something else than was named.
    """
    program, name = place.binary or loadmodule.PROGRAM, place.service or loadmodule.LAYOUT.service
    unit = services.ask_unit(run, name)
    if unit is None and not services.has_script(name):
        raise ReadError(
            'No service %s is known here (no unit of systemd, no script in /etc/init.d), so '
            'nothing could start %s again. Give the '
            'server a service, start it by that, and name it by the option service. Nothing was '
            'changed.' % (name, program),
            rule='service_missing',
        )
    words = services.started_with(unit, services.read_settings)
    _demand_same_program(words, program, name)
    values = services.environment_of(unit, services.read_settings) if unit else {}
    start = launch.parse_start(words, program) or launch.Start({}, [])
    values.update(start.environment)
    return Launch(
        options=_with_config(start.options, place, name),
        environment=read_environment(run, program, values),
        program=program,
        user=launch.user_of(unit),
    )


def _demand_same_program(words, program, name):
    """A unit that starts another httpd is another server's; of a script that nobody knows, the
    running process tells later.
    """
    if not words or launch.parse_start(words, program):
        return
    if (
        _SERVER.match(os.path.basename(words[0]))
        and os.path.dirname(words[0]) not in services.SCRIPTS
    ):
        raise ReadError(
            'The service %s starts %s, and not %s: name the program and the service of one server '
            'by the options binary and '
            'service. Nothing was changed.' % (name, words[0], program),
            rule='not_ours',
        )


def _with_config(options, place, name):
    named = last_option(options, '-f')
    if not place.config:
        return options
    if named is None:
        return options + ['-f', place.config]
    # A relative name is below the root, which only the program can tell; its end has to agree.
    if not (
        _real(named) == _real(place.config)
        or (not named.startswith('/') and place.config.endswith('/' + named))
    ):
        raise ReadError(
            'The service %s starts its server with the configuration %s, and not with %s: leave '
            'the option config out. Nothing was '
            'changed.' % (name, named, place.config),
            rule='not_ours',
        )
    return options


def read_environment(run, program, values):
    """Return {name: value} of the environment of a program: that of its unit, and what the
    scripts beside it add. values: the unit's.
    """
    scripts = environment_scripts(program, read_text)
    if not scripts:
        return values
    return launch.source_environment(run, scripts, values)


def environment_scripts(program, read):
    """Return the scripts that set the environment of a program: `scl enable` of its collection,
    or the envvars of apachectl. read: path -> text.
    """
    found = _COLLECTION.match(program)
    if not found:
        path = os.path.join(os.path.dirname(program), 'envvars')
        return [path] if read(path) is not None else []
    assigned = _ENABLED.findall(read(found.group(1) + '/service-environment') or u'')
    named = [
        value for value in [text.strip().strip('"\'') for text in assigned] if _NAMES.match(value)
    ]
    collections = named[-1].split() if named else [found.group(2)]
    return [
        path
        for path in ['/opt/rh/%s/enable' % collection for collection in collections]
        if read(path) is not None
    ]


def demand_place(layout, compiled, place):
    """Raise ReadError where this host's usual server, of this Layout, is no loadmodule one and
    an instance of it is named.
    """
    if layout.name != 'loadmodule' and (place.binary is None or place.binary in compiled):
        raise ReadError(
            'This host chooses its MPM in another way than by LoadModule lines alone (layout %s), '
            'and there the options binary, service '
            'and config cannot name an instance. Leave them out for the usual server. By hand: %s '
            'Nothing was changed.' % (layout.name, BY_HAND[layout.name]),
            rule='layout_unsupported',
        )


def explain_program(program, sources):
    """Why a program that was named is none that loads its MPM. sources: what it said is linked
    in.
    """
    if not os.access(native_path(program), os.X_OK):
        return 'there is no program %s' % program
    if not sources:
        return (
            '%s -l does not answer as httpd does, not even in the environment of its service'
            % program
        )
    if compiled_mpm(sources):
        return '%s has the %s MPM linked in, so another MPM would be another program' % (
            program,
            compiled_mpm(sources),
        )
    return '%s cannot load modules' % program


def _real(path):
    return text_path(os.path.realpath(native_path(path)))
