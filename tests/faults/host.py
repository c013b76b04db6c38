"""A test host to break things on: it has the collection's target code, and tells what state it is in."""
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
# A name of its own lets a second run of tests go on beside a sweep.
RUN = os.environ.get('WEBOPS_FAULTS_RUN', 'faults')
TARGET = '/opt/webops'
STATE = '/var/lib/webops-apache-mpm'


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
        """Put the collection's target code there, and the programs of these tests that run there, with the package files that Python 2 needs."""
        base = f'{TARGET}/ansible_collections/webops/apache'
        self.run('mkdir', '-p', f'{base}/plugins', check=True)
        for folder in ('', '/webops', '/webops/apache', '/webops/apache/plugins'):
            self.run('touch', f'{TARGET}/ansible_collections{folder}/__init__.py', check=True)
        subprocess.run(['docker', 'cp', str(ROOT / 'plugins/module_utils'), f'{self.container}:{base}/plugins/'], check=True, stdout=subprocess.DEVNULL)
        self.run('touch', f'{base}/plugins/module_utils/__init__.py', check=True)
        for name in ('driver.py', 'cutter.py'):
            subprocess.run(['docker', 'cp', str(ROOT / 'tests/faults' / name), f'{self.container}:{TARGET}/{name}'], check=True, stdout=subprocess.DEVNULL)

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


def make_hosts(count, image='el6'):
    """Give that many fresh hosts, each of which has done an undisturbed switch to worker. Their `sums` are those of the old and the new file."""
    names = [f'h{number}' for number in range(count)]
    subprocess.run([ROOT / 'tests/hosts/hosts', 'down', RUN], check=True, stdout=subprocess.DEVNULL)
    subprocess.run([ROOT / 'tests/hosts/hosts', 'up', RUN, *(f'{name}={image}' for name in names)], check=True, stdout=subprocess.DEVNULL)
    inventory = yaml.safe_load((ROOT / '.cache/hosts' / RUN / 'inventory.yml').read_text())
    hosts = []
    for name in names:
        host = Host(name, inventory['all']['hosts'][name]['ansible_host'])
        host.install()
        host.sums = {host.state()[1].split()[0]}
        if host.switch_now('worker')['outcome'] != 'switched':
            raise RuntimeError(f'{name}: an undisturbed switch does not work')
        host.sums.add(host.state()[1].split()[0])
        hosts.append(host)
    return hosts


def remove_hosts():
    """Remove the hosts of the run."""
    subprocess.run([ROOT / 'tests/hosts/hosts', 'down', RUN], check=True, stdout=subprocess.DEVNULL)
