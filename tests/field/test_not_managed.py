"""Field case M1: something else than the service manager started the server."""

from field import on
from target import TARGET, wait_until

APACHE2 = '. /etc/apache2/envvars && mkdir -p /run/apache2 /run/lock/apache2 && exec apache2'


def test_the_server_is_pid_1(container):
    """People run httpd as the one program of a container, and reach it by docker exec or ssh.

    A stop ends the container, and nothing in it could start the server again.
    """
    host = container('debian12', 'sh', '-c', f'{APACHE2} -DFOREGROUND')
    assert host.shell('cat /proc/1/comm').strip() == 'apache2'
    host.demand_refused('not_managed')


def test_the_script_before_it_is_pid_1(container):
    """People have apache2ctl, tini or a script of their own before httpd; it ends with its child.

    There is no service manager in there either.
    """
    host = container('debian12', 'apache2ctl', '-DFOREGROUND')
    assert host.shell('cat /proc/1/comm').strip() == 'apache2ctl'
    host.demand_refused('not_managed')


@on('debian12')
def test_a_shell_started_it(host):
    """People start httpd from a shell after the service could not, and it stays for months.

    systemd believes that apache2.service is stopped, and would start a second server.
    """
    host.shell('systemctl stop apache2')
    host.shell(f'{APACHE2} -k start')
    assert wait_until(lambda: host.visitor.get('/')[0], 10)
    host.demand_refused('not_managed')


@on('debian12', 'el6', 'el9')
def test_a_supervisor_started_it(host):
    """People run httpd under supervisord, runit, s6 or monit beside the system's own service.

    It starts a server that ends again at once, with the files of that moment.
    """
    start = {
        'debian12': ('systemctl stop apache2', ['sh', '-c', f'{APACHE2} -DFOREGROUND']),
        'el6': ('service httpd stop', ['/usr/sbin/httpd', '-DFOREGROUND']),
        'el9': ('systemctl stop httpd', ['/usr/sbin/httpd', '-DFOREGROUND']),
    }
    stop, argv = start[host.layout.name]
    host.shell(stop)
    program = f'{TARGET}/supervise.py'
    host.root(host.layout.python, program, *argv, check=True)
    assert wait_until(lambda: host.visitor.get('/')[0], 10)
    result = host.demand_refused('not_managed')
    fix = [item['fix'] for item in result['findings'] if item['rule'] == 'not_managed']
    assert fix and fix[0], 'what is to be done there?'


@on('debian12', 'el9')
def test_the_audit_says_so(host):
    """People look at the audit first. It has to name what a switch would be refused for.

    The server was started by a supervisor.
    """
    service = 'apache2' if host.layout.name == 'debian12' else 'httpd'
    line = f'{APACHE2} -DFOREGROUND' if service == 'apache2' else 'exec httpd -DFOREGROUND'
    host.shell(f'systemctl stop {service}')
    host.root(host.layout.python, f'{TARGET}/supervise.py', 'sh', '-c', line, check=True)
    assert wait_until(lambda: host.visitor.get('/')[0], 10)
    rules = [item['rule'] for item in host.audit().result['findings']]
    assert 'not_managed' in rules
