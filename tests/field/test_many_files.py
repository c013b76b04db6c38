"""Field case L5: a host with thousands of sites, each in a file of its own."""

from field import on

MAKE = 'for i in $(seq 5200); do echo "# site $i" >$1/site-$i.conf; done'


@on('debian12', 'el6')
def test_more_than_five_thousand_files(host):
    """People who host for others have one file for each site; 5,000 are no rare number."""
    host.shell(MAKE, host.layout.sites)
    host.restart()
    assert host.audit().result['mpm']['running'] == 'prefork'
    host.demand_switched(kib=400 * 1024, seconds=120)
