# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Which access logs a configuration in force writes, in which format, and of which sites.

These are CustomLog, TransferLog and GlobalLog of the main server and of each virtual host, as
mod_log_config reads them.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import os
import re
from collections import namedtuple

from .._model import AskedSite, LeftOut
from .access_log import parse_format
from .evaluate import server_of

# path: absolute; form: LogFormat; sites: [AskedSite] whose requests it may have.
AccessLog = namedtuple('AccessLog', 'path form sites')

_COMMON = u'%h %l %u %t "%r" %>s %b'
_NAME = re.compile(u'(?:https?://)?([a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?)(?::[0-9]+)?\\.?\\Z')
_ADDRESS = re.compile(u'(\\[[0-9a-f:.]+\\]|[^:\\[\\]]*)(?::([0-9]{1,5}|\\*))?\\Z', re.IGNORECASE)
_IPV4 = re.compile(u'[0-9]{1,3}(?:\\.[0-9]{1,3}){3}\\Z')
_PROVIDERS = (u'syslog', u'journald')
_LOGS = (u'customlog', u'transferlog', u'globallog')
# By which a server is asked that has no name, and comes first where it listens.
ANY_NAME = u'localhost'
UNSUITABLE = 'time (%t), status (%>s) and request (%r) cannot be told in its format'


class _Server(object):
    """What one virtual host says, or the main server.

    section: that of the virtual host, None for the main server; own, all: (path, format or None) of
    its logs, and of those of all servers; formats: {nickname: format}; format: the one without a
    nickname.
    """

    def __init__(self, section):
        self.section = section
        self.names, self.aliases, self.own, self.all = [], [], [], []
        self.formats, self.format, self.tls = {}, None, None

    def take(self, name, args):
        if name == u'servername':
            self.names = args[:1]
        elif name == u'serveralias':
            self.aliases += args
        elif name == u'sslengine':
            self.tls = args[0].lower() in (u'on', u'optional')
        elif name == u'logformat' and len(args) > 1:
            self.formats[args[1]] = args[0]
        elif name == u'logformat':
            self.format = args[0]
        elif name in _LOGS:
            logs = self.all if name == u'globallog' else self.own
            logs.append((args[0], args[1] if name != u'transferlog' and len(args) > 1 else None))


def find_logs(active, root, ports):
    """Return ([AccessLog], [LeftOut]).

    active: directives in force, in httpd's order; root: ServerRoot; ports: on which the server
    listens, sorted.
    """
    servers = _read_servers(active)
    main, hosts = servers[0], servers[1:]
    found, left = {}, []
    first = _first_hosts(hosts, ports)
    for server in servers:
        # Where virtual hosts take the requests on each port, the main server has none.
        if server is main and not [port for port in ports if (None, port) not in first]:
            continue
        logs = (server.own or main.own) + main.all
        site = _site_of(server, main, ports, first) if logs else None
        if logs and site is None:
            why = 'it has no ServerName, or nothing listens there'
            left.append(LeftOut(_in_words(server), why))
        for path, form in logs if site else ():
            text = _format_of(server, main, form)
            found.setdefault((path, text), []).append(site)
    logs = []
    for (path, text), sites in sorted(found.items()):
        form = parse_format(text)
        why = _why_not(path, form, sites)
        if why:
            left.append(LeftOut(path, why))
        else:
            logs.append(AccessLog(os.path.join(root, path), form, sites))
    return logs, left


def site_at(log, name, port):
    """Return the AskedSite of a log that served a request, None where that cannot be told.

    name, port: as the line says, or None.
    """
    sites = [site for site in log.sites if name is None or site.name == name]
    # One that has no name answers to any.
    sites = sites or [site for site in log.sites if site.name == ANY_NAME]
    on_port = [site for site in sites if site.port == port] or sites
    # One log often has the requests of a site in both schemes. Then https serves the pages.
    return max(on_port, key=lambda site: (site.scheme, site)) if on_port else None


def _read_servers(active):
    """Return [_Server], the main server first. The lines of one virtual host follow each other."""
    main = _Server(None)
    servers, section = [main], None
    for item in active:
        now = server_of(item)
        if now != section:
            section = now
            if now is not None:
                servers.append(_Server(now))
        if item.args:
            (servers[-1] if section else main).take(item.name, item.args)
    return servers


def _addresses_of(host):
    """Return [(address or None, port or None)] of a virtual host; None stands for any."""
    found = []
    for text in host.section[1]:
        match = _ADDRESS.match(text)
        if match:
            address, port = match.group(1).strip(u'[]'), match.group(2)
            own = address if _IPV4.match(address) or u':' in address else None
            found.append((own, int(port) if port and port != u'*' else None))
    return found


def _first_hosts(hosts, ports):
    """Return {(address or None, port): the virtual host that answers to any name there}."""
    first = {}
    for host in hosts:
        for address, port in _addresses_of(host):
            for each in ports if port is None else [port]:
                first.setdefault((address, each), host)
    return first


def _site_of(server, main, ports, first):
    """Return the AskedSite of a server, None where it cannot be asked by name."""
    if server is main:
        places = [(None, port) for port in ports if (None, port) not in first]
    else:
        places = [
            (address, each)
            for address, port in _addresses_of(server)
            for each in ports
            if port in (None, each)
        ]
    names = [_NAME.match(word.lower()) for word in server.names + server.aliases]
    names = [found.group(1) for found in names if found]
    if not places or not (names or server is main or first.get(places[0]) is server):
        return None
    address, port = places[0]
    tls = main.tls if server.tls is None else server.tls
    return AskedSite(names[0] if names else ANY_NAME, port, u'https' if tls else u'http', address)


def _format_of(server, main, form):
    """Return the text of a format that is named by its nickname, by itself, or not at all."""
    if form is None:
        return server.format or main.format or _COMMON
    return server.formats.get(form) or main.formats.get(form) or form


def _why_not(path, form, sites):
    """Return why a log is not read, in words, or None."""
    if path.startswith(u'|'):
        return 'it is piped to a program'
    if path.split(u':')[0] in _PROVIDERS:
        return 'it is not a file'
    if form is None:
        return UNSUITABLE
    if not form.names and len(set(site.name for site in sites)) > 1:
        return 'it is that of several sites, and its format has no %v'
    return None


def _in_words(server):
    if server.section is None:
        return 'the main server'
    _name, args, path, number = server.section
    return '<VirtualHost %s> in %s line %d' % (u' '.join(args), path, number)
