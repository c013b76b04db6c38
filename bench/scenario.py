"""One contestant under one load: switch there and back, and note what its visitors got."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench.contestants import Contestant, Unavailable
from bench.host import ROOT, BenchError, Host


class Scenario(NamedTuple):
    """A load.

    rate, burst: as bench.load has them. workers: how many requests the server takes at a time.
    apart: a load of its own for each switch. options: more words for bench.load.
    """

    name: str
    title: str
    rate: int
    burst: int
    workers: int
    apart: bool
    options: tuple[str, ...]


SLOW_ONLY = ('--only', 'slow', '--no-keep-alive', '--timeout', '60')
SCENARIOS = {
    each.name: each
    for each in (
        Scenario('200', '200 new connections a second', 200, 0, 250, False, ()),
        Scenario('500', '500 new connections a second', 500, 0, 250, False, ()),
        # As many a second as the workers serve: without them a switch that takes its time to begin
        # would find the queue served.
        Scenario(
            'saturated-60',
            '28 workers, 60 requests of one second at once, then 28 a second',
            28,
            60,
            28,
            True,
            SLOW_ONLY,
        ),
        Scenario(
            'saturated-640',
            '28 workers, 640 requests of one second at once, then 28 a second',
            28,
            640,
            28,
            True,
            SLOW_ONLY,
        ),
    )
}


class Switch(NamedTuple):
    """One switch as it came to be.

    began, ended: when the contestant was called and came back; settled: when one server ran the
    wanted MPM and answered (listened, where it is saturated), or the wait for that was given up;
    all in seconds of the clock on the wall. right: it came to that. down: nothing ran, and it had
    to be started by hand.
    """

    began: float
    ended: float
    settled: float
    origin: str
    mpm: str
    right: bool
    down: bool
    words: str
    outage_ms: int | None


class Request(NamedTuple):
    """One request, on the same clock."""

    began: float
    took: float
    what: str
    outcome: str


# Seconds of load before the first switch.
WARM_UP = 4
SOAK = 2


class Load:
    """The load as a process of its own."""

    def __init__(self, host: Host, scenario: Scenario, folder: str) -> None:
        self._result = Path(folder) / 'load.json'
        argv = [
            sys.executable,
            '-m',
            'bench.load',
            '--url',
            f'http://{host.address}/',
            '--rate',
            str(scenario.rate),
            '--burst',
            str(scenario.burst),
            '--duration',
            '3600',
            '--every',
            '--json',
            str(self._result),
            *scenario.options,
        ]
        self._process = subprocess.Popen(argv, cwd=ROOT, stdout=subprocess.PIPE)
        if not self._process.stdout or self._process.stdout.readline() != b'began\n':
            raise BenchError('the load did not begin')

    def end(self) -> tuple[list[Request], dict[str, Any]]:
        """Begin no more requests, wait for those in flight, and give what came of all:
        ([Request], the rest).
        """
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(120)
        result = json.loads(self._result.read_text())
        every = [
            Request(began + result['began_at'], took, what, outcome)
            for began, took, what, outcome in result.pop('every')
        ]
        return every, result

    def kill(self) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait(20)


@contextlib.contextmanager
def loading(host: Host, scenario: Scenario) -> Iterator[Load]:
    with tempfile.TemporaryDirectory() as folder:
        load = Load(host, scenario, folder)
        try:
            yield load
        finally:
            load.kill()


def switch(contestant: Contestant, host: Host, origin: str, mpm: str, saturated: bool) -> Switch:
    """Have the contestant switch once; see what came of it, and put the host right."""
    move = contestant.move(host, mpm)
    right, runs = host.settled(
        mpm, 'listening' if saturated else 'serves'
    )  # a saturated one answers in half a minute
    settled, words = time.time(), move.words
    if not right:
        words = f'wanted {mpm}, runs {runs or "nothing"}. {words}'
        host.restore(mpm)
    return Switch(
        move.began, move.ended, settled, origin, mpm, right, not runs, words, move.outage_ms
    )


def run(
    contestant: Contestant, host: Host, scenario: Scenario, count: int, spacing: float
) -> tuple[list[Switch], list[Request], list[dict[str, Any]]]:
    """Return ([Switch], [Request], [what the load says of itself]). Raises Unavailable."""
    host.restore('prefork')
    switches, requests, loads = [], [], []
    there = host.other if contestant.switches else 'prefork'
    turns = [
        ('prefork', there) if number % 2 == 0 else (there, 'prefork') for number in range(count)
    ]
    groups = [[turn] for turn in turns] if scenario.apart else [turns]
    for group in groups:
        with loading(host, scenario) as load:
            time.sleep(0.3 if scenario.apart else WARM_UP)
            for origin, mpm in group:
                switches.append(switch(contestant, host, origin, mpm, scenario.apart))
                time.sleep(SOAK if scenario.apart else spacing)
            every, rest = load.end()
        requests += every
        loads.append(rest)
    return switches, requests, loads


__all__ = ['SCENARIOS', 'Request', 'Scenario', 'Switch', 'Unavailable', 'run']
