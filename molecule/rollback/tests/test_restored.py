"""After a switch that failed, the old server serves as before."""

import server


def test_the_old_program_runs(host):
    assert server.running_program(host) == '/usr/sbin/httpd'


def test_no_process_of_the_new_program_is_left(host):
    assert host.run('pgrep -f httpd.worker').rc == 1


def test_pages_are_served(host):
    status, body = server.page(host, '/sapi.php')
    assert (status, 'zts=0' in body) == (200, True)


def test_every_file_is_as_it_was(host):
    assert server.differences(host) == []
    assert server.leftovers(host) == ''


def test_the_service_can_be_restarted(host):
    host.check_output('service httpd restart')
    assert server.running_program(host) == '/usr/sbin/httpd'
