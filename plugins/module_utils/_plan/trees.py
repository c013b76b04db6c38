# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Put a new text into a ConfigTree."""
from .._syntax.httpd_conf import DIRECTIVE, parse_lines


def with_text(tree, path, text):
    """Give the tree in which the file `path` has another text, with its Include lines wherever they have moved to.

    The text must have the Include lines that the old one has, in their order.
    """
    files, includes = dict(tree.files), dict(tree.includes)
    files[path] = text
    moved = zip(_include_lines(tree.files[path]), _include_lines(text))
    for key in [key for key in includes if key[0] == path]:
        del includes[key]
    for before, now in moved:
        if (path, before) in tree.includes:
            includes[(path, now)] = tree.includes[(path, before)]
    return tree._replace(files=files, includes=includes)


def _include_lines(text):
    return [line.number for line in parse_lines(text) if line.kind == DIRECTIVE and line.name in ('include', 'includeoptional')]
