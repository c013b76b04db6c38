"""Reported case: servers that were killed have left no semaphore for the next one."""

import pytest
from field import on

# Takes all sets of semaphores that are left. They stay when the process ends, as those of a server
# that was killed do.
TAKE_ALL = """
import ctypes
libc = ctypes.CDLL(None)
while libc.semget(0, 1, 0o600) >= 0:
    pass
"""


@on('debian12')
@pytest.mark.parametrize('strategy', ['auto', 'stop'])
def test_no_semaphore_is_left(host, strategy):
    """People stop a server by SIGKILL, each time a few sets of semaphores stay, and one day the
    table is full.

    Event needs none. Prefork, which is wanted now, takes turns by one where there are two ports.
    """
    host.shell('a2dismod -q php8.2 mpm_prefork && a2enmod -q mpm_event')
    host.write('/etc/apache2/conf-enabled/mutex.conf', 'Mutex sysvsem default\nListen 8088\n')
    host.restart()
    host.root(host.layout.python, '-c', TAKE_ALL, check=True)
    host.demand_refused(None, 'prefork', strategy=strategy)
    host.demand_runs('event')
