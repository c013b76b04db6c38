# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Test a configuration that is not on the disk yet, with the program that will run it.

The changed files are files without a name, which the program reads as /proc/self/fd/N. Nothing is
written to the disk, so check mode can do the same, and nothing is left in any case.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import fcntl

from .._errors import CommandError
from .._syntax.httpd_conf import DIRECTIVE, parse_lines
from .._syntax.httpd_options import without_directives
from .._syntax.lines import replace_line
from .._system.output import open_output


def try_staged(run, command, options, before, tree):
    """Return the CommandResult of `command -t` on `tree`, where `before` is what is on the disk.
    command: argv that asks the program.

    Paths and line numbers in its messages are the real ones.
    """
    changed = [path for path in tree.files if tree.files[path] != before.files.get(path)]
    regrouped = regrouped_includes(before, tree)
    if not changed and not regrouped:
        return run(list(command) + list(options) + ['-t'])
    # Directives of the command line are in the tree: a file that they name may be another one now.
    argv = list(command) + (without_directives(options)[0] if tree.start else list(options))
    names, opened = {}, []

    def stage(path, text):
        opened.append((path, _nameless(text)))
        return _name(opened[-1][1])

    try:
        for path in staging_order(tree, changed + [path for path, _line in regrouped]):
            names[path] = stage(path, redirect_includes(tree, path, names, stage, regrouped))
        result = run(
            argv + ['-t', '-f', names[tree.start or tree.main]],
            keep_fds=[stream.fileno() for _path, stream in opened],
        )
        return result._replace(
            out=_real_names(result.out, opened), err=_real_names(result.err, opened)
        )
    finally:
        for _path, stream in opened:
            stream.close()


def regrouped_includes(before, tree):
    """Return the (path, line) of each Include that reads other files than on the disk."""
    found = []
    for path in sorted(set(parent for parent, _line in tree.includes)):
        then, now = [
            sorted(key for key in some.includes if key[0] == path) for some in (before, tree)
        ]
        found.extend(
            key for old, key in zip(then, now) if before.includes[old] != tree.includes[key]
        )
    return found


def staging_order(tree, changed):
    """Return the files that cannot be read from the disk: the changed ones and all that include
    them, the included first.
    """
    children = {}
    for (parent, _line), included in sorted(tree.includes.items()):
        children.setdefault(parent, []).extend(included)
    order, seen = [], set()

    def visit(path):
        """Return whether `path` has to be staged, after a look at all below it.

        A loop of includes ends where it began.
        """
        if path in seen:
            return path in order
        seen.add(path)
        below = [child for child in children.get(path, ()) if visit(child)]
        if below or path in changed:
            order.append(path)
        return path in order

    start = tree.start or tree.main
    visit(start)
    return order if start in order else order + [start]


def redirect_includes(tree, path, names, stage, regrouped=()):
    """Return the text of a file in which every Include of a file in `names`, or in `regrouped`,
    names the place of its new text.

    names: {path: that place}; stage: puts a text where the program can read it and returns the
    place. Each line keeps its number.
    """
    text = tree.files[path]
    for line in parse_lines(text):
        included = tree.includes.get((path, line.number), []) if line.kind == DIRECTIVE else []
        if any(child in names for child in included) or (path, line.number) in regrouped:
            lines = [_include(line, child, names) for child in included]
            if len(lines) != 1:
                lines = [u'Include "%s"' % stage(path, u'\n'.join(lines) + u'\n')]
            text = replace_line(text, line.number, lines[0])
            for number in range(line.number + 1, line.number + line.count):
                text = replace_line(text, number, u'')
    return text


def _include(line, child, names):
    # A link that leads nowhere may be among them: httpd minds that only where the line is no
    # IncludeOptional.
    optional = line.name == u'includeoptional' and child not in names
    return u'%s "%s"' % (u'IncludeOptional' if optional else u'Include', names.get(child, child))


def _nameless(text):
    stream = open_output()
    if stream is None:
        raise CommandError(
            'The new configuration was not tested: this host has no room for it. '
            'Nothing was changed.'
        )
    stream.write(text.encode('latin-1'))
    stream.flush()
    # Python marks the files that it opens so that no program inherits them; the program must
    # inherit this one.
    fcntl.fcntl(
        stream.fileno(),
        fcntl.F_SETFD,
        fcntl.fcntl(stream.fileno(), fcntl.F_GETFD) & ~fcntl.FD_CLOEXEC,
    )
    return stream


def _name(stream):
    return '/proc/self/fd/%d' % stream.fileno()


def _real_names(text, opened):
    # The longest number first, so that fd 12 is not taken for fd 1.
    for path, stream in sorted(opened, key=lambda item: -item[1].fileno()):
        text = text.replace(_name(stream), path)
    return text
