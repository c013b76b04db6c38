# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What httpd has to read so that FPM runs what the module ran.

No line of a site has to change for it: a handler within <If> overrules any other one. Only where a
file is there, so that a missing one is httpd's own error page. It is inert while the module is
loaded.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._syntax.evaluate import CONDITIONS, server_of
from ..php_mapping import is_module_word
from . import marks
from .values import SETTINGS, key_of
from .wishes import NOBODY, values_of

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Sequence  # noqa: F401

    from ..._syntax.evaluate import Active  # noqa: F401
    from ..section_layers import AnySection  # noqa: F401
    from .pools import Pool  # noqa: F401
    from .values import Key  # noqa: F401
    from .wishes import PlaceWish  # noqa: F401

# Seconds. The module had no limit but PHP's own.
TIMEOUT = 86400
_SPELLED = {
    'directory': 'Directory',
    'directorymatch': 'DirectoryMatch',
    'location': 'Location',
    'locationmatch': 'LocationMatch',
    'files': 'Files',
    'filesmatch': 'FilesMatch',
}
_BACKEND = 'php-%s'
_HANDLERS = frozenset(['sethandler', 'addhandler', 'addtype', 'forcetype'])
_LOADS = frozenset(['loadmodule', 'loadfile'])


def place_lines(place, by_key):
    # type: (PlaceWish, dict[Key, Pool]) -> list[str]
    """Return the lines for one PlaceWish. by_key: {key of settings: Pool}."""
    lines = []
    for entry in place.entries:
        if entry.word is None:
            inner = _to_fpm(by_key[key_of(values_of(place, entry))])
        else:
            inner = [u'Require all denied'] if entry.word == NOBODY else _to(entry.word)
        lines += within([entry.files] if entry.files else [], inner)
    return within([place.section] if place.section else [], lines) if lines else []


def _to_fpm(pool):
    # type: (Pool) -> list[str]
    return [
        u'<If "-f %{REQUEST_FILENAME}">',
        u'  SetHandler "proxy:unix:%s|fcgi://%s"' % (pool.socket, _BACKEND % pool.name),
        u'  SetEnvIfNoCase ^Authorization$ "(.+)" HTTP_AUTHORIZATION=$1',
        u'  SetEnvIf Request_Method ^ proxy-sendcl=1',
        u'  ProxyErrorOverride Off',
        u'</If>',
    ]


def _to(word):
    # type: (str) -> list[str]
    return [u'<If "true">', u'  SetHandler %s' % quoted(word), u'</If>']


def proxy_lines(pools):
    # type: (list[Pool]) -> list[str]
    """Return the lines that say how each pool is asked: for as long as a page takes, and what it
    sends is handed on at once.
    """
    lines = []
    for pool in pools:
        lines += [
            u'<Proxy "fcgi://%s">' % (_BACKEND % pool.name),
            u'  ProxySet timeout=%d flushpackets=on' % TIMEOUT,
            u'</Proxy>',
        ]
    return lines


def inert(symbols, lines):
    # type: (list[str], list[str]) -> list[str]
    """Return lines that are read only while none of these modules is loaded."""
    for symbol in symbols:
        lines = [u'<IfModule !%s>' % symbol] + [u'  ' + line for line in lines] + [u'</IfModule>']
    return lines


def within(sections, lines):
    # type: (Sequence[AnySection], list[str]) -> list[str]
    """Return lines in sections, the outermost first: ((name, args), ...)."""
    for section in reversed(sections):
        words = _SPELLED[section[0]]
        opening = u' '.join([words] + [quoted(word) for word in section[1]])
        lines = [u'<%s>' % opening] + [u'  ' + line for line in lines] + [u'</%s>' % words]
    return lines


def quoted(word):
    # type: (str) -> str
    """Return a word as httpd reads it back."""
    made = []
    for at, character in enumerate(word):
        follows = word[at + 1 : at + 2]
        if character == u'"' or (character == u'\\' and follows in (u'\\', u'"', u'')):
            made.append(u'\\')
        made.append(character)
    return u'"%s"' % u''.join(made)


def kept_lines(active, gone):
    # type: (list[Active], set[str]) -> list[str]
    """Return the lines of files that go away with the module, and that say something else.

    active: [Active] as it is now; gone: paths. Such are denials of sources, on Debian.
    """
    lines = []
    for item in active:
        if item.path in gone and not _is_of_module(item) and server_of(item) is None:
            around = [part for part in item.sections if part[0] not in CONDITIONS]
            if all(part[0] in _SPELLED for part in around):
                lines += within(around, [item.line.text])
    return lines


def _is_of_module(item):
    # type: (Active) -> bool
    return (
        item.name in _LOADS
        or item.name in SETTINGS
        or item.name == 'phpinidir'
        or (item.name in _HANDLERS and bool(item.args) and is_php_word(item.args[0]))
    )


def is_php_word(word):
    # type: (str) -> bool
    """Return whether a handler or a type is one of the module's."""
    return is_module_word(word) or u'x-httpd-php' in word.lower()


def write_part(unit, off, on, symbols, lines):
    # type: (str, list[str], list[str], list[str], list[str]) -> str
    """Return the text of httpd's part. symbols: of the modules of PHP; lines: all for them."""
    return u'\n'.join(marks.head_lines(unit, off, on) + inert(symbols, lines)) + u'\n'
