# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What hosts for tests are made of: trees, readings and facts of paths."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import fnmatch
import io
import os

from ansible_collections.webops.apache.plugins.module_utils import _model as model
from ansible_collections.webops.apache.plugins.module_utils._layouts.record import Reading
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import (
    World,
    static_names,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_conf import (
    DIRECTIVE,
    parse_lines,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_options import (
    defined_names,
)

ALL_FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'fixtures')
ROOT = '/etc/httpd'
MAIN = '/etc/httpd/conf/httpd.conf'
# The fields of a HostState that are records of several facts each.
PARTS = ('launch', 'installed', 'disk', 'around')


def fixture(name, folder='sysconfig_httpd'):
    """Text of a stock file, every byte of it."""
    with io.open(
        os.path.join(ALL_FIXTURES, folder, name), 'r', encoding='latin-1', newline=''
    ) as stream:
        return stream.read()


def tree_of(files, main=MAIN, root=ROOT):
    """A ConfigTree of {path: text}, its Include lines resolved among these files as httpd would
    on the disk.
    """
    includes = {}
    for path, text in files.items():
        for line in parse_lines(text):
            if line.kind == DIRECTIVE and line.name in ('include', 'includeoptional') and line.args:
                folder, name = os.path.split(os.path.join(root, line.args[0]))
                includes[(path, line.number)] = sorted(
                    other
                    for other in files
                    if os.path.dirname(other) == folder
                    and fnmatch.fnmatchcase(os.path.basename(other), name)
                )
    return model.ConfigTree(main, root, dict(files), includes, frozenset())


def reading_of(tree, evidence, compiled, program, version='2.2.15', options=()):
    """What a layout may judge by."""
    return Reading(
        evidence,
        compiled,
        tree,
        World(static_names(compiled.get(program, ())), defined_names(options), version),
    )


def paths_of(paths):
    """PathFacts of paths that may be written safely."""
    return dict((path, model.PathFacts(path, path, None, 'utf-8')) for path in paths)


def changed(state, **changes):
    """Return the HostState with other values of these fields, its own or of its parts."""
    for name, value in changes.items():
        owner = [part for part in PARTS if name in getattr(state, part)._fields]
        if owner:
            part = getattr(state, owner[0])._replace(**{name: value})
            state = state._replace(**{owner[0]: part})
        else:
            state = state._replace(**{name: value})
    return state
