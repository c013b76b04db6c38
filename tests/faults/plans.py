"""Which points a sweep tries on which layout."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from points import KILLED, POWER

SWITCH, RECOVERY, ROLLBACK = 0, 1, 2
STAGES = ('switch', 'recovery', 'rollback')
WORKER = 'signal=SIGKILL'
NO_END = 10000


class Kind(NamedTuple):
    """One kind of point.

    Every `step`-th call from `first` on (0 is the first), `most` of them at most. in_tree: only
    calls that name a file of the configuration, or the journal.
    """

    stage: int
    call: str
    fault: str
    step: int = 1
    most: int = NO_END
    in_tree: bool = False
    first: int = 0


# On the layout where it began: the worker alone is met, at whatever it asks of the kernel.
BROAD = {'openat': 11}
BROAD_MOST = 40
BROAD_KILLED = ('rename', 'fsync', 'write', 'unlink', 'fchmod', 'kill', 'clone', 'openat')
BROAD_FAILED = (('write', 'ENOSPC'), ('fsync', 'EIO'), ('rename', 'EROFS'), ('openat', 'EROFS'))
FAILED = (
    ('rename', 'EIO'),
    ('rename', 'ENOSPC'),
    ('fsync', 'EIO'),
    ('write', 'ENOSPC'),
    ('openat', 'ENOSPC'),
    ('openat', 'EIO'),
)
# Every call that changes something on the disk or in the process table; what is synced in between
# was changed by one of them.
CUT_AT = {'rename': 1, 'unlink': 1, 'kill': 1, 'fsync': 11}
KILLED_AT = {'rename': 2, 'unlink': 5, 'kill': 1, 'fsync': 23}
# On the way back.
CUT_BACK_AT = {'rename': 3, 'unlink': 13, 'kill': 1}
SAMPLED = {'rename': 9, 'fsync': 37, 'write': 23, 'unlink': 19, 'openat': 131, 'kill': 1}


def short(layout: str) -> list[Kind]:
    """What `make test` has time for."""
    if layout == 'el6':
        return broad(('rename', 'kill'), (('rename', 'EROFS'),), 4)
    return [Kind(SWITCH, 'rename', POWER, step=2, in_tree=True)]


def full(layout: str) -> list[Kind]:
    """Return the Kinds of a layout."""
    cuts = [
        Kind(SWITCH, call, fault, step)
        for fault, steps in ((POWER, CUT_AT), (KILLED, KILLED_AT))
        for call, step in steps.items()
    ]
    cuts += [
        Kind(stage, call, POWER, step)
        for stage in (RECOVERY, ROLLBACK)
        for call, step in CUT_BACK_AT.items()
    ]
    if layout == 'el6':
        return cuts + broad(BROAD_KILLED, BROAD_FAILED, BROAD_MOST)
    stages = range(len(STAGES))
    # Where one rename is enough there are fewer calls of every kind.
    steps = (
        SAMPLED
        if layout == 'debian12'
        else {call: max(1, step // 4) for call, step in SAMPLED.items()}
    )
    cuts += [
        Kind(stage, call, WORKER, steps[call])
        for stage in stages
        for call in ('rename', 'unlink', 'kill')
    ]
    return cuts + [
        Kind(stage, call, f'error={error}', steps[call])
        for stage in stages
        for call, error in FAILED
    ]


def broad(killed: Iterable[str], failed: Iterable[tuple[str, str]], most: int) -> list[Kind]:
    """The worker alone is met; the same again for the recovery that follows a kill, and for a
    switch that rolls back.
    """
    faults = [(call, WORKER) for call in killed] + [
        (call, f'error={error}') for call, error in failed
    ]
    return [
        Kind(stage, call, fault, BROAD.get(call, 1), most)
        for stage in range(len(STAGES))
        for call, fault in faults
    ]


def parts(kind: Kind, count: int) -> list[Kind]:
    """Cut a Kind into so many that share its points."""
    return [
        kind._replace(step=kind.step * count, first=kind.first + kind.step * number)
        for number in range(count)
    ]


def numbers(
    kind: Kind, traces: Mapping[str, Mapping[str, Sequence[str]]], roots: Sequence[str]
) -> dict[str, list[int]]:
    """Return {MPM: [number, ...]} of the calls to try on the way to it. traces: {MPM: {call:
    [its lines of strace]}} of undisturbed switches.

    Where the worker alone is met the ways share the numbers; where everything ends, each is tried
    both ways. A call that fails in an undisturbed switch, too, changes nothing, and the next one
    stands for it.
    """
    found = {}
    for turn, mpm in enumerate(traces):
        lines = dict(enumerate(traces[mpm].get(kind.call, []), 1))
        if kind.stage != SWITCH or not lines:
            # How many there are nobody knows: until a run has no N-th call.
            found[mpm] = list(
                range(1 + kind.first, min(kind.most * kind.step, NO_END) + 1, kind.step)
            )
        else:
            worth = [
                number
                for number, line in lines.items()
                if ' = -1 ' not in line and (not kind.in_tree or is_in_tree(line, roots))
            ]
            found[mpm] = worth[kind.first :: kind.step][: kind.most] + (
                [] if kind.in_tree else [len(lines) + 1]
            )
        if kind.fault not in (POWER, KILLED):
            found[mpm] = found[mpm][turn :: len(traces)]
    return found


def is_in_tree(line: str, roots: Sequence[str]) -> bool:
    """Return whether a line of strace is about a file of the configuration, or about the journal
    that commits.
    """
    return '/journal"' in line or any(f'"{root}/' in line for root in roots)
