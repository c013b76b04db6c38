# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What a user may ask for: the options of the module, and what can be wrong with them before any
host is read.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ._errors import InputError
from ._host.services import is_name
from ._model import (
    MPMS,
    PREFORK,
    PRESENT,
    REHEARSED,
    ROLLED_BACK,
    STATES,
    THREADED,
    Place,
    Wanted,
)
from ._plan import directives
from ._plan.rules import ACCEPTABLE, RULES
from ._plan.strategies import choose
from ._proof.probes import parse_probe

PHP_CHOICES = ('auto', 'keep', 'zts', 'fpm', 'none')
# If namespaces are not available: go on with a warning, refuse, or do not even try.
REHEARSE_CHOICES = ('auto', 'required', 'never')
# [(option, its values)] of those that may have one of a few.
CHOICES = (
    ('state', STATES),
    ('strategy', choose.CHOICES),
    ('rehearse', REHEARSE_CHOICES),
)
# {option: (least, most)}, all in seconds.
SECONDS = {'drain_timeout': (0, 3600), 'stop_timeout': (1, 3600), 'soak': (0, 3600)}
# The same, for the action plugin alone: the host does not use it.
RECONNECT = {'reconnect_timeout': (0, 3600)}
# Pages: each is asked at least five times.
PAGES = {'probe_pages': (0, 200)}

ARGUMENTS = {
    'name': {'type': 'str', 'choices': list(MPMS)},
    'state': {'type': 'str', 'default': PRESENT, 'choices': list(STATES)},
    'transaction': {'type': 'str'},
    'php': {'type': 'str', 'default': 'auto', 'choices': list(PHP_CHOICES)},
    'directives': {'type': 'dict', 'default': {}},
    'probes': {
        'type': 'list',
        'elements': 'dict',
        'default': [],
        'options': {
            'url': {'type': 'str', 'required': True},
            'status': {'type': 'int'},
            'contains': {'type': 'str'},
        },
    },
    'probe_pages': {'type': 'int', 'default': 0},
    'probe_queries': {'type': 'bool', 'default': False},
    'probe_sites': {'type': 'bool', 'default': True},
    'drain_timeout': {'type': 'int', 'default': 5},
    'stop_timeout': {'type': 'int', 'default': 10},
    'soak': {'type': 'int', 'default': 1},
    'reconnect_timeout': {'type': 'int', 'default': 60},
    'accept': {'type': 'list', 'elements': 'str', 'default': []},
    'strategy': {'type': 'str', 'default': 'auto', 'choices': list(choose.CHOICES)},
    'rehearse': {'type': 'str', 'default': 'auto', 'choices': list(REHEARSE_CHOICES)},
}
# Where the server is, for all modules.
PLACE = {'binary': {'type': 'path'}, 'service': {'type': 'str'}, 'config': {'type': 'path'}}
ARGUMENTS.update(PLACE)


def read_request(options):
    """Return what is Wanted.

    Raises InputError with everything that is wrong, by the name of the option.
    """
    state = options.get('state', PRESENT)
    if state == ROLLED_BACK:
        options = dict(options, name=options.get('name') or PREFORK)
    problems = check_request(options)
    if problems:
        raise InputError(' '.join(problems), problems=problems)
    seconds = dict((name, directives.number_of(options[name])) for name in SECONDS)
    return Wanted(
        mpm=options['name'],
        php=None if options['php'] == 'auto' else options['php'],
        directives=options['directives'],
        probes=[parse_probe(probe) for probe in options['probes']],
        drain_timeout=seconds['drain_timeout'],
        stop_timeout=seconds['stop_timeout'],
        soak=seconds['soak'],
        accept=options['accept'],
        place=read_place(options),
        strategy=options.get('strategy', 'auto'),
        rehearse=options.get('rehearse', 'auto'),
        state=state,
        probe_pages=directives.number_of(options.get('probe_pages', 0)),
        probe_queries=bool(options.get('probe_queries', False)),
        probe_sites=bool(options.get('probe_sites', True)),
    )


def read_place(options):
    """Return the Place that is named, or None.

    Raises InputError for a value that is not a path, or not the name of a service.
    """
    problems = _wrong_place(options)
    if problems:
        raise InputError(' '.join(problems), problems=problems)
    place = Place(*[options.get(name) for name in Place._fields])
    return place if any(place) else None


def _wrong_place(options):
    problems = [
        '%s: %r is not an absolute path on one line.' % (name, options[name])
        for name in ('binary', 'config')
        if options.get(name)
        and (not options[name].startswith('/') or re.search(r'[\0\n\r]', options[name]))
    ]
    if options.get('service') and not is_name(options['service']):
        problems.append('service: %r is not the name of a service.' % options['service'])
    return problems


def check_request(options):
    """Return what is wrong with the options, as sentences; [] where nothing is.

    Pure, so a controller can check before it asks any host.
    """
    mpm = options.get('name')
    if mpm not in MPMS:
        return ['name: %r is not a valid MPM. Choose one of %s.' % (mpm, ', '.join(MPMS))]
    problems = [
        'directives: %s' % problem
        for problem in directives.check_directives(mpm, options.get('directives') or {})
    ]
    problems += _wrong_php(mpm, options.get('php'))
    problems += _wrong_numbers(options, dict(SECONDS, **RECONNECT), 'a number of seconds')
    problems += _wrong_numbers(options, PAGES, 'a number of pages')
    return (
        problems
        + _wrong_choices(options)
        + _wrong_place(options)
        + _wrong_accept(options.get('accept') or [])
        + _wrong_probes(options.get('probes') or [])
    )


def _wrong_choices(options):
    problems = [
        '%s: %r is not one of %s.' % (name, options[name], ', '.join(choices))
        for name, choices in CHOICES
        if name in options and options[name] not in choices
    ]
    if options.get('state') == REHEARSED and options.get('rehearse') == 'never':
        problems.append('rehearse: never does not go with state rehearsed.')
    return problems


def _wrong_numbers(options, bounds, what):
    """Return what is wrong with numbers. bounds: {option: (least, most)}; what: they are."""
    problems = []
    for name in sorted(bounds):
        value = directives.number_of(options.get(name, bounds[name][0]))
        if value is None or not bounds[name][0] <= value <= bounds[name][1]:
            words = '%s: %r is not %s from %d to %d.'
            problems.append(words % ((name, options[name], what) + bounds[name]))
    return problems


def _wrong_php(mpm, php):
    if php is not None and php not in PHP_CHOICES:
        return ['php: %r is not one of %s.' % (php, ', '.join(PHP_CHOICES))]
    if php == 'zts' and mpm not in THREADED:
        return ['php: zts is for worker and event; prefork takes any PHP.']
    return []


def _wrong_accept(accept):
    known = [name for name, _rule in RULES]
    return [
        'accept: %s is not a rule. The rules are %s.' % (name, ', '.join(known))
        if name not in known
        else 'accept: the rule %s cannot be accepted; only %s can.' % (name, ', '.join(ACCEPTABLE))
        for name in accept
        if name not in ACCEPTABLE
    ]


def _wrong_probes(probes):
    problems = []
    for probe in probes:
        try:
            parse_probe(probe)
        except InputError as e:
            problems.append(e.message)
    return problems
