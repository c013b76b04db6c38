"""Back to prefork: as at the start, but for blocks that had to be added and do nothing now."""

import server


def test_the_prefork_program_runs(host):
    assert server.running_program(host) == '/usr/sbin/httpd'


def test_each_child_has_one_thread(host):
    assert server.worker_threads(host) == 1


def test_php_is_the_one_of_the_start(host):
    status, body = server.page(host, '/sapi.php')
    assert status == 200
    assert 'zts=0' in body
    assert server.modules(host) == ['libphp5.so']


def test_what_was_added_stands_in_guards(host):
    lines = [line[1:].strip() for line in server.differences(host)]
    assert all(
        line.startswith(
            ('<IfModule ', '</IfModule>', 'LoadModule php5_module modules/libphp5-zts.so')
        )
        for line in lines
    )


def test_nothing_is_left_behind(host):
    assert server.leftovers(host) == ''
    assert server.files_added(host) == ''
