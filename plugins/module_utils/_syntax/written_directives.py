# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which directives name a file or folder that httpd, or one of its modules, writes.

Those of httpd 2.2 and 2.4 and of the modules that most hosts have stand in a table. What a module
that is not in it writes is found in other ways, too: what the running server has open for writing,
or shares memory by, is private in a rehearsal whatever names it. So only what is not kept open is
taken from the name of an unknown directive: a pid file, a lock, a socket, a folder of its own. Logs
are open, and a name may end in "log" for another reason (`SSLPassPhraseDialog`, a catalog).
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
import shlex

from .._fields import TYPE_CHECKING

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from .evaluate import Active  # noqa: F401

# Those of httpd, then those of others; the first argument has the path. Two servers may have these
# in common.
_SHARED = u"""
    cachelockpath cacheroot cookielog coredumpdirectory ctauditstorage ctsctstorage customlog
    davgenericlockdb davlockdb errorlog forensiclog globallog heartbeatstorage mdstoredir rewritelog
    scriptlog ssllog transferlog

    cascookiepath doslogdir gssapidelegccachedir jklogfile mellondiagnosticsfile
    mellonpostdirectory modpagespeedfilecachepath modpagespeedlogdir modtilecachingpath
    musiccachepath oidccachedir passengerdatabufferdir passengerlogfile secauditlog secauditlog2
    secauditlogstoragedir secdatadir secdebuglog secguardianlog secstoragedir sectmpdir
    secuploaddir svnactivitiesdb
    """.split()
# Of these one server takes away what the other one has.
_VITAL = u"""
    authncachesocache cachesocache cgidscriptsock defaultruntimedir ldapsharedcachefile lockfile
    mutex pidfile rewritelock scoreboardfile scriptsock sslmutex sslsessioncache sslstaplingcache
    tlssessioncache

    fastcgiipcdir fcgidipcdir fcgidprocesstablefile gnutlscache jkshmfile mellonlockfile
    memmanagerfile monounixsocket passengerinstanceregistrydir passengertempdir sharemempath
    socketpath wsgisocketprefix
    """.split()
SHARED, VITAL = 'shared', 'vital'
_KINDS = dict([(name, SHARED) for name in _SHARED] + [(name, VITAL) for name in _VITAL])
# How the names of other modules end, where these write what they do not keep open.
_UNKNOWN = (
    (
        re.compile(
            r'(pidfile|lockfile|lockpath|lockdir|mutex|shmfile|socket|socketprefix|socketpath|sock'
            r'|sessioncache|processtablefile|ipcdir|runtimedir)$'
        ),
        VITAL,
    ),
    (
        re.compile(
            r'(logfile|logdir|logpath|lockdb|cacheroot|cachedir|cachepath|datadir|storedir'
            r'|storagedir|uploaddir|tmpdir|tempdir)$'
        ),
        SHARED,
    ),
)
# `shmcb:/run/httpd/cache(512000)`, `file:/run/lock`; not the `:` of Windows or of a pipe.
_PLACE = re.compile(r'^(?:[a-z_]+:)?((?=[^(:/]*/)[^(:]*)(?:\(\d+\))?$')
# A name in the server's root. Where the argument may also be a word, it has to have a slash.
_PLAIN = re.compile(r'^[^/:|(]+$')
_WORDS = ('none', 'off', 'on', 'default', 'syslog', 'journald')
_WORD_OR_PLACE = frozenset(
    u"""
    authncachesocache cachesocache gnutlscache mutex sslmutex sslsessioncache sslstaplingcache
    tlssessioncache
    """.split()
)
ERROR_LOG = 'errorlog'


def kind_of(name):
    # type: (str) -> str | None
    """Return SHARED or VITAL for a directive that writes what its argument names, else None."""
    if name in _KINDS:
        return _KINDS[name]
    return next((kind for ending, kind in _UNKNOWN if ending.search(name)), None)


def paths_written(item, root):
    # type: (Active, str) -> list[str]
    """Return the paths that an Active directive has httpd write, and the absolute ones in what it
    has it pipe to. root: the server's root.
    """
    if item.name.startswith('php_'):
        value = item.args[1] if item.args[:1] == ['error_log'] and len(item.args) > 1 else None
    else:
        value = item.args[0] if item.args and kind_of(item.name) else None
    if not value:
        return []
    return _piped_paths(value) if value.startswith('|') else _named_path(item.name, value, root)


def _named_path(name, value, root):
    """Return [path] that the value of a directive names; [] for words such as `syslog`, `off` and
    `none`.
    """
    if value.startswith('/') and name in _KINDS and name not in _WORD_OR_PLACE:
        return [os.path.normpath(value)]
    place = _PLACE.match(value)
    if place:
        return [os.path.normpath(os.path.join(root, place.group(1)))]
    plain = name in _KINDS and name not in _WORD_OR_PLACE and value.lower() not in _WORDS
    return [os.path.join(root, value)] if plain and _PLAIN.match(value) else []


def _piped_paths(value):
    """Return the absolute paths among the arguments of a program that a log is piped to, the
    program itself not among them.
    """
    try:
        words = [word for text in shlex.split(str(value.lstrip('|$ '))) for word in text.split('=')]
    except (ValueError, UnicodeError):
        return []
    return [word for word in words[1:] if word.startswith('/')]
