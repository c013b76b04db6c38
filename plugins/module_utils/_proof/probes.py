# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask this host's own server for a page, whatever name it is asked by, and judge the answer."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
import socket
import ssl
import threading
from collections import namedtuple

try:
    from http.client import HTTPConnection, HTTPException  # novm
except ImportError:
    from httplib import HTTPConnection, HTTPException  # novm

from .._errors import InputError
from .._model import Answer, Probe
from .._system.links import reachable
from .._system.steering import connect_from_own_port
from .._text import foreign

TIMEOUT = 10
MAX_BYTES = 65536
SOURCE = '<?php'
DEFAULT_PORTS = {'http': 80, 'https': 443}
# A host may listen on all addresses of IPv6 and have none; such a listener mostly takes IPv4 too.
ANY_ADDRESS = {'0.0.0.0': ('127.0.0.1',), '::': ('::1', '127.0.0.1'), '': ('127.0.0.1',)}
# Scheme, host (a name, or IPv6 in brackets), port and the rest; no user and password, which would
# end up in every report.
URL = re.compile(
    r'^(https?)://(\[[0-9a-f:.]+\]|[^/?#@:\[\]]+)(?::([0-9]{1,5}))?([/?][^#]*)?(?:#.*)?$',
    re.IGNORECASE,
)
_Url = namedtuple('_Url', 'scheme host port path')


def parse_probe(given):
    """Return the Probe for a URL or for {url, status, contains}.

    Raises InputError naming what is wrong.
    """
    fields = {'url': given} if not isinstance(given, dict) else given
    url, status, contains = (
        '%s' % (fields.get('url') or '',),
        fields.get('status'),
        fields.get('contains'),
    )
    parts = _split(url)
    if (
        not parts
        or not 1 <= parts.port <= 65535
        or any(ord(char) < 33 or ord(char) > 126 for char in url)
    ):
        raise InputError('probes: %r is not an http or https URL.' % url)
    if status is not None:
        number = int(status) if re.match(r'^[0-9]+\Z', '%s' % (status,)) else 0
        if not 100 <= number <= 599:
            raise InputError(
                'probes: %s: status %r is not an HTTP status (100 to 599).' % (url, status)
            )
        status = number
    return Probe(url, status, contains)


def _split(url):
    found = URL.match(url)
    if not found:
        return None
    scheme, path = found.group(1).lower(), found.group(4) or '/'
    return _Url(
        scheme,
        found.group(2),
        int(found.group(3) or DEFAULT_PORTS[scheme]),
        '/' + path if path.startswith('?') else path,
    )


def ask(probe, addresses, own_ports=False):
    """Return the Answer of our own server: the URL's host goes into the request, the connection
    to one of our own listeners.

    Where the URL names an address of this host, it is asked there.
    addresses: [(address, port)] on which our server listens; own_ports: as for `fetch`. A redirect
    is an answer and is not followed.
    """
    parts = _split(probe.url)
    own = [address for address, listening in addresses if listening == parts.port]
    if not own:
        return _no_answer(probe, 'nothing of this server listens on port %d' % parts.port)
    host = (
        parts.host
        if parts.port == DEFAULT_PORTS[parts.scheme]
        else '%s:%d' % (parts.host, parts.port)
    )
    try:
        status, body = fetch(
            parts.scheme,
            choose_address(parts.host.strip('[]'), own),
            parts.port,
            host,
            parts.path,
            own_ports,
        )
    except (HTTPException, socket.error, ssl.SSLError, ValueError) as e:
        return _no_answer(probe, 'no answer: %s' % (foreign(e) or e.__class__.__name__))
    matched = probe.contains is None or _as_bytes(probe.contains) in body.encode('latin-1')
    return Answer(
        url=probe.url,
        status=status,
        source=SOURCE in body,
        matched=matched,
        error=_wrong(probe, status, matched),
    )


def _no_answer(probe, error):
    return Answer(url=probe.url, status=None, source=False, matched=False, error=error)


