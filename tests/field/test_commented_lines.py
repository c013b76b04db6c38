"""Field case L7: lines that load an MPM, behind a sign, with paths that do not hold any more."""

import pytest
from field import on

FILE = '/etc/httpd/conf.modules.d/00-mpm.conf'
MODULES = 'modules/mod_mpm'
TEXTS = {
    'an old path': """LoadModule mpm_event_module modules/mod_mpm_event.so
#LoadModule mpm_prefork_module /usr/lib/httpd/modules/mod_mpm_prefork.so
""",
    'a variable': """Define MODDIR modules
LoadModule mpm_event_module ${MODDIR}/mod_mpm_event.so
#LoadModule mpm_prefork_module ${MODDIR}/mod_mpm_prefork.so
""",
    'no line at all': 'LoadModule mpm_event_module modules/mod_mpm_event.so\n',
}


@on('el9')
@pytest.mark.parametrize('what', TEXTS)
def test_a_commented_line(host, what):
    """People write the file by hand, keep lines from an older system, or define the folder.

    The module of the other MPM lies where all others lie.
    """
    host.write(FILE, TEXTS[what])
    host.restart()
    host.there_and_back()
