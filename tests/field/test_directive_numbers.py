"""Field case L3: numbers that people give to directives."""

import pytest
from field import on

WRONG = {
    'fewest above most': {'MinSpareThreads': 200, 'MaxSpareThreads': 50},
    'more at the start than there may be': {
        'StartServers': 50,
        'ServerLimit': 4,
        'ThreadsPerChild': 25,
        'MaxRequestWorkers': 100,
    },
    'no room for spare threads': {'MaxSpareThreads': 40},
}

TOO_MANY = {
    'debian12': ('/etc/apache2/mods-available/mpm_prefork.conf', 'MaxRequestWorkers 900\n'),
    'el6': ('/etc/httpd/conf.d/many.conf', 'MaxClients 900\n'),
}


@on('debian12')
def test_a_factor_with_a_point(host):
    """People write AsyncRequestWorkerFactor as httpd documents it: it need not be whole."""
    host.demand_switched(directives={'AsyncRequestWorkerFactor': '1.5'})
    assert '1.5' in str(host.audit().result['mpm']['directives']['AsyncRequestWorkerFactor'])


@on('debian12')
@pytest.mark.parametrize('what', WRONG)
def test_numbers_that_do_not_fit_together(host, what):
    """People mix up the two ends of a range; httpd would take other numbers without a word."""
    host.demand_refused('directives_invalid', directives=WRONG[what])


@on('debian12', 'el6')
def test_the_audit_shows_what_httpd_goes_on_with(host):
    """People raise MaxRequestWorkers alone; ServerLimit keeps it down, and only a log says so."""
    host.write(*TOO_MANY[host.layout.name])
    host.restart()
    found = host.audit().result['mpm']
    assert found['directives']['MaxRequestWorkers'] == 900
    assert found['effective']['MaxRequestWorkers'] == 256
    assert found['effective']['ServerLimit'] == 256
