"""The field tests themselves: a stock host goes there and back, and what changes is seen."""

import pytest
from field import EVERYWHERE, demand_same, on


@EVERYWHERE
def test_a_stock_host_goes_there_and_back(host):
    """People have what their system installs. Nothing may be left of a switch there and back."""
    host.there_and_back()
    host.demand_runs(host.layout.mpms[0])


@on('el6', 'debian12')
def test_a_request_that_cannot_be_met_leaves_the_host_alone(host):
    """People ask for numbers that do not fit together. The host has to be as it was."""
    host.demand_refused('directives_invalid', directives={'MaxRequestWorkers': 10**9})


@on('debian12')
def test_a_change_is_seen(host):
    """Each kind of change has to be in the fingerprint, or a case could not fail."""
    before = host.fingerprint()
    host.shell('chmod 600 /etc/apache2/ports.conf; echo >/etc/systemd/system/x.service')
    host.shell('ln -s nowhere /etc/apache2/link')
    host.restart()
    with pytest.raises(AssertionError) as seen:
        demand_same(before, host.fingerprint())
    for words in ('ports.conf', 'x.service', 'nowhere', 'servers', 'listeners'):
        assert words in str(seen.value)
