"""Field case M4: the service runs httpd as another user than root from the start."""

from field import on


@on('el9')
def test_a_service_of_its_own_user(host):
    """People run httpd with User= on a port above 1023, with no root process at all.

    Sockets of a new server must be of the same user, or they may not share a port.
    """
    host.shell('sed -i "s/^Listen 80$/Listen 8080/" /etc/httpd/conf/httpd.conf')
    host.write('/etc/httpd/conf.d/pid.conf', 'PidFile /run/httpd-web/httpd.pid\n')
    host.shell('chown -R apache:apache /var/log/httpd /run/httpd')
    host.drop_in('httpd.service', '[Service]\nUser=apache\nRuntimeDirectory=httpd-web\n')
    host.restart(port=8080)
    assert host.shell('ps -o user= -C httpd').split() == ['apache'] * len(
        host.shell('ps -o user= -C httpd').split()
    )
    host.demand_switched()
    assert host.visitor.get('/', port=8080)[0] == 200
    host.demand_switched(mpm='event')
    assert host.visitor.get('/', port=8080)[0] == 200