def choose_address(host, own):
    """Return the one of our own addresses at which a host is asked. host: a name or an address;
    own: as our server listens on them.
    """
    wanted = _packed(host)
    if wanted:
        for address in own:
            if _packed(address) == wanted:
                return address
        # Who listens on all addresses of IPv4 is not reached by IPv6.
        if ('::' in own or (':' not in host and set(own) & set(ANY_ADDRESS))) and _is_ours(host):
            return host
    return own[0]


def _packed(address):
    for family in (socket.AF_INET6, socket.AF_INET):
        try:
            return socket.inet_pton(family, address)
        except (socket.error, ValueError):
            continue  # an address of the other family, or a name
    return None


def _is_ours(address):
    """Return whether it is an address of this host: the kernel would go there from there.

    Sends nothing.
    """
    way = socket.socket(socket.AF_INET6 if ':' in address else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        way.connect((address, 9))
        return _packed(way.getsockname()[0]) == _packed(address)
    except socket.error:
        return False
    finally:
        way.close()


def _as_bytes(text):
    return text if isinstance(text, bytes) else (u'%s' % (text,)).encode('utf-8')


def _wrong(probe, status, matched):
    if probe.status is not None and status != probe.status:
        return 'status %d instead of %d' % (status, probe.status)
    return None if matched else 'the page does not hold %r' % probe.contains


def fetch(scheme, address, port, host, path, own_ports=False):
    """Return (status, the first 64 KiB of the body as latin-1 text).

    Raises what a connection raises.

    address: as our server listens on it; own_ports: come from where the new one of two servers is
    reached, and by nobody else. It takes 10 s at most for each address that it may be reached by,
    however slowly it answers.
    """
    plain = _connect(
        ANY_ADDRESS.get(address, (address,)),
        port,
        connect_from_own_port if own_ports else _connect_plainly,
    )
    connection = HTTPConnection(address, port)
    connection.sock = plain
    with _time_limit(plain, TIMEOUT) as limit:
        try:
            if scheme == 'https':
                connection.sock = _tls(plain, re.sub(r':[0-9]+$', '', host).strip('[]'))
            connection.request(
                'GET',
                path,
                headers={'Host': host, 'Connection': 'close', 'User-Agent': 'webops.apache'},
            )
            response = connection.getresponse()
            status, body = response.status, response.read(MAX_BYTES).decode('latin-1')
        except Exception as e:
            raise socket.timeout(limit.words) if limit.over else e
        finally:
            connection.close()
    if limit.over:
        raise socket.timeout(limit.words)
    return status, body


def _connect(addresses, port, connect):
    for address in addresses[:-1]:
        try:
            return connect(address, port, TIMEOUT)
        except socket.error:
            continue
    return connect(addresses[-1], port, TIMEOUT)


def _connect_plainly(address, port, timeout):
    return socket.create_connection((reachable(address), port), timeout)


class _time_limit(object):
    """Context manager: hangs up on a connection after some seconds in all; a time limit of the
    socket is for each read only.
    """

    def __init__(self, connection, seconds):
        self.over, self.words = False, 'the page did not end within %s s' % seconds
        # A second name of the connection, which stays when TLS takes the first one over.
        self._line = connection.dup()
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def _hang_up(self):
        self.over = True
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except socket.error:
            pass  # the other side was faster

    def __enter__(self):
        self._timer.start()
        return self

    def __exit__(self, *_unused):
        self._timer.cancel()
        self._timer.join()
        self._line.close()
        return False


def _tls(plain, name):
    # Our own server on our own host: whether its certificate pleases a browser is not the question
    # here.
    if not hasattr(ssl, 'SSLContext'):
        return ssl.wrap_socket(plain)
    protocol = getattr(ssl, 'PROTOCOL_TLS_CLIENT', ssl.PROTOCOL_SSLv23)
    context = ssl.SSLContext(protocol)  # novm: not before Python 2.7.9
    context.check_hostname = False  # novm
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=name)
