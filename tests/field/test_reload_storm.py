"""Reported case: somebody reloads the server again and again while it is switched."""

import pytest
from field import on

# As a job of logrotate that has no `sharedscripts`: one reload for each of its log files.
STORM = """#!/bin/sh
while :; do
    for file in 1 2 3 4 5 6 7 8 9 10 11; do {reload} & done
    wait
    sleep 0.3
done
"""
RELOAD = {'el6': 'service httpd reload', 'el9': 'systemctl reload httpd'}


@on('debian12', 'el6', 'el9')
@pytest.mark.parametrize('strategy', ['auto', 'stop'])
def test_reloads_in_the_middle(host, strategy):
    """People have logrotate, certbot and other tools reload the server, several at a time.

    A reload that meets half a switch ends the server, or starts one with half of the files.
    """
    reload = RELOAD.get(host.layout.name, 'systemctl reload apache2')
    host.write('/usr/local/bin/storm', STORM.format(reload=reload), '755')
    host.shell('setsid /usr/local/bin/storm </dev/null >/dev/null 2>&1 &')
    result = host.switch(strategy=strategy).result
    # The last reloads are still under way.
    host.shell('pkill -f bin/[s]torm; sleep 5')
    assert result['outcome'] in ('switched', 'rolled_back'), result['msg']
    host.demand_runs(host.layout.mpms[result['outcome'] == 'switched'])
    host.settled()
