"""Reported case: somebody watches the pid file, and starts the server whenever it is gone."""

import pytest
from field import on

# As monit does with `check process ... with pidfile`, but much more often.
WATCHDOG = """#!/bin/sh
while :; do
    kill -0 "$(cat {pid_file})" || {{ date >>/run/watchdog; {start}; }}
    sleep 0.1
done
"""
START = {'el6': 'service httpd start', 'el9': 'systemctl start httpd'}


@on('debian12', 'el6', 'el9')
@pytest.mark.parametrize('strategy', ['auto', 'stop'])
def test_a_watchdog_starts_the_server(host, strategy):
    """People have monit or a job of cron start a server that is down; during a switch it is.

    What it starts then must not be in the way, and there is one server in the end.
    """
    start = START.get(host.layout.name, 'systemctl start apache2')
    text = WATCHDOG.format(pid_file=host.layout.pid_file, start=start)
    host.write('/usr/local/bin/watchdog', text, '755')
    host.shell('setsid /usr/local/bin/watchdog </dev/null >/dev/null 2>&1 &')
    for mpm in reversed(host.layout.mpms):
        host.demand_switched(mpm=mpm, strategy=strategy)
        host.demand_runs(mpm)
        assert len(host.fingerprint().servers) == 1
