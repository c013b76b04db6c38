# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What the files of sites in their folders (`.htaccess`) set of PHP, as far as a pool of FPM may
have a copy of it.

Their owners write these files, and the module keeps them in bounds: it passes over settings that
are for the administrator, and some it tries first. A pool sets what it is given. So only settings
are copied that do no more there than here, and only plain values, in folders with plain names. The
rest is lost, and said with file and line.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ..._fields import TYPE_CHECKING, NamedTuple
from ..folder_lines import claims, folder_of, site_layers
from ..php_mapping import servers_of
from ..section_layers import is_within
from .wishes import Lost, is_name

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Collection, Iterable, Sequence  # noqa: F401

    from ..._model import FolderHandler, Htaccess, PhpUnjudged  # noqa: F401
    from ..._syntax.evaluate import Active, Section  # noqa: F401
    from ..folder_lines import FolderWorld, Server  # noqa: F401
    from ..section_layers import AnySection, Layer  # noqa: F401
    from ..sites import Placed, SiteLines  # noqa: F401

# layers: those of each server; copied: what they have.
Copied = NamedTuple(
    'Copied', [('layers', 'list[list[Layer]]'), ('lost', 'list[Lost]'), ('copied', 'list[Lost]')]
)

# Such a file may set these: its owner gets no more by them than under mod_php. Not here: what PHP
# compares with open_basedir (open_basedir itself, error_log, session.save_path), and what is the
# administrator's, which a pool would take from anybody (extension, sendmail_path, upload_tmp_dir).
NAMES = frozenset(
    u'arg_separator.input arg_separator.output assert.active assert.warning auto_append_file '
    u'auto_detect_line_endings auto_prepend_file date.timezone default_charset default_mimetype '
    u'default_socket_timeout display_errors display_startup_errors error_append_string '
    u'error_prepend_string error_reporting gd.jpeg_ignore_warning html_errors '
    u'ignore_repeated_errors ignore_repeated_source ignore_user_abort implicit_flush include_path '
    u'input_encoding internal_encoding log_errors log_errors_max_len max_execution_time '
    u'max_input_nesting_level max_input_time max_input_vars mbstring.detect_order '
    u'mbstring.encoding_translation mbstring.func_overload mbstring.http_input '
    u'mbstring.http_output mbstring.internal_encoding mbstring.language '
    u'mbstring.substitute_character memory_limit output_buffering output_encoding '
    u'pcre.backtrack_limit pcre.recursion_limit post_max_size precision register_argc_argv '
    u'request_order serialize_precision session.auto_start session.cache_expire '
    u'session.cache_limiter session.cookie_domain session.cookie_httponly '
    u'session.cookie_lifetime session.cookie_path session.cookie_samesite session.cookie_secure '
    u'session.gc_divisor session.gc_maxlifetime session.gc_probability session.name '
    u'session.sid_length session.use_cookies session.use_only_cookies session.use_strict_mode '
    u'session.use_trans_sid short_open_tag track_errors upload_max_filesize variables_order '
    u'zend.assertions zlib.output_compression zlib.output_compression_level'.split()
)
_PLAIN_VALUE = re.compile(r'^[A-Za-z0-9_.,:/+@%&|~^ -]*\Z')
# Without what is a wildcard, a variable or the end of a word in a configuration.
_PLAIN_FOLDER = re.compile(r'^(/(?!\.\.?(/|\Z))[A-Za-z0-9_.,@+~= -]+)+\Z')
_PLAIN_NAME = re.compile(r'^[A-Za-z0-9_.,@+~=-]+\Z')
# Each set of settings is a pool, and anybody may write files with many of them.
MOST_SETS = 50
_NO_SET = frozenset([()])
# Sections that are decided where the lines are read.
_DECIDED = ('ifdefine', 'ifversion')


def servers_with(active, sites):
    # type: (list[Active], list[SiteLines]) -> list[Server]
    """Return [Server] of all sites, also of a main server that is never asked.

    sites: [SiteLines].
    """
    own = [items for _site, items in sites]
    main = []  # type: list[Placed]
    return servers_of(active, sites, own[0], [main] + own[1:], False)


