# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Find what decides PHP in a .htaccess file, whatever text its owner wrote: the settings of
mod_php, the lines that give files to a handler or a proxy, and those that let visitors in.

The text is cut into lines, and of each line the first word counts. Of the sections around a setting
only <IfModule> is kept; in any other the setting may be read. Nothing is expanded or evaluated, so
one pass over the bytes is enough.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
from collections import namedtuple

from .._model import FolderHandler, PhpSetting
from .httpd_conf import SPACE, parse_condition, parse_line

_SETTINGS = frozenset([b'php_value', b'php_flag', b'php_admin_value', b'php_admin_flag'])
# PHP is switched on and off with these; of the two above, `admin` is not valid in such a file.
_SWITCHES = frozenset([b'php_value', b'php_flag'])
# Of the settings that such a file may change, these keep scripts from something.
_PROTECTING = (u'engine', u'open_basedir')
_HANDLERS = frozenset(
    [
        b'addhandler',
        b'addtype',
        b'sethandler',
        b'forcetype',
        b'removehandler',
        b'removetype',
        b'action',
    ]
)
_REWRITE, _CONDITION = b'rewriterule', b'rewritecond'
# Flags of a RewriteRule that decide who takes the file.
_REWRITE_FLAG = re.compile(r'(?:^|,)\s*(?:p|proxy|(?:h|handler|t|type)=[^,]*)\s*(?:,|$)')
_ACCESS = frozenset([b'require', b'order', b'allow', b'deny', b'satisfy'])
# One of these is in each of the names above.
_PARTS = (b'php_', b'handler', b'type', b'action', _REWRITE)
_PARTS += (b'require', b'allow', b'satisfy', b'order')
# An Order in these overrules a Deny of root.
_OF_FILES = (u'files', u'filesmatch', u'if', u'elseif', u'else')
# Limits: sections that are kept around one line, the length of a line that is cut into words, and
# what is kept of it.
MAX_GUARDS, MAX_LINE, MAX_WORDS, MAX_WORD = 20, 1000, 64, 200
_LEADING_NUMBER = re.compile(r'[-+]?0*[1-9]')

# What stands around a line. guards, sections: as in a FolderHandler.
_Around = namedtuple('_Around', 'guards sections')
# settings: [PhpSetting]; handlers: [FolderHandler]; dropped: there are more handlers than are kept;
# values: [FolderHandler] of all php_value and php_flag among the settings.
FolderWords = namedtuple('FolderWords', 'settings handlers dropped values')
FolderWords.__new__.__defaults__ = ((),)


def find_php_settings(content, most):
    """Return [PhpSetting] of the first `most` settings in the bytes of a file."""
    return read_folder_words(content, most, 0).settings


def read_folder_words(content, most, most_handlers):
    """Return the FolderWords in the bytes of a file: the first `most` settings, and the handlers
    up to there, the first `most_handlers` of them.
    """
    settings, handlers, dropped, values = [], [], False, []
    lowered = content.lower()
    if not any(part in lowered for part in _PARTS):
        return FolderWords([], [], False)
    for number, name, line, around in _named_directives(content):
        handler = _handler(number, name, line, around)
        if handler and len(handlers) < most_handlers:
            handlers.append(handler)
        elif handler:
            dropped = True
        if name in _SETTINGS:
            settings.append(PhpSetting(number, around.guards))
            if name in _SWITCHES:
                values.append(_kept(number, name, line, around))
            if len(settings) >= most:
                break
    return FolderWords(settings, handlers if _decides(handlers) else [], dropped, values)


def _named_directives(content):
    """Yield (number, name, bytes, _Around) of each directive. The conditions of a RewriteRule count
    as sections around it.
    """
    conditions = ()
    for number, line, around in _directives(content):
        name = line.split(None, 1)[0].strip(b'"\'').lower()
        if name == _CONDITION:
            conditions = _with_condition(conditions, line)
            continue
        if name == _REWRITE:
            around = around._replace(sections=around.sections + conditions)
            conditions = ()
        yield number, name, line, around


