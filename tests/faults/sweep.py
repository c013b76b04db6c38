"""Inject a fault at every system call of a switch, on a real host, and look what becomes of it.

sweep.py [--short] [--calls CALL ...] [--workers N]   exit code 0 if every point ended as promised. The table goes to the screen, and each
point as a line of JSON to .cache/faults.jsonl as soon as it is known, so that a sweep that is cut off is not lost.

The worker is stopped at its start, strace is attached to it alone, and it goes on: the N-th call of one kind is met by SIGKILL or by an
error. N grows until a run has no N-th call any more. Whatever happens, the host must serve within ten seconds with nobody's help,
every file must be the old or the new one, lock and journal must be settled, a second run must converge and a third change nothing.
"""
import argparse
import json
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from queue import Queue

from host import ROOT, make_hosts, remove_hosts, wait_until

HELP_SECONDS = 10
POINTS = ROOT / '.cache/faults.jsonl'
KILLED_AT = ('rename', 'fsync', 'write', 'unlink', 'fchmod', 'kill', 'clone', 'openat')
FAILED_AT = (('write', 'ENOSPC'), ('fsync', 'EIO'), ('rename', 'EROFS'), ('openat', 'EROFS'))
# A short sweep takes the calls that change something, and only these.
SHORT_KILLED_AT = ('rename', 'kill')
SHORT_FAILED_AT = (('rename', 'EROFS'),)
STEP = {'openat': 11}
MOST_POINTS = 40
STAGES = ('switch', 'recovery', 'rollback')


def try_point(host, mpm, sums, stage, kind, what, number):
    """Run one point; give (met, outcome, [what is not as promised])."""
    process = host.switch(mpm, stage)
    met = host.inject(kind, what, number)
    helped = wait_until(host.serves, HELP_SECONDS)
    try:
        out, err = process.communicate(timeout=60)
        outcome = json.loads(out)['outcome'] if out.strip() else f'none: {err[-200:]}'
    except subprocess.TimeoutExpired:
        process.kill()
        outcome = 'hangs'
    wrong = [] if helped else ['does not serve within 10 s: ' + host.run('sh', '-c', 'ps -ef; ss -ltn; tail -5 /var/log/httpd/error_log').stdout]
    wait_until(lambda: host.state()[4] == '0', 5)
    program, choice, left, lock, workers = host.state()
    wrong += [] if choice.split()[0] in sums else ['the file is neither old nor new']
    wrong += [] if lock == 'free' and workers == '0' else [f'lock {lock or "held"}, {workers} processes']
    wrong += [] if not left or outcome in ('rollback_failed', 'error') else [f'left behind: {left}']
    second, third = host.switch_now(mpm), host.switch_now(mpm)
    wrong += [] if second['outcome'] in ('switched', 'unchanged') else [f'second run: {second}']
    wrong += [] if third['outcome'] == 'unchanged' and not third['changed'] else [f'third run: {third}']
    wrong += [] if host.serves() else ['does not serve after the second run']
    wrong += [f'left behind at the end: {host.state()[2]}'] if host.state()[2] else []
    return met, outcome, wrong


def sweep_kind(hosts, stage, kind, what, points, report):
    """Try N = 1, 2, ... of one kind until a run has no N-th call any more."""
    host = hosts.get()
    try:
        for number in range(1, points * STEP.get(kind, 1) + 1, STEP.get(kind, 1)):
            now = host.state()[0]
            mpm = 'prefork' if now.endswith('worker') else 'worker'
            met, outcome, wrong = try_point(host, mpm, host.sums, stage, kind, what, number)
            report(host.name, stage, kind, what, number, mpm, met, outcome, wrong)
            if not met:
                break
    finally:
        hosts.put(host)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--short', action='store_true', help='the calls that change something, and few of them')
    parser.add_argument('--calls', nargs='+', metavar='CALL', help='only these system calls')
    parser.add_argument('--workers', type=int, default=2, help='hosts at the same time')
    args = parser.parse_args()
    rows, failed = [], []
    POINTS.write_text('')

    def report(name, stage, kind, what, number, mpm, met, outcome, wrong):
        rows.append({'host': name, 'stage': STAGES[stage], 'call': kind, 'fault': what, 'number': number, 'to': mpm, 'met': met,
                     'outcome': outcome, 'wrong': wrong})
        with POINTS.open('a', encoding='utf-8') as points:
            points.write(json.dumps(rows[-1]) + '\n')
        if wrong:
            failed.append(rows[-1])
            print(f'  {kind} {number} {what} to {mpm}: {outcome}: {"; ".join(wrong)}', flush=True)

    hosts = Queue()
    for host in make_hosts(args.workers):
        hosts.put(host)
    killed, errors = (SHORT_KILLED_AT, SHORT_FAILED_AT) if args.short else (KILLED_AT, FAILED_AT)
    points = 6 if args.short else MOST_POINTS
    # The same again for the recovery that follows a kill, and for a switch that rolls back: a fault within the way back.
    kinds = [(stage, kind, 'signal=SIGKILL') for stage in range(len(STAGES)) for kind in killed]
    kinds += [(stage, kind, f'error={error}') for stage in range(len(STAGES)) for kind, error in errors]
    kinds = [each for each in kinds if not args.calls or each[1] in args.calls]
    with ThreadPoolExecutor(args.workers) as pool:
        for future in [pool.submit(sweep_kind, hosts, stage, kind, what, points, report) for stage, kind, what in kinds]:
            future.result()
    print_rows(rows)
    remove_hosts()
    met = [row for row in rows if row['met']]
    print(f'{len(met) - len(failed)} passed, {len(failed)} failed')
    return 1 if failed or not met else 0


def print_rows(rows):
    counts = Counter((row['stage'], row['call'], row['fault'], row['outcome'].split(':')[0]) for row in rows if row['met'])
    print('  DURING    CALL     FAULT           OUTCOME          POINTS')
    for (stage, call, fault, outcome), number in sorted(counts.items()):
        print(f'  {stage:9} {call:8} {fault:15} {outcome:16} {number:6}')


if __name__ == '__main__':
    sys.exit(main())
