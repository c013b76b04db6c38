# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask rpm alone what it would do with package files: by a test transaction, and by what the files
say that they replace.

The test reports conflicts and broken dependencies, but not packages that are removed because a file
obsoletes them. So those are looked for by name. A version beside the name is ignored, so the answer
is on the safe side.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .foreseen import make_foreseen

NAME = '%{NAME}\\n'


def ask(run, files):
    """Ask about installing `files`, absolute paths; return (CommandResult of the test, [name],
    [name that they obsolete], [installed]).
    """
    test = run(['rpm', '-U', '--test', '--'] + list(files), timeout=300)
    if test.rc != 0:
        return test, [], [], []
    names = _lines(run(['rpm', '-qp', '--queryformat', NAME, '--'] + list(files)))
    obsoleted = _lines(
        run(['rpm', '-qp', '--queryformat', '[%{OBSOLETENAME}\\n]', '--'] + list(files))
    )
    return test, names, obsoleted, installed(run, sorted(set(names + obsoleted)))


def installed(run, names):
    """Return those of `names` that are installed. rpm ends with an error as soon as one is not, so
    only its output counts.
    """
    if not names:
        return []
    return [
        name
        for name in _lines(run(['rpm', '-q', '--queryformat', NAME, '--'] + list(names)))
        if name in names
    ]


def judge(test, names, obsoleted, there):
    """Return the Foreseen, None where the test failed."""
    if test.rc != 0:
        return None
    return make_foreseen(
        'rpm',
        test.argv,
        [name for name in names if name not in there],
        [name for name in names if name in there],
        [name for name in obsoleted if name in there and name not in names],
    )


def _lines(answer):
    return [line.strip() for line in answer.out.splitlines() if line.strip()]
