"""Field case W2: the new server starts, and ends within seconds."""

from field import on

# As whom pages run on this host alone: limits count all processes of a user, on all hosts of an
# engine together.
USER = 'web{0}'
# Ends the server that it logs for, two seconds after that began to serve.
DEADLY = '#!/bin/sh\nparent=$PPID\nsleep 2\nkill -TERM $parent\nexec cat >/dev/null\n'
# The server lives for two seconds; then the old one is back within two. The rest is for a busy
# machine.
MOST_GAP, SLACK_MS = 4 + 3, 1500


def demand_noticed(host):
    """Switch, and demand that the end of the new server ends the proof, and counts as outage."""
    watch = host.watch()
    result = host.switch(strategy='stop', rehearse='never', soak=5, seconds=45).result
    gap = watch.stop()
    assert result['outcome'] == 'rolled_back', result['msg']
    assert gap < MOST_GAP, f'{gap:.1f} s: {result["timeline"]}'
    assert result['outage_ms'] > gap * 1000 - SLACK_MS, f'visitors: {gap:.1f} s'
    host.demand_runs('prefork')


@on('debian12')
def test_a_limit_of_processes(host):
    """People limit the processes of a service, by a number that was enough for prefork.

    Threads count, too: event cannot make its own, and the server ends after some seconds.
    """
    name = USER.format(host.host.name.replace('debian12-', ''))
    number = 30000 + int(host.shell('date +%N')) % 20000
    host.shell('useradd -r -u "$2" "$1"', name, str(number))
    host.shell(f'echo "export APACHE_RUN_USER={name}" >>/etc/apache2/envvars')
    host.drop_in('apache2.service', '[Service]\nLimitNPROC=20\n')
    host.restart()
    demand_noticed(host)


@on('debian12')
def test_a_server_that_is_ended(host):
    """People have watchdogs and memory limits that end a server which has just begun."""
    host.write('/usr/local/bin/deadly', DEADLY, '755')
    line = '<IfModule mpm_event_module>\nCustomLog "|/usr/local/bin/deadly" common\n</IfModule>\n'
    host.write('/etc/apache2/conf-enabled/zz-log.conf', line)
    demand_noticed(host)
