# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask an httpd program what it is.

`-l` and `-V` speak of the program on disk, never of what runs.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._errors import ReadError
from .._model import Build
from .._syntax.httpd_options import last_option
from .._system.files import native_path

_DEFINE = re.compile(r'^ -D (\w+)="([^"]*)"', re.MULTILINE)
_VERSION = re.compile(r'^Server version: \S+?/(\d+(?:\.\d+)*)', re.MULTILINE)


def ask_compiled(run, binary):
    """Return the source names of the modules linked into a program, [] where there is no such
    program.
    """
    if not os.access(native_path(binary), os.X_OK):
        return []
    return parse_compiled(run([binary, '-l']).out)


def parse_compiled(text):
    """Parse the output of `httpd -l`."""
    return [line.strip() for line in text.splitlines() if re.match(r'^\s+\w+\.c\s*$', line)]


def ask_build(run, command):
    """Return the Build of a program. command: argv by which it is asked.

    Raises ReadError where its answer is not httpd's.
    """
    result = run(list(command) + ['-V'])
    return parse_build(result.out, ' '.join(command))


def parse_build(text, binary):
    """Parse the output of `httpd -V`."""
    version, defines = _VERSION.search(text), dict(_DEFINE.findall(text))
    if not version or 'SERVER_CONFIG_FILE' not in defines:
        raise ReadError('%s -V did not answer as httpd does.' % binary, binary=binary)
    root = defines.get('HTTPD_ROOT', '/')
    return Build(
        version.group(1),
        root,
        os.path.join(root, defines['SERVER_CONFIG_FILE']),
        os.path.join(root, defines.get('DEFAULT_PIDLOG', 'run/httpd.pid')),
    )


def started_with(build, options):
    """Return the Build as the program takes it that is started with these options: `-d` moves
    the root, `-f` names another file.
    """
    root = last_option(options, '-d') or build.root
    named = last_option(options, '-f') or below(build.root, build.config_file)
    return build._replace(
        root=root,
        config_file=os.path.join(root, named),
        pid_file=os.path.join(root, below(build.root, build.pid_file)),
    )


def below(root, path):
    """Return a path as it is named below the root; one that lies elsewhere as it is."""
    return path[len(root) + 1 :] if path.startswith(root + '/') else path


def ask_config_test(run, command, options):
    """Test the configuration on disk with this program; the answer is a CommandResult."""
    return run(list(command) + list(options) + ['-t'])
