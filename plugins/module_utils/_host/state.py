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
from .._model import Around, Disk, HostState, Installed
from .._syntax.evaluate import World, active_directives, static_names
from .._syntax.httpd_options import compiled_mpm, defined_names
from .._syntax.trees import named_lines
from .._system import writing
from .._system.files import native_path, read_text, text_path
from .._system.ownership import judge_path, real_path
from . import (
    config,
    fpm,
    htaccess,
    httpd,
    keys,
    launch,
    others,
    panels,
    perl,
    php,
    php_extensions,
    places,
    servers,
    services,
    swaps,
)

# asking: `run` in the environment of the server; unit: properties of its unit, or None; launch:
# Launch that its service would make.
_Found = namedtuple('_Found', 'asking layout evidence compiled program unit launch')


def read_host(run, place=None):
    """Return the HostState. `run`: argv -> CommandResult; place: a Place, or None.

    Raises ReadError where no known layout is found.
    """
    asking, layout, evidence, compiled, program, unit, launched = _find(run, place)
    command = layout.command(program)
    plain = httpd.ask_build(asking, command)
    build = httpd.started_with(plain, launched.options)
    tree = config.read_tree(build.config_file, build.root, launched.environment, launched.options)
    world = _world(compiled.get(program, ()), launched, build)
    reading = Reading(evidence, compiled, tree, world)
    mpms = _read_mpms(layout, reading)
    choice = layout.read_choice(reading)
    service = _service(run, layout, reading, build, unit)
    known = _servers(compiled, service, _configured_pid_file(reading, build))
    found, beside = others.part_others(run, known, plain, build, service)
    php_files = php.read_php_files(tree, evidence)
    companion = fpm.read_fpm(run, layout, tree, world, php_files, found.running, service)
    evidence = dict(evidence, **(companion.files if companion else {}))
    return HostState(
        layout=layout.name,
        service=service,
        build=build,
        launch=launched,
        installed=_installed(mpms, compiled, php_files, tree, world)._replace(
            perl_threads=perl.read_perl_threads(run, tree),
            swaps=swaps.read_swaps(run, layout, mpms),
        ),
        choice=choice,
        servers=found,
        tree=tree,
        disk=_disk(layout, choice, reading._replace(evidence=evidence), php_files),
        around=_around(run, beside, tree, found.running, service),
        config_test=httpd.ask_config_test(asking, command, launched.options),
        fpm=companion,
    )


def _disk(layout, choice, reading, php_files):
    evidence, tree = reading.evidence, reading.tree
    return Disk(
        paths=_judge_paths(choice, tree, evidence, layout.folders),
        evidence=evidence,
        links=_links(evidence),
        htaccess=htaccess.read_htaccess(tree, reading.world, php_files),
        keys=keys.read_keys(tree, reading.world),
    )


def _around(run, beside, tree, running, service):
    return Around(
        panels=panels.read_panels(run),
        others=beside,
        port_holders=servers.read_port_holders(_listen_ports(tree), running, service),
    )


def _find(run, place):
    """Return a _Found: the program of the server, and what it is started with."""
    start = find_start(run, place) if place else None
    asking = partial(run, environment=start.environment) if start else run
    layout, evidence, compiled = find_layout(asking, place)
    program = layout.program(evidence, compiled)
    unit = services.ask_unit(run, layout.service)
    if start is None:
        start = launch.read_service_launch(run, layout, evidence, program, unit)
        asking = partial(run, environment=start.environment)
    return _Found(asking, layout, evidence, compiled, program, unit, start)


def _world(sources, launched, build):
    names = defined_names(launched.options)
    return World(static_names(sources), names, build.version, launched.environment)


def _read_mpms(layout, reading):
    """Return {mpm: (program, module or None)} of those whose files are there."""
    found = {}
    for mpm, (program, modules) in layout.mpms(reading).items():
        there = [path for path in modules or () if os.path.exists(native_path(path))]
        if modules is None or there:
            found[mpm] = (program, there[0] if there else None)
    return found


