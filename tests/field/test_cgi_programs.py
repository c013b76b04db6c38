"""Reported case: programs of CGI, which a helper of threaded servers starts by a socket."""

from field import on

PROGRAM = '#!/bin/sh\nprintf "Content-Type: text/plain\\n\\nthe program\\n"\n'
FOLDER = {'debian12': '/usr/lib/cgi-bin', 'suse': '/srv/www/cgi-bin'}


@on('debian12', 'el9', 'el6', 'suse')
def test_programs_of_cgi(host):
    """People run CGI programs. Under event and worker the socket of mod_cgid has to be there.

    Where it is not, each program answers 503.
    """
    host.shell(host.layout.cgi)
    path = FOLDER.get(host.layout.name, '/var/www/cgi-bin') + '/field'
    host.write(path, PROGRAM, '755')
    host.restart()
    assert host.visitor.get('/cgi-bin/field') == (200, 'the program\n')
    for mpm in reversed(host.layout.mpms):
        host.demand_switched(mpm=mpm)
        assert host.visitor.get('/cgi-bin/field') == (200, 'the program\n')
