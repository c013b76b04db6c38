"""Field case L8: a file for another MPM breaks the configuration on disk, and a switch fixes it."""

from field import on


@on('debian12')
def test_a_left_over_file_of_the_other_mpm(host):
    """People disable mods by hand and leave mpm_event.conf: prefork does not know its directives.

    The server runs from before; the switch to event is what makes the files whole.
    """
    text = 'StartServers 2\nMinSpareThreads 25\nThreadsPerChild 25\nMaxRequestWorkers 150\n'
    host.write('/etc/apache2/mods-available/mpm_event.conf', text)
    host.shell('cd /etc/apache2/mods-enabled && ln -s ../mods-available/mpm_event.conf .')
    assert host.root('apache2ctl', '-t').returncode, 'it was to be broken'
    host.demand_switched(mpm='event')
    host.demand_runs('event')
    assert not host.root('apache2ctl', '-t').returncode
