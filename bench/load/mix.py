"""What is asked of a server under test, and in which shares.

The fixture of the bench puts these pages on its hosts.
"""

import random
from collections.abc import Iterator
from typing import NamedTuple

from bench.load.connection import Place, Request, request

UPLOAD_BYTES = 1 << 20
UPLOAD_SECONDS = 2


class Kept(NamedTuple):
    """Keep-alive connections: how many, and the seconds between two requests of each."""

    connections: int
    every: float


BUSY, IDLE = Kept(18, 0.2), Kept(6, 3.5)
# Percent of the new connections: most ask for a small page, some for what takes time: a program of
# one or two seconds, a file that the server sends over two seconds, a body that the client sends
# over two seconds.
SHARES = {'page': 82, 'tls': 10, 'slow': 3, 'slower': 1, 'drip': 3, 'upload': 1}
PATHS = {
    'page': '/bench/page.html',
    'tls': '/bench/page.html',
    'slow': '/bench/slow?1',
    'slower': '/bench/slow?2',
    'drip': '/bench/drip',
    'upload': '/bench/upload',
}


def requests(place: Place) -> dict[str, Request]:
    """The requests of new connections, by name."""
    made = {what: request(place, path) for what, path in PATHS.items()}
    made['upload'] = request(
        place, PATHS['upload'], body=bytes(UPLOAD_BYTES), pieces=32, seconds=UPLOAD_SECONDS
    )
    return made


def draw(shares: dict[str, int], seed: int) -> Iterator[str]:
    """Names without end, the same for the same seed, so that all contestants meet the same load."""
    names, weights = list(shares), list(shares.values())
    chance = random.Random(seed)
    while True:
        yield from chance.choices(names, weights, k=1000)
