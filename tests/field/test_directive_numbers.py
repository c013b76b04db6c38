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
