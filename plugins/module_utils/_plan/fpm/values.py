# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What the module of PHP is told in one place, as it holds there, and how a pool of FPM says it."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ..._fields import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..._syntax.evaluate import Active  # noqa: F401

    # What `key_of` returns.
    Key = tuple[tuple[str, str, bool], ...]

# A setting that holds. name: as written, since PHP tells SMTP from smtp; value: as the module
# takes it; admin: scripts cannot change it; path, line: where it stands.
PhpValue = NamedTuple(
    'PhpValue',
    [
        ('name', 'str'),
        ('value', 'str'),
        ('admin', 'bool'),
        ('path', 'str'),
        ('line', 'int'),
    ],
)
_ADMIN = ('php_admin_value', 'php_admin_flag')
_FLAGS = ('php_flag', 'php_admin_flag')
SETTINGS = frozenset(('php_value', 'php_flag') + _ADMIN)
_NAME = re.compile(r'^[A-Za-z0-9_.-]+$')
_TRUE = ('on', '1')


def is_setting(item):
    # type: (Active) -> bool
    """Return whether an Active sets something of PHP other than whether it runs."""
    return item.name in SETTINGS and len(item.args) > 0 and item.args[0].lower() != 'engine'


def value_of(item):
    # type: (Active) -> PhpValue
    """Return the PhpValue of a line, as the module reads it (apache_config.c of PHP)."""
    text = u' '.join(item.args[1:])
    if item.name in _FLAGS:
        text = u'1' if text.lower() in _TRUE else u'0'
    elif text.lower() == u'none':
        text = u''
    return PhpValue(item.args[0], text, item.name in _ADMIN, item.path, item.line.number)


def holding_values(items):
    # type: (list[Active]) -> list[PhpValue]
    """Return [PhpValue] that hold, sorted by name.

    items: [Active] in httpd's order. A later one counts, but one for the administrator over others.
    """
    found = {}  # type: dict[str, PhpValue]
    for item in items:
        value = value_of(item)
        if value.name not in found or value.admin or not found[value.name].admin:
            found[value.name] = value
    return [found[name] for name in sorted(found)]


def key_of(values):
    # type: (list[PhpValue]) -> Key
    """Return what is the same for two places with the same settings."""
    return tuple((one.name, one.value, one.admin) for one in values)


def pool_line(value):
    # type: (PhpValue) -> str | None
    """Return the line of a pool for a PhpValue; None for one that a pool cannot say."""
    text = quoted(value.value)
    if text is None or not _NAME.match(value.name):
        return None
    return u'%s[%s] = %s' % ('php_admin_value' if value.admin else 'php_value', value.name, text)


def quoted(text):
    # type: (str) -> str | None
    """Return a text as the value of a pool's line, which PHP reads as it is; None where there is no
    way to write it.
    """
    # FPM itself puts the name of the pool in the place of $pool.
    if re.search(u'[\x00-\x1f]', text) or u'$pool' in text:
        return None
    if u"'" not in text:
        return u"'%s'" % text
    return None if re.search(u'["\\\\$]', text) else u'"%s"' % text
