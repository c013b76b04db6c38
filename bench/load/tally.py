"""What became of the requests, in numbers.

Times are in seconds since the start of the load; latencies in milliseconds.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from bench.load.connection import FAILURES, OK

BUCKET_MS = 100
MOST_FAILURES_TOLD = 2000


class Asked(NamedTuple):
    """One request.

    When it began, how long it took, what was asked, one of OUTCOMES, in more words, and how much
    later than planned it began (s).
    """

    began: float
    took: float
    what: str
    outcome: str
    detail: str
    late: float


def spread(values: Iterable[float]) -> dict[str, float | None]:
    """Median, 99th percentile and maximum."""
    ordered = sorted(values)
    if not ordered:
        return {'median': None, 'p99': None, 'max': None}
    return {
        'median': round(statistics.median(ordered), 2),
        'p99': round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 2),
        'max': round(ordered[-1], 2),
    }


def series(asked: Sequence[Asked], seconds: float) -> dict[str, Any]:
    """What happened in each tenth of a second: outcomes by when they were known, latencies and
    lateness by when the request began.
    """
    length = int(max([seconds] + [each.began + each.took for each in asked]) * 1000 / BUCKET_MS) + 1
    lines: dict[str, list[float]] = {
        name: [0] * length for name in ('began', 'ok', 'failed', 'slowest_page_ms', 'late_ms')
    }
    for each in asked:
        at = int(each.began * 1000 / BUCKET_MS)
        lines['began'][at] += 1
        lines['late_ms'][at] = max(lines['late_ms'][at], round(each.late * 1000, 1))
        if each.outcome == OK and each.what == 'page':
            lines['slowest_page_ms'][at] = max(
                lines['slowest_page_ms'][at], round(each.took * 1000, 1)
            )
        lines['ok' if each.outcome == OK else 'failed'][
            int((each.began + each.took) * 1000 / BUCKET_MS)
        ] += 1
    return dict(lines, bucket_ms=BUCKET_MS)


def summary(asked: Sequence[Asked], seconds: float) -> dict[str, Any]:
    """Counts of all kinds, failures one by one, latencies of what was answered, lateness, and
    the series.
    """
    counts = Counter(each.outcome for each in asked)
    failed = [each for each in asked if each.outcome != OK]
    whats = sorted({each.what for each in asked})
    return {
        'requests': len(asked),
        'failed': len(failed),
        'counts': {name: counts[name] for name in (OK, *FAILURES)},
        'asked': {what: sum(each.what == what for each in asked) for what in whats},
        'failures': [
            [round(each.began, 3), round(each.took, 3), each.what, each.outcome, each.detail]
            for each in failed[:MOST_FAILURES_TOLD]
        ],
        'latency_ms': {
            what: spread(
                each.took * 1000 for each in asked if each.what == what and each.outcome == OK
            )
            for what in whats
        },
        'late_ms': spread(each.late * 1000 for each in asked),
        'series': series(asked, seconds),
    }
