"""After servers that took over from each other: the unit, the disk and the sockets are as if
nothing had been.
"""

import time

import pytest
from layouts import main_pid, running_mpm, wishes

ASKED = 'systemctl show --property %s --value %s'


@pytest.fixture(name='service')
def service_of(host):
    return host.ansible.get_variables()['service']


def status(host):
    return host.check_output(
        'curl --silent --output /dev/null --write-out %{http_code} http://localhost/'
    )


def test_the_unit_is_as_it_was(host, service):
    assert 'webops' not in host.check_output(ASKED % ('DropInPaths', service))
    assert host.check_output(ASKED % ('PIDFile', service)) == ''
    assert host.check_output(ASKED % ('ActiveState', service)) == 'active'
    assert host.check_output(ASKED % ('MainPID', service)) == str(main_pid(host))


def test_no_file_of_it_is_left(host):
    assert host.check_output("find /run -name '*webops*'") == ''
    assert not host.file('/var/lib/webops-apache-mpm/journal').exists


def address6(host):
    """Return the host's own address of IPv6; '' where it has none."""
    return host.check_output('awk \'$4 == "00" {print $1; exit}\' /proc/net/if_inet6')


def test_one_server_runs_and_one_socket_listens(host):
    pid = main_pid(host)
    servers = host.check_output(
        f'for pid in $(pgrep --parent 1); do [ "$(readlink /proc/$pid/exe)" != "$(readlink '
        f'/proc/{pid}/exe)" ] || echo $pid; done'
    )
    assert servers == str(pid)
    listening = host.check_output(
        'awk \'$4 == "0A" {print $2}\' /proc/net/tcp /proc/net/tcp6'
    ).split()
    ports = [80, 8081, 8082] + [8083] * bool(address6(host)) + [8443] * wishes(host)['tls']
    assert (
        sorted(
            int(place.split(':')[1], 16)
            for place in listening
            if int(place.split(':')[1], 16) in range(80, 9000)
        )
        == ports
    )


def test_pages_are_served_over_ipv6(host):
    address = address6(host)
    if host.backend.get_hostname() == 'leap':
        assert not address
        return
    if not address:
        pytest.skip('the engine made no network with IPv6')
    name = '[%s]' % ':'.join(address[at : at + 4] for at in range(0, 32, 4))
    tls = [(f'https://{name}:8443/', '200 2')] * wishes(host)['tls']
    for url, expected in [
        (f'http://{name}/', '200 1.1'),
        (f'http://{name}:8083/', '200 1.1'),
        ('http://[::1]/', '200 1.1'),
        *tls,
    ]:
        answer = host.check_output(
            f"curl --silent --insecure --globoff --output /dev/null --write-out '%{{http_code}} "
            f"%{{http_version}}' '{url}'"
        )
        assert answer == expected


def test_a_full_restart_takes_the_option_away(host, service):
    assert 'ListenCoresBucketsRatio' in host.check_output(f'cat /proc/{main_pid(host)}/cmdline')
    host.check_output(f'systemctl reload {service}')
    time.sleep(1)
    assert (status(host), running_mpm(host)) == ('200', 'event')
    host.check_output(f'systemctl restart {service}')
    assert 'ListenCoresBucketsRatio' not in host.check_output(f'cat /proc/{main_pid(host)}/cmdline')
    assert (status(host), running_mpm(host)) == ('200', 'event')
