"""One connection to the server, and what becomes of the requests on it."""

import asyncio
import ssl
from typing import NamedTuple, cast

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


class Place(NamedTuple):
    """Where requests go: an IP address, and a port for plain HTTP and TLS each; 0: no TLS."""

    address: str
    port: int
    tls_port: int
    host: str


class Outcome(NamedTuple):
    """What became of a request: one of OUTCOMES, and more words where there are any.

    begun: some byte of an answer came.
    """

    kind: str
    detail: str
    begun: bool


class Request(NamedTuple):
    """What is asked: the bytes of the request.

    The rest of its body is sent in equal pieces over `seconds`.
    """

    head: bytes
    body: bytes
    pieces: int
    seconds: float


def request(
    place: Place,
    path: str,
    keep_alive: bool = False,
    body: bytes = b'',
    pieces: int = 1,
    seconds: float = 0,
) -> Request:
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


def trusting() -> ssl.SSLContext:
    """Any certificate will do: it is not the certificates that are measured."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


class Connection(asyncio.Protocol):
    """Asks one request after the other.

    Every end of the connection is the end of the request in flight, never an exception.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: Answer | None = None
        self._waiting: asyncio.Future[Outcome] | None = None
        self.alive, self.answers = False, 0

    async def ask(self, asked: Request) -> Outcome:
        """Send a request and give its Outcome. The caller bounds the time."""
        self._answer, waiting = Answer(), asyncio.get_running_loop().create_future()
        self._waiting = waiting
        if self._transport and self.alive:
            self._transport.write(asked.head)
        else:
            self._settle(None)
        sender = asyncio.ensure_future(self._send_slowly(asked, waiting)) if asked.body else None
        try:
            return await waiting
        finally:
            if sender:
                sender.cancel()

    async def _send_slowly(self, asked: Request, waiting: asyncio.Future[Outcome]) -> None:
        size = -(-len(asked.body) // asked.pieces)
        for at in range(0, len(asked.body), size):
            await asyncio.sleep(asked.seconds / asked.pieces)
            if not self._transport or waiting.done() or not self.alive:
                return
            self._transport.write(asked.body[at : at + size])

    def close(self) -> None:
        """End the connection at once."""
        if self._transport:
            self._transport.abort()

    def leave(self) -> None:
        """Let go of the connection.

        One that the server is going to close is left to it, as browsers do: the side that closes
        first keeps the
        port busy for a minute, and at 500 a second this side would run out of ports.
        """
        if self._transport and self._answer and self._answer.complete and self._answer.closes:
            asyncio.get_running_loop().call_later(LINGER, self._transport.abort)
        else:
            self.close()

    def _settle(self, error: Exception | None) -> None:
        """Say what became of the request in flight, the connection being over or the answer
        complete.
        """
        answer = self._answer
        if not answer or not self._waiting or self._waiting.done():
            return
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

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note that it stands."""
        self._transport, self.alive = cast(asyncio.Transport, transport), True

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer."""
        if not self._answer or not self._waiting or self._waiting.done():
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

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that it ended; so does an answer without a length."""
        self.alive = False
        if self._answer and not exc:
            self._answer.end()
        self._settle(exc)


async def connect(place: Place, tls: ssl.SSLContext | None = None) -> Connection | Outcome:
    """Return a Connection, or the Outcome of a request where there is none."""
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
        return connection
    except ConnectionRefusedError:
        return Outcome(REFUSED, '', False)
    except (ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as error:
        return Outcome(RESET, f'connecting: {type(error).__name__}', False)
    except TimeoutError as error:
        return Outcome(TIMEOUT, f'connecting: {error}', False)
    except OSError as error:
        return Outcome(OTHER, f'connecting: {error}', False)
