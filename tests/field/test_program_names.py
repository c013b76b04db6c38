"""Reported case: monitoring that looks for a process by its name."""

from field import on

NAMES = {'el6': ('httpd', 'httpd.worker'), 'suse': ('httpd-prefork', 'httpd-worker')}


@on('el6', 'suse')
def test_the_program_has_another_name(host):
    """People have keepalived, monit or an agent look for a process `httpd`, or `httpd-prefork`.

    On these layouts another MPM is another program: they would take the server for down.
    """
    old, new = NAMES[host.layout.name]
    said = host.demand_switched()['msg']
    assert f'the program {new} and no longer {old}' in said, said
