# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
from __future__ import absolute_import, division, print_function

__metaclass__ = type

import pytest
from ansible_collections.webops.apache.plugins.module_utils._syntax import (
    written_directives as written,
)
from ansible_collections.webops.apache.plugins.module_utils._syntax.evaluate import Active
from ansible_collections.webops.apache.plugins.module_utils._syntax.httpd_conf import parse_line


def paths(text):
    line = parse_line(1, 1, text)
    return written.paths_written(Active(line.name, line.args, '/x', line, ()), '/etc/httpd')


class TestPathsWritten:
    @pytest.mark.parametrize(
        'text, expected',
        [
            # of httpd 2.2 and 2.4
            (u'ErrorLog logs/error_log', ['/etc/httpd/logs/error_log']),
            (u'ErrorLog errors', ['/etc/httpd/errors']),
            (u'ErrorLog "|/usr/bin/x /srv/log"', ['/srv/log']),
            (u'ErrorLog /dev/xconsole', ['/dev/xconsole']),
            (u'CustomLog /srv/a:b combined', ['/srv/a:b']),
            (u'TransferLog /srv/a', ['/srv/a']),
            (u'GlobalLog /srv/a common', ['/srv/a']),
            (u'ForensicLog /srv/a', ['/srv/a']),
            (u'CookieLog /srv/a', ['/srv/a']),
            (u'RewriteLog /srv/a', ['/srv/a']),
            (u'RewriteLock /srv/a', ['/srv/a']),
            (u'RewriteLogLevel 3', []),
            (u'ScriptLog /srv/a', ['/srv/a']),
            (u'ScriptLogBuffer 3', []),
            (u'ScriptSock cgisock', ['/etc/httpd/cgisock']),
            (u'PidFile /srv/pid', ['/srv/pid']),
            (u'LockFile /srv/lock', ['/srv/lock']),
            (u'ScoreBoardFile /srv/board', ['/srv/board']),
            (u'CoreDumpDirectory /srv/cores', ['/srv/cores']),
            (u'DefaultRuntimeDir /srv/run', ['/srv/run']),
            (u'Mutex fcntl:/srv/lock default', ['/srv/lock']),
            (u'Mutex default ssl-cache', []),
            (u'SSLMutex file:/srv/lock', ['/srv/lock']),
            (u'SSLMutex sem', []),
            (u'SSLSessionCache dbm:/srv/cache', ['/srv/cache']),
            (u'SSLSessionCache nonenotnull', []),
            (u'SSLStaplingCache shmcb:run/cache(512000)', ['/etc/httpd/run/cache']),
            (u'CacheSocache memcache:localhost:11211', []),
            (u'CacheRoot /srv/cache', ['/srv/cache']),
            (u'DavLockDB /srv/dav', ['/srv/dav']),
            (u'LDAPSharedCacheFile /srv/ldap', ['/srv/ldap']),
            (u'HeartbeatStorage /srv/beat', ['/srv/beat']),
            (u'BufferedLogs On', []),
            (u'HostnameLookups Off', []),
            # that only read, or run
            (u'SSLPassPhraseDialog exec:/usr/libexec/httpd-ssl-pass-dialog', []),
            (u'SSLPassPhraseDialog |/opt/bin/log', []),
            (u'SSLCertificateFile /srv/log', []),
            (u'SSLRandomSeed startup file:/dev/urandom 512', []),
            (u'ErrorLogFormat "%t /x"', []),
            # of modules that most hosts have
            (u'SecAuditLog /srv/audit', ['/srv/audit']),
            (u'SecDebugLog /srv/debug', ['/srv/debug']),
            (u'SecDebugLogLevel 0', []),
            (u'SecDataDir /srv/data', ['/srv/data']),
            (u'SecTmpDir /srv/tmp', ['/srv/tmp']),
            (u'JkLogFile /srv/jk', ['/srv/jk']),
            (u'WSGISocketPrefix run/wsgi', ['/etc/httpd/run/wsgi']),
            (u'php_admin_value error_log /srv/php', ['/srv/php']),
            (u'php_value error_log syslog', []),
            (u'php_admin_value upload_tmp_dir /srv/tmp', []),
            # of modules that nobody knows
            (u'AcmePidFile /srv/pid', ['/srv/pid']),
            (u'AcmeTmpDir /srv/tmp', ['/srv/tmp']),
            (u'AcmeLogFile /srv/log', ['/srv/log']),
            (u'AcmeLogFile log', []),
            (u'AcmeDialog exec:/srv/dialog', []),
            (u'AcmeCatalog /srv/catalog.xml', []),
        ],
    )
    def test_by_the_table_first(self, text, expected):
        assert paths(text) == expected


class TestKindOf:
    @pytest.mark.parametrize(
        'name, kind',
        [
            ('errorlog', 'shared'),
            ('cacheroot', 'shared'),
            ('pidfile', 'vital'),
            ('sslsessioncache', 'vital'),
            ('acmesocket', 'vital'),
            ('acmecachedir', 'shared'),
            ('sslpassphrasedialog', None),
            ('documentroot', None),
            ('acmelog', None),
        ],
    )
    def test_tells_what_two_servers_cannot_share(self, name, kind):
        assert written.kind_of(name) == kind
