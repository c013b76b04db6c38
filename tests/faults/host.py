"""A test host to break things on: faults, power cuts, and what state it is in."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1] / 'hosts'))
import target
from layouts import LAYOUTS, Layout
from target import ROOT, STATE, TARGET, Target, wait_until

__all__ = [
    'LAYOUTS',
    'ROOT',
    'RUN',
    'STATE',
    'TARGET',
    'Host',
    'make_hosts',
    'remove_hosts',
    'wait_until',
]
FAULTS = ROOT / 'tests/faults'
# A name of its own lets a second run of tests go on beside a sweep.
RUN = os.environ.get('WEBOPS_FAULTS_RUN', 'faults')
# Attaches strace to the waiting worker ($1: system call, $2: fault, $3: when). $4: `alone` stops
# guardian and caller, and has them die with the worker: between its death and theirs nothing may
# happen, as in a power cut.
INJECT = """
for i in $(seq 200); do test -s /tmp/worker.pid && break; sleep 0.05; done
read P GUARDIAN CALLER </tmp/worker.pid; rm -f /tmp/worker.pid
for i in $(seq 100); do grep -q "State:.T" /proc/$P/status && break; sleep 0.02; done
test "$4" != alone || kill -STOP $GUARDIAN $CALLER
strace -qq -o /tmp/trace -e trace=$1 -e inject=$1:$2:when=$3 -p $P &
for i in $(seq 100); do grep -q "TracerPid:.[1-9]" /proc/$P/status && break; sleep 0.02; done
kill -CONT $P; wait
test "$4" != alone || {
    if grep -q "killed by SIGKILL" /tmp/trace; then kill -KILL $GUARDIAN $CALLER
    else kill -CONT $GUARDIAN $CALLER; fi
}
"""


class Host(Target):
    """One test host of the run. trees: {MPM: what the folders of the configuration hold after an
    undisturbed switch to it}.
    """

    def __init__(self, name: str, address: str, layout: Layout, strategy: str = 'stop') -> None:
        Target.__init__(self, RUN, name, address, layout)
        self.strategy = strategy
        self.trees: dict[str | None, str] = {}

    def switch(self, mpm: str, wait: int | str = 'plain') -> subprocess.Popen[str]:
        """Start a switch, or with 'recovered' what settles one; return the process that will print
        its result.
        """
        return subprocess.Popen(
            [
                'docker',
                'exec',
                '-e',
                f'PYTHONPATH={TARGET}',
                self.container,
                self.layout.python,
                '-B',
                f'{TARGET}/driver.py',
                mpm,
                str(wait),
                self.layout.php.get(mpm, ''),
                self.strategy,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def switch_now(self, mpm: str) -> dict[str, Any]:
        """Switch, and wait for it; return its result; its outcome is `none` where it gave none."""
        out, err = self.switch(mpm).communicate(timeout=90)
        return json.loads(out) if out.strip() else {'outcome': 'none', 'msg': err[-300:]}

    def inject(self, kind: str, what: str, number: int, alone: bool = False) -> bool:
        """Attach to the waiting worker; tell whether the fault was met.

        Ends when the worker ends. alone: nobody survives it to recover.
        """
        self.run('bash', '-c', INJECT, 'inject', kind, what, str(number), 'alone' if alone else '')
        trace = self.run('cat', '/tmp/trace').stdout
        return 'INJECTED' in trace or 'killed by SIGKILL' in trace

    def reboot(self) -> None:
        """Cut the power: every process is killed at once, init with them, and the host boots
        from its disk.
        """
        for word in ('kill', 'start'):
            subprocess.run(['docker', word, self.container], check=True, stdout=subprocess.DEVNULL)
        self.address = subprocess.run(
            [
                'docker',
                'inspect',
                '--format',
                '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
                self.container,
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.strip()

    def lacks_inotify(self) -> bool:
        """Return whether its init cannot boot for want of what all containers of this machine
        share: that says nothing of the disk.
        """
        return (
            'Failed to create inotify object'
            in self.run('sh', '-c', 'journalctl -b --no-pager 2>/dev/null').stdout
        )

    def tree(self) -> str:
        """Every file, folder and link of the configuration: kind, mode, owner, target or
        contents.
        """
        roots = ' '.join(self.layout.roots)
        return self.run(
            'sh',
            '-c',
            f'find {roots} -printf "%p %y %m %U %G %l\\n" | LC_ALL=C sort; '
            f'find {roots} -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum',
            check=True,
        ).stdout

    def state(self) -> list[str]:
        """What is on the host: the program, a digest of the configuration, what is unfinished,
        the lock, the count of our processes.
        """
        roots = ' '.join(self.layout.roots)
        text = self.run(
            'sh',
            '-c',
            f'readlink /proc/$(cat {self.layout.pid_file})/exe; echo @@; find {roots} -type f '
            f'-print0 | LC_ALL=C sort -z | '
            f'xargs -0 sha256sum | sha256sum; echo @@; ls -A {STATE} {roots} | grep -E '
            f'"^(journal|[.]webops.*|webops-mpm.*)$"; echo @@; '
            f'flock -n {STATE}/lock true && echo free; echo @@; ps -eo args | grep -c '
            f'"[d]river.py"',
        ).stdout
        return [part.strip() for part in text.split('@@\n')]


def make_hosts(count: int, layout: str = 'el6', strategy: str = 'stop') -> list[Host]:
    """Return that many fresh hosts, each of which has been switched there and back and there,
    undisturbed: `trees` says to what.
    """
    kind = LAYOUTS[layout]
    remove_hosts()
    addresses = target.start_hosts(RUN, {f'h{number}': kind.image for number in range(count)})
    hosts = []
    for name, address in addresses.items():
        host = Host(name, address, kind, strategy)
        host.install(FAULTS / 'driver.py', FAULTS / 'cutter.py')
        host.run('sh', '-c', kind.prepare or ':', check=True)
        for mpm in (kind.mpms[1], kind.mpms[0], kind.mpms[1]):
            answer = host.switch_now(mpm)
            if answer['outcome'] != 'switched' or host.mpm() != mpm:
                raise RuntimeError(f'{name}: an undisturbed switch does not work: {answer}')
            host.trees[mpm] = host.tree()
        hosts.append(host)
    return hosts


def remove_hosts() -> None:
    """Remove the hosts of the run."""
    target.remove_hosts(RUN)
