"""A refused host is as it was."""

import server


def test_the_old_server_runs(host):
    assert server.running_program(host) == '/usr/sbin/httpd'
    assert 'zts=0' in server.page(host, '/sapi.php')[1]


def test_no_file_changed(host):
    assert server.differences(host) == []
    assert server.leftovers(host) == ''
    assert host.run('rpm -q php-zts').rc == 1
