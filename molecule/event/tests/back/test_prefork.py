"""Back to prefork: what was added does nothing any more."""

import server


def test_the_prefork_program_runs(host):
    assert server.running_program(host) == '/usr/sbin/httpd'


def test_php_is_the_one_of_the_start(host):
    assert 'zts=0' in server.page(host, '/sapi.php')[1]
    assert server.modules(host) == ['libphp5.so']


def test_the_line_that_chose_event_is_a_comment(host):
    assert '+#HTTPD=/usr/sbin/httpd.event' in server.differences(host)
    assert host.check_output('. /etc/sysconfig/httpd; echo "${HTTPD-unset}"') == 'unset'
