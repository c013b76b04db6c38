"""Inject a fault at every system call of a switch, on a real host, and look what becomes of it.

sweep.py [--short] [--workers N]   exit code 0 if every point ended as promised. The table goes to .cache/faults.json and the screen.

The worker is stopped at its start, strace is attached to it alone, and it goes on: the N-th call of one kind is met by SIGKILL or by an
error. N grows until a run has no N-th call any more. Whatever happens, the host must serve within ten seconds with nobody's help,
every file must be the old or the new one, lock and journal must be settled, a second run must converge and a third change nothing.
"""
import argparse
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

import yaml

ROOT = Path(__file__).resolve().parents[2]
RUN = 'faults'
TARGET = '/opt/webops'
STATE = '/var/lib/webops-apache-mpm'
HELP_SECONDS = 10
KILLED_AT = ('rename', 'fsync', 'write', 'unlink', 'fchmod', 'kill', 'clone', 'openat')
FAILED_AT = (('write', 'ENOSPC'), ('fsync', 'EIO'), ('rename', 'EROFS'), ('openat', 'EROFS'))
# A short sweep takes the calls that change something, and only these.
SHORT_KILLED_AT = ('rename', 'kill')
SHORT_FAILED_AT = (('rename', 'EROFS'),)
STEP = {'openat': 37, 'write': 3, 'fsync': 2, 'clone': 1}
MOST_POINTS = 40


