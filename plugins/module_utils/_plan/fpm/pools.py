# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The pools of FPM: one for each set of settings, since what a web server sends with a request
stays in force for the next requests of the same worker.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ..._fields import TYPE_CHECKING, NamedTuple
from ..._model import PREFORK
from ..._syntax.patterns import finds
from .. import effective
from ..php_names import ENDINGS, STEM
from . import marks
from .values import key_of, pool_line, quoted
from .wishes import values_of

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from ..._model import FpmMemory, Outlook  # noqa: F401
    from ..section_layers import AnySection  # noqa: F401
    from .values import Key, PhpValue  # noqa: F401
    from .wishes import Wishes  # noqa: F401

# socket: its path; endings: of the files it may run, sorted, None for any.
Pool = NamedTuple(
    'Pool',
    [
        ('name', 'str'),
        ('socket', 'str'),
        ('values', 'list[PhpValue]'),
        ('endings', 'list[str] | None'),
    ],
)
# How many processes each pool may have. most: at one time; start, least, spare: as prefork keeps
# them; words: how the most was found.
Size = NamedTuple(
    'Size',
    [
        ('most', 'int'),
        ('start', 'int'),
        ('least', 'int'),
        ('spare', 'int'),
        ('words', 'str'),
    ],
)

NAME = 'webops-%d'
# Above so many pools processes are only made for requests.
MANY = 30
# A worker of PHP needs this much, in KiB, if nobody measured one.
USUAL_KIB = 32 * 1024
# This part of the memory is for workers, the rest for what else runs.
SHARE = 0.8
FEWEST = 5
_ENV_NAME = re.compile(r'^[A-Za-z_][A-Za-z0-9_]*$')
# Which no page is told: they are about the start of the server itself.
_OWN = frozenset(['NOTIFY_SOCKET', 'LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES', 'INVOCATION_ID'])


def make_pools(wishes):
    # type: (Wishes) -> tuple[list[Pool], dict[Key, Pool]]
    """Return ([Pool], {key of the settings of a place: Pool}) for all that PHP runs."""
    found, order = {}, []  # type: dict[Key, list[PhpValue]], list[Key]
    endings = {}  # type: dict[Key, list[AnySection | None]]
    for place in [place for site in wishes.sites for place in site.places]:
        for entry in place.entries:
            if entry.word is not None:
                continue
            values = values_of(place, entry)
            key = key_of(values)
            if key not in found:
                found[key] = values
                order.append(key)
            endings.setdefault(key, []).append(entry.files)
    pools = []
    for number, key in enumerate(order, 1):
        name = NAME % number
        socket = '%s%s.sock' % (marks.SOCKETS, name)
        pools.append(Pool(name, socket, found[key], _endings(endings[key])))
    return pools, dict(zip(order, pools))


def _endings(sections):
    # type: (list[AnySection | None]) -> list[str] | None
    """Return the endings of the names that some sections of names take; None where they may take
    any.
    """
    found = set()
    for section in sections:
        taken = _taken(section)
        if not taken:
            return None
        found.update(taken)
    return sorted(found)


def _taken(section):
    # type: (AnySection | None) -> list[str]
    """Return the endings of the names that a section of names takes; [] where that is not known."""
    if section is None or not section[1]:
        return []
    if section[0] == 'files' and len(section[1]) == 1:
        return [one for one in ENDINGS if section[1][-1].endswith(one)]
    if section[0] != 'filesmatch':
        return []
    taken = [one for one in ENDINGS if finds(section[1][-1], STEM + one)]
    # A pattern that takes an ending anywhere in a name may take any name.
    return [] if taken and finds(section[1][-1], STEM + taken[0] + '.zz') else taken


def size_pools(settings, memory):
    # type: (dict[str, int], FpmMemory) -> Size
    """Return the Size of a pool.

    settings: {name of 2.4: number} of the MPM that has run PHP; memory: FpmMemory. A pool may have
    as many processes as that server, as far as the memory allows.
    """
    wanted = settings['MaxRequestWorkers']
    words = 'MaxRequestWorkers of the server that ran PHP is %d' % wanted
    most = wanted
    if memory.available is not None:
        each = max(memory.each or USUAL_KIB, 1)
        room = int(memory.available * SHARE) // each
        words += ', and memory has room for %d processes of %.1f MiB' % (room, each / 1024.0)
        most = max(min(wanted, room), min(FEWEST, wanted))
    least = max(1, min(settings['MinSpareServers'], most))
    spare = max(least, min(settings['MaxSpareServers'], most))
    start = max(least, min(settings['StartServers'], spare))
    return Size(most, start, least, spare, words)


def old_settings(look):
    # type: (Outlook) -> dict[str, int]
    """Return the settings for `size_pools` of an Outlook."""
    numbers = dict((name, int(value)) for name, value in effective.DEFAULTS[PREFORK].items())
    for name in numbers:
        setting = look.directives.get(name)
        if setting is not None and ('%s' % setting.value).isdigit():
            numbers[name] = int(setting.value)
    return numbers


def write_pools(pools, size, user, group, environment):
    # type: (list[Pool], Size, str, str, dict[str, str]) -> tuple[str, list[PhpValue], list[str]]
    """Return the text of the file with the pools, and [PhpValue] that it cannot say, and names of
    variables that it cannot say.

    user, group: of the server; environment: {name: value} in which the module ran.
    """
    lost, variables, unsaid = [], [], []
    for name in sorted(environment):
        text = quoted(environment[name])
        if name in _OWN:
            continue
        # What begins with a $ FPM takes for the name of another variable.
        if text is None or not _ENV_NAME.match(name) or environment[name].startswith('$'):
            unsaid.append(name)
        elif environment[name]:
            variables.append('env[%s] = %s' % (name, text))
    lines = [u'; %s: one pool for each set of settings of PHP.' % marks.MANAGED]
    for pool in pools:
        lines += [u'', u'[%s]' % pool.name] + _head(pool, size, user, group, len(pools))
        lines += variables
        for value in pool.values:
            line = pool_line(value)
            if line is None:
                lost.append(value)
            else:
                lines.append(line)
    return u'\n'.join(lines) + u'\n', lost, unsaid


def _head(pool, size, user, group, count):
    # type: (Pool, Size, str, str, int) -> list[str]
    lines = [
        u'user = %s' % user,
        u'group = %s' % group,
        u'listen = %s' % pool.socket,
        u'listen.owner = %s' % user,
        u'listen.group = %s' % group,
        u'listen.mode = 0600',
        u'pm.max_children = %d' % size.most,
    ]
    if count > MANY:
        lines += [u'pm = ondemand', u'pm.process_idle_timeout = 60s']
    else:
        lines += [
            u'pm = dynamic',
            u'pm.start_servers = %d' % size.start,
            u'pm.min_spare_servers = %d' % size.least,
            u'pm.max_spare_servers = %d' % size.spare,
        ]
    return lines + [u'security.limit_extensions = %s' % u' '.join(pool.endings or [])]
