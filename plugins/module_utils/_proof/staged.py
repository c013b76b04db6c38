# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Test a configuration that is not on the disk yet, with the program that is to run it.

The changed files live in files without a name, which the program reads as /proc/self/fd/N: nothing has to be written
anywhere, so that check mode can do the same, and nothing is left behind whatever happens.
"""
import fcntl
import tempfile

from .._syntax.httpd_conf import DIRECTIVE, parse_lines
from .._syntax.lines import replace_line


def try_staged(run, binary, options, tree, changed):
    """Give the CommandResult of `binary -t` on `tree`, of which the paths `changed` differ from the disk.

    Paths in its messages are the real ones.
    """
    argv = [binary] + list(options)
    if not changed:
        return run(argv + ['-t'])
    opened = {}
    try:
        for path in staging_order(tree, changed):
            opened[path] = _nameless(redirect_includes(tree, path, opened))
        result = run(argv + ['-t', '-f', _name(opened[tree.main])], keep_fds=[stream.fileno() for stream in opened.values()])
        return result._replace(out=_real_names(result.out, opened), err=_real_names(result.err, opened))
    finally:
        for stream in opened.values():
            stream.close()


def staging_order(tree, changed):
    """Give the files that cannot be read from the disk: the changed ones and all that include them, the included first."""
    parents = {}
    for (parent, _line), children in tree.includes.items():
        for child in children:
            parents.setdefault(child, set()).add(parent)
    order, waiting = [], list(changed)
    while waiting:
        path = waiting.pop(0)
        if path in order:
            order.remove(path)
        order.append(path)
        waiting.extend(sorted(parents.get(path, ())))
        if len(order) > len(tree.files):
            break
    return order if tree.main in order else order + [tree.main]


def redirect_includes(tree, path, opened):
    """Give the text of a file with every Include of an opened file led to where that now is."""
    text = tree.files[path]
    for line in reversed(parse_lines(text)):
        children = tree.includes.get((path, line.number), []) if line.kind == DIRECTIVE else []
        if any(child in opened for child in children):
            lines = [u'Include "%s"' % (_name(opened[child]) if child in opened else child) for child in children]
            text = replace_line(text, line.number, u'\n'.join(lines))
    return text


def _nameless(text):
    stream = tempfile.TemporaryFile()
    stream.write(text.encode('latin-1'))
    stream.flush()
    # Python marks the files that it opens so that no program inherits them; this one has to.
    fcntl.fcntl(stream.fileno(), fcntl.F_SETFD, fcntl.fcntl(stream.fileno(), fcntl.F_GETFD) & ~fcntl.FD_CLOEXEC)
    return stream


def _name(stream):
    return '/proc/self/fd/%d' % stream.fileno()


def _real_names(text, opened):
    # The longest number first, so that fd 12 is not taken for fd 1.
    for path, stream in sorted(opened.items(), key=lambda item: -item[1].fileno()):
        text = text.replace(_name(stream), path)
    return text
