"""Measure what guardian and journal cost: the same switches with and without them, in turn, on a
real host.

cost.py [ROUNDS]   prints the medians. Promised: no more than 1 s for the switch and 50 ms for the
outage.
"""

import json
import statistics
import sys

from host import Host, make_hosts, remove_hosts

MODES = ('plain', 'bare')


def measure(host: Host, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Return {mode: [(seconds, outage in ms)]}."""
    found: dict[str, list[tuple[float, float]]] = {mode: [] for mode in MODES}
    for _round in range(rounds):
        for mode in MODES:
            mpm = 'prefork' if host.state()[0].endswith('worker') else 'worker'
            result = json.loads(host.switch(mpm, mode).communicate(timeout=90)[0])
            if result['outcome'] != 'switched':
                raise RuntimeError(result)
            # Both directions for each mode: prefork starts faster than worker stops.
            back = json.loads(
                host.switch('worker' if mpm == 'prefork' else 'prefork', mode).communicate(
                    timeout=90
                )[0]
            )
            found[mode] += [(each['seconds'], each['outage_ms']) for each in (result, back)]
    return found


def main() -> int:
    """Print the medians; return 0 if they are within what is promised."""
    (host,) = make_hosts(1)
    found = measure(host, int(sys.argv[1]) if len(sys.argv) > 1 else 10)
    remove_hosts()
    medians = {
        mode: [statistics.median(column) for column in zip(*found[mode], strict=True)]
        for mode in MODES
    }
    print('              switch, s   outage, ms   (medians)')
    for mode, name in zip(MODES, ('guarded', 'bare'), strict=True):
        print(
            f'  {name:10} {medians[mode][0]:10.3f} {medians[mode][1]:12.0f}   {len(found[mode])} '
            f'switches'
        )
    within = (
        medians['plain'][0] - medians['bare'][0] < 1
        and medians['plain'][1] - medians['bare'][1] < 50
    )
    print('within what is promised' if within else 'NOT within what is promised')
    return 0 if within else 1


if __name__ == '__main__':
    sys.exit(main())
