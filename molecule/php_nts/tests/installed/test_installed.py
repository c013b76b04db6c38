"""The package came first, then the switch, with a hook on either side of it."""

import server


def test_the_package_is_installed(host):
    assert host.run('rpm -q php-zts').rc == 0


def test_the_worker_program_runs_with_its_php(host):
    assert server.running_program(host) == '/usr/sbin/httpd.worker'
    assert 'zts=1' in server.page(host, '/sapi.php')[1]


def test_each_hook_ran_once_and_at_its_time(host):
    assert host.file('/root/hooks.log').content_string.splitlines() == [
        'before /usr/sbin/httpd',
        'after /usr/sbin/httpd.worker',
    ]