def copy_values(htaccess, active, foreign, world, servers):
    # type: (Htaccess, list[Active], frozenset[str], FolderWorld, list[Server]) -> Copied
    """Return the Copied. Arguments as for `site_layers`; world: as it is while the module is there.
    """
    asked = {}  # type: dict[str, list[FolderHandler]]
    lost, sets = [], set()  # type: list[Lost], set[tuple[Sequence[str], ...]]
    claimed = claims(htaccess.values, htaccess.names, servers)
    for path in sorted(htaccess.values):
        lines = [one for one in htaccess.values[path] if _is_read(one.guards, world.modules)]
        folder = folder_of(path, htaccess.names)
        of_folder = _why_folder(htaccess, path, folder, claimed[path])
        reasons = [of_folder or _why_line(one) for one in lines]
        kept = [one.words for one, why in zip(lines, reasons) if not why]
        sets.add(tuple(words for words in kept if words[0] != u'engine'))
        if len(sets - _NO_SET) > MOST_SETS:
            reasons = ['there are more than %d sets of such settings' % MOST_SETS] * len(lines)
        lost += [_lost(one, path, why) for one, why in zip(lines, reasons) if why]
        asked[path] = [one for one, why in zip(lines, reasons) if not why]
    some = htaccess._replace(
        handlers=dict((path, lines) for path, lines in asked.items() if lines),
        unread=(),
        dropped=None,
    )
    layers, unjudged = site_layers(some, active, foreign, world, servers, all_count=True)
    lost += [_unjudged(one) for one in unjudged]
    return Copied(layers, lost, _copied(layers))


def _copied(layers):
    # type: (list[list[Layer]]) -> list[Lost]
    """Return [Lost] of the lines of all Layers, each once."""
    found = {}
    for layer in [layer for some in layers for layer in some]:
        item = layer.item
        found[item.path, item.line.number] = _words(item.name, item.args)
    return [Lost(found[key], *key) for key in sorted(found)]


def _words(name, words):
    # type: (str, Sequence[str]) -> str
    return u' '.join([name] + list(words[:1]))


def _lost(handler, path, why):
    # type: (FolderHandler, str, str) -> Lost
    words = u'%s (%s)' % (_words(handler.name, handler.words), why)
    return Lost(words, path, handler.line)


def _unjudged(one):
    # type: (PhpUnjudged) -> Lost
    if one.line is None:
        return Lost(u'settings of mod_php in %s (%s)' % (one.path, one.why), None, None)
    return Lost(u'a setting of mod_php (%s)' % one.why, one.path, one.line)


def _is_read(guards, modules):
    # type: (Iterable[tuple[bool, str]], Collection[str]) -> bool
    return all((name in modules) is not negated for negated, name in guards)


def _why_folder(htaccess, path, folder, claimed):
    # type: (Htaccess, str, str, set[Section | None]) -> str | None
    """Return why nothing of a file can be copied, in words, or None.

    claimed: set of the sections of the servers that serve its folder by a name.
    """
    if not _PLAIN_FOLDER.match(folder):
        return 'the name of that folder has other characters than letters, digits and . _ - , + = @'
    if not set(htaccess.servers.get(path, ())) <= claimed:
        return 'only a request tells which folder is served there'
    if any(is_within(folder, one) for one in htaccess.elsewhere):
        return 'a link leads to that folder, too'
    return None


def _why_line(handler):
    # type: (FolderHandler) -> str | None
    """Return why a line cannot be copied, in words, or None."""
    files = [
        (name, tuple(text.split())) for name, text in handler.sections if name not in _DECIDED
    ]
    if not handler.whole or len(handler.words) != 2:
        return 'it is too long, or has not two words'
    if files and not (len(files) == 1 and _is_plain_file(files[0])):
        return 'it holds for some files or requests only'
    if handler.words[0] == u'engine':
        return None
    if handler.words[0] not in NAMES:
        return 'a pool would let the owner of that file have more than mod_php does'
    if not _PLAIN_VALUE.match(handler.words[1]):
        return 'its value has other characters than letters, digits and some signs'
    return None


def _is_plain_file(section):
    # type: (AnySection) -> bool
    """Return whether a section is a <Files> with one plain name."""
    plain = (section[0], tuple(word.strip(u'"') for word in section[1]))
    return is_name(plain) and bool(_PLAIN_NAME.match(plain[1][0]))
