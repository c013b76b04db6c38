"""Field case L6: control panels that own the configuration."""

import pytest
from field import on

# A file that each has as long as it is installed.
PANELS = {
    'ISPConfig': '/usr/local/ispconfig/interface/lib/config.inc.php',
    'Froxlor': '/var/www/froxlor/lib/userdata.inc.php',
    'Virtualmin': '/usr/share/webmin/virtual-server/module.info',
    'CWP': '/usr/local/cwpsrv/htdocs/resources/admin/include/version.php',
    'aaPanel': '/www/server/panel/class/common.py',
    'Webuzo': '/usr/local/webuzo/universal.php',
    'InterWorx': '/home/interworx/iworx.ini',
    'NethServer': '/sbin/e-smith/signal-event',
    'ApisCP': '/usr/local/apnscp/config/config.ini',
}


@on('debian12')
@pytest.mark.parametrize('panel', PANELS)
def test_a_panel_that_owns_the_files(host, panel):
    """People have a panel write these files; it would undo a switch, or break on it."""
    host.write(PANELS[panel], 'a file of the panel\n')
    result = host.demand_refused('control_panel')
    assert panel in result['msg']
