"""After switches that had connections wait: no rule, no queue, no process of that is left."""

import pytest

# The other host has no such programs.
PROGRAMS = {'bookworm': 0, 'nine': 127}


@pytest.mark.parametrize(
    'command', ['iptables -t mangle -S', 'ip6tables -t mangle -S', 'nft list tables']
)
def test_no_rule_is_left(host, command):
    listing = host.run(command)
    assert listing.rc == PROGRAMS[host.backend.get_hostname()]
    assert 'webops' not in listing.stdout


def test_no_queue_is_left(host):
    assert host.check_output('cat /proc/net/netfilter/nfnetlink_queue') == ''


def test_no_note_of_a_process_is_left(host):
    assert not host.file('/var/lib/webops-apache-mpm/holder').exists
    assert not host.file('/var/lib/webops-apache-mpm/journal').exists


@pytest.mark.parametrize('address', ['127.0.0.1', '[::1]'])
def test_pages_are_served(host, address):
    if (
        address == '[::1]'
        and '00000000000000000000000000000001' not in host.run('cat /proc/net/if_inet6').stdout
    ):
        pytest.skip('the engine made no network with IPv6')
    assert (
        host.check_output(
            f'curl --silent --globoff --output /dev/null --write-out %{{http_code}} '
            f'http://{address}/'
        )
        == '200'
    )
