# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Read one host: everything that the decision needs, in one go. Nothing here writes."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import fnmatch
import os
from collections import namedtuple
from functools import partial

from .._errors import ReadError
from .._layouts import loadmodule
from .._layouts.record import Reading
from .._layouts.table import LAYOUTS
from .._model import HostState
from .._syntax.evaluate import World, active_directives, static_names
from .._syntax.httpd_conf import DIRECTIVE, parse_lines
from .._syntax.httpd_options import compiled_mpm, defined_names
from .._system.files import native_path, read_text, text_path
from .._system.ownership import judge_path, real_path
from . import config, htaccess, httpd, others, panels, perl, php, places, servers, services, swaps

# asking: `run` in the environment of the server; unit: properties of its unit, or None.
_Found = namedtuple('_Found', 'asking layout evidence compiled program environment unit options')


def read_host(run, place=None):
    """Return the HostState. `run`: argv -> CommandResult; place: a Place, or None.

    Raises ReadError where no known layout is found.
    """
    asking, layout, evidence, compiled, program, environment, unit, options = _find(run, place)
    command = layout.command(program)
    plain = httpd.ask_build(asking, command)
    build = httpd.started_with(plain, options)
    tree = config.read_tree(build.config_file, build.root, environment, options)
    linked = static_names(compiled.get(program, ()))
    world = World(linked, defined_names(options), build.version, environment)
    reading = Reading(evidence, compiled, tree, world)
    mpms = _read_mpms(layout, reading)
    choice = layout.read_choice(reading)
    service = _service(run, layout, reading, build, unit)
    found, beside = others.part_others(run, _servers(compiled, service), plain, build, service)
    php_files = php.read_php_files(tree, evidence)
    return HostState(
        layout=layout.name,
        service=service,
        build=build,
        choice=choice,
        options=options,
        servers=found,
        tree=tree,
        php_files=php_files,
        panels=panels.read_panels(run),
        config_test=httpd.ask_config_test(asking, command, options),
        port_holders=servers.read_port_holders(_listen_ports(tree), found.running, service),
        paths=_judge_paths(choice, tree, evidence),
        real_paths=_real_paths(mpms, compiled, php_files),
        evidence=evidence,
        environment=environment,
        others=beside,
        swaps=swaps.read_swaps(run, layout, mpms),
        htaccess=htaccess.read_htaccess(tree, world, php_files),
        perl_threads=perl.read_perl_threads(run, tree),
        **_programs(mpms, compiled)
    )


def _find(run, place):
    """Return a _Found: the program of the server, and what it is started with."""
    start = find_start(run, place) if place else None
    asking = partial(run, environment=start.environment) if start else run
    layout, evidence, compiled = find_layout(asking, place)
    program = layout.program(evidence, compiled)
    unit = services.ask_unit(run, layout.service)
    if start:
        environment, options = start.environment, start.options
    else:
        environment = _environment(run, layout)
        options = layout.read_options(evidence) or _unit_options(unit, program)
    return _Found(asking, layout, evidence, compiled, program, environment, unit, options)


def _read_mpms(layout, reading):
    """Return {mpm: (program, module or None)} of those whose files are there."""
    return dict(
        (mpm, found)
        for mpm, found in layout.mpms(reading).items()
        if found[1] is None or os.path.exists(native_path(found[1]))
    )


def _programs(mpms, compiled):
    """Return the fields of the HostState that say how each MPM is run."""
    return {
        'binaries': dict((mpm, path) for mpm, (path, _module) in mpms.items()),
        'static_modules': dict((mpm, compiled[path]) for mpm, (path, _module) in mpms.items()),
        'mpm_modules': dict((mpm, module) for mpm, (_path, module) in mpms.items() if module),
    }


def _servers(compiled, service):
    by_path = dict(
        (real_path(path), compiled_mpm(sources)) for path, sources in compiled.items() if sources
    )
    return servers.read_servers(by_path, service)


def _real_paths(mpms, compiled, php_files):
    modules = [module for _path, module in mpms.values() if module]
    return dict((path, real_path(path)) for path in list(compiled) + list(php_files) + modules)


def look_again(state):
    """Return the HostState with the server of its service as that runs now, and all else as it
    was read.
    """
    programs = dict(
        (state.real_paths[path], compiled_mpm(state.static_modules[mpm]))
        for mpm, path in state.binaries.items()
    )
    return state._replace(
        servers=state.servers._replace(
            running=servers.read_servers(programs, state.service).running
        )
    )


