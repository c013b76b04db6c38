"""Reported cases: a folder that a start needs is gone since the last one."""

import pytest
from field import on

LOGS = {'debian12': '/var/log/apache2', 'suse': '/var/log/apache2'}
SITE = """<VirtualHost *:80>
    ServerName shop.test
    DocumentRoot /var/www/html
    CustomLog /srv/shop/logs/access.log combined
</VirtualHost>
"""


@on('debian12', 'el9', 'el6', 'suse')
@pytest.mark.parametrize('strategy', ['auto', 'stop'])
def test_the_folder_of_the_logs(host, strategy):
    """People clean up /var/log, or keep it in memory, and the server's folder there is gone.

    The server that runs writes into deleted files, and `httpd -t` of most hosts finds no fault.
    """
    host.shell('rm -rf "$1"', LOGS.get(host.layout.name, '/var/log/httpd'))
    host.demand_refused(None, strategy=strategy, more=('/var/log',))
    host.demand_runs(host.layout.mpms[0])


@on('debian12', 'el9')
@pytest.mark.parametrize('strategy', ['auto', 'stop'])
def test_the_folder_of_a_sites_log(host, strategy):
    """People remove a customer's folder, and the site is still there: one log of many."""
    host.shell('mkdir -p /srv/shop/logs')
    host.write(f'{host.layout.sites}/zz-shop.conf', SITE)
    host.restart()
    host.shell('rm -r /srv/shop')
    host.demand_refused(None, strategy=strategy, more=('/srv',))
    host.demand_runs(host.layout.mpms[0])


@on('debian12', 'el9')
def test_the_folder_of_the_locks(host):
    """People name a folder below /run for locks, which a boot or a clean-up removes."""
    host.shell('mkdir -p /run/locks')
    host.write(f'{host.layout.sites}/zz-locks.conf', 'Mutex file:/run/locks default\n')
    host.restart()
    host.shell('rm -r /run/locks')
    host.demand_refused('config_broken')
    host.demand_runs(host.layout.mpms[0])
