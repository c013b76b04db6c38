"""Field cases E1, E2 and E5: the configuration needs what only the service's environment has."""

from field import on

PORT = 'Listen ${SITE_PORT}\n'


def demand_port(host):
    assert host.visitor.get('/', port=8088)[0], 'nothing answers on the port of the service'


def demand_sound(audit):
    rules = [item['rule'] for item in audit['findings']]
    assert 'config_broken' not in rules and audit['mpm']['config_test'], audit['findings']


def go_there_and_back(host):
    demand_port(host)
    demand_sound(host.audit().result)
    # On EL7 the name of the old MPM brings PHP back in other words than it had.
    host.there_and_back(back={'state': 'rolled_back'})
    demand_port(host)


@on('el6')
def test_sysconfig_exports_a_variable(host):
    """People export variables in /etc/sysconfig/httpd, which the init script reads.

    The configuration names them: one set of files serves several hosts.
    """
    host.shell('echo "export SITE_PORT=8088" >>/etc/sysconfig/httpd')
    host.write('/etc/httpd/conf.d/port.conf', PORT)
    host.restart()
    go_there_and_back(host)


@on('el9')
def test_a_drop_in_sets_a_variable(host):
    """People give the unit a drop-in with Environment=, as systemctl edit proposes.

    Only what systemd starts has it.
    """
    host.drop_in('httpd.service', '[Service]\nEnvironment=SITE_PORT=8088\n')
    host.write('/etc/httpd/conf.d/port.conf', PORT)
    host.restart()
    go_there_and_back(host)


@on('debian12')
def test_a_drop_in_sets_a_variable_beside_envvars(host):
    """People give apache2.service a drop-in, and leave envvars to the package.

    apache2ctl hands both to httpd.
    """
    host.drop_in('apache2.service', '[Service]\nEnvironment=SITE_PORT=8088\n')
    host.write('/etc/apache2/conf-enabled/port.conf', PORT)
    host.restart()
    go_there_and_back(host)


@on('el7', 'el9')
def test_an_environment_file_with_quotes_and_a_continued_line(host):
    """People keep settings in a file that several units read, with quotes and long lines.

    systemd takes quotes off and joins lines; a reader of lines does not.
    """
    host.write('/etc/site.env', '# of all sites\nSITE_NAME="a name"\nSITE_PORT=\\\n8088\n')
    host.drop_in('httpd.service', '[Service]\nEnvironmentFile=/etc/site.env\n')
    host.write('/etc/httpd/conf.d/port.conf', PORT + 'ServerAdmin "${SITE_NAME}"\n')
    host.restart()
    go_there_and_back(host)


@on('debian12')
def test_envvars_has_arguments(host):
    """People give httpd options by APACHE_ARGUMENTS in /etc/apache2/envvars.

    PHP is loaded only with one of them.
    """
    host.shell('echo "export APACHE_ARGUMENTS=\\"-D WithPHP\\"" >>/etc/apache2/envvars')
    host.shell(
        'cd /etc/apache2/mods-available && for file in php*.load; do '
        'sed -i "1i <IfDefine WithPHP>" $file && echo "</IfDefine>" >>$file; done'
    )
    host.restart()
    assert 'zts=' in host.visitor.get('/sapi.php')[1]
    audit = host.audit().result
    assert audit['mpm']['php'], audit['findings']
    assert 'source' not in str(audit['findings'])
    rules = [item['rule'] for item in audit['switch_to']['event'] if item['level'] == 'refuse']
    assert 'php_not_threadsafe' in rules or 'php_lost' in rules


@on('el9')
def test_systemd_hands_a_variable_to_every_service(host):
    """People give the manager itself an environment, and files of units by a pattern."""
    host.shell('systemctl set-environment SITE_PORT=8088')
    host.write('/etc/site.d/one.env', 'SITE_NAME=one\n')
    host.drop_in('httpd.service', '[Service]\nEnvironmentFile=/etc/site.d/*.env\n')
    host.write('/etc/httpd/conf.d/port.conf', PORT + 'ServerAdmin "${SITE_NAME}"\n')
    host.restart()
    go_there_and_back(host)


@on('el9')
def test_the_audit_names_a_variable_and_no_value(host):
    """People change the environment of a service and forget to restart it."""
    host.drop_in('httpd.service', '[Service]\nEnvironment=SITE_PORT=8088\n')
    host.write('/etc/httpd/conf.d/port.conf', PORT)
    host.restart()
    host.drop_in('httpd.service', '[Service]\nEnvironment=SITE_PORT=8089\n')
    found = host.audit().result['findings']
    assert [item['rule'] for item in found] == ['restart_differs'], found
    assert 'SITE_PORT' in str(found) and '8088' not in str(found) and '8089' not in str(found)
