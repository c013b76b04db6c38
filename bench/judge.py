"""What became of the visitors of one contestant, switch by switch.

Pure: requests and switches in, numbers out.
"""

import bisect
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from bench.load.connection import FAILURES, OK, TIMEOUT
from bench.load.tally import BUCKET_MS
from bench.scenario import Request, Switch

# A page that was asked for shortly before a switch may wait through it.
BEFORE = 0.2


def middle(values: Iterable[float | None]) -> dict[str, float] | None:
    """Median, least and most, or None where nothing was measured."""
    known = [value for value in values if value is not None]
    return (
        {
            'median': round(statistics.median(known), 1),
            'min': round(min(known), 1),
            'max': round(max(known), 1),
        }
        if known
        else None
    )


def blame(requests: Sequence[Request], switches: Sequence[Switch]) -> list[list[Request]]:
    """Return each switch the requests that failed by it; the first list has those from before the
    first switch.

    A failure belongs to the
    switch that began last before it was seen. A timeout was seen long after its cause: it belongs
    to where the request began.
    """
    begun = [switch.began for switch in switches]
    blamed: list[list[Request]] = [[] for _ in range(len(switches) + 1)]
    for request in requests:
        if request.outcome != OK:
            seen = request.began if request.outcome == TIMEOUT else request.began + request.took
            blamed[bisect.bisect(begun, seen)].append(request)
    return blamed


def silence_ms(requests: Sequence[Request], begin: float, end: float) -> float:
    """The longest time in which no page came, among those asked for on new connections: what a
    visitor sees as the outage.
    """
    came = sorted(
        each.began + each.took
        for each in requests
        if each.outcome == OK and each.what in ('page', 'slow')
    )
    came = [begin, *(moment for moment in came if begin < moment < end), end]
    return max(after - before for before, after in zip(came, came[1:])) * 1000


def page_ms(requests: Sequence[Request], begin: float, end: float, share: float) -> float | None:
    """The time that so large a share of the pages took at most which were asked for during a
    switch, or None: 1 is the slowest.
    """
    took = sorted(
        each.took * 1000
        for each in requests
        if each.outcome == OK and each.what == 'page' and begin - BEFORE < each.began < end
    )
    return took[min(len(took) - 1, int(len(took) * share))] if took else None


def judge(
    switches: Sequence[Switch], requests: Sequence[Request], loads: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """All numbers of one contestant."""
    blamed = blame(requests, switches)
    failed = [len(each) for each in blamed[1:]]
    ways: dict[str, list[int]] = {}
    for each, count in zip(switches, failed):
        ways.setdefault(f'{each.origin} to {each.mpm}', []).append(count)
    return {
        'switches': len(switches),
        'requests': len(requests),
        'failed': sum(failed),
        'failed_per_switch': failed,
        'failed_mean': round(statistics.mean(failed), 1),
        'failed_by_way': {way: middle(counts) for way, counts in ways.items()},
        'failed_before': len(blamed[0]),
        'kinds': {kind: count for kind, count in kinds(blamed[1:]).items() if count},
        'stale_retries': sum(load['stale_retries'] for load in loads),
        'silence_ms': middle(silence_ms(requests, each.began, each.settled) for each in switches),
        'p99_page_ms': middle(
            page_ms(requests, each.began, each.settled, 0.99) for each in switches
        ),
        'slowest_page_ms': middle(
            page_ms(requests, each.began, each.settled, 1) for each in switches
        ),
        'outage_ms': middle(each.outage_ms for each in switches),
        'wall_ms': middle((each.ended - each.began) * 1000 for each in switches),
        'down': sum(each.down for each in switches),
        'wrong': sum(not each.right and not each.down for each in switches),
        'words': sorted({each.words for each in switches if each.words}),
        'client': {
            'late_ms_p99': max(load['late_ms']['p99'] for load in loads),
            'late_ms_max': max(load['late_ms']['max'] for load in loads),
            'cpu_share': max(load['cpu_share'] for load in loads),
            'cpu_pressure': loads[-1]['cpu_pressure'],
            'tls': loads[0]['tls'],
        },
    }


def kinds(blamed: Iterable[list[Request]]) -> dict[str, int]:
    """Failures by kind; `status` is an answer that is not 200, and `reset` an end before the
    first byte of an answer.
    """
    counts = Counter(each.outcome for requests in blamed for each in requests)
    return {kind: counts[kind] for kind in FAILURES}


def timeline(switches: Sequence[Switch], requests: Sequence[Request]) -> dict[str, Any]:
    """Answers and failures in each tenth of a second since the first request, and the switches
    on the same clock: what the plot shows.
    """
    begin = min(each.began for each in requests)
    length = int((max(each.began + each.took for each in requests) - begin) * 1000 / BUCKET_MS) + 1
    lines = {'ok': [0] * length, 'failed': [0] * length}
    for each in requests:
        lines['ok' if each.outcome == OK else 'failed'][
            int((each.began + each.took - begin) * 1000 / BUCKET_MS)
        ] += 1
    return dict(
        lines,
        bucket_ms=BUCKET_MS,
        switches=[
            [round(moment - begin, 2) for moment in (each.began, each.ended)] for each in switches
        ],
    )
