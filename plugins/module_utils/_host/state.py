# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Read one host: everything that the decision needs, in one go. Nothing here writes."""
import os

from . import config, httpd, panels, php, servers
from .._errors import ReadError
from .._layouts.table import LAYOUTS
from .._model import Choice, HostState, Service
from .._syntax.httpd_conf import DIRECTIVE, parse_lines
from .._system.command import find_program
from .._system.files import judge_path, native_path, read_text, text_path


def read_host(run):
    """Give the HostState. `run`: argv -> CommandResult. Raises ReadError where no known layout is found."""
    layout, evidence, compiled = find_layout(run)
    binaries = _binaries(layout, evidence, compiled)
    choice = _choice(layout, evidence, compiled)
    options = layout.read_options(evidence)
    program = choice.binary if compiled.get(choice.binary) else choice.default
    build = httpd.started_with(httpd.ask_build(run, program), options)
    tree = config.read_tree(build.config_file, build.root)
    service = _service(layout, evidence)
    by_path = dict((_real(path), httpd.compiled_mpm(sources)) for path, sources in compiled.items() if sources)
    found = servers.read_servers(by_path, service.pid_file)
    php_files = php.read_php_files(tree)
    return HostState(
        layout.name, service, build, binaries, dict((mpm, compiled[path]) for mpm, path in binaries.items()), choice, options,
        found, tree, php_files, panels.read_panels(run), httpd.ask_config_test(run, program, options),
        servers.read_port_holders(_listen_ports(tree), found.running), _judge_paths(choice, tree),
        dict((path, _real(path)) for path in list(binaries.values()) + list(php_files)))


def find_layout(run):
    """Give (Layout, {path: text or None} of its evidence, {program: linked modules}). Raises ReadError where none fits."""
    for layout in LAYOUTS:
        evidence = dict((path, read_text(path)) for path in layout.evidence)
        waiting = list(layout.sourced(evidence[layout.choice_file]))
        while waiting:
            path = waiting.pop(0)
            if path not in evidence:
                evidence[path] = read_text(path) if path.startswith('/') else None
                waiting.extend(layout.sourced(evidence[path]))
        compiled = dict((path, httpd.ask_compiled(run, path)) for path in layout.candidate_binaries(evidence))
        if layout.detect(evidence, compiled):
            return layout, evidence, compiled
    raise ReadError('No layout of httpd that this version knows was found (%s): looked for %s.' % (
        ', '.join(layout.name for layout in LAYOUTS),
        ', '.join(path for layout in LAYOUTS for path in layout.evidence)), rule='layout_unknown')


def _binaries(layout, evidence, compiled):
    found = {}
    for path in layout.candidate_binaries(evidence):
        mpm = httpd.compiled_mpm(compiled[path])
        if mpm and mpm not in found:
            found[mpm] = path
    return found


def _choice(layout, evidence, compiled):
    value, line, unclear = layout.read_choice(evidence)
    default = layout.default_binary(evidence)
    binary = default if value is None else value
    return Choice(layout.choice_file, evidence[layout.choice_file], value, line, binary, default,
                  httpd.compiled_mpm(compiled.get(binary, ())), unclear)


def _service(layout, evidence):
    program = find_program('service')
    base = [program, layout.service] if program else ['/etc/init.d/%s' % layout.service]
    return Service(layout.service, 'sysv', base + ['start'], base + ['stop'], layout.pid_file(evidence))


def _real(path):
    return text_path(os.path.realpath(native_path(path)))


def _directives(tree, name):
    for text in tree.files.values():
        for line in parse_lines(text):
            if line.kind == DIRECTIVE and line.name == name and line.args:
                yield line.args


def _listen_ports(tree):
    ports = [args[0].rsplit(':', 1)[-1] for args in _directives(tree, 'listen')]
    return set(int(port) for port in ports if port.isdigit())


def _judge_paths(choice, tree):
    facts = dict((path, judge_path(path, text)) for path, text in tree.files.items())
    facts[choice.path] = judge_path(choice.path, choice.text)
    for args in _directives(tree, 'documentroot'):
        path = os.path.join(tree.root, args[0])
        facts[path] = judge_path(path, None)
    return facts
