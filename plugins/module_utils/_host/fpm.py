# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Read the FPM that belongs to the PHP module of a host: whether it is there, of the same version,
how its service is, what it serves, and what memory there is for it.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re

from .._errors import ReadError
from .._layouts.fpm_places import named_version, places_for
from .._model import Fpm, FpmMemory
from .._syntax.evaluate import active_directives
from .._system import memory, processes
from .._system.files import find_in_file, native_path, read_text, text_path
from . import php, services

# Compiled into the module and into FPM (main/SAPI.h of PHP).
_VERSION = br'X-Powered-By: PHP/([0-9]+\.[0-9]+)\.'
DROP_IN, POOL_FILE = 'webops-apache.conf', 'zz-webops-apache.conf'
# Pools of packages: RHEL's and Debian's is www, SUSE's too.
_PACKAGED = frozenset(['www'])
_POOL = re.compile(r'^\s*\[([^\]]+)\]', re.MULTILINE)
_ENABLED = {'enabled': True, 'disabled': False}
# Of a child of the server, the first few are enough to know what one needs.
_MEASURED = 20


def read_fpm(run, layout, tree, world, php_files, running, service):
    """Return the Fpm; None where there is no module of PHP, or no known place for its FPM.

    php_files: {path of a module: how it is}; running: a Running, or None; service:
    Service of httpd.
    """
    found = _place(layout.name, tree, world, php_files)
    if found is None:
        return None
    module, places, version = found
    told = services.ask_unit(run, places.unit)
    program = _program(places)
    drop_in = '/etc/systemd/system/%s.service.d/%s' % (places.unit, DROP_IN)
    pool_file = '%s/%s' % (places.pools, POOL_FILE)
    return Fpm(
        places=places,
        version=version,
        program=program,
        enabled=_ENABLED.get((told or {}).get('UnitFileState')),
        active=(told or {}).get('ActiveState') in ('active', 'reloading', 'activating'),
        problem=_problem(program, told, version, places),
        own_pools=_own_pools(places.pools),
        drop_in=drop_in,
        pool_file=pool_file,
        files=dict((path, read_text(path)) for path in (drop_in, pool_file)),
        umask=processes.status_field(running.main.pid, u'Umask') or None if running else None,
        memory=_memory(running),
        private_tmp=(service.unit or {}).get('PrivateTmp') == 'yes',
    )


def _place(layout, tree, world, php_files):
    """Return (module, FpmPlaces, version) of the module that is loaded, else of one that could be
    and whose FPM has our drop-in or is there; None where there is none.
    """
    known = [path for path in sorted(php_files) if php_files[path] != 'missing']
    active = [path for path in _loaded(tree, world) if path in known]
    for module in active + [path for path in known if path not in active]:
        version = _version(module)
        places = places_for(layout, module, version)
        if places is None:
            continue
        ours = '/etc/systemd/system/%s.service.d/%s' % (places.unit, DROP_IN)
        if module in active or os.path.exists(ours):
            return module, places, version
    return None


def _loaded(tree, world):
    return [
        os.path.join(tree.root, item.args[1])
        for item in active_directives(tree, world)
        if item.name == 'loadmodule' and len(item.args) == 2 and php.PHP_SYMBOL.match(item.args[0])
    ]


def _version(module):
    """Return the version of PHP as '8.2', by the file, else by its name; None where neither says.
    """
    return _compiled_version(module) or named_version(module)


def _compiled_version(path):
    try:
        found = find_in_file(path, _VERSION)
    except (IOError, OSError, ReadError):
        return None
    return found.decode('ascii') if found else None


def _program(places):
    for path in places.programs:
        if os.access(native_path(path), os.X_OK):
            return path
    return None


def _problem(program, told, version, places):
    """Return why an FPM that is installed cannot be used, or None."""
    if program is None:
        return None
    if told is None:
        return 'systemd has no unit %s' % places.unit
    if 'masked' in (told.get('LoadState'), told.get('UnitFileState')):
        return 'its unit %s is masked' % places.unit
    own = _compiled_version(program)
    if own and version and own != version:
        return '%s is PHP %s, and the module is PHP %s' % (program, own, version)
    if not os.path.isdir(native_path(places.pools)):
        return 'there is no folder %s for its pools' % places.pools
    return None


def _own_pools(folder):
    """Return the names of the pools in a folder that no package and no switch of ours made."""
    try:
        names = sorted(text_path(name) for name in os.listdir(native_path(folder)))
    except OSError:
        return ()
    found = []
    for name in names:
        if name.endswith('.conf') and name != POOL_FILE:
            try:
                text = read_text(os.path.join(folder, name)) or u''
            except ReadError:
                text = u'[%s]' % name
            found += [pool for pool in _POOL.findall(text) if pool not in _PACKAGED]
    return tuple(found)


def _memory(running):
    """Return the FpmMemory, in which what the server uses now counts as available: its PHP ends
    with it.
    """
    free = memory.available()
    if not running:
        return FpmMemory(free, None)
    children = [
        process.pid
        for process in processes.family_of(running.main, processes.read_processes())
        if process.pid != running.main.pid
    ][:_MEASURED]
    used = memory.used_by(children)
    each = used // len(children) if children else None
    return FpmMemory(None if free is None else free + used, each)
