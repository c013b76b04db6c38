"""Reported case: shared memory with a name, which two servers at once would both want."""

import pytest
from field import on

NAMED = """ScoreBoardFile ${APACHE_RUN_DIR}/scoreboard
SSLSessionCache shmcb:${APACHE_RUN_DIR}/sessions(512000)
<Directory /var/www/html/digest>
    AuthType Digest
    AuthName shop
    AuthUserFile /dev/null
    Require valid-user
</Directory>
"""
# Not <Location>: its Require would hold instead of the one that denies the sources of PHP, and the
# switch would be refused for that.


@on('debian12')
@pytest.mark.parametrize('strategy', ['auto', 'hold', 'stop'])
def test_shared_memory_with_a_name(host, strategy):
    """People name the scoreboard, for a program that reads it, or have modules that name theirs.

    A second server beside the first one takes the name away, or says "File exists" and ends.
    """
    host.shell('a2enmod -q ssl auth_digest socache_shmcb; rm /etc/apache2/mods-enabled/ssl.conf')
    host.write('/etc/apache2/conf-enabled/zz-named.conf', NAMED)
    host.shell('mkdir /var/www/html/digest')
    host.restart()
    names = host.shell('ls /dev/shm')
    assert names, 'httpd names no shared memory here'
    for mpm in reversed(host.layout.mpms):
        host.demand_switched(mpm=mpm, strategy=strategy)
        assert host.visitor.get('/digest')[0] == 401
        assert host.shell('ls /dev/shm') == names
