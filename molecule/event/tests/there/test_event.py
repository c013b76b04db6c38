"""The event MPM runs, with PHP and with the directives that were asked for."""

import server


def test_the_event_program_runs(host):
    assert server.running_program(host) == '/usr/sbin/httpd.event'


def test_php_answers_and_is_thread_safe(host):
    status, body = server.page(host, '/sapi.php')
    assert status == 200
    assert 'zts=1' in body


def test_the_directives_are_in_force(host):
    # 20 workers, a listener and the child's own thread.
    assert 20 <= server.worker_threads(host) <= 23


def test_the_lines_that_were_added_are_guarded(host):
    added = sorted(line[1:] for line in server.differences(host) if line.startswith('+'))
    assert added == sorted(
        [
            'HTTPD=/usr/sbin/httpd.event',
            '<IfModule event.c>',
            '  LoadModule php5_module modules/libphp5-zts.so',
            '</IfModule>',
            '<IfModule event.c>',
            'ThreadLimit 20',
            'MaxRequestWorkers 100',
            'ThreadsPerChild 20',
            '</IfModule>',
        ]
    )
    assert [line for line in server.differences(host) if line.startswith('-')] == []
