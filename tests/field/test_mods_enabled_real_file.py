"""Field case S1: entries of mods-enabled that are files, where Debian has links."""

import pytest
from field import on

ENABLED = '/etc/apache2/mods-enabled'
TUNED = """ServerLimit 700
StartServers 10
MaxRequestWorkers 700
"""
WAYS_BACK = pytest.mark.parametrize(
    'back',
    [
        pytest.param(None, id='by name'),
        pytest.param({'state': 'rolled_back'}, id='rolled back'),
    ],
)


@on('debian12')
@WAYS_BACK
def test_a_tuned_file_comes_back(host, back):
    """People edit with programs that replace a link by a file, or copy a tuned file there.

    Their numbers for prefork are in that file alone.
    """
    host.shell(f'rm {ENABLED}/mpm_prefork.conf')
    host.write(f'{ENABLED}/mpm_prefork.conf', TUNED)
    host.restart()
    host.there_and_back(back)


@on('debian12')
def test_a_file_that_loads_the_mpm_comes_back(host):
    """Tools that know no a2enmod write a file with the LoadModule line, and a mode of their own.

    The line has the path of their choice.
    """
    line = 'LoadModule mpm_prefork_module "/usr/lib/apache2/modules/mod_mpm_prefork.so"\n'
    host.shell(f'rm {ENABLED}/mpm_prefork.load')
    host.write(f'{ENABLED}/mpm_prefork.load', line, '640')
    host.restart()
    host.there_and_back()


@on('debian12')
def test_a_file_for_the_other_mpm_is_kept(host):
    """People prepare the numbers of event as a file in mods-enabled before they change the MPM.

    The file stands behind its guard, so that prefork does not read it.
    """
    text = '<IfModule mpm_event_module>\nThreadsPerChild 10\nMaxRequestWorkers 50\n</IfModule>\n'
    host.write(f'{ENABLED}/mpm_event.conf', text)
    host.restart()
    before = host.fingerprint().files[f'{ENABLED}/mpm_event.conf']
    host.demand_switched()
    assert host.fingerprint().files[f'{ENABLED}/mpm_event.conf'] == before
    assert host.audit().result['mpm']['directives']['MaxRequestWorkers'] == 50
