# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask dnf (4 and 5) or yum what it would do, and read its answer: a table of packages below
headings.

Their exit code says nothing: they end with 1 if the answer to their question is no, as with
--assumeno.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from .foreseen import make_foreseen

INSTALLS, UPGRADES, REMOVES, NOTHING = 'installs', 'upgrades', 'removes', None
# How headings begin, in every release. An unknown one makes the answer unreadable, so no package is
# missed.
HEADINGS = (
    ('Installing', INSTALLS),
    ('Upgrading', UPGRADES),
    ('Updating', UPGRADES),
    ('Reinstalling', UPGRADES),
    ('Downgrading', UPGRADES),
    ('Removing', REMOVES),
    ('Skip', NOTHING),
    ('Enabling', NOTHING),
    ('Not ', NOTHING),
    ('Changing reason', NOTHING),
    ('Disabling', NOTHING),
    ('Resetting', NOTHING),
    ('Switching', NOTHING),
)
_BEGIN = re.compile(r'^ ?Package +Arch', re.MULTILINE)
_END = re.compile(r'^Transaction Summary', re.MULTILINE)
_HEADING = re.compile(r'^([A-Z][^:]*):\s*\Z')
# One blank, and the name of a package; if the name is too long for its column, yum goes on in the
# next line, far to the right.
_PACKAGE = re.compile(r'^ (\S+)')
# dnf 4 and yum write "replacing  psa.noarch 12.0-1", dnf 5 "replacing psa noarch 12.0-1 ...".
_REPLACED = re.compile(r'^ {2,}replacing +(\S+)')
_ARCHITECTURE = re.compile(
    r'\.(?:noarch|x86_64|i[3-6]86|aarch64|ppc64|ppc64le|s390x?|armv7hl|ia64|src)\Z'
)


def ask(run, program, names):
    """Ask `program` (dnf or yum) about installing `names`, which may be paths of .rpm files; return
    a CommandResult.
    """
    # It reads, and may fetch, the lists of its repositories, which takes time.
    return run([program, '--assumeno', 'install'] + list(names), timeout=300)


def parse(program, answer):
    """Return the Foreseen of a CommandResult, None if the program does not say what it would do, or
    says it in unknown words.
    """
    begin = _BEGIN.search(answer.out)
    if not begin:
        return make_foreseen(program, answer.argv) if answer.rc == 0 else None
    end = _END.search(answer.out, begin.end())
    found = _read_table(answer.out[begin.end() : end.start()]) if end else None
    return make_foreseen(program, answer.argv, **found) if found else None


def _read_table(text):
    """Return {INSTALLS, UPGRADES, REMOVES: [name]}, None where a heading is not known."""
    found, kind, package = {INSTALLS: [], UPGRADES: [], REMOVES: []}, NOTHING, None
    for line in text.splitlines()[1:]:
        heading, row, replaced = _HEADING.match(line), _PACKAGE.match(line), _REPLACED.match(line)
        if heading:
            kinds = [kind for begin, kind in HEADINGS if heading.group(1).startswith(begin)]
            if not kinds:
                return None
            kind = kinds[0]
        elif row and kind:
            package = row.group(1)
            found[kind].append(package)
        elif replaced and kind:
            name = _ARCHITECTURE.sub('', replaced.group(1))
            # dnf 5 says so of each package that it upgrades, too.
            found[REMOVES] += [name] if name != package else []
    return found
