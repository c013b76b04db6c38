# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which directives httpd knows, as far as that is known without asking it: for <IfDirective> and
<IfSection>.

httpd knows a directive once its module is loaded. This table does not have the directives of every
module, and none that the core got after these two sections came (2.4.34): for those the answer is
unknown.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re

# Those of core.c, mod_so.c and http_core.c; a section has its bracket.
CORE = frozenset(
    u"""
    acceptfilter acceptpathinfo accessfilename adddefaultcharset allowencodedslashes allowoverride
    allowoverridelist cgipassauth cgivar contentdigest coredumpdirectory defaultruntimedir
    defaulttype define documentroot enablemmap enablesendfile error errordocument errorlog
    errorlogformat extendedstatus fileetag forcetype hostnamelookups httpprotocoloptions include
    includeoptional keepalive keepalivetimeout limitinternalrecursion limitrequestbody
    limitrequestfields limitrequestfieldsize limitrequestline limitxmlrequestbody loadfile
    loadmodule loglevel maxconnectionsperchild maxkeepaliverequests maxmemfree maxrangeoverlaps
    maxrangereversals maxranges maxrequestsperchild mergetrailers mutex namevirtualhost options
    pidfile port protocol protocols protocolshonororder qualifyredirecturl registerhttpmethod
    rlimitcpu rlimitmem rlimitnproc scoreboardfile serveradmin serveralias servername serverpath
    serverroot serversignature servertokens sethandler setinputfilter setoutputfilter
    threadstacksize timeout traceenable undefine usecanonicalname usecanonicalphysicalport
    <directory <directorymatch <else <elseif <files <filesmatch <if <ifdefine <ifdirective <iffile
    <ifmodule <ifsection <limit <limitexcept <location <locationmatch <virtualhost""".split()
)

_THREADED = (u'mpm_worker_module', u'mpm_event_module')
_EVERY = (u'mpm_prefork_module',) + _THREADED
_PHP = (u'php_module', u'php7_module', u'php5_module')
# {symbols of modules: the directives that any of them adds}
_BROUGHT = {
    _EVERY: u'gracefulshutdowntimeout listen listenbacklog listencoresbucketsratio maxclients '
    u'maxrequestworkers receivebuffersize sendbuffersize '
    u'serverlimit startservers',
    (u'mpm_prefork_module',): u'maxspareservers minspareservers',
    _THREADED: u'maxsparethreads minsparethreads threadlimit threadsperchild',
    (u'mpm_event_module',): u'asyncrequestworkerfactor',
    _PHP: u'php_admin_flag php_admin_value php_flag php_value phpinidir',
    (u'access_compat_module',): u'allow deny order satisfy',
    (u'alias_module',): u'alias aliasmatch redirect redirectmatch scriptalias scriptaliasmatch',
    (u'authz_core_module',): u'require <requireall <requireany <requirenone',
    (u'deflate_module',): u'deflatecompressionlevel deflatefilternote',
    (u'dir_module',): u'directoryindex directoryslash fallbackresource',
    (u'env_module',): u'passenv setenv unsetenv',
    (u'expires_module',): u'expiresactive expiresbytype expiresdefault',
    (u'headers_module',): u'header requestheader',
    (u'macro_module',): u'use undefmacro <macro',
    (u'mime_module',): u'addencoding addhandler addlanguage addoutputfilter addtype typesconfig',
    (
        u'proxy_module',
    ): u'proxypass proxypassmatch proxypassreverse proxyrequests <proxy <proxymatch',
    (
        u'rewrite_module',
    ): u'rewritebase rewritecond rewriteengine rewritemap rewriteoptions rewriterule',
    (u'setenvif_module',): u'browsermatch setenvif setenvifnocase',
    (u'ssl_module',): u'sslcertificatefile sslengine sslprotocol',
    (u'version_module',): u'<ifversion',
}
_NAME = re.compile(r'<?[a-z][a-z0-9_]*\Z')
BRINGERS = dict((name, symbols) for symbols, names in _BROUGHT.items() for name in names.split())


def knows_directive(name, modules):
    """Return whether httpd knows a directive (a section: with its bracket) with these modules
    loaded; None if that is unknown.
    """
    name = name.lower()
    if name in CORE:
        return True
    if name in BRINGERS:
        return any(symbol in modules for symbol in BRINGERS[name])
    return None if _NAME.match(name) else False
