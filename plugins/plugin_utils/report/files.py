# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""The files of a report on the controller."""

from __future__ import annotations

import os
import tempfile
from typing import Any

ENDINGS = ('.html', '.json', '.csv')


class BadPath(Exception):
    """A path that no report can be written to; the argument says why not, as a sentence."""


def read_paths(value: Any) -> list[str]:
    """Return the absolute paths in a list, or in a text with commas. Raises BadPath.

    Each has one of ENDINGS, and lies in a folder that is there.
    """
    names = value.split(',') if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadPath('mpm_report is a path, or a list of paths, and not %r.' % (value,))
    paths = [os.path.abspath(os.path.expanduser(name.strip())) for name in names if name.strip()]
    for path in paths:
        if not path.endswith(ENDINGS):
            raise BadPath('A report ends in %s, and %s does not.' % (' or '.join(ENDINGS), path))
        folder = os.path.dirname(path)
        if not os.path.isdir(folder):
            raise BadPath('There is no folder %s for the report %s.' % (folder, path))
        if os.path.isdir(path):
            raise BadPath('%s is a folder, and no report can be written there.' % path)
        if not os.access(folder, os.W_OK):
            raise BadPath('You may not write to the folder %s of the report.' % folder)
    return paths


def write_file(path: str, content: str) -> None:
    """Write a file whole or not at all, readable for its owner alone.

    It names hosts and what is wrong on them. Raises OSError.
    """
    descriptor, name = tempfile.mkstemp(dir=os.path.dirname(path), prefix='.mpm-report-')
    try:
        with open(descriptor, 'w', encoding='utf-8', newline='') as stream:
            stream.write(content)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
