# -*- coding: utf-8 -*-
# Copyright: (c) 2026, the webops.apache authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# PRIVATE to the collection webops.apache: no interface for others.
"""The numbers that httpd goes on with, where the configuration gives it others or none.

httpd changes numbers that do not fit together and starts all the same; of some only its log speaks,
of others nothing does. This is what the functions check_config and run of
server/mpm/{prefork,worker,event} do in httpd 2.2 and 2.4, for one bucket of listeners
(ListenCoresBucketsRatio is not read). `make differential` compares it with a real server. httpd 2.2
judges some numbers by the order of their lines, which is not looked at here.
"""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

from .._fields import TYPE_CHECKING, NamedTuple
from .._model import EVENT, PREFORK, WORKER
from .._syntax.evaluate import compare_version
from .directives import RANGES

if TYPE_CHECKING:  # novm
    # pylint: disable=unused-import
    from collections.abc import Mapping  # noqa: F401

# MaxRequestWorkers does not follow the others: 16 processes of 25 threads is what is compiled in.
_THREADED_DEFAULTS = {
    'StartServers': 3,
    'ServerLimit': 16,
    'ThreadLimit': 64,
    'ThreadsPerChild': 25,
    'MaxRequestWorkers': 400,
    'MinSpareThreads': 75,
    'MaxSpareThreads': 250,
}  # type: dict[str, float]
# {mpm: {name of 2.4: number}} that is compiled in.
DEFAULTS = {
    PREFORK: {
        'StartServers': 5,
        'ServerLimit': 256,
        'MaxRequestWorkers': 256,
        'MinSpareServers': 5,
        'MaxSpareServers': 10,
    },
    WORKER: _THREADED_DEFAULTS,
    EVENT: dict(_THREADED_DEFAULTS, AsyncRequestWorkerFactor=2),
}  # type: dict[str, dict[str, float]]
# Since then a server with buckets of listeners wants one spare thread more.
_BUCKETS = '2.4.17'
# Event counts AsyncRequestWorkerFactor in so many parts; since then it takes less than 1 for 1
# (seen in 2.4.58).
_PARTS, _FACTOR_OF_ONE = 16, '2.4.58'
# Where the version makes no difference.
_ANY = '2.4'

# name: of 2.4; asked: number that the configuration gives; effective: what httpd makes of it.
Changed = NamedTuple('Changed', [('name', 'str'), ('asked', 'float'), ('effective', 'float')])


def effective_numbers(mpm, version, settings):
    # type: (str, str, Mapping[str, float]) -> dict[str, float]
    """Return {name of 2.4: number} that httpd goes on with, of all directives of this MPM that are
    set or have a number compiled in.

    version: of httpd; settings: {name of 2.4: number} of what is set.
    """
    numbers = dict(DEFAULTS[mpm], **settings)
    for name in ('ServerLimit', 'ThreadLimit'):
        if name in numbers:
            numbers[name] = min(max(1, numbers[name]), RANGES[mpm][name][1])
    if mpm == PREFORK:
        return _of_processes(numbers)
    return _of_threads(mpm, version, numbers)


def _of_processes(numbers):
    # type: (dict[str, float]) -> dict[str, float]
    workers = min(max(1, numbers['MaxRequestWorkers']), numbers['ServerLimit'])
    least = max(1, numbers['MinSpareServers'])
    return dict(
        numbers,
        MaxRequestWorkers=workers,
        StartServers=min(max(1, numbers['StartServers']), workers),
        MinSpareServers=least,
        MaxSpareServers=max(numbers['MaxSpareServers'], least + 1),
    )


