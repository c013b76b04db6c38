"""Field cases E3, E4 and E6: httpd gets options and files from what starts it."""

from field import EVERYWHERE, on

EXTRA = '<IfDefine EXTRA>\nListen 8088\n</IfDefine>\n'


def demand_extra(host):
    assert host.visitor.get('/', port=8088)[0], 'the option EXTRA is lost'


@on('el7')
def test_a_wrapped_start(host):
    """People start httpd through nice, chrt or numactl in ExecStart.

    The options still come from /etc/sysconfig/httpd.
    """
    start = '/usr/bin/nice -n -2 /usr/sbin/httpd $OPTIONS -DFOREGROUND'
    host.shell('echo OPTIONS=-DEXTRA >>/etc/sysconfig/httpd')
    host.drop_in('httpd.service', f'[Service]\nExecStart=\nExecStart={start}\n')
    host.write('/etc/httpd/conf.d/extra.conf', EXTRA)
    host.restart()
    demand_extra(host)
    host.there_and_back(back={'state': 'rolled_back'})
    demand_extra(host)


@on('el7', 'el9')
def test_an_option_that_the_next_start_drops(host):
    """People change the options of a service and forget to restart it.

    The server runs with -DEXTRA, and what starts next does not.
    """
    host.drop_in('httpd.service', '[Service]\nEnvironment=OPTIONS=-DEXTRA\n')
    host.write('/etc/httpd/conf.d/extra.conf', EXTRA)
    host.restart()
    demand_extra(host)
    host.drop_in('httpd.service', '[Service]\n')
    findings = host.audit().result['findings']
    assert 'EXTRA' in str(findings), findings


@on('el6')
def test_a_program_with_an_option(host):
    """People write options behind the program in HTTPD=, as the init script splits the words.

    The MPM changes by the program alone: the option has to stay.
    """
    host.shell('echo \'HTTPD="/usr/sbin/httpd.worker -DEXTRA"\' >>/etc/sysconfig/httpd')
    host.write('/etc/httpd/conf.d/extra.conf', EXTRA)
    host.restart()
    demand_extra(host)
    assert host.audit().result['mpm']['configured'] == 'worker'
    before = host.fingerprint().files
    host.demand_switched(mpm='prefork')
    demand_extra(host)
    host.demand_switched(mpm='worker')
    demand_extra(host)
    assert host.fingerprint().files['/etc/sysconfig/httpd'] == before['/etc/sysconfig/httpd']


@on('suse')
def test_another_main_file(host):
    """People name a main file of their own by APACHE_HTTPD_CONF, and leave SUSE's for updates.

    start_apache2 hands it to httpd.
    """
    host.shell('cp /etc/apache2/httpd.conf /etc/apache2/site.conf')
    host.shell(
        'sed -i "/^APACHE_HTTPD_CONF=/d" /etc/sysconfig/apache2 && '
        'echo "APACHE_HTTPD_CONF=\\"/etc/apache2/site.conf\\"" >>/etc/sysconfig/apache2'
    )
    host.restart()
    host.there_and_back()


@on('suse')
def test_flags_of_the_server(host):
    """People give SUSE's server defines by APACHE_SERVER_FLAGS, without -D.

    start_apache2 puts it in front of each.
    """
    host.shell(
        'sed -i "s/^APACHE_SERVER_FLAGS=.*/APACHE_SERVER_FLAGS=\\"EXTRA\\"/" /etc/sysconfig/apache2'
    )
    host.write('/etc/apache2/conf.d/extra.conf', EXTRA)
    host.restart()
    demand_extra(host)
    host.there_and_back()
    demand_extra(host)


@on('el9')
def test_a_script_of_their_own_starts_it(host):
    """People write a script around httpd, which takes its options from somewhere.

    Nobody can tell what it does: what it has started counts.
    """
    script = '#!/bin/sh\nset -- -DEXTRA\nexport SITE=a\nexec /usr/sbin/httpd "$@" -DFOREGROUND\n'
    host.write('/usr/local/sbin/start-web', script, mode='755')
    start = 'ExecStart=/usr/local/sbin/start-web'
    host.drop_in('httpd.service', f'[Service]\nExecStart=\n{start}\n')
    host.write('/etc/httpd/conf.d/extra.conf', EXTRA + 'ServerAdmin "${SITE}"\n')
    host.restart()
    demand_extra(host)
    assert host.audit().result['findings'] == []
    host.there_and_back()
    demand_extra(host)


@on('suse')
def test_a_main_file_in_a_folder_of_its_own(host):
    """People keep all of a site in one folder; start_apache2 writes its own files beside it."""
    host.shell('mkdir /srv/site && cp /etc/apache2/httpd.conf /srv/site/')
    host.shell(
        'sed -i "/^APACHE_HTTPD_CONF=/d" /etc/sysconfig/apache2 && '
        'echo "APACHE_HTTPD_CONF=/srv/site/httpd.conf" >>/etc/sysconfig/apache2'
    )
    host.restart()
    host.there_and_back(more=('/srv/site/httpd.conf',))


@EVERYWHERE
def test_a_server_that_runs_as_its_service_starts_it(host):
    """People have a stock server, and switch it: a restart would change nothing of it."""
    for _switch in range(2):
        rules = [item['rule'] for item in host.audit().result['findings']]
        assert not {'restart_differs', 'not_managed', 'service_broken'} & set(rules), rules
        host.switch()
