# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""Ask this host's own server for a page, by any name, and judge the answer."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import re
import socket
import ssl
import threading
import time
from collections import namedtuple

try:
    from http.client import HTTPConnection, HTTPException  # novm
except ImportError:
    from httplib import HTTPConnection, HTTPException  # novm

from .._errors import InputError
from .._model import Answer, Probe
from .._system.clock import monotonic
from .._system.links import reachable
from .._system.steering import connect_from_own_port
from .._text import foreign

TIMEOUT = 10
MAX_BYTES = 65536
SOURCE = '<?php'
# Characters of a kind of content.
MAX_KIND = 100
DEFAULT_PORTS = {'http': 80, 'https': 443}
# A host may listen on all IPv6 addresses and have none; such a listener mostly takes IPv4 too.
ANY_ADDRESS = {'0.0.0.0': ('127.0.0.1',), '::': ('::1', '127.0.0.1'), '': ('127.0.0.1',)}
# Scheme, host (a name, or IPv6 in brackets), port and the rest; no user and password, which every
# report would show.
URL = re.compile(
    r'^(https?)://(\[[0-9a-f:.]+\]|[^/?#@:\[\]]+)(?::([0-9]{1,5}))?([/?][^#]*)?(?:#.*)?$',
    re.IGNORECASE,
)
_Url = namedtuple('_Url', 'scheme host port path')
# body: the first 64 KiB, as latin-1 text; kind: of content, as 'text/html', or None.
Page = namedtuple('Page', 'status body kind')
# Statuses by which a site says that it is asked too often.
LIMITED = (403, 429, 503)
# Seconds between two requests for one page, and for one site. mod_evasive, as it is delivered,
# answers 403 to who asks for one page more than twice a second.
PAGE_PAUSE, SITE_PAUSE = 0.6, 0.1
# {(name of a site, path or None): when it was asked last}.
_asked = {}


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
    parts = split_url(url)
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


def split_url(url):
    """Return the parts of a URL, with the usual port of its scheme; None where it is none."""
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
    """Return the Answer of our own server: the request has the URL's host, the connection goes to
    one of our own listeners.

    If the URL, or the Probe, names an address of this host, it is asked there.
    addresses: [(address, port)] on which our server listens; own_ports: as for `fetch`. A redirect
    is an answer and is not followed.
    """
    parts = split_url(probe.url)
    own = [address for address, listening in addresses if listening == parts.port]
    if not own:
        return _no_answer(probe, 'nothing of this server listens on port %d' % parts.port)
    host = (
        parts.host
        if parts.port == DEFAULT_PORTS[parts.scheme]
        else '%s:%d' % (parts.host, parts.port)
    )
    try:
        page = fetch(
            parts.scheme,
            choose_address(probe.address or parts.host.strip('[]'), own),
            parts.port,
            host,
            parts.path,
            own_ports,
        )
    except (HTTPException, socket.error, ssl.SSLError, ValueError) as e:
        return _no_answer(probe, 'no answer: %s' % (foreign(e) or e.__class__.__name__))
    matched = probe.contains is None or _as_bytes(probe.contains) in page.body.encode('latin-1')
    return Answer(
        url=probe.url,
        status=page.status,
        source=SOURCE in page.body,
        matched=matched,
        error=_wrong(probe, page.status, matched),
        kind=page.kind,
        address=probe.address,
    )


def _no_answer(probe, error):
    return Answer(
        url=probe.url,
        status=None,
        source=False,
        matched=False,
        error=error,
        address=probe.address,
    )


def choose_address(host, own):
    """Return the own address at which a host is asked. host: a name or an address; own: the
    addresses on which our server listens.
    """
    wanted = _packed(host)
    if wanted:
        for address in own:
            if _packed(address) == wanted:
                return address
        # A listener on all IPv4 addresses is not reached by IPv6.
        if ('::' in own or (':' not in host and set(own) & set(ANY_ADDRESS))) and _is_ours(host):
            return host
    return own[0]


def is_reached(host, addresses):
    """Return whether our own server can be asked at an address of its own.

    host: the address; addresses: [(address, port)] on which our server listens.
    """
    own = [address for address, _port in addresses]
    return _packed(choose_address(host, own)) == _packed(host)


def _packed(address):
    for family in (socket.AF_INET6, socket.AF_INET):
        try:
            return socket.inet_pton(family, address)
        except (socket.error, ValueError):
            continue  # an address of the other family, or a name
    return None


def _is_ours(address):
    """Return whether it is an address of this host: the kernel would connect to it from itself.

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
    """Return the Page that our own server answers with. Raises what a connection raises.

    address: as our server listens on it; own_ports: connect from ports that lead to the new one of
    two servers, and that nobody else uses. It takes 10 s at most for each address, however slowly
    it answers.
    """
    _ask_gently(re.sub(r':[0-9]+$', '', host), path)
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
            body = response.read(MAX_BYTES).decode('latin-1')
            page = Page(response.status, body, kind_of(response.getheader('Content-Type')))
        except Exception as e:
            raise socket.timeout(limit.words) if limit.over else e
        finally:
            connection.close()
    if limit.over:
        raise socket.timeout(limit.words)
    return page


def kind_of(header):
    """Return the kind of content that a Content-Type names, without its parameters; None where it
    names none. header: text or None.
    """
    return foreign((header or '').split(';')[0].strip().lower(), MAX_KIND) or None


def _ask_gently(site, path):
    """Wait until neither the page nor its site was asked a moment ago."""
    for key, pause in (((site, path), PAGE_PAUSE), ((site, None), SITE_PAUSE)):
        left = _asked.get(key, -pause) + pause - monotonic()
        if left > 0:
            time.sleep(min(left, pause))
    _asked[(site, path)] = _asked[(site, None)] = monotonic()


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
    """Context manager: closes a connection after some seconds in all; a time limit of the socket is
    for each read only.
    """

    def __init__(self, connection, seconds):
        self.over, self.words = False, 'the page did not end within %s s' % seconds
        # A second descriptor of the connection, which stays when TLS takes over the first one.
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
    # Our own server on our own host: its certificate does not matter here.
    if not hasattr(ssl, 'SSLContext'):
        return ssl.wrap_socket(plain)
    protocol = getattr(ssl, 'PROTOCOL_TLS_CLIENT', ssl.PROTOCOL_SSLv23)
    context = ssl.SSLContext(protocol)  # novm: not before Python 2.7.9
    context.check_hostname = False  # novm
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(plain, server_hostname=name)
