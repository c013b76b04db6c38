# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others. Runs on the controller.
"""What the modules are documented to return, by name and kind. A test compares it with RETURN."""

from __future__ import annotations

from typing import Dict, List, NamedTuple, Tuple, Union

# TEXT: one line; MESSAGE: a longer one, which puts several texts together; LINES: several lines;
# LAST_LINES: the same, of which the end counts; DECIMAL: a NUMBER that need not be whole. Every
# value may also be None.
TEXT, MESSAGE, LINES, LAST_LINES = 'text', 'message', 'lines', 'last lines'
NUMBER, DECIMAL, FLAG = 'number', 'decimal', 'flag'
# [kind] is a list, {name: kind} a dictionary with these names.
Kind = Union[str, 'Map', List['Kind'], Dict[str, 'Kind']]


class Map(NamedTuple):
    """The kind of a dictionary with any names, whose values are of one kind."""

    kind: Kind


class Description(NamedTuple):
    """What a module returns.

    keys: {name: kind}; needed: names that no successful answer lacks.
    """

    module: str
    keys: Dict[str, Kind]
    needed: Tuple[str, ...]


# What Ansible documents for every module.
COMMON: Dict[str, Kind] = {
    'changed': FLAG,
    'failed': FLAG,
    'msg': MESSAGE,
    'warnings': [TEXT],
    'diff': [{'prepared': LINES}],
}
# What Ansible itself makes of a module that did not run to its end.
BROKEN: Dict[str, Kind] = {'rc': NUMBER, 'module_stdout': LAST_LINES, 'module_stderr': LAST_LINES}

_FINDING: Dict[str, Kind] = {
    'rule': TEXT,
    'level': TEXT,
    'acceptable': FLAG,
    'reason': TEXT,
    'fix': TEXT,
    'packages': [TEXT],
}
# Of a host with many sites this is the longest, so it comes last, and is cut first.
_SITES: Kind = [
    {
        'site': TEXT,
        'file': TEXT,
        'line': NUMBER,
        'ports': [NUMBER],
        'place': TEXT,
        'names': [TEXT],
        'now': TEXT,
        'then': TEXT,
    }
]
_HOST: Dict[str, Kind] = {
    'running': TEXT,
    'configured': TEXT,
    'compiled': TEXT,
    'agree': FLAG,
    'layout': TEXT,
    'version': TEXT,
    'available': Map(TEXT),
    'php_modules': Map(TEXT),
    'directives': Map(DECIMAL),
    'effective': Map(DECIMAL),
    'panels': [TEXT],
    'config_test': FLAG,
    'choice': {'file': TEXT, 'line': NUMBER, 'program': TEXT},
    'process': {
        'pid': NUMBER,
        'program': TEXT,
        'processes': NUMBER,
        'threads': NUMBER,
        'memory_kib': NUMBER,
        'ports': [NUMBER],
    },
    'php': [{'symbol': TEXT, 'path': TEXT, 'thread_safe': FLAG, 'file': TEXT, 'line': NUMBER}],
}

MPM = Description(
    'webops.apache.mpm',
    {
        'outcome': TEXT,
        'mpm': TEXT,
        'before': _HOST,
        'after': _HOST,
        'findings': [_FINDING],
        'steps': [TEXT],
        'timeline': [{'step': TEXT, 'phase': TEXT, 'ms': NUMBER, 'error': TEXT}],
        'outage_ms': NUMBER,
        'files': [TEXT],
        'visitors': Map(NUMBER),
        'strategy': {
            'asked': TEXT,
            'used': TEXT,
            'means': TEXT,
            'passed_over': [{'strategy': TEXT, 'reason': TEXT}],
        },
        'rehearsal': {
            'state': TEXT,
            'reason': TEXT,
            'mpm': TEXT,
            'processes': NUMBER,
            'threads': NUMBER,
            'memory_kib': NUMBER,
            'warnings': [TEXT],
            'ms': NUMBER,
        },
        'probe_pages': [{'url': TEXT, 'before': NUMBER, 'after': NUMBER, 'kind': TEXT}],
        'probe_sites': [{'site': TEXT, 'url': TEXT, 'before': NUMBER, 'after': NUMBER}],
        'sites_not_proved': [{'site': TEXT, 'why': TEXT}],
        'packages': [TEXT],
        'rule': TEXT,
        'attached': FLAG,
        'php_sites': _SITES,
    },
    ('outcome',),
)

MPM_INFO = Description(
    'webops.apache.mpm_info',
    {
        'mpm': _HOST,
        'findings': [_FINDING],
        'switch_to': Map([_FINDING]),
        'advice': {'mpm': TEXT, 'php': TEXT, 'reasons': [TEXT]},
        'php_sites': _SITES,
    },
    ('mpm', 'findings', 'switch_to'),
)

MPM_PACKAGES = Description(
    'webops.apache.mpm_packages',
    {
        'manager': TEXT,
        'command': [TEXT],
        'installs': [TEXT],
        'upgrades': [TEXT],
        'removes': [TEXT],
        'unasked': [TEXT],
        'rule': TEXT,
    },
    ('installs', 'removes', 'unasked'),
)

# Of any other module that the role runs by mpm_call.
MPM_CALL = Description('webops.apache.mpm_call', {'stdout': LAST_LINES, 'stderr': LAST_LINES}, ())
# A failure that is told again: of all that fails in the role, only this has details.
MPM_FAIL = Description('webops.apache.mpm_fail', MPM_PACKAGES.keys, ())
