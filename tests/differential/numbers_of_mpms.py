"""Numbers that people give to an MPM, as httpd takes them and as this collection says it does.

httpd says in the test of a configuration which numbers it changes. What it changes only when it
runs is seen in the processes and threads of real servers. MaxSpareThreads, MaxSpareServers and
AsyncRequestWorkerFactor, which neither shows, are not compared.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from trees import MPMS

VERSION = '2.4.68'
_ODD = (-3, 0, 1, 2, 3, 7, 10, 24, 25, 26, 50, 64, 65, 75, 100, 150, 256, 257, 400, 410, 2000)
_HUGE = (20000, 20001, 100000, 100001, 200000, 200001)
_THREADED = ('MinSpareThreads', 'ThreadLimit', 'ThreadsPerChild')
NAMES = {
    'prefork': ('MaxRequestWorkers', 'MinSpareServers', 'ServerLimit', 'StartServers'),
    'worker': ('MaxRequestWorkers', 'ServerLimit', 'StartServers', *_THREADED),
    'event': ('MaxRequestWorkers', 'ServerLimit', 'StartServers', *_THREADED),
}
DEFAULTS = {
    'prefork': {'MaxRequestWorkers': 256, 'MinSpareServers': 5, 'ServerLimit': 256},
    'worker': {
        'MaxRequestWorkers': 400,
        'MinSpareThreads': 75,
        'ServerLimit': 16,
        'ThreadLimit': 64,
        'ThreadsPerChild': 25,
    },
}
DEFAULTS['event'] = DEFAULTS['worker']
# Of a real server: so few that a start costs little.
_FEW = {'ServerLimit': 6, 'MaxRequestWorkers': 40, 'StartServers': 9, 'ThreadLimit': 20}
_WARNING = re.compile(
    r'WARNING: (\w+) of (-?\d+) .*?(?:in|de)creasing (?:MaxRequestWorkers )?to '
    r'(?:nearest multiple )?(\d+)'
)


class Numbers(NamedTuple):
    """One set of numbers. start: a real server is started with it, too."""

    mpm: str
    settings: dict[str, int]
    start: bool

    def job(self) -> dict[str, Any]:
        """Return it as the program on the host takes it."""
        return dict(self._asdict(), version=VERSION)


def make_numbers(seed: int, count: int, starts: int) -> Iterator[Numbers]:
    """Yield so many sets for each MPM that are tested, and so many that are started, too."""
    chance = random.Random(seed)
    for mpm in MPMS:
        for _number in range(count):
            names = chance.sample(NAMES[mpm], chance.randint(1, len(NAMES[mpm])))
            values = _ODD if chance.random() < 0.8 else _HUGE
            yield Numbers(mpm, {name: chance.choice(values) for name in names}, False)
        for _number in range(starts):
            few = {
                name: chance.randint(0, most) for name, most in _FEW.items() if name in NAMES[mpm]
            }
            if 'ThreadLimit' in few:
                few['ThreadsPerChild'] = chance.randint(0, 12)
            yield Numbers(mpm, few, True)


def judge_numbers(numbers: Numbers, answer: dict[str, Any]) -> list[str]:
    """Return how httpd and this collection differ, as lines; [] where they agree."""
    theirs: dict[str, int] = {**DEFAULTS[numbers.mpm], **numbers.settings}
    for name, _asked, taken in _WARNING.findall(answer['said']):
        theirs[name] = int(taken)
    ours, wrong = answer['ours'], []
    if 'Syntax OK' not in answer['said']:
        wrong.append('httpd refuses it: ' + answer['said'][-300:])
    # What is more than there may be is cut without a word, when the server runs.
    for name in sorted(set(theirs) - {'StartServers'}):
        if theirs[name] != ours[name]:
            wrong.append(f'{name}: httpd takes {theirs[name]}, we say {ours[name]}')
    if numbers.start:
        threads = ours.get('ThreadsPerChild')
        # One thread of a child listens, and one waits for the others.
        expected = (ours['StartServers'], [threads + 2 if threads else 1])
        seen = (answer['processes'], answer['threads'])
        if seen != expected:
            wrong.append(f'processes and their threads: httpd has {seen}, we say {expected}')
    return wrong