def find_start(run, place):
    """Return the Start of the server at a Place.

    Raises ReadError where this host, or the service, cannot have one there.
    """
    try:
        usual = find_layout(run)
    except ReadError:
        pass  # a host may have that server only
    else:
        places.demand_place(usual[0], usual[2], place)
    return places.read_start(run, place)


def find_layout(run, place=None):
    """Return (Layout, {path: text or None} of its evidence, {program: linked modules}).

    Raises ReadError where none fits.
    """
    layouts = (loadmodule.LoadModuleAt(place),) if place else LAYOUTS
    for layout in layouts:
        evidence = dict(
            (path, read_text(path)) for pattern in layout.evidence for path in _matching(pattern)
        )
        evidence.update((path, u'') for pattern in layout.names for path in _matching(pattern))
        while True:
            missing = [path for path in layout.sourced(evidence) if path not in evidence]
            if not missing:
                break
            for path in missing:
                evidence[path] = read_text(path) if path.startswith('/') else None
        compiled = dict(
            (path, httpd.ask_compiled(run, path)) for path in layout.candidate_binaries(evidence)
        )
        if layout.detect(evidence, compiled):
            return layout, evidence, compiled
    if place:
        raise ReadError(
            'No server that loads its MPM was found there: %s. Nothing was changed.'
            % places.explain_program(*list(compiled.items())[0]),
            rule='layout_unknown',
        )
    raise ReadError(
        'No layout of httpd that this version knows was found (%s): looked for %s.'
        % (
            ', '.join(layout.name for layout in layouts),
            ', '.join(
                path
                for layout in layouts
                for path in tuple(layout.evidence) + tuple(layout.candidate_binaries({}))
            ),
        ),
        rule='layout_unknown',
    )


def _matching(pattern):
    """Return the path, or the files of a folder whose names match."""
    folder, name = os.path.split(pattern)
    if '*' not in name:
        return [pattern]
    try:
        names = [text_path(entry) for entry in os.listdir(native_path(folder))]
    except OSError:
        return []
    paths = [
        os.path.join(folder, entry) for entry in sorted(names) if fnmatch.fnmatchcase(entry, name)
    ]
    return [path for path in paths if os.path.isfile(native_path(path))]


def _environment(run, layout):
    """Return {name: value} of the environment in which httpd reads its configuration."""
    if not layout.environment:
        return {}
    lines = run(layout.environment).out.split('\n')
    return dict(line.partition('=')[::2] for line in lines if '=' in line)


def _unit_options(unit, program):
    """The options by which the unit starts this very program."""
    words = services.started_with(unit, read_text)
    return [word for word in words[1:] if word != '-DFOREGROUND'] if words[:1] == [program] else []


def _service(run, layout, reading, build, unit):
    pid_file = _pid_file(layout, reading, build)
    return services.read_service(run, layout.service, pid_file, unit)


def _pid_file(layout, reading, build):
    """Return the pid file that the layout knows, else the one that the configuration sets.

    Else it is the compiled-in one, below the root that the configuration sets.
    """
    known = layout.pid_file(reading.evidence)
    if known:
        return known
    named = [
        item.args[0]
        for item in active_directives(reading.tree, reading.world)
        if item.name == 'pidfile' and item.args
    ]
    return os.path.join(
        reading.tree.root, named[-1] if named else httpd.below(build.root, build.pid_file)
    )


def _directives(tree, name):
    for text in tree.files.values():
        for line in parse_lines(text):
            if line.kind == DIRECTIVE and line.name == name and line.args:
                yield line.args


def _listen_ports(tree):
    ports = [args[0].rsplit(':', 1)[-1] for args in _directives(tree, 'listen')]
    return set(int(port) for port in ports if port.isdigit())


def _judge_paths(choice, tree, evidence):
    texts = dict(evidence, **tree.files)
    facts = dict(
        (path, judge_path(path, text)) for path, text in texts.items() if path.startswith('/')
    )
    facts[choice.path] = judge_path(choice.path, choice.text)
    for args in _directives(tree, 'documentroot'):
        path = os.path.join(tree.root, args[0])
        facts[path] = judge_path(path, None)
    return facts
