"""One point of a sweep: a switch that is met by a fault at one system call, and what is demanded
of the host afterwards.
"""

import difflib
import json
import subprocess
from collections.abc import Iterable
from typing import NamedTuple

from cases import SETTLED
from host import Host, wait_until

HELP_SECONDS = 10
# A host that boots has no promise to keep, and here it shares the machine with others.
BOOT_SECONDS = 60
POWER, KILLED = 'power cut', 'killed'


class Point(NamedTuple):
    """One point of a sweep.

    stage: 0 the switch, 1 the recovery after a kill, 2 a switch that rolls back; call: kind of
    system call, met at its `number`; fault: POWER, KILLED, or what strace injects.
    """

    stage: int
    call: str
    fault: str
    number: int


# Whether it was met, the outcome, the MPM that the host booted with, what is not as promised.
Tried = tuple[bool, str, 'str | None', list[str]]


def try_point(host: Host, mpm: str, point: Point) -> Tried:
    """Run one point of a switch to `mpm`; return (met, outcome, MPM that the host booted with,
    [what is not as promised]).
    """
    return (try_cut if point.fault in (POWER, KILLED) else try_fault)(host, mpm, point)


def try_fault(host: Host, mpm: str, point: Point) -> Tried:
    """The worker is met alone: the guardian helps, and nobody else has to."""
    process = host.switch(mpm, point.stage)
    met = host.inject(point.call, point.fault, point.number)
    helped = wait_until(host.serves, HELP_SECONDS)
    outcome = outcome_of(process)
    wrong = (
        []
        if helped
        else [
            'does not serve within 10 s: '
            + host.run('sh', '-c', f'ps -ef; ss -ltn; tail -5 {host.layout.log}').stdout
        ]
    )
    wait_until(lambda: host.state()[4] == '0', 5)
    _program, _digest, left, lock, workers = host.state()
    wrong += (
        [] if lock == 'free' and workers == '0' else [f'lock {lock or "held"}, {workers} processes']
    )
    if outcome not in ('rollback_failed', 'error'):
        wrong += [f'left behind: {left}'] if left else []
        wrong += differences(host)
    return met, outcome, '', wrong + converge(host, mpm)


def try_cut(host: Host, mpm: str, point: Point) -> Tried:
    """Nobody of ours survives, with POWER nobody at all: what is on the disk has to boot before
    anyone helps.
    """
    process = host.switch(mpm, point.stage)
    met = host.inject(point.call, 'signal=SIGKILL', point.number, alone=True)
    if not met:
        return met, outcome_of(process), '', differences(host) + converge(host, mpm)
    booted: str | None = ''
    wrong: list[str] = []
    if point.fault == POWER:
        wrong += (
            []
            if boots(host)
            else ['does not boot: ' + host.run('tail', '-5', host.layout.log).stdout]
        )
        booted = host.mpm()
    outcome_of(process)
    tested = host.run('sh', '-c', host.layout.test)
    wrong += (
        [f'the configuration on the disk fails its test: {tested.stdout}{tested.stderr}']
        if tested.returncode
        else []
    )
    answer = host.switch_now('recovered' if point.fault == POWER else mpm)
    wrong += [] if answer['outcome'] in ('recovered', *SETTLED) else [f'not settled: {answer}']
    wrong += differences(host)
    wrong += (
        [] if wait_until(host.serves, HELP_SECONDS) else ['does not serve after it was settled']
    )
    return met, answer['outcome'], booted, wrong + converge(host, mpm)


def boots(host: Host) -> bool:
    """Cut the power; tell whether the host comes up serving by itself."""
    for _try in range(5):
        host.reboot()
        if wait_until(host.serves, HELP_SECONDS):
            return True
        if not host.lacks_inotify():
            break
    return wait_until(host.serves, BOOT_SECONDS)


def outcome_of(process: subprocess.Popen[str]) -> str:
    """Wait for a switch; return its outcome, or why there is none."""
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        return 'hangs'
    return json.loads(out)['outcome'] if out.strip() else f'none: {err[-200:]}'


def differences(host: Host) -> list[str]:
    """Return what is on the host that an undisturbed switch to the MPM that runs would not have
    left, links as links.
    """
    mpm, tree = host.mpm(), host.tree()
    if tree == host.trees.get(mpm):
        return []
    lines = difflib.unified_diff(
        host.trees.get(mpm, '').splitlines(), tree.splitlines(), lineterm='', n=0
    )
    return [f'{mpm} runs, and the files are not as with it: ' + '; '.join(list(lines)[2:12])]


def converge(host: Host, mpm: str) -> list[str]:
    """Return what is wrong with two more runs and what they leave."""
    second, third = host.switch_now(mpm), host.switch_now(mpm)
    wrong = [] if second['outcome'] in SETTLED else [f'second run: {second}']
    wrong += (
        [] if third['outcome'] == 'unchanged' and not third['changed'] else [f'third run: {third}']
    )
    wrong += (
        []
        if host.serves() and host.mpm() == mpm
        else [f'serves: {host.serves()}, with {host.mpm()} after the second run']
    )
    left = host.state()
    wrong += (
        [f'left behind at the end: {left[2]}, lock {left[3]}']
        if left[2] or left[3] != 'free'
        else []
    )
    return wrong + differences(host)


def count_calls(host: Host, mpm: str, calls: Iterable[str]) -> dict[str, list[str]]:
    """Switch to `mpm` undisturbed; return {system call: [its lines of strace]} of the worker."""
    process = host.switch(mpm, 0)
    host.inject(','.join(calls), 'error=EIO', 60000)
    outcome = outcome_of(process)
    if outcome != 'switched':
        raise RuntimeError(f'{host.name}: a switch under strace does not work: {outcome}')
    lines = host.run('cat', '/tmp/trace').stdout.splitlines()
    return {call: [line for line in lines if line.startswith(f'{call}(')] for call in calls}
