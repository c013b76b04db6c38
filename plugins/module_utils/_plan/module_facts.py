# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which modules of httpd work with which MPM, and where that is said. docs/modules.md shows it.

PHP is not here: what its module needs is read from the module itself (`_host/php.py`).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import NamedTuple

# How a module stands to threads: it must have a process of its own for each request, it was made
# for threads, or it takes both.
NEEDS_PREFORK, WANTS_THREADS, TAKES_BOTH = 'prefork', 'threads', 'both'

# symbol: as LoadModule names it; stands: one of the three; why: in words, as part of a sentence;
# source: where that is said.
ModuleFact = NamedTuple(
    'ModuleFact', [('symbol', 'str'), ('stands', 'str'), ('why', 'str'), ('source', 'str')]
)

# httpd's own, of 2.2 and 2.4, without `_module`: "All modules shipped with the server are
# compatible with the event MPM" (httpd.apache.org/docs/2.4/mod/event.html).
OWN = frozenset(
    """
    access_compat actions alias allowmethods asis auth_basic auth_digest auth_form authn_alias
    authn_anon authn_core authn_dbd authn_dbm authn_default authn_file authn_socache authnz_fcgi
    authnz_ldap authz_core authz_dbd authz_dbm authz_default authz_groupfile authz_host authz_owner
    authz_user autoindex brotli bucketeer buffer cache cache_disk cache_socache case_filter
    case_filter_in cern_meta cgi cgid charset_lite core data dav dav_fs dav_lock dbd deflate dialup
    dir disk_cache dumpio echo env example example_hooks expires ext_filter file_cache filter
    headers heartbeat heartmonitor http http2 ident imagemap include info lbmethod_bybusyness
    lbmethod_byrequests lbmethod_bytraffic lbmethod_heartbeat ldap log_config log_debug
    log_forensic logio lua macro md mem_cache mime mime_magic mpm_event mpm_prefork mpm_worker
    negotiation optional_fn_export optional_fn_import optional_hook_export optional_hook_import
    policy privileges proxy proxy_ajp proxy_balancer proxy_connect proxy_express proxy_fcgi
    proxy_fdpass proxy_ftp proxy_hcheck proxy_html proxy_http proxy_http2 proxy_scgi proxy_uwsgi
    proxy_wstunnel ratelimit reflector remoteip reqtimeout request rewrite sed session
    session_cookie session_crypto session_dbd setenvif slotmem_plain slotmem_shm so socache_dbm
    socache_dc socache_memcache socache_redis socache_shmcb speling ssl status substitute suexec
    systemd tls unique_id unixd userdir usertrack version vhost_alias watchdog xml2enc
    """.split()
)

FACTS = (
    ModuleFact(
        'mpm_itk_module',
        NEEDS_PREFORK,
        'it changes the user of a whole process for each request',
        'http://mpm-itk.sesse.net/',
    ),
    ModuleFact(
        'ruid2_module',
        NEEDS_PREFORK,
        'it changes the user of a whole process for each request',
        'https://github.com/mind04/mod-ruid2',
    ),
    ModuleFact(
        'realdoc_module',
        NEEDS_PREFORK,
        'it is not thread-safe',
        'https://github.com/etsy/mod_realdoc/pull/16',
    ),
    ModuleFact(
        'qos_module',
        WANTS_THREADS,
        'it was made and tested for worker',
        'https://sourceforge.net/p/mod-qos/discussion/697421/thread/c8a3fc85',
    ),
    ModuleFact(
        'fcgid_module',
        TAKES_BOTH,
        'programs run in processes of their own',
        'https://httpd.apache.org/mod_fcgid/',
    ),
    ModuleFact(
        'jk_module',
        TAKES_BOTH,
        'it reads the number of threads, and ends a start for which it was not built',
        'https://tomcat.apache.org/connectors-doc/reference/workers.html',
    ),
    ModuleFact(
        'passenger_module',
        TAKES_BOTH,
        'it supports event since 3.0.12',
        'https://github.com/phusion/passenger/commit/1a7a15a9324ec3611bf72dc5779aa6b34b5ceaf7',
    ),
    ModuleFact(
        'perl_module',
        TAKES_BOTH,
        'its perl needs threads, and is asked whether it has them',
        'https://perl.apache.org/docs/2.0/user/design/design.html',
    ),
    ModuleFact(
        'security2_module',
        TAKES_BOTH,
        'its makers use it with worker, as the faster one',
        'https://docs.huihoo.com/modsecurity/ModSecurity2-Deployment.pdf',
    ),
    ModuleFact(
        'wsgi_module',
        TAKES_BOTH,
        'the application has to be thread-safe where it runs inside of httpd',
        'https://modwsgi.readthedocs.io/en/develop/user-guides/processes-and-threading.html',
    ),
)
_BY_SYMBOL = dict((fact.symbol, fact) for fact in FACTS)


def fact_of(symbol):
    # type: (str) -> ModuleFact | None
    """Return the ModuleFact of a module that is not httpd's own, or None."""
    return _BY_SYMBOL.get(symbol)


def is_own(symbol):
    # type: (str) -> bool
    """Return whether a module comes with httpd itself."""
    return symbol.endswith('_module') and symbol[: -len('_module')] in OWN
