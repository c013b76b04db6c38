# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Read which extensions each PHP module of a host would load, without running it.

Where a module looks is written in it: its configure command has the folders of its php.ini and of
further settings, and the folder of its extensions is a string of its own. The thread-safe sister
of a module has other ones, and what is installed for the one is often not there for the other.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
from collections import namedtuple

from .._errors import ReadError, StrangerError
from .._model import PhpExtension, PhpExtensions
from .._strangers import paths
from .._syntax.evaluate import active_directives
from .._syntax.php_ini import extension_name, library_path, read_ini
from .._system.files import find_in_file
from .php import thread_safety

_INI = br'--with-config-file-path=([^\x00-\x20\x27"]+)'
_SCANNED = br'--with-config-file-scan-dir=([^\x00-\x20\x27"]+)'
_FOLDER = (
    br'\x00(/[\w./+-]*php[\w./+-]*/(?:modules|extensions|[0-9]{8}'
    br'|no-debug-(?:non-)?zts-[0-9]{8}))\x00'
)
# Where the packages of Red Hat and its like have them.
_USUAL_INI = u'/etc'
_USUAL_SCANNED = (u'/etc/php.d', u'/etc/php-zts.d')
_USUAL_FOLDERS = (u'/usr/lib64/php/modules', u'/usr/lib64/php-zts/modules')
# The server's own php.ini comes first, and alone.
_NAMES = (u'php-apache2handler.ini', u'php.ini')
MAX_INI, MAX_FILES = 1024 * 1024, 500

# Where one module looks. ini: folder of its php.ini; scanned: folders of further settings; folder:
# of its extensions, unless a php.ini says otherwise.
_Places = namedtuple('_Places', 'ini scanned folder')


def read_php_extensions(tree, world, php_files):
    """Return {path of a module: PhpExtensions} where a host has both kinds of PHP modules, one with
    thread safety and one without; empty else, since nothing is compared there.

    php_files: {path: 'ts', 'nts', 'unknown' or 'missing'}.
    """
    kinds = set(php_files.values())
    if 'ts' not in kinds or len(kinds - set(['missing'])) < 2:
        return {}
    given = _given_folder(tree, world)
    return dict(
        (path, _read_module(path, safety == 'ts', given, world.variables))
        for path, safety in php_files.items()
        if safety != 'missing'
    )


def _given_folder(tree, world):
    """Return the folder that PHPIniDir names, None where nothing does."""
    named = [
        item for item in active_directives(tree, world) if item.name == 'phpinidir' and item.args
    ]
    return os.path.join(tree.root, named[-1].args[0]) if named else None


def _read_module(path, is_ts, given, variables):
    places = _places(path, is_ts, given, variables)
    try:
        files = _ini_files(places)
        texts = [(one, paths.read_file(one, MAX_INI).decode('latin-1')) for one in files]
    except (IOError, OSError, StrangerError) as e:
        return PhpExtensions((), places.scanned, places.folder, 'its settings: %s' % e)
    words = [(one, read_ini(text)) for one, text in texts]
    folders = [each.folder for _one, each in words if each.folder]
    folder = folders[-1] if folders else places.folder
    loaded = []
    for one, each in words:
        for value, line in each.loads:
            if _fits(library_path(value, folder), is_ts):
                loaded.append(PhpExtension(extension_name(value), one, line))
    return PhpExtensions(tuple(loaded), places.scanned, folder, None)


def _fits(library, is_ts):
    """Return whether a module can load a library: it is there and of the same kind."""
    return thread_safety(library) not in ('missing', 'nts' if is_ts else 'ts')


def _places(path, is_ts, given, variables):
    """Return the _Places of a module. given: what PHPIniDir names, or None; variables: of the
    environment of the server.
    """
    scanned = variables.get('PHP_INI_SCAN_DIR') or _text_in(path, _SCANNED)
    ini = given or variables.get('PHPRC') or _text_in(path, _INI)
    return _Places(
        ini=ini or _USUAL_INI,
        scanned=tuple((scanned or _USUAL_SCANNED[is_ts]).split(u':')),
        folder=_text_in(path, _FOLDER) or _USUAL_FOLDERS[is_ts],
    )


def _text_in(path, pattern):
    try:
        found = find_in_file(path, pattern)
    except (IOError, OSError, ReadError):
        return None
    return found.decode('latin-1') if found else None


def _ini_files(places):
    """Return the paths of the files with settings, in the order in which PHP reads them. Raises
    OSError, StrangerError.
    """
    main = [os.path.join(places.ini, name) for name in _NAMES]
    found = [path for path in main if os.path.isfile(path)][:1]
    for folder in places.scanned:
        names = [name for name in _names_in(folder) if name.endswith(u'.ini')]
        found += [os.path.join(folder, name) for name in sorted(names)]
    return found[:MAX_FILES]


def _names_in(path):
    if not path or not os.path.isdir(path):
        return []
    with paths.open_folder(path) as folder:
        return [name for name, is_folder, _is_link in folder.entries() if not is_folder]
