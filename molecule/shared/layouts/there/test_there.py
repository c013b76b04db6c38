"""The wanted MPM runs, by /proc, and pages are served as they have to be."""

import json
import os
import time
from pathlib import Path

import layouts


def test_pages_came_all_the_while(host):
    """The first test: another one restarts the server."""
    written = Path(
        os.environ['MOLECULE_EPHEMERAL_DIRECTORY'], f'load-{host.backend.get_hostname()}.json'
    )
    # The load of the first converge goes on for twelve seconds; it writes down what it saw when it
    # ends.
    end = time.monotonic() + 40
    while not written.exists() and time.monotonic() < end:
        time.sleep(0.5)
    counts = json.loads(written.read_text())
    ((page, kinds),) = counts.items()
    assert kinds['ok'] > 60, kinds
    # Ten requests a second: the port is closed for less than three, and never if a socket unit
    # holds it.
    assert sum(kinds.values()) - kinds['ok'] <= (
        0 if layouts.wishes(host).get('with_socket') else 30
    ), (page, kinds)


def test_the_wanted_mpm_runs(host):
    assert layouts.running_mpm(host) == layouts.wishes(host)['wanted_mpm']


def test_a_page_is_served(host):
    assert layouts.page(host, '/')[0] == 200


def test_php_runs_or_is_denied_and_is_never_sent_as_it_is(host):
    status, body = layouts.page(host, '/sapi.php')
    assert '<?php' not in body
    assert (status, 'zts=' in body) == (
        (403, False) if layouts.wishes(host).get('denied') else (200, True)
    )


def test_the_service_is_up_and_the_next_boot_has_the_same_mpm(host):
    service = layouts.wishes(host)['service']
    host.check_output(f'systemctl restart {service}')
    assert host.check_output(f'systemctl is-active {service}') == 'active'
    assert layouts.running_mpm(host) == layouts.wishes(host)['wanted_mpm']


def test_nothing_is_left_behind(host):
    assert host.check_output("find /var /srv /etc -name '.webops*' -o -name 'webops-mpm*'") == ''
