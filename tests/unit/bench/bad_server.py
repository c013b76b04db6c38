"""A server that misbehaves as it is told, and answers well otherwise."""

import asyncio
import contextlib
import re
import socket
import struct

BODY = b'x' * 200


def answer(status='200 OK', close=False, body=BODY):
    return (
        f'HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n'
        f'{"Connection: close" if close else "X: y"}\r\n\r\n'.encode()
        + body
    )


class Peer:
    """One connection, seen by the server."""

    def __init__(self, reader, writer):
        self._reader, self._writer = reader, writer

    async def request(self):
        """Read the headers of a request and its body; return the number of bytes in the body."""
        head = await self._reader.readuntil(b'\r\n\r\n')
        length = re.search(rb'Content-Length: (\d+)', head)
        return len(await self._reader.readexactly(int(length.group(1)))) if length else 0

    async def send(self, data):
        self._writer.write(data)
        await self._writer.drain()

    def reset(self):
        """Have the kernel send RST instead of FIN."""
        self._writer.get_extra_info('socket').setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0)
        )
        self._writer.transport.abort()


async def well(peer):
    """Answer for as long as there are requests."""
    while True:
        await peer.request()
        await peer.send(answer())


@contextlib.asynccontextmanager
async def serving(*behaviours):
    """Serve on a port of loopback, which is given.

    The n-th connection gets the n-th behaviour, all later ones the last.
    """
    count = 0

    async def serve(reader, writer):
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
