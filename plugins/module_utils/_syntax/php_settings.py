# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find the settings of mod_php in a .htaccess file, whatever its owner wrote there.

The text is cut into lines, and of each line the first word counts. Of the sections around a
setting only <IfModule> is kept; by any other the setting may be read. Nothing is put in place and
nothing is evaluated, so one pass over the bytes is all that it takes.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._model import PhpSetting
from .httpd_conf import parse_condition, parse_line

_SETTINGS = frozenset([b'php_value', b'php_flag', b'php_admin_value', b'php_admin_flag'])
# So many <IfModule> around one setting are kept, and so long a line of one.
MAX_GUARDS, MAX_LINE = 20, 1000


def find_php_settings(content, most):
    """Return [PhpSetting] of the first `most` settings in the bytes of a file."""
    found, guards, outer = [], (), []
    if b'php_' not in content.lower():
        return found
    for number, line in _logical_lines(content):
        if line.startswith(b'</'):
            guards = outer.pop() if outer else ()
        elif line.startswith(b'<'):
            outer.append(guards)
            guard = _guard_of(line)
            guards = guards + (guard,) if guard and len(guards) < MAX_GUARDS else guards
        elif line.split(None, 1)[0].strip(b'"\'').lower() in _SETTINGS:
            found.append(PhpSetting(number, guards))
            if len(found) >= most:
                break
    return found


def _logical_lines(content):
    """Yield (number, bytes without blanks around them) of each line that is neither empty nor a
    comment.
    """
    parts, first = [], 1
    physical = content.split(b'\n')
    for number, line in enumerate(physical, 1):
        if line.endswith((b'\\', b'\\\r')) and number < len(physical):
            parts.append(line.rstrip(b'\r')[:-1])
            continue
        if parts:
            line, parts = b''.join(parts + [line]), []
        line = line.strip()
        if line and not line.startswith(b'#'):
            yield first, line
        first = number + 1


def _guard_of(line):
    """Return (whether it is negated, name of a module) of an <IfModule>; None for any other
    section.
    """
    if (
        len(line) > MAX_LINE
        or not line[1:].lstrip().lower().startswith(b'ifmodule')
        or b'${' in line
    ):
        return None
    section = parse_line(1, 1, line.decode('latin-1'))
    negated, names = parse_condition(section)
    return (negated, names[0]) if section.name == u'ifmodule' and names else None
