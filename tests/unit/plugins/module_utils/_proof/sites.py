# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A web server for tests, in a thread of the test: what it answers is said by the path."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import socket
import ssl
import threading
import time
from contextlib import contextmanager

TLS_HELLO = b'\x16'
REASONS = {200: b'OK', 302: b'Found', 404: b'Not Found', 500: b'Internal Server Error'}


def answer(status, body, headers=b''):
    return b'HTTP/1.1 %s %s\r\n%sContent-Length: %s\r\nConnection: close\r\n\r\n%s' % (
        str(status).encode('ascii'),
        REASONS.get(status, b'Whatever'),
        headers,
        str(len(body)).encode('ascii'),
        body,
    )


class Site(object):
    """pages: {path: (status, body)}; asked: [(path, headers)], what was asked for.

    A page may be a function of the connection, too.
    """

    def __init__(self, pages):
        self.pages, self.asked, self._tls = dict(pages), [], None
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(('127.0.0.1', 0))
        self._listener.listen(16)
        self.port = self._listener.getsockname()[1]
        self.addresses = [('0.0.0.0', self.port)]

    def with_tls(self, certificate, key):
        self._tls = ssl.SSLContext(getattr(ssl, 'PROTOCOL_TLS_SERVER', ssl.PROTOCOL_SSLv23))
        self._tls.load_cert_chain(certificate, key)
        return self

    def url(self, path='/', host='www.example.com', scheme='http'):
        return '%s://%s:%d%s' % (scheme, host, self.port, path)

    def serve(self):
        while True:
            try:
                connection = self._listener.accept()[0]
            except (OSError, IOError):
                return
            thread = threading.Thread(target=self._answer, args=(connection,))
            thread.daemon = True
            thread.start()

    def _answer(self, connection):
        try:
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            request = b''
            while b'\r\n\r\n' not in request:
                piece = connection.recv(4096)
                if not piece or piece[:1] == TLS_HELLO:
                    return  # as httpd does at a port without TLS
                request += piece
            lines = request.decode('latin-1').split('\r\n')
            path = lines[0].split(' ')[1]
            self.asked.append(
                (path, dict(line.split(': ', 1) for line in lines[1:] if ': ' in line))
            )
            page = self.pages.get(path, (404, b'no such page'))
            if callable(page):
                page(connection)
            else:
                connection.sendall(answer(*page))
        except (OSError, IOError):
            pass  # the other side hung up
        finally:
            connection.close()

    def close(self):
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except (OSError, IOError):
            pass
        self._listener.close()


@contextmanager
def serving(site):
    thread = threading.Thread(target=site.serve)
    thread.daemon = True
    thread.start()
    try:
        yield site
    finally:
        site.close()
        thread.join(5)


def drip(connection):
    """A page that never ends, and is never silent for long either."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n')
    while True:
        connection.sendall(b'.')
        time.sleep(0.05)


def drip_headers(connection):
    connection.sendall(b'HTTP/1.1 200 OK\r\nX-Slow: ')
    while True:
        connection.sendall(b'.')
        time.sleep(0.05)


def silence(connection):
    time.sleep(3)


def hang_up(connection):
    connection.close()
