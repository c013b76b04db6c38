"""Field case R2: httpd reads every file of a folder, whatever its name."""

import pytest
from field import on

FOLDER = '/etc/httpd/conf.modules.d'
STATE_ELSEWHERE = 'mkdir -p -m 700 $1 && mount -t tmpfs -o mode=700 none $1'


@on('el9', 'el7')
@pytest.mark.parametrize('include', ['conf.modules.d/', 'conf.modules.d/*', 'conf.modules.d'])
def test_every_file_of_the_folder_is_read(host, include):
    """People include a whole folder, so that names do not matter.

    Their /var lies on another file system, so that new files come to lie beside the old ones.
    """
    host.shell(
        'sed -i "s#^Include conf.modules.d/\\*.conf#Include $1#" /etc/httpd/conf/httpd.conf',
        include,
    )
    host.shell(STATE_ELSEWHERE, '/var/lib/webops-apache-mpm')
    host.restart()
    # A guard around PHP may stay; only this way back takes all of it back.
    host.there_and_back(back={'state': 'rolled_back'})