def _of_threads(mpm, version, numbers):
    # type: (str, str, dict[str, float]) -> dict[str, float]
    threads = min(max(1, numbers['ThreadsPerChild']), numbers['ThreadLimit'])
    workers = max(numbers['MaxRequestWorkers'], threads)
    processes = min(workers // threads, numbers['ServerLimit'])
    least = max(1, numbers['MinSpareThreads'])
    margin = 1 if compare_version(version, ['>=', _BUCKETS]) else 0
    found = dict(
        numbers,
        ThreadsPerChild=threads,
        MaxRequestWorkers=processes * threads,
        StartServers=min(max(1, numbers['StartServers']), processes),
        MinSpareThreads=least,
        MaxSpareThreads=max(numbers['MaxSpareThreads'], least + threads + margin),
    )
    if mpm == EVENT:
        found['AsyncRequestWorkerFactor'] = _factor(version, numbers['AsyncRequestWorkerFactor'])
    return found


def _factor(version, asked):
    # type: (str, float) -> float
    least = _PARTS if compare_version(version, ['>=', _FACTOR_OF_ONE]) else 1
    parts = max(int(asked * _PARTS), least)
    return parts // _PARTS if parts % _PARTS == 0 else float(parts) / _PARTS


def changed_numbers(mpm, version, settings):
    # type: (str, str, Mapping[str, float]) -> list[Changed]
    """Return what httpd changes of the numbers that are set, by name."""
    effective = effective_numbers(mpm, version, settings)
    return [
        Changed(name, settings[name], effective[name])
        for name in sorted(settings)
        if effective[name] != settings[name]
    ]


def unexplained(mpm, version, settings):
    # type: (str, str, Mapping[str, float]) -> list[tuple[str, str]]
    """Return [(name, sentence)] of the numbers that httpd changes and that no sentence of
    `check_together` names.
    """
    explained = ' '.join(check_together(mpm, settings)).split()
    return [
        (one.name, 'httpd takes %s %g for %g.' % (one.name, one.effective, one.asked))
        for one in changed_numbers(mpm, version, settings)
        if one.name not in explained
    ]


def first_workers(mpm, settings):
    # type: (str, Mapping[str, float]) -> tuple[int, int]
    """Return (processes, threads of each) that a server has made at least once it is up.

    settings: {name of 2.4: number} of what is set. threads is 0 for prefork. A distribution may
    start fewer processes than httpd itself, so what is not set is one.
    """
    found = effective_numbers(mpm, _ANY, dict({'StartServers': 1}, **settings))
    return int(found['StartServers']), 0 if mpm == PREFORK else int(found['ThreadsPerChild'])


def most_workers(mpm, settings):
    # type: (str, Mapping[str, float]) -> int
    """Return how many requests a server can serve at one time.

    settings: {name of 2.4: number} of what is set.
    """
    return int(effective_numbers(mpm, _ANY, settings)['MaxRequestWorkers'])


def check_together(mpm, settings):
    # type: (str, Mapping[str, float]) -> list[str]
    """Return what httpd would clamp in {name of 2.4: number}, as sentences: it goes on with
    other numbers, and only its log says so.
    """
    values = dict(DEFAULTS[mpm], **settings)
    workers, servers = values['MaxRequestWorkers'], values['ServerLimit']
    problems = _crossed(values, 'Servers' if mpm == PREFORK else 'Threads')
    if mpm == PREFORK:
        if workers > servers:
            problems.append(
                'MaxRequestWorkers %d is more than ServerLimit %d.' % (workers, servers)
            )
        return problems + _too_many_at_start(settings, min(workers, servers))
    threads, limit = values['ThreadsPerChild'], values['ThreadLimit']
    if threads > limit:
        problems.append('ThreadsPerChild %d is more than ThreadLimit %d.' % (threads, limit))
    # httpd judges the rest by the number of threads that it goes on with.
    threads = max(1, min(threads, limit))
    if workers < threads:
        problems.append(
            'MaxRequestWorkers %d is less than ThreadsPerChild %d.' % (workers, threads)
        )
    elif workers % threads:
        problems.append(
            'MaxRequestWorkers %d is not a multiple of ThreadsPerChild %d.' % (workers, threads)
        )
    if workers // threads > servers:
        problems.append(
            'MaxRequestWorkers %d is more than ServerLimit %d times ThreadsPerChild %d (%d).'
            % (workers, servers, threads, servers * threads)
        )
    return problems + _too_many_at_start(settings, max(1, min(workers // threads, servers)))


def _crossed(values, what):
    # type: (Mapping[str, float], str) -> list[str]
    least, most = 'MinSpare' + what, 'MaxSpare' + what
    if values[least] <= values[most]:
        return []
    return ['%s %d is more than %s %d.' % (least, values[least], most, values[most])]


def _too_many_at_start(settings, limit):
    # type: (Mapping[str, float], float) -> list[str]
    """limit: processes that there may be, by ServerLimit and by MaxRequestWorkers."""
    if settings.get('StartServers', 1) <= limit:
        return []
    words = 'StartServers %d is more than the %d processes that there may be.'
    return [words % (settings['StartServers'], limit)]
