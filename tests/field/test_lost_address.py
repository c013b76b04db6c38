"""Reported cases: the server listens on an address that the host does not have any more."""

import pytest
from field import on

# Of a block for documentation: nobody has it.
ADDRESS = '192.0.2.7'


@on('debian12', 'el7', 'el9', 'suse')
@pytest.mark.parametrize('strategy', ['auto', 'stop'])
def test_an_address_that_moved_to_another_host(host, strategy):
    """People listen on an address that keepalived moves, or that comes up after the server.

    The server that runs keeps its socket, so all looks well; but no server could start here now.
    """
    host.shell('ip address add $1/32 dev lo', ADDRESS)
    host.write(f'{host.layout.sites}/zz-address.conf', f'Listen {ADDRESS}:8088\n')
    host.restart()
    host.shell('ip address del $1/32 dev lo', ADDRESS)
    host.demand_refused('rehearsal_failed', strategy=strategy)
    host.demand_runs(host.layout.mpms[0])