def _decides(handlers):
    """Return whether some lines do more than to keep visitors out, which most such files do."""
    return any(
        one.name.encode('latin-1') not in _ACCESS
        or lets_in(one)
        or (one.name == u'order' and any(section[0] in _OF_FILES for section in one.sections))
        for one in handlers
    )


def lets_in(handler):
    # type: (FolderHandler) -> bool
    """Return whether a FolderHandler may let somebody in who was kept out."""
    words = u' '.join(handler.words).lower()
    return handler.name == u'allow' or (
        (handler.name == u'satisfy' and words == u'any')
        or (handler.name == u'require' and words != u'all denied')
    )


def turns_php_off(handler):
    # type: (FolderHandler) -> bool
    """Return whether a FolderHandler is a switch of PHP that turns it off, as PHP reads its value.
    """
    if handler.words[:1] != (u'engine',):
        return False
    value = u''.join(handler.words[1:2]).lower()
    if handler.name == u'php_flag':
        return value not in (u'on', u'1')
    return (
        handler.name == u'php_value'
        and value not in (u'on', u'yes', u'true')
        and not _LEADING_NUMBER.match(value)
    )


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


def _directives(content):
    """Yield (number, bytes, _Around) of each line that opens or closes no section."""
    around, outer = _Around((), ()), []
    for number, line in _logical_lines(content):
        if line.startswith(b'</'):
            around = outer.pop() if outer else _Around((), ())
        elif line.startswith(b'<'):
            outer.append(around)
            around = _within(around, line)
        else:
            yield number, line, around


def _within(around, line):
    """Return the _Around inside of a section that the line opens."""
    guard = _guard_of(line)
    if guard:
        if len(around.guards) >= MAX_GUARDS:
            return around
        return around._replace(guards=around.guards + (guard,))
    if len(around.sections) >= MAX_GUARDS:
        return around
    # Text behind the last bracket is ignored; of a line that is longer, the beginning is kept.
    text = line[1:MAX_LINE].rpartition(b'>')[0] or line[1:MAX_LINE]
    name, _blank, rest = text.decode('latin-1').strip(SPACE).replace(u'\t', u' ').partition(u' ')
    section = (name.lower()[:MAX_WORD], rest.strip(SPACE)[:MAX_WORD])
    return around._replace(sections=around.sections + (section,))


def _with_condition(conditions, line):
    """Return the conditions of the next RewriteRule, with one more: as a section around it."""
    if len(conditions) >= MAX_GUARDS:
        return conditions
    words = u' '.join(_words(line))[:MAX_WORD]
    return conditions + ((_CONDITION.decode('latin-1'), words),)


def _handler(number, name, line, around):
    """Return the FolderHandler of a line, None where it is none."""
    known = name in _HANDLERS or name in _SWITCHES or name in _ACCESS
    if not known and name != _REWRITE:
        return None
    words = _words(line)
    if name in _SWITCHES and u''.join(words[:1]) not in _PROTECTING:
        return None
    if name == _REWRITE:
        flags = u''.join(words[2:3]).strip(u'[]').lower()
        if not _REWRITE_FLAG.search(flags):
            return None
    return _kept(number, name, line, around)


def _kept(number, name, line, around):
    """Return the FolderHandler of a line, with as much of its words as is kept."""
    words = _words(line)
    return FolderHandler(
        line=number,
        name=name.decode('latin-1'),
        words=tuple(word[:MAX_WORD] for word in words[:MAX_WORDS]),
        guards=around.guards,
        sections=around.sections,
        whole=len(line) <= MAX_LINE and len(words) <= MAX_WORDS,
    )


def _words(line):
    """Return the words behind the name of a directive."""
    return parse_line(1, 1, line[:MAX_LINE].decode('latin-1')).args


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
