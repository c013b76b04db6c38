"""Reported cases: the unit would not start any more, whatever the server."""

import pytest
from field import on

LIMIT = '[Unit]\nStartLimitIntervalSec=1h\nStartLimitBurst=3\n'


@on('debian12', 'el9', 'suse')
@pytest.mark.parametrize('strategy', ['auto', 'stop'])
def test_its_mount_namespace_cannot_be_made(host, strategy):
    """People name a folder in ReadWritePaths or the like, and remove it while the server runs.

    systemd then ends each start with 226/NAMESPACE, before httpd is called.
    """
    unit = 'httpd.service' if host.layout.name.startswith('el') else 'apache2.service'
    host.shell('mkdir -p /srv/uploads')
    host.drop_in(unit, '[Service]\nReadWritePaths=/srv/uploads\n')
    host.restart()
    host.shell('rmdir /srv/uploads')
    host.demand_refused('unit_cannot_start', strategy=strategy)
    host.demand_runs(host.layout.mpms[0])


@on('debian12', 'el9')
@pytest.mark.parametrize('strategy', ['auto', 'stop'])
def test_it_was_started_too_often(host, strategy):
    """People restart a server several times while they install things.

    systemd counts, and refuses the next start for a while.
    """
    unit = 'httpd.service' if host.layout.name.startswith('el') else 'apache2.service'
    host.drop_in(unit, LIMIT)
    for _number in range(2):
        host.restart()
    host.demand_switched(strategy=strategy)
    host.demand_switched(mpm=host.layout.mpms[0], strategy=strategy)
    host.demand_runs(host.layout.mpms[0])
