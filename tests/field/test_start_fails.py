"""Field cases W1 and W3: the new server reads its configuration, and then does not start."""

from field import on

# Seconds that a start which fails may cost visitors: two on a quiet host, the rest is for a busy
# machine.
MOST_OUTAGE = 2 + 3
NOT_THERE = '<IfModule {guard}>\nCustomLog "|/not/there" common\n</IfModule>\n'
GUARDS = {
    'el6': 'worker.c',
    'el7': 'mpm_worker_module',
    'el9': 'mpm_prefork_module',
    'debian12': 'mpm_event_module',
    'suse': 'worker.c',
}


def demand_short_failure(host, strategy):
    """Have a start fail that no rehearsal has seen, and demand that it costs little."""
    guard = GUARDS[host.layout.name]
    host.write(f'{host.layout.sites}/zz-log.conf', NOT_THERE.format(guard=guard))
    watch = host.watch()
    result = host.switch(strategy=strategy, rehearse='never', seconds=30).result
    gap = watch.stop()
    assert result['outcome'] == 'rolled_back', result['msg']
    assert result['outage_ms'] < MOST_OUTAGE * 1000, result['timeline']
    assert gap < MOST_OUTAGE
    host.demand_runs(host.layout.mpms[0])


@on('el7', 'el9')
def test_a_start_that_fails_under_systemd(host):
    """People have a log program for one MPM that is gone since, or a typing error in its path.

    The server ends by itself right after it has begun.
    """
    demand_short_failure(host, 'stop')


@on('debian12', 'suse')
def test_a_start_that_fails_where_the_unit_forks(host):
    """People have the same on systems whose unit starts httpd in another way."""
    demand_short_failure(host, 'stop')


@on('el9', 'debian12')
def test_a_start_that_fails_beside_the_old_server(host):
    """People let the switch choose its strategy; a start that fails costs no more by those."""
    demand_short_failure(host, 'overlap')


# Of the test hosts only Debian's have a firewall program.
@on('debian12')
def test_a_start_that_fails_while_visitors_wait(host):
    """People have httpd too old for `overlap`, or no systemd, and a firewall program."""
    demand_short_failure(host, 'hold')


@on('el6')
def test_a_start_that_fails_under_sysv(host):
    """People have the same on SysV hosts, where the init script's word comes at once."""
    demand_short_failure(host, 'stop')
