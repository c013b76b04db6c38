# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What the files of sites in their folders (`.htaccess`) say of who gets their files, and FPM would
not hear. `folder_values.py` has the settings in them.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..._fields import TYPE_CHECKING
from ..._syntax.wildcards import matches
from ..php_mapping import is_module_word
from ..php_names import ENDINGS, STEM
from .part import is_php_word
from .wishes import Lost

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable  # noqa: F401

    from ..._model import FolderHandler, Htaccess  # noqa: F401

_GIVES = frozenset(['sethandler', 'addhandler', 'addtype', 'forcetype'])
_TAKES = _GIVES | frozenset(['removehandler', 'removetype'])


def taken_from_php(htaccess, now, weak, endings):
    # type: (Htaccess, set[str], bool, list[str] | None) -> list[Lost]
    """Return [Lost] of the lines that give PHP's files to another handler now: what tells httpd to
    ask FPM would overrule them, and run the files.

    weak: mod_php gets some files by their endings or their type, which any line can change;
    SetHandler overrules all but another SetHandler. endings: of files that PHP runs, None for any.
    """
    names = _TAKES if weak else ('sethandler',)
    return [
        Lost(' '.join((one.name,) + one.words), path, one.line)
        for path in sorted(htaccess.handlers)
        for one in htaccess.handlers[path]
        if one.name in names
        and one.words
        and not is_php_word(one.words[0])
        and _is_read(one.guards, now)
        and _may_take(one, endings)
    ]


def _may_take(handler, endings):
    # type: (FolderHandler, list[str] | None) -> bool
    """Return whether a line may take files with one of these endings."""
    patterns = [text.strip('"\'') for name, text in handler.sections if name == 'files']
    names = [STEM + ending for ending in endings or ENDINGS]
    for pattern in patterns:
        # A regular expression of a stranger is not tried.
        if not pattern.startswith('~') and not [one for one in names if matches(pattern, one)]:
            return False
    first = 0 if handler.name.startswith('remove') else 1
    if handler.name in ('sethandler', 'forcetype') or endings is None or not handler.whole:
        return True
    words = ['.' + word.lstrip('.').lower() for word in handler.words[first:]]
    return bool(set(words) & set(endings))


def given_to_php(htaccess, then, endings):
    # type: (Htaccess, set[str], list[str]) -> list[Lost]
    """Return [Lost] of the lines that give other files to mod_php: their sources would be sent.

    endings: those that FPM runs everywhere.
    """
    return [
        Lost(' '.join((one.name,) + one.words), path, one.line)
        for path in sorted(htaccess.handlers)
        for one in htaccess.handlers[path]
        if one.name in _GIVES
        and one.words
        and is_module_word(one.words[0])
        and _is_read(one.guards, then)
        and not _are_known(one, endings)
    ]


def _are_known(handler, endings):
    # type: (FolderHandler, list[str]) -> bool
    """Return whether all files that a line gives to PHP have one of these endings."""
    words = ['.' + word.lstrip('.').lower() for word in handler.words[1:]]
    return bool(words) and handler.whole and set(words) <= set(endings)


def _is_read(guards, modules):
    # type: (Iterable[tuple[bool, str]], set[str]) -> bool
    return all((name in modules) is not negated for negated, name in guards)
