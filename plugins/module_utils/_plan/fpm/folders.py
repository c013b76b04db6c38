# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What the files of sites in their folders (`.htaccess`) say of PHP, and FPM would not hear.

A line that httpd does not know any more is an error for each request below; that is for the rule
`php_htaccess`. Here is what would be passed over without a word.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from ..php_mapping import is_module_word
from .wishes import Lost

_GIVES = frozenset(['sethandler', 'addhandler', 'addtype', 'forcetype'])


def unheard(htaccess, now, then):
    """Return [Lost] of the settings that hold now, and that nobody reads then.

    htaccess: Htaccess; now, then: names of the modules, by which <IfModule> is decided.
    """
    found = [
        Lost('a setting of mod_php for a folder', path, setting.line)
        for path in sorted(htaccess.settings)
        for setting in htaccess.settings[path]
        if _is_read(setting.guards, now) and not _is_read(setting.guards, then)
    ]
    return found + [
        Lost('php_flag engine off, which AllowOverride has httpd pass over', path, line)
        for path, line in htaccess.skipped_engine_off
    ]


def given_to_php(htaccess, then, endings):
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
    """Return whether all files that a line gives to PHP have one of these endings."""
    words = ['.' + word.lstrip('.').lower() for word in handler.words[1:]]
    return bool(words) and handler.whole and set(words) <= set(endings)


def _is_read(guards, modules):
    return all((name in modules) is not negated for negated, name in guards)
