# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Limits of one reading or one evaluation of a configuration.

A few hundred bytes of Define or Macro lines can expand to gigabytes, and a few files that include
each other to millions of lines. So everything that grows is counted before it is made. The numbers
do not depend on the machine: a configuration is refused everywhere or nowhere.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from collections import namedtuple

from .._errors import ReadError

MEBIBYTE = 1024 * 1024
# files: files of the tree; text: bytes in them; made: characters that variables and macros make,
# and of files that are read again; foreign: as `made`, from files that somebody other than root can
# change; names: entries of folders that Include patterns look at; depth: of includes, sections and
# macros within each other (httpd itself ends at 128 includes).
Limits = namedtuple('Limits', 'files text made foreign names depth')
# Four times the text of the largest known host. Reading the foreign part takes half a second. A
# host may have a file for each of its sites: not their number but the time and the memory of the
# reading end it.
LIMITS = Limits(
    files=100000,
    text=64 * MEBIBYTE,
    made=16 * MEBIBYTE,
    foreign=MEBIBYTE // 2,
    names=100000,
    depth=128,
)
# What a line costs beside its characters.
LINE = 32

_MADE = 'macros, variables and files that are read again make more than %d characters of '
_EXCEEDED = {
    'files': 'more than %d files are included',
    'text': 'the files hold more than %d bytes',
    'made': _MADE + 'it',
    'foreign': _MADE + 'the files that users other than root can change',
    'names': 'Include patterns look at more than %d names',
    'depth': 'includes, sections or macros are more than %d deep within each other',
}


class Budget(object):
    """Counts what is used. Raises ReadError, rule `config_too_large`, if it exceeds the Limits.

    foreign: paths of the files that somebody other than root can change.
    """

    def __init__(self, foreign, limits=LIMITS):
        self.foreign, self.limits = foreign, limits
        self._taken = dict.fromkeys(Limits._fields, 0)

    def take(self, kind, amount, path, line=None):
        """Count an amount of a kind before it is made. path, line: where the configuration asks
        for it.
        """
        if kind == 'made' and path in self.foreign:
            kind = 'foreign'
        self._taken[kind] += amount
        self._demand(kind, self._taken[kind], path, line)

    def check_depth(self, depth, path, line=None):
        """Check that nothing is nested too deep."""
        self._demand('depth', depth, path, line)

    def _demand(self, kind, amount, path, line):
        most = getattr(self.limits, kind)
        if amount > most:
            raise ReadError(
                '%s%s: the configuration is too large to be judged: %s.'
                % (path, ' line %d' % line if line else '', _EXCEEDED[kind] % most),
                rule='config_too_large',
                path=path,
            )
