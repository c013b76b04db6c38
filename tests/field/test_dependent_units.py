"""Field case M2: other units depend on httpd's."""

from field import demand_same, on

UNIT = """[Unit]
{bond}=httpd.service
After=httpd.service
[Service]
ExecStart=/bin/sleep infinity
"""
BONDS = ('PartOf', 'BindsTo', 'Requires')


def arrange_dependents(host):
    for bond in BONDS:
        host.write(f'/etc/systemd/system/{bond.lower()}.service', UNIT.format(bond=bond))
    host.shell('systemctl daemon-reload')
    for bond in BONDS:
        host.shell(f'systemctl start {bond.lower()}.service')


def demand_dependents_run(host):
    states = [
        host.root('systemctl', 'is-active', f'{bond.lower()}.service').stdout.strip()
        for bond in BONDS
    ]
    assert states == ['active'] * len(BONDS), dict(zip(BONDS, states))


def switch_with_dependents(host, **options):
    before = host.fingerprint()
    result = host.switch(**options).result
    if result['outcome'] == 'refused':
        demand_same(before, host.fingerprint())
    else:
        assert result['outcome'] == 'switched', result['msg']
    demand_dependents_run(host)


@on('el7')
def test_dependents_of_a_wrapped_server(host):
    """People bind exporters, log shippers and PHP daemons to httpd's unit.

    ExecStart is wrapped here, so that the unit is stopped and started.
    """
    start = '/usr/bin/nice -n -2 /usr/sbin/httpd $OPTIONS -DFOREGROUND'
    host.drop_in('httpd.service', f'[Service]\nExecStart=\nExecStart={start}\n')
    host.restart()
    arrange_dependents(host)
    switch_with_dependents(host, strategy='stop')


@on('el7', 'el9')
def test_dependents_of_a_stock_server(host):
    """People bind other units to a stock httpd, too, and a stop takes them along.

    They have to run as before after any strategy.
    """
    arrange_dependents(host)
    switch_with_dependents(host, strategy='stop')


@on('el9')
def test_dependents_run_again_on_the_way_back(host):
    """People's page breaks under the other MPM: all comes back, and so do the dependents."""
    arrange_dependents(host)
    host.write(
        '/etc/httpd/conf.d/page.conf',
        '<IfModule mpm_prefork_module>\nRedirect 404 /index.html\n</IfModule>\n',
    )
    host.shell('echo hello >/var/www/html/index.html; systemctl reload httpd')
    result = host.switch(
        strategy='stop',
        rehearse='never',
        probes=[{'url': 'http://localhost/index.html', 'status': 200}],
    ).result
    assert result['outcome'] == 'rolled_back', result['msg']
    demand_dependents_run(host)


@on('el9')
def test_a_dependent_that_cannot_come_back_is_named(host):
    """People start something for as long as httpd runs, by systemd-run."""
    host.shell('systemd-run --unit=passing -p BindsTo=httpd.service sleep infinity')
    result = host.demand_refused('dependent_units')
    assert 'passing.service' in result['msg']
