"""Check mode changes nothing."""

import server


def test_the_old_server_runs(host):
    assert server.running_program(host) == '/usr/sbin/httpd'


def test_no_file_changed(host):
    assert server.differences(host) == []
    assert server.files_added(host) == ''
    assert server.leftovers(host) == ''


def test_no_state_was_made(host):
    assert not host.file('/var/lib/webops-apache-mpm').exists