def _installed(mpms, compiled, php_files, tree, world):
    """Return the Installed, as far as the files themselves tell."""
    modules = dict((mpm, module) for mpm, (_path, module) in mpms.items() if module)
    paths = list(compiled) + list(php_files) + list(modules.values())
    return Installed(
        binaries=dict((mpm, path) for mpm, (path, _module) in mpms.items()),
        static_modules=dict((mpm, compiled[path]) for mpm, (path, _module) in mpms.items()),
        mpm_modules=modules,
        real_paths=dict((path, real_path(path)) for path in paths),
        php_files=php_files,
        php_extensions=php_extensions.read_php_extensions(tree, world, php_files),
    )


def _servers(compiled, service, configured):
    by_path = dict(
        (real_path(path), compiled_mpm(sources)) for path, sources in compiled.items() if sources
    )
    return servers.read_servers(by_path, service, configured)


def look_again(state):
    """Return the HostState with the server of its service as that runs now, and all else as it
    was read.
    """
    programs = dict(
        (state.installed.real_paths[path], compiled_mpm(state.installed.static_modules[mpm]))
        for mpm, path in state.installed.binaries.items()
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
        evidence = _read_evidence(layout)
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
    return [path for path in paths if _is_file_or_dangles(native_path(path))]


def _is_file_or_dangles(native):
    return os.path.isfile(native) or (os.path.islink(native) and not os.path.exists(native))


def _links(evidence):
    """Return {path: target} of those that are symbolic links."""
    return dict(
        (path, text_path(os.readlink(native_path(path))))
        for path in evidence
        if os.path.islink(native_path(path))
    )


def _read_evidence(layout):
    """Return {path: text or None} of what shows the layout, and what it may put into place."""
    evidence = dict(
        (path, _read_one(layout, path))
        for pattern in layout.evidence
        for path in _matching(pattern)
    )
    evidence.update((path, u'') for pattern in layout.names for path in _matching(pattern))
    while True:
        missing = [path for path in layout.sourced(evidence) if path not in evidence]
        if not missing:
            return evidence
        for path in missing:
            evidence[path] = read_text(path) if path.startswith('/') else None


def _read_one(layout, path):
    """Return the text of a file, None where there is none. What waits as a link in one folder, to
    stand in another one, is read as it will lead there.
    """
    native = native_path(path)
    if layout.waits(path) and os.path.islink(native):
        folder = os.path.realpath(native_path(layout.links_from))
        return read_text(text_path(os.path.join(folder, os.readlink(native))))
    return read_text(path)


def _service(run, layout, reading, build, unit):
    pid_file = _pid_file(layout, reading, build)
    service = services.read_service(run, layout.service, pid_file, unit)
    if unit is None:
        return service._replace(problem=services.ask_script(run, service))
    return service._replace(dependents=services.read_dependents(run, service.name, unit))


def _pid_file(layout, reading, build):
    """Return the pid file that the layout knows, else the one that the configuration sets."""
    return layout.pid_file(reading.evidence) or _configured_pid_file(reading, build)


def _configured_pid_file(reading, build):
    """Return the pid file that the configuration sets, else the compiled-in one, below the root
    that the configuration sets.
    """
    named = [
        item.args[0]
        for item in active_directives(reading.tree, reading.world)
        if item.name == 'pidfile' and item.args
    ]
    return os.path.join(
        reading.tree.root, named[-1] if named else httpd.below(build.root, build.pid_file)
    )


def _listen_ports(tree):
    ports = [line.args[0].rsplit(':', 1)[-1] for line in named_lines(tree, ('listen',))]
    return set(int(port) for port in ports if port.isdigit())


def _judge_paths(choice, tree, evidence, folders):
    texts = dict(evidence, **tree.files)
    facts = dict(
        (path, judge_path(path, text)) for path, text in texts.items() if path.startswith('/')
    )
    facts[choice.path] = judge_path(choice.path, choice.text)
    for folder in set(folders) | set(os.path.dirname(path) for path in tree.links):
        facts[folder] = judge_path(folder, None)
    for line in named_lines(tree, ('documentroot',)):
        path = os.path.join(tree.root, line.args[0])
        found = judge_path(path, None)
        facts[path] = found._replace(unwritable=writing.folder_problem(found.real))
    return facts
