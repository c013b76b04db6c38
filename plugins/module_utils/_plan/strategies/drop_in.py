# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""What systemd is told of a unit whose server is followed by another one, for the time of that:
a drop-in below /run.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

from ..._fields import TYPE_CHECKING
from ..._orders import UnitOrder

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Iterable  # noqa: F401
    from typing import Any  # noqa: F401

FOLDER = '/run/webops-apache-mpm'
DROP_IN = '/run/systemd/system/%s.d/zz-webops-mpm.conf'
# While the old main process may be over and the next one not named yet, the unit is neither over
# nor started again.
KEPT = ('RemainAfterExit=yes', 'Restart=no')
# A unit may listen to each of its processes: then a page could have systemd end the server in the
# middle of a switch. So it listens to the main process alone. A process of ExecReload= then gets no
# NOTIFY_SOCKET from systemd, but the server that it starts becomes the main one: without the socket
# it could never answer a later "systemctl reload", which would wait forever where the unit itself
# sets NotifyAccess=all (SUSE).
NOTIFY = ('NotifyAccess=main', 'Environment=NOTIFY_SOCKET=/run/systemd/notify')


def describe_unit(details, pid, more=()):
    # type: (dict[str, Any], int, Iterable[str]) -> UnitOrder
    """Return the UnitOrder of the steps that speak with systemd.

    details: of the Ability; pid: of the present main process; more: further lines of the drop-in.
    """
    unit = details['unit']
    names = dict((name, '%s/%s.%s' % (FOLDER, unit, name)) for name in ('pid', 'start'))
    return UnitOrder(
        pid=pid,
        unit=unit,
        control=details['control'],
        folder=FOLDER,
        main_file=names['pid'],
        ticket=names['start'],
        drop_in=DROP_IN % unit,
        text=drop_in_text(details, names, more),
    )


def drop_in_text(details, names, more=()):
    # type: (dict[str, Any], dict[str, str], Iterable[str]) -> str
    """Return the text of the drop-in for the unit.

    Whichever main process ends, systemd takes the one that our file names for the next. A reload
    takes a ticket and starts the new server; where there is none it fails and does nothing. Should
    we be gone when somebody starts the unit afresh, it is as it was before.
    """
    remove, control = details['remove'], details['control']
    lines = [
        '# The switch of the MPM that runs now removes this; it is not needed afterwards.',
        '[Service]',
        'PIDFile=%s' % names['pid'],
    ]
    lines += more
    if details['type'] == 'notify':
        lines += NOTIFY
    lines += [
        'ExecStartPre=+-%s' % _command([remove, '-f', DROP_IN % details['unit']]),
        'ExecStartPre=+-%s' % _command([control, 'daemon-reload']),
        'ExecReload=',
        'ExecReload=+%s' % _command([remove, names['start']]),
        'ExecReload=%s' % _command(details['start']),
    ]
    return '\n'.join(lines) + '\n'


def _command(words):
    # type: (list[str]) -> str
    return ' '.join(_quoted(word) for word in words)


def _quoted(word):
    # type: (str) -> str
    """A word as systemd reads it: it fills in what begins with %; variables it fills in, too,
    and they are meant.
    """
    word = word.replace('%', '%%')
    return (
        word
        if re.match(r'^[A-Za-z0-9_./@:=+,${}%-]+$', word)
        else '"%s"' % word.replace('\\', '\\\\').replace('"', '\\"')
    )
