# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Tell servers that run the same program apart: by the configuration that each was started with,
and by the service that owns it.

Only processes of root are asked what they were started with, and of their files only those are read
that root alone can change: the others are whatever some user likes.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os

from .._errors import ReadError
from .._model import Other
from .._system import processes
from .._system.files import native_path
from .._system.ownership import real_path
from . import config, httpd, services

# Seconds for the configuration of one.
MAX_SECONDS = 20


def part_others(run, found, plain, build, service):
    """Return (Servers without the servers of another configuration, [Other]); of a running
    server, note a configuration that is not ours.

    found: Servers; plain: the Build of the program without options; build: as our service starts
    it; service: the Service.
    """
    ours, strangers, others = real_path(build.config_file), [], []
    if found.running:
        started = _config_of(found.running.main, plain)
        found = found._replace(
            running=found.running._replace(config=None if started in (None, ours) else started)
        )
    for main in found.strangers:
        other = _read_other(run, main, plain)
        if other and is_another(other, ours, found.running, service.name):
            others.append(other)
        else:
            strangers.append(main)
    return found._replace(strangers=strangers), others


def is_another(other, config_file, running, name):
    """Return whether a server is not ours, since it has another main file; where ours is
    missing, another service has to own it, too.

    config_file: our main file, a real path; running: our Running or None; name: of our service.
    """
    owned = other.service is not None and other.service != services.unit_name(name)
    return other.config != config_file and (running is not None or owned)


def _read_other(run, main, plain):
    """Return the Other of a main process; None where it is not known what it reads."""
    words = processes.command_line(main.pid)[1:]
    started = _config_of(main, plain)
    if started is None or not os.path.exists(native_path(started)):
        return None
    build = httpd.started_with(plain, words)
    files, problem = None, None
    try:
        tree = config.read_tree(
            build.config_file,
            build.root,
            processes.environment_of(main.pid),
            words,
            MAX_SECONDS,
            roots_alone=True,
        )
        files = frozenset(real_path(path) for path in tree.files if path.startswith('/'))
    except ReadError as e:
        problem = e.message
    return Other(
        process=main, config=started, files=files, service=_owner(run, main), problem=problem
    )


def _config_of(main, plain):
    words = processes.command_line(main.pid)
    return real_path(httpd.started_with(plain, words[1:]).config_file) if words else None


def _owner(run, main):
    """The service whose main process this is: a shell's control group is some service's, too,
    and does not own what is started by hand.
    """
    for path in sorted(processes.control_groups(main.pid)):
        name = os.path.basename(path)
        unit = services.ask_unit(run, name) if name.endswith('.service') else None
        if unit and unit.get('MainPID') == '%d' % main.pid:
            return name
    return None