class Host:
    """One test host of the run."""

    def __init__(self, name, address):
        self.name, self.address = name, address
        self.container = f'webops-{RUN}-{name}'

    def run(self, *argv, seconds=120, check=False):
        done = subprocess.run(['docker', 'exec', self.container, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=seconds,
                              check=False)
        if check and done.returncode:
            raise RuntimeError(f'{self.name}: {argv}: {done.stderr}')
        return done

    def install(self):
        """Put the collection's target code and the driver there, with the package files that Python 2 needs."""
        base = f'{TARGET}/ansible_collections/webops/apache'
        self.run('mkdir', '-p', f'{base}/plugins', check=True)
        for folder in ('', '/webops', '/webops/apache', '/webops/apache/plugins'):
            self.run('touch', f'{TARGET}/ansible_collections{folder}/__init__.py', check=True)
        subprocess.run(['docker', 'cp', str(ROOT / 'plugins/module_utils'), f'{self.container}:{base}/plugins/'], check=True, stdout=subprocess.DEVNULL)
        self.run('touch', f'{base}/plugins/module_utils/__init__.py', check=True)
        subprocess.run(['docker', 'cp', str(ROOT / 'tests/faults/driver.py'), f'{self.container}:{TARGET}/driver.py'], check=True, stdout=subprocess.DEVNULL)

    def switch(self, mpm, wait='plain'):
        """Start a switch; give the process that will print its result."""
        return subprocess.Popen(['docker', 'exec', '-e', f'PYTHONPATH={TARGET}', self.container, 'python2.7', '-B', f'{TARGET}/driver.py', mpm, str(wait)],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def switch_now(self, mpm):
        out, err = self.switch(mpm).communicate(timeout=90)
        return json.loads(out) if out.strip() else {'outcome': 'none', 'msg': err[-300:]}

    def inject(self, kind, what, number):
        """Attach to the waiting worker; tell whether the fault was met. Ends when the worker ends."""
        script = (f'for i in $(seq 200); do test -s /tmp/worker.pid && break; sleep 0.05; done; P=$(cat /tmp/worker.pid); rm -f /tmp/worker.pid; '
                  f'for i in $(seq 100); do grep -q "State:.T" /proc/$P/status && break; sleep 0.02; done; '
                  f'strace -qq -o /tmp/trace -e trace={kind} -e inject={kind}:{what}:when={number} -p $P & '
                  f'for i in $(seq 100); do grep -q "TracerPid:.[1-9]" /proc/$P/status && break; sleep 0.02; done; kill -CONT $P; wait')
        self.run('bash', '-c', script)
        trace = self.run('cat', '/tmp/trace').stdout
        return 'INJECTED' in trace or 'killed by SIGKILL' in trace

    def serves(self):
        try:
            with urllib.request.urlopen(f'http://{self.address}/sapi.php', timeout=2) as answer:
                return b'zts=' in answer.read()
        except (OSError, urllib.error.URLError):
            return False

    def state(self):
        """What is on the host: the program, the choice, what is unfinished."""
        text = self.run('sh', '-c', 'readlink /proc/$(cat /var/run/httpd/httpd.pid)/exe; echo @@; sha256sum < /etc/sysconfig/httpd; echo @@; '
                        f'ls -A {STATE} /var/www/html /etc/sysconfig | grep -E "^(journal|[.]webops.*|webops-mpm.*)$"; echo @@; '
                        f'flock -n {STATE}/lock true && echo free; echo @@; ps -eo args | grep -c "[d]river.py"').stdout
        return [part.strip() for part in text.split('@@\n')]


def wait_until(ready, seconds):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


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
    wrong = [] if helped else ['does not serve within 10 s']
    wait_until(lambda: host.state()[4] == '0', 5)
    program, choice, left, lock, workers = host.state()
    wrong += [] if choice.split()[0] in sums else ['the file is neither old nor new']
    wrong += [] if lock == 'free' and workers == '0' else [f'lock {lock or "held"}, {workers} processes']
    wrong += [] if not left or outcome in ('rollback_failed', 'error') else [f'left behind: {left}']
    second, third = host.switch_now(mpm), host.switch_now(mpm)
    wrong += [] if second['outcome'] in ('switched', 'unchanged') else [f'second run: {second}']
    wrong += [] if third['outcome'] == 'unchanged' and not third['changed'] else [f'third run: {third}']
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


def make_hosts(count):
    names = [f'h{number}' for number in range(count)]
    subprocess.run([ROOT / 'tests/hosts/hosts', 'down', RUN], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([ROOT / 'tests/hosts/hosts', 'up', RUN, *(f'{name}=el6' for name in names)], check=True, stdout=subprocess.DEVNULL)
    inventory = yaml.safe_load((ROOT / '.cache/hosts' / RUN / 'inventory.yml').read_text())
    hosts = Queue()
    for name in names:
        host = Host(name, inventory['all']['hosts'][name]['ansible_host'])
        host.install()
        host.sums = {host.state()[1].split()[0]}
        if host.switch_now('worker')['outcome'] != 'switched':
            raise RuntimeError(f'{name}: an undisturbed switch does not work')
        host.sums.add(host.state()[1].split()[0])
        hosts.put(host)
    return hosts


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--short', action='store_true', help='the calls that change something, and few of them')
    parser.add_argument('--workers', type=int, default=2, help='hosts at the same time')
    args = parser.parse_args()
    rows, failed = [], []

    def report(name, stage, kind, what, number, mpm, met, outcome, wrong):
        rows.append({'stage': ('switch', 'recovery')[stage], 'call': kind, 'fault': what, 'number': number, 'to': mpm, 'met': met, 'outcome': outcome,
                     'wrong': wrong})
        if wrong:
            failed.append(rows[-1])
            print(f'  {kind} {number} {what} to {mpm}: {outcome}: {"; ".join(wrong)}', flush=True)

    hosts = make_hosts(args.workers)
    killed, errors = (SHORT_KILLED_AT, SHORT_FAILED_AT) if args.short else (KILLED_AT, FAILED_AT)
    points = 6 if args.short else MOST_POINTS
    # The same again for the recovery that follows a kill: a fault within the way back.
    kinds = [(stage, kind, 'signal=SIGKILL') for stage in (0, 1) for kind in killed]
    kinds += [(stage, kind, f'error={error}') for stage in (0, 1) for kind, error in errors]
    with ThreadPoolExecutor(args.workers) as pool:
        for future in [pool.submit(sweep_kind, hosts, stage, kind, what, points, report) for stage, kind, what in kinds]:
            future.result()
    print_rows(rows)
    path = ROOT / '.cache/faults.json'
    path.write_text(json.dumps(rows, indent=1))
    subprocess.run([ROOT / 'tests/hosts/hosts', 'down', RUN], check=True, stdout=subprocess.DEVNULL)
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
