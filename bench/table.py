"""Results as a table of text."""

from collections.abc import Mapping
from typing import Any

COLUMNS = (
    'contestant',
    'failed/switch',
    'by way (median)',
    'kinds',
    'stale',
    'silence ms',
    'p99 ms',
    'slowest ms',
    'outage ms',
    'wall ms',
    'not right',
    'late ms',
    'cpu wait',
)

# Times the outage of `raw-stop-wait-start`.
BAR = 1.2


def span(numbers: Mapping[str, float] | None) -> str:
    """Median and range."""
    if not numbers:
        return '-'
    return f'{numbers["median"]:.0f} ({numbers["min"]:.0f}-{numbers["max"]:.0f})'


def share(value: float | None) -> str:
    """Return a share as per cent."""
    return '-' if value is None else f'{value:.0%}'


def row(name: str, result: Mapping[str, Any]) -> list[str]:
    """Return the cells of one contestant."""
    if 'absent' in result:
        return [name, result['absent']]
    least, most = min(result['failed_per_switch']), max(result['failed_per_switch'])
    ways = ', '.join(
        f'{way.replace(" to ", ">")} {numbers["median"]:.0f}'
        for way, numbers in result['failed_by_way'].items()
    )
    wrong = ', '.join(f'{result[what]} {what}' for what in ('down', 'wrong') if result[what])
    return [
        name,
        f'{result["failed_mean"]} ({least}-{most})',
        ways,
        ', '.join(f'{kind} {count}' for kind, count in result['kinds'].items()) or '-',
        str(result['stale_retries']),
        span(result['silence_ms']),
        span(result['p99_page_ms']),
        span(result['slowest_page_ms']),
        span(result['outage_ms']),
        span(result['wall_ms']),
        wrong or '-',
        f'{result["client"]["late_ms_p99"]:.0f}',
        share(result['client']['cpu_pressure']),
    ]


def table(results: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Lines, from {contestant: result}."""
    rows = [list(COLUMNS)] + [row(name, result) for name, result in results.items()]
    full = [each for each in rows if len(each) == len(COLUMNS)]
    widths = [max(len(each[at]) for each in full) for at in range(len(COLUMNS))]
    return [
        '  '.join(cell.ljust(width) for cell, width in zip(each, widths)).rstrip()
        if len(each) == len(COLUMNS)
        else f'{each[0].ljust(widths[0])}  {each[1]}'
        for each in rows
    ]


def against_the_bar(results: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Lines: how the plain stop compares with the least that anybody can do by hand."""
    ours, raw = (
        results.get(name, {}).get('outage_ms') for name in ('ours-stop', 'raw-stop-wait-start')
    )
    if not ours or not raw:
        return []
    ratio = ours['median'] / raw['median']
    return [
        f'ours-stop: its outage (median) is {ratio:.2f} times that of raw-stop-wait-start; '
        f'{"within" if ratio <= BAR else "ABOVE"} the bar of {BAR}'
    ]
