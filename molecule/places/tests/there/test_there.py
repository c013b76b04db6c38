"""The server that lies elsewhere has the wanted MPM, and the others never noticed."""

import json
import os
import time
from pathlib import Path

import layouts
import pytest


@pytest.fixture(scope='module')
def counts(host):
    written = Path(
        os.environ['MOLECULE_EPHEMERAL_DIRECTORY'], f'load-{host.backend.get_hostname()}.json'
    )
    end = time.monotonic() + 40
    while not written.exists() and time.monotonic() < end:
        time.sleep(0.5)
    return {
        page.rstrip('/').rpartition(':')[2]: kinds
        for page, kinds in json.loads(written.read_text()).items()
    }


def test_the_other_server_answered_every_time(host, counts):
    (kinds,) = (
        kinds for port, kinds in counts.items() if port != str(layouts.wishes(host)['port'])
    )
    assert kinds['ok'] > 60
    assert sum(kinds.values()) == kinds['ok'], kinds


def test_pages_came_all_the_while(host, counts):
    kinds = counts[str(layouts.wishes(host)['port'])]
    assert kinds['ok'] > 60
    assert sum(kinds.values()) - kinds['ok'] <= 30, kinds


def test_the_wanted_mpm_runs(host):
    assert layouts.running_mpm(host) == layouts.wishes(host)['wanted_mpm']


def test_the_others_are_the_same_processes(host):
    assert layouts.bystanders(host).split() == host.file('/root/bystanders').content_string.split()


def test_the_service_knows_it_and_a_restart_has_the_same_mpm(host):
    service = layouts.wishes(host)['switch_mpm_service']
    assert host.check_output(f'systemctl is-active {service}') == 'active'
    # `apachectl stop` of an init script returns before the server has ended, so no restart is safe
    # there.
    pid = layouts.main_pid(host)
    host.check_output(
        f'systemctl stop {service}; timeout 20 sh -c "while [ -e /proc/{pid} ]; do sleep 0.1; '
        f'done" && systemctl start {service}'
    )
    assert layouts.main_pid(host) != pid
    assert layouts.running_mpm(host) == layouts.wishes(host)['wanted_mpm']
    assert layouts.page(host, '/')[0] == 200


def test_nothing_is_left_behind(host):
    assert (
        host.check_output(
            "find /var /srv /etc /opt /usr/local -name '.webops*' -o -name 'webops-mpm*'"
        )
        == ''
    )
