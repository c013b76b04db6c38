"""Inject a fault at system calls of a switch, on real hosts, and look what becomes of them.

sweep.py [--short] [--layout LAYOUT ...] [--calls CALL ...] [--faults FAULT ...] [--strategy NAME]
[--workers N]

Exit code 0 if every point ended as promised. The table goes to the screen, and each point as a line
of JSON to .cache/faults-sweep.jsonl as soon as it is known, so that a sweep that is cut off is not
lost.

The worker is stopped at its start, strace is attached to it alone, and it goes on: the N-th call of
one kind is met by
* SIGKILL or an error: the host must serve within ten seconds with nobody's help;
* killed: it dies with all of ours; the configuration on the disk passes its test, and the next run
  settles what it finds;
* power cut: every process of the host dies; it boots, by its own init, serves, and `state:
  recovered` settles what it finds. Afterwards every file and link is as an undisturbed switch to
  the MPM that runs leaves it, lock and journal are settled, a second run converges and a third
  changes nothing.
"""

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any

import plans
from cases import other
from host import LAYOUTS, ROOT, RUN, Host, make_hosts, remove_hosts
from points import Point, count_calls, try_point

# A second run goes on beside the first one: its name tells them apart.
POINTS = ROOT / '.cache' / f'{RUN}.jsonl'
SHORT_LAYOUTS, FULL_LAYOUTS = ('el6', 'debian12'), ('el6', 'debian12', 'el9', 'el9-socket', 'suse')
TRACED = ('rename', 'unlink', 'symlink', 'kill', 'fsync', 'write', 'openat')


class Table:
    """The points that were tried: on the disk at once, on the screen in the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: list[dict[str, Any]] = []
        self._path.write_text('')

    def add(
        self,
        host: Host,
        mpm: str,
        point: Point,
        met: bool,
        outcome: str,
        booted: str | None,
        wrong: list[str],
    ) -> None:
        """Add a point and what became of it; print it at once where it is not as promised."""
        row = {
            'layout': host.layout.name,
            'host': host.name,
            'stage': plans.STAGES[point.stage],
            'call': point.call,
            'fault': point.fault,
            'number': point.number,
            'to': mpm,
            'met': met,
            'outcome': outcome,
            'booted': booted,
            'wrong': wrong,
        }
        self.rows.append(row)
        with self._path.open('a', encoding='utf-8') as points:
            points.write(json.dumps(row) + '\n')
        if wrong:
            print(
                f'  {row["layout"]} {row["stage"]}: {point.fault} at {point.call} {point.number} '
                f'to {mpm}: {outcome}: {"; ".join(wrong)}',
                flush=True,
            )

    def add_untried(self, host: Host, kind: plans.Kind, why: str) -> None:
        """Points that could not be tried are no success."""
        self.add(host, '', Point(kind.stage, kind.call, kind.fault, 0), False, 'untried', '', [why])

    def print(self) -> None:
        """Print how many points ended how."""
        counts = Counter(
            (row['layout'], row['stage'], row['call'], row['fault'], row['outcome'].split(':')[0])
            for row in self.rows
            if row['met']
        )
        print('  LAYOUT     DURING    CALL     FAULT           OUTCOME          POINTS')
        for (layout, stage, call, fault, outcome), number in sorted(counts.items()):
            print(f'  {layout:10} {stage:9} {call:8} {fault:15} {outcome:16} {number:6}')


def sweep_kind(
    hosts: Queue[Host], kind: plans.Kind, traces: dict[str, dict[str, list[str]]], table: Table
) -> None:
    """Try the points of one kind on the ways to both MPMs, in turn; from the first run on that
    has no N-th call there is none.
    """
    host = hosts.get()
    try:
        left = plans.numbers(kind, traces, host.layout.roots)
        while any(left.values()):
            mpm = other(host)
            if not left[mpm]:
                host.switch_now(mpm)
                continue
            point = Point(kind.stage, kind.call, kind.fault, left[mpm].pop(0))
            met, outcome, booted, wrong = try_point(host, mpm, point)
            table.add(host, mpm, point, met, outcome, booted, wrong)
            if not met:
                left[mpm] = []
            if host.mpm() not in host.layout.mpms:
                raise RuntimeError(f'{host.name} is beyond help after {point}: {wrong}')
    finally:
        hosts.put(host)


def sweep_layout(layout: str, args: argparse.Namespace, table: Table) -> None:
    """Try all kinds of points of one layout."""
    hosts = make_hosts(args.workers, layout, args.strategy)
    free: Queue[Host] = Queue()
    traces = {mpm: count_calls(hosts[0], mpm, TRACED) for mpm in hosts[0].layout.mpms}
    for host in hosts:
        free.put(host)
    kinds = [
        kind
        for kind in (plans.short if args.short else plans.full)(layout)
        if kind.call in (args.calls or [kind.call]) and kind.fault in (args.faults or [kind.fault])
    ]
    if len(kinds) < args.workers:
        # Each host a part of the calls.
        kinds = [part for kind in kinds for part in plans.parts(kind, args.workers)]
    with ThreadPoolExecutor(args.workers) as pool:
        futures = [pool.submit(sweep_kind, free, kind, traces, table) for kind in kinds]
    for kind, future in zip(kinds, futures, strict=True):
        if future.exception():
            table.add_untried(hosts[0], kind, str(future.exception()))
    remove_hosts()


def main() -> int:
    """Sweep as asked; return 0 if every point ended as promised."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        '--short', action='store_true', help='the calls that change something, and few of them'
    )
    parser.add_argument('--layout', nargs='+', choices=LAYOUTS, help='only these layouts')
    parser.add_argument('--calls', nargs='+', metavar='CALL', help='only these system calls')
    parser.add_argument(
        '--faults',
        nargs='+',
        metavar='FAULT',
        help='only these, such as "power cut", killed, signal=SIGKILL, error=EIO',
    )
    parser.add_argument(
        '--strategy',
        default='stop',
        help='the way from the old server to the new one: stop, hold, overlap',
    )
    parser.add_argument('--workers', type=int, default=2, help='hosts at the same time')
    args = parser.parse_args()
    table = Table(POINTS)
    for layout in args.layout or (SHORT_LAYOUTS if args.short else FULL_LAYOUTS):
        sweep_layout(layout, args, table)
    table.print()
    met = [row for row in table.rows if row['met']]
    failed = [row for row in table.rows if row['wrong']]
    print(f'{len(met) - len([row for row in failed if row["met"]])} passed, {len(failed)} failed')
    return 1 if failed or not met else 0


if __name__ == '__main__':
    sys.exit(main())
