"""The load itself: an open loop.

A request begins when it is due, whatever became of those before it.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Iterator

from bench.load import mix
from bench.load.connection import (
    OK,
    OTHER,
    RESET,
    TIMEOUT,
    Connection,
    Outcome,
    Place,
    Request,
    connect,
    request,
    trusting,
)
from bench.load.tally import Asked


class Load:
    """A load on one place. After run(): `asked`, `stale_retries` and `reconnects`."""

    def __init__(self, place: Place, timeout: float, tls: bool) -> None:
        self._place, self._timeout = place, timeout
        self._tls = trusting() if tls else None
        self._requests = mix.requests(place)
        self._begin = 0.0
        self._stop = asyncio.Event()
        self.asked: list[Asked] = []
        self.stale_retries, self.reconnects, self.began_at = 0, 0, 0.0

    def stop(self) -> None:
        """Begin no more requests. Those in flight are waited for."""
        self._stop.set()

    async def run(
        self,
        rate: float,
        seconds: float,
        shares: dict[str, int],
        seed: int = 1,
        burst: int = 0,
        kept: bool = True,
    ) -> None:
        """Ask `rate` requests a second on new connections for `seconds`, after `burst` at once,
        with the keep-alive connections beside them.
        """
        self._begin, self.began_at = time.monotonic(), time.time()
        names = mix.draw(shares, seed)
        tasks = [asyncio.create_task(self._ask_new(next(names), self._begin)) for _ in range(burst)]
        if kept:
            connections = [(mix.BUSY, n) for n in range(mix.BUSY.connections)] + [
                (mix.IDLE, n) for n in range(mix.IDLE.connections)
            ]
            tasks += [asyncio.create_task(self._keep(each, number)) for each, number in connections]
        if rate:
            await self._begin_steadily(rate, seconds, names, tasks)
        else:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stop.wait(), seconds)
        self._stop.set()
        await asyncio.gather(*tasks)

    async def _begin_steadily(
        self, rate: float, seconds: float, names: Iterator[str], tasks: list[asyncio.Task[None]]
    ) -> None:
        number = 0
        while not self._stop.is_set() and number / rate <= seconds:
            due = self._begin + number / rate
            await self._until(due)
            tasks.append(asyncio.create_task(self._ask_new(next(names), due)))
            number += 1

    async def _until(self, due: float) -> None:
        wait = due - time.monotonic()
        # Behind its plan the loop must still let the others have their turn.
        await asyncio.sleep(max(0, wait))

    def _note(self, what: str, outcome: Outcome, due: float, begin: float) -> None:
        self.asked.append(
            Asked(
                begin - self._begin,
                time.monotonic() - begin,
                what,
                outcome.kind,
                outcome.detail,
                begin - due,
            )
        )

    async def _within(self, talk: Awaitable[Outcome]) -> Outcome:
        """Return the Outcome of a talk with the server, or that it took too long."""
        try:
            return await asyncio.wait_for(talk, self._timeout)
        except asyncio.TimeoutError:
            return Outcome(TIMEOUT, f'{self._timeout} s', False)
        except Exception as error:  # a request must not vanish from the count
            return Outcome(OTHER, f'{type(error).__name__}: {error}', False)

    async def _ask_new(self, what: str, due: float) -> None:
        begin = time.monotonic()
        outcome = await self._within(self._talk_once(what))
        self._note(what, outcome, due, begin)

    async def _talk_once(self, what: str) -> Outcome:
        connection = await connect(self._place, self._tls if what == 'tls' else None)
        if isinstance(connection, Outcome):
            return connection
        try:
            return await connection.ask(self._requests[what])
        finally:
            connection.leave()

    async def _keep(self, kept: mix.Kept, number: int) -> None:
        """Ask again and again on one connection; a new one is made when the server has closed
        it.
        """
        asked = request(self._place, mix.PATHS['page'], keep_alive=True)
        what = 'keep-alive' if kept is mix.BUSY else 'keep-alive-idle'
        due = self._begin + kept.every * number / kept.connections
        held: list[Connection | None] = [None]
        while True:
            await self._until(due)
            if self._stop.is_set():
                break
            begin = time.monotonic()
            outcome = await self._within(self._talk_again(held, asked))
            self._note(what, outcome, due, begin)
            if outcome.kind != OK and held[0]:
                held[0].close()
            # A connection has one request in flight at most: what came due meanwhile is not asked
            # later.
            due += kept.every * max(1, int((time.monotonic() - due) / kept.every))
        if held[0]:
            held[0].close()

    async def _talk_again(self, held: list[Connection | None], asked: Request) -> Outcome:
        """Use the connection that is held.

        If it dies without a byte of an answer the server may have closed it before it saw the
        request: then every client asks once more on a new connection, and so does this one.
        """
        old = held[0]
        if old and old.alive:
            outcome = await old.ask(asked)
            if not (outcome.kind == RESET and not outcome.begun and old.answers):
                return outcome
            self.stale_retries += 1
        elif old:
            self.reconnects += 1
        new = await connect(self._place)
        if isinstance(new, Outcome):
            held[0] = None
            return new
        held[0] = new
        return await new.ask(asked)
