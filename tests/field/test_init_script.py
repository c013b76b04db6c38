"""Field case M3: the init script cannot do its work."""

import pytest
from field import on

BROKEN = {
    'functions that are gone': 'mv /etc/rc.d/init.d/functions /root/',
    'functions that fail': 'echo "exit 5" >/etc/rc.d/init.d/functions',
    'a script that may not run': 'chmod 644 /etc/rc.d/init.d/httpd',
}


@on('el6')
@pytest.mark.parametrize('how', BROKEN)
def test_a_service_that_cannot_run(host, how):
    """People break the functions file or the script by an update that went wrong half way.

    The server runs on for months, until something stops it.
    """
    host.shell(BROKEN[how])
    host.demand_refused(None, more=('/etc/rc.d',))
    host.demand_runs('prefork')
