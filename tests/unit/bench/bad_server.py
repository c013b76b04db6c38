"""A server that misbehaves as it is told, and answers well otherwise."""

import asyncio
import contextlib
import re
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable

BODY = b'x' * 200


def answer(status: str = '200 OK', close: bool = False, body: bytes = BODY) -> bytes:
    """Return an answer as bytes, whose server closes the connection afterwards or not."""
    return (
        f'HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n'
        f'{"Connection: close" if close else "X: y"}\r\n\r\n'.encode()
        + body
    )


class Peer:
    """One connection, seen by the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def request(self) -> int:
        """Read the headers of a request and its body; return the number of bytes in the body."""
        head = await self._reader.readuntil(b'\r\n\r\n')
        length = re.search(rb'Content-Length: (\d+)', head)
        return len(await self._reader.readexactly(int(length.group(1)))) if length else 0

    async def send(self, data: bytes) -> None:
        """Send bytes, and wait until the kernel has them."""
        self._writer.write(data)
        await self._writer.drain()

    def reset(self) -> None:
        """Have the kernel send RST instead of FIN."""
        self._writer.get_extra_info('socket').setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)
        )
        self._writer.transport.abort()


async def well(peer: Peer) -> None:
    """Answer for as long as there are requests."""
    while True:
        await peer.request()
        await peer.send(answer())


@contextlib.asynccontextmanager
async def serving(*behaviours: Callable[[Peer], Awaitable[None]]) -> AsyncIterator[int]:
    """Serve on a port of loopback, which is given.

    The n-th connection gets the n-th behaviour, all later ones the last.
    """
    count = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal count
        behaviour = behaviours[min(count, len(behaviours) - 1)]
        count += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await behaviour(Peer(reader, writer))
        writer.close()

    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
