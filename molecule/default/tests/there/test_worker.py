"""The worker MPM runs, with a thread-safe PHP, and only the intended lines differ."""

import server

GUARDED = [
    '+<IfModule prefork.c>',
    '+</IfModule>',
    '+<IfModule worker.c>',
    '+  LoadModule php5_module modules/libphp5-zts.so',
    '+</IfModule>',
]
CHOSEN = ['-#HTTPD=/usr/sbin/httpd.worker', '+HTTPD=/usr/sbin/httpd.worker']


def test_the_worker_program_runs(host):
    assert server.running_program(host) == '/usr/sbin/httpd.worker'


def test_requests_are_served_by_threads(host):
    assert server.worker_threads(host) >= 25


def test_a_php_page_says_that_it_is_thread_safe(host):
    status, body = server.page(host, '/sapi.php')
    assert status == 200
    assert 'zts=1' in body
    assert '<?php' not in body


def test_only_the_thread_safe_module_is_loaded(host):
    assert server.modules(host) == ['libphp5-zts.so']


def test_only_the_intended_lines_differ(host):
    expected = CHOSEN + GUARDED if host.backend.get_hostname() == 'el5php' else CHOSEN
    assert sorted(server.differences(host)) == sorted(expected)
    assert server.files_added(host) == ''


def test_nothing_is_left_behind(host):
    assert server.leftovers(host) == ''


def test_the_service_knows_its_server(host):
    assert host.run('service httpd status').rc == 0


def test_the_next_boot_has_the_same_mpm(host):
    host.check_output('service httpd restart')
    assert server.running_program(host) == '/usr/sbin/httpd.worker'
    assert 'zts=1' in server.page(host, '/sapi.php')[1]
