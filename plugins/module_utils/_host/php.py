# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Tell which PHP modules lie on the disk and whether each is thread-safe."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._errors import ReadError
from .._syntax.evaluate import PHP_SYMBOL
from .._syntax.httpd_conf import module_lines
from .._system.files import find_in_file, native_path, text_path

# Zend writes its build into every binary since PHP 5.3: ZEND_MODULE_BUILD_ID, such as
# API20090626,NTS.
_MODULE = re.compile(r'^(lib|mod_)php[\w.-]*\.so$')
_BUILD = br'API[0-9]{6,},(NTS|TS)'
# Before that only the thread-safe resource manager's symbols tell.
_TSRM = br'(ts_resource_ex)'


def read_php_files(tree, evidence):
    """Return {path: 'ts', 'nts', 'unknown' or 'missing'} of every PHP module that the
    configuration names, even in comments,
    and of every one that lies beside those. evidence: {path: text or None} of what may be put into
    the tree.
    """
    waiting = [
        text for path, text in evidence.items() if text and path.endswith(('.load', '.conf'))
    ]
    named = set(named_modules(tree, waiting)) | set(
        path for path in evidence if _MODULE.match(os.path.basename(path))
    )
    beside = set(
        os.path.join(folder, name)
        for folder in set(os.path.dirname(path) for path in named)
        for name in _php_names(folder)
    )
    return dict((path, thread_safety(path)) for path in named | beside)


def named_modules(tree, waiting=()):
    """Return the absolute path of each PHP module in a LoadModule line, active or commented."""
    for text in list(tree.files.values()) + list(waiting):
        for line in module_lines(text):
            if len(line.args) == 2 and PHP_SYMBOL.match(line.args[0]):
                yield os.path.join(tree.root, line.args[1])


def _php_names(folder):
    try:
        return [
            text_path(name)
            for name in os.listdir(native_path(folder))
            if _MODULE.match(text_path(name))
        ]
    except OSError:
        return []


def thread_safety(path):
    """Tell from the file itself whether a PHP module is thread-safe, without loading it."""
    try:
        build = find_in_file(path, _BUILD)
        if build:
            return 'ts' if build == b'TS' else 'nts'
        return 'ts' if find_in_file(path, _TSRM) else 'unknown'
    except (IOError, OSError, ReadError):
        return 'missing'
