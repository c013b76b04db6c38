"""Load a server, and say what became of the requests.

    python3 -m bench.load --url http://192.0.2.1/ --rate 200 --duration 60 --json result.json

Ends after --duration seconds, or at SIGTERM or SIGINT; requests in flight are waited for. --rate is
that of new connections; 24 keep-alive connections with 92 requests a second are beside them, unless
--no-keep-alive. The server must have the pages of bench/fixture, or --only page and --page PATH
name one that it has.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.load import mix
from bench.load.connection import Outcome, Place, connect, trusting
from bench.load.load import Load
from bench.load.tally import summary


def parse(argv: list[str]) -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog='bench.load', description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        '--url', required=True, help='http://ADDRESS[:PORT], one of IPv6 in brackets'
    )
    parser.add_argument('--rate', type=float, default=200, help='new connections a second')
    parser.add_argument('--duration', type=float, default=60, help='seconds')
    parser.add_argument(
        '--burst', type=int, default=0, help='this many requests at once, at the start'
    )
    parser.add_argument(
        '--timeout',
        type=float,
        default=20,
        help='seconds, for one request from its connect to its last byte',
    )
    parser.add_argument(
        '--only', choices=list(mix.SHARES), help='ask for nothing else on new connections'
    )
    parser.add_argument('--page', default=mix.PATHS['page'], help='path of the small page')
    parser.add_argument('--no-keep-alive', action='store_true')
    parser.add_argument('--tls-port', type=int, default=443, help='0: no TLS')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument(
        '--json',
        type=Path,
        help='where the result goes, and `began` is printed first; else a short result is printed',
    )
    parser.add_argument(
        '--every', action='store_true', help='put every single request into the JSON, too'
    )
    return parser.parse_args(argv)


async def why_no_tls(place: Place) -> str | None:
    """Ask for a TLS connection; return why there is none, or None."""
    if not place.tls_port:
        return 'not asked for'
    try:
        connection = await asyncio.wait_for(connect(place, trusting()), 5)
    except asyncio.TimeoutError:
        return f'port {place.tls_port} does not answer'
    if isinstance(connection, Outcome):
        return f'port {place.tls_port}: {connection.kind} {connection.detail}'.strip()
    connection.close()
    return None


def waited_for_cpu() -> float | None:
    """Seconds in which some process of this machine waited for a processor, so far; None where
    the kernel does not count that.
    """
    try:
        return int(Path('/proc/pressure/cpu').read_text().split('total=')[1].split()[0]) / 1e6
    except (OSError, IndexError, ValueError):
        return None


def choose_shares(args: argparse.Namespace, no_tls: str | None) -> dict[str, int]:
    """The shares of the requests; those of TLS are of plain pages where there is no TLS."""
    if args.only:
        return {args.only: 1}
    if not no_tls:
        return mix.SHARES
    return dict(
        {what: share for what, share in mix.SHARES.items() if what != 'tls'},
        page=mix.SHARES['page'] + mix.SHARES['tls'],
    )


async def run(args: argparse.Namespace) -> dict[str, Any]:
    """Run the load; return the result."""
    parts = urlsplit(args.url)
    address = str(socket.getaddrinfo(parts.hostname, None, type=socket.SOCK_STREAM)[0][4][0])
    place = Place(address, parts.port or 80, args.tls_port, parts.netloc)
    no_tls = await why_no_tls(place)
    load = Load(place, args.timeout, tls=not no_tls)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, load.stop)
    # What is there now stays: the collector need not look at it again and again while time is
    # measured.
    gc.collect()
    gc.freeze()
    if args.json:
        print('began', flush=True)
    spent, before = os.times(), waited_for_cpu()
    await load.run(
        args.rate,
        args.duration,
        choose_shares(args, no_tls),
        args.seed,
        args.burst,
        not args.no_keep_alive,
    )
    seconds = os.times().elapsed - spent.elapsed
    after = waited_for_cpu()
    pressure = None
    if before is not None and after is not None:
        pressure = round((after - before) / seconds, 2)
    return describe(args, load, seconds, spent, pressure, no_tls)


def describe(
    args: argparse.Namespace,
    load: Load,
    seconds: float,
    spent: os.times_result,
    pressure: float | None,
    no_tls: str | None,
) -> dict[str, Any]:
    """Return the result of a load. spent: os.times() at its begin; pressure: share of the time in
    which something waited for a processor, None where not known.
    """
    result = {
        'url': args.url,
        'rate': args.rate,
        'burst': args.burst,
        'seconds': round(seconds, 1),
        'began_at': load.began_at,
        'cpu_pressure': pressure,
        'tls': f'skipped: {no_tls}' if no_tls else 'yes',
        'stale_retries': load.stale_retries,
        'reconnects': load.reconnects,
        'cpu_share': round(
            (os.times().user + os.times().system - spent.user - spent.system) / seconds, 2
        ),
        **summary(load.asked, seconds),
    }
    if args.every:
        result['every'] = [
            [round(each.began, 4), round(each.took, 4), each.what, each.outcome]
            for each in load.asked
        ]
    return result


def main(argv: list[str]) -> int:
    """Run the load, print its result, and return the exit code."""
    args = parse(argv)
    mix.PATHS.update(page=args.page, tls=args.page)
    # A visitor's clock does not depend on what else this machine does.
    with contextlib.suppress(PermissionError):
        os.nice(-10)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    result = asyncio.run(run(args))
    if args.json:
        args.json.write_text(json.dumps(result))
    else:
        print(
            json.dumps(
                {
                    name: value
                    for name, value in result.items()
                    if name not in ('series', 'failures', 'every')
                },
                indent=1,
            )
        )
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
