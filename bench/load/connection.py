"""One connection to the server, and what becomes of the requests on it."""

import asyncio
import ssl
from collections import namedtuple

from bench.load.answer import Answer, NoAnswer

OK, REFUSED, RESET, TRUNCATED, TIMEOUT, STATUS, OTHER = OUTCOMES = (
    'ok',
    'refused',
    'reset',
    'truncated',
    'timeout',
    'status',
    'other',
)
FAILURES = OUTCOMES[1:]
LINGER = 5  # seconds
# Where requests go: an IP address, and a port for plain HTTP and TLS each.
Place = namedtuple('Place', 'address port tls_port host')
# What became of a request: one of OUTCOMES, and more words where there are any. `begun`: some byte
# of an answer came.
Outcome = namedtuple('Outcome', 'kind detail begun')
# What is asked: the bytes of the request; the rest of its body is sent in equal pieces over
# `seconds`.
Request = namedtuple('Request', 'head body pieces seconds')


def request(place, path, keep_alive=False, body=b'', pieces=1, seconds=0):
    """A GET, or a POST where there is a body."""
    lines = [
        f'{"POST" if body else "GET"} {path} HTTP/1.1',
        f'Host: {place.host}',
        'User-Agent: bench',
    ]
    lines.append(f'Connection: {"keep-alive" if keep_alive else "close"}')
    lines += (
        ['Content-Type: application/octet-stream', f'Content-Length: {len(body)}'] if body else []
    )
    return Request('\r\n'.join([*lines, '', '']).encode(), body, pieces, seconds)


def trusting():
    """Any certificate will do: it is not the certificates that are measured."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Connection(asyncio.Protocol):
    """Asks one request after the other.

    Every end of the connection is the end of the request in flight, never an exception.
    """

    def __init__(self):
        self._transport = self._answer = self._waiting = None
        self.alive, self.answers = False, 0

    async def ask(self, asked):
        """Send a request and give its Outcome. The caller bounds the time."""
        self._answer, self._waiting = Answer(), asyncio.get_running_loop().create_future()
        if not self.alive:
            self._settle(None)
        else:
            self._transport.write(asked.head)
        sender = asyncio.ensure_future(self._send_slowly(asked)) if asked.body else None
        try:
            return await self._waiting
        finally:
            if sender:
                sender.cancel()

    async def _send_slowly(self, asked):
        size = -(-len(asked.body) // asked.pieces)
        for at in range(0, len(asked.body), size):
            await asyncio.sleep(asked.seconds / asked.pieces)
            if self._waiting.done() or not self.alive:
                return
            self._transport.write(asked.body[at : at + size])

    def close(self):
        """End the connection at once."""
        if self._transport:
            self._transport.abort()

    def leave(self):
        """Let go of the connection.

        One that the server is going to close is left to it, as browsers do: the side that closes
        first keeps the
        port busy for a minute, and at 500 a second this side would run out of ports.
        """
        if self._transport and self._answer and self._answer.complete and self._answer.closes:
            asyncio.get_running_loop().call_later(LINGER, self._transport.abort)
        else:
            self.close()

    def _settle(self, error):
        """Say what became of the request in flight, the connection being over or the answer
        complete.
        """
        if not self._waiting or self._waiting.done():
            return
        answer = self._answer
        if answer.complete and answer.status == 200:
            outcome = Outcome(OK, '', True)
        elif answer.complete:
            outcome = Outcome(STATUS, str(answer.status), True)
        elif isinstance(error, NoAnswer):
            outcome = Outcome(OTHER, str(error), True)
        elif isinstance(error, TimeoutError):
            outcome = Outcome(TIMEOUT, str(error), answer.begun)
        else:
            outcome = Outcome(
                TRUNCATED if answer.begun else RESET,
                type(error).__name__ if error else 'closed',
                answer.begun,
            )
        self._waiting.set_result(outcome)

    # What asyncio calls.

    def connection_made(self, transport):
        """Note that it stands."""
        self._transport, self.alive = transport, True

    def data_received(self, data):
        """Take a part of an answer."""
        if not self._answer or self._waiting.done():
            return
        try:
            self._answer.feed(data)
        except NoAnswer as error:
            self._settle(error)
            self.close()
            return
        if self._answer.complete:
            self.answers += 1
            self.alive = self.alive and not self._answer.closes
            self._settle(None)

    def connection_lost(self, exc):
        """Note that it ended; so does an answer without a length."""
        self.alive = False
        if self._answer and not exc:
            self._answer.end()
        self._settle(exc)


async def connect(place, tls=None):
    """Return (Connection, None) or (None, Outcome)."""
    loop = asyncio.get_running_loop()
    try:
        if tls:
            _transport, connection = await loop.create_connection(
                Connection, place.address, place.tls_port, ssl=tls
            )
        else:
            _transport, connection = await loop.create_connection(
                Connection, place.address, place.port
            )
        return connection, None
    except ConnectionRefusedError:
        return None, Outcome(REFUSED, '', False)
    except (ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as error:
        return None, Outcome(RESET, f'connecting: {type(error).__name__}', False)
    except TimeoutError as error:
        return None, Outcome(TIMEOUT, f'connecting: {error}', False)
    except OSError as error:
        return None, Outcome(OTHER, f'connecting: {error}', False)
