"""Field cases S4 and S5: the MPM is loaded by an entry of another name, or by another file."""

import pytest
from field import AFTER_A_SWITCH, demand_same, on
from test_mods_enabled_real_file import ENABLED

LOAD = 'LoadModule mpm_prefork_module /usr/lib/apache2/modules/mod_mpm_prefork.so\n'


@on('debian12')
@pytest.mark.parametrize('kind', ['link', 'file'])
def test_an_entry_of_another_name(host, kind):
    """Other tools name the entry after the MPM alone: prefork.load and prefork.conf.

    It loads the same module, and httpd does not care for names.
    """
    host.shell(
        f'cd {ENABLED} && mv mpm_prefork.load prefork.load && mv mpm_prefork.conf prefork.conf'
    )
    if kind == 'file':
        host.shell(f'rm {ENABLED}/prefork.load')
        host.write(f'{ENABLED}/prefork.load', LOAD)
    host.restart()
    host.there_and_back()


@on('debian12')
def test_a_line_in_the_main_file(host):
    """People write the LoadModule line into apache2.conf, and disable the entry of mods-enabled.

    A switch may change that line and bring it back, or say why not; but the line is plain.
    """
    host.shell(f'rm {ENABLED}/mpm_prefork.*')
    host.write('/etc/apache2/new.conf', LOAD + host.read('/etc/apache2/apache2.conf'))
    host.shell('mv /etc/apache2/new.conf /etc/apache2/apache2.conf')
    host.restart()
    before = host.fingerprint()
    result = host.switch().result
    if result['outcome'] == 'refused':
        demand_same(before, host.fingerprint())
        assert 'one plain line there, or none' not in result['msg'].lower()
        return
    assert result['outcome'] == 'switched', result['msg']
    host.demand_switched(mpm='prefork')
    demand_same(before, host.fingerprint(), only=AFTER_A_SWITCH)
