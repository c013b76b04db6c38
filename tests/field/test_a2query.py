"""Field case L4: what Debian's own tools say after a switch."""

from field import on


@on('debian12')
def test_a_user_asks_who_enabled_the_mpm(host):
    """People ask a2query, also as normal users and from monitoring, who enabled a module."""
    host.shell('rm -rf /var/lib/apache2/module/enabled_by_admin')
    host.demand_switched()
    asked = host.host.run('a2query', '-m', 'mpm_event', user='nobody')
    assert asked.stdout.strip() == 'mpm_event (enabled by site administrator)', asked
    asked = host.host.run('a2query', '-m', 'mpm_prefork', user='nobody')
    assert asked.returncode == 32, asked
