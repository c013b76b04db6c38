"""What the last run did: the first wave switched, the second refused, the third never began."""

import server

PROGRAMS = {'web1': '/usr/sbin/httpd.worker', 'shop': '/usr/sbin/httpd', 'web2': '/usr/sbin/httpd'}


def test_each_host_runs_what_it_should(host):
    assert server.running_program(host) == PROGRAMS[host.backend.get_hostname()]
