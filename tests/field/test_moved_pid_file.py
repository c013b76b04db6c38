"""Field case L10: the pid file is not where the init script looks for it."""

from field import on


@on('el6')
def test_a_pid_file_that_the_init_script_does_not_know(host):
    """People move PidFile in httpd.conf, and forget PIDFILE= of the init script.

    `service httpd stop` does nothing then, so it is refused; the fix is that one line.
    """
    host.shell('sed -i "s#^PidFile .*#PidFile run/web.pid#" /etc/httpd/conf/httpd.conf')
    host.restart()
    result = host.demand_refused(None)
    assert 'PIDFILE=' in result['msg'], result['msg']
