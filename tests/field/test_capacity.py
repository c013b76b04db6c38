"""Field case L9: what another MPM takes away without being asked."""

from field import on

TUNED = 'ServerLimit 700\nMaxRequestWorkers 700\n'


@on('debian12')
def test_fewer_workers_than_before(host):
    """People raised the limit for prefork; the file of the other MPM has the stock number.

    A busy site would turn visitors away, and nobody would know since when.
    """
    host.write('/etc/apache2/mods-available/mpm_prefork.conf', TUNED)
    host.restart()
    found = str(host.demand_switched()['findings'])
    assert '700' in found and '150' in found, found


@on('debian12')
def test_http2_under_prefork(host):
    """People offer HTTP/2 under event; under prefork httpd leaves it out, with a line in its log.

    The person who switches has to hear of it.
    """
    host.shell('a2dismod -q php8.2 mpm_prefork && a2enmod -q mpm_event http2')
    host.write('/etc/apache2/conf-enabled/h2.conf', 'Protocols h2c http/1.1\n')
    host.restart()
    result = host.demand_switched(mpm='prefork')
    said = str(result['findings']) + str(result['rehearsal']) + str(result.get('warnings'))
    assert 'AH10034' in said or 'HTTP/2' in said, said
