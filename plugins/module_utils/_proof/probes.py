# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
from __future__ import absolute_import, division, print_function

__metaclass__ = type

"""Ask this host's own server for a page, whatever name it is asked by, and judge the answer."""
import socket
import ssl
try:
    from http.client import HTTPConnection, HTTPException
    from urllib.parse import urlsplit
except ImportError:
    from httplib import HTTPConnection, HTTPException
    from urlparse import urlsplit

from .._errors import InputError
from .._model import Answer, Probe

TIMEOUT = 10
MAX_BYTES = 65536
SOURCE = '<?php'
DEFAULT_PORTS = {'http': 80, 'https': 443}
ANY_ADDRESS = {'0.0.0.0': '127.0.0.1', '::': '::1', '': '127.0.0.1'}


def parse_probe(given):
    """Give the Probe for a URL or for {url, status, contains}. Raises InputError naming what is wrong."""
    fields = {'url': given} if not isinstance(given, dict) else given
    url, status = '%s' % (fields.get('url') or '',), fields.get('status')
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or any(ord(char) < 33 or ord(char) > 126 for char in url):
        raise InputError('probes: %r is no http or https URL.' % url)
    if status is not None and not 100 <= status <= 599:
        raise InputError('probes: %s: status %r is no HTTP status (100 to 599).' % (url, status))
    return Probe(url, status, fields.get('contains'))


def ask(probe, addresses):
    """Give the Answer of our own server: the URL's host goes into the request, the connection to one of our own listeners.

    addresses: [(address, port)] on which our server listens. A redirect is an answer and is not followed.
    """
    parts = urlsplit(probe.url)
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    own = [address for address, listening in addresses if listening == port]
    if not own:
        return Answer(probe.url, None, False, False, 'nothing of this server listens on port %d' % port)
    path = (parts.path or '/') + ('?' + parts.query if parts.query else '')
    try:
        status, body = fetch(parts.scheme, ANY_ADDRESS.get(own[0], own[0]), port, parts.netloc, path)
    except (HTTPException, socket.error, ssl.SSLError, ValueError) as e:
        return Answer(probe.url, None, False, False, 'no answer: %s' % (e or e.__class__.__name__))
    matched = probe.contains is None or probe.contains in body
    return Answer(probe.url, status, SOURCE in body, matched, _wrong(probe, status, matched))


def _wrong(probe, status, matched):
    if probe.status is not None and status != probe.status:
        return 'status %d instead of %d' % (status, probe.status)
    return None if matched else 'the page does not hold %r' % probe.contains


def fetch(scheme, address, port, host, path):
    """Give (status, the first 64 KiB of the body as latin-1 text). Raises what a connection raises; bounded to 10 s a read."""
    connection = HTTPConnection(address, port, timeout=TIMEOUT)
    try:
        connection.connect()
        if scheme == 'https':
            connection.sock = _tls(connection.sock, host.split(':')[0])
        connection.request('GET', path, headers={'Host': host, 'Connection': 'close', 'User-Agent': 'webops.apache'})
        response = connection.getresponse()
        return response.status, response.read(MAX_BYTES).decode('latin-1')
    finally:
        connection.close()


def _tls(plain, name):
    # Our own server on our own host: whether its certificate pleases a browser is not the question here.
    if not hasattr(ssl, 'SSLContext'):
        return ssl.wrap_socket(plain)
    context = ssl.SSLContext(getattr(ssl, 'PROTOCOL_TLS_CLIENT', ssl.PROTOCOL_SSLv23))
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=name) if ssl.HAS_SNI else context.wrap_socket(plain)
