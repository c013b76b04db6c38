"""A test host to break things on: it has the collection's target code, and tells what state it is in."""
import json
import os
import re
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import yaml
from layouts import LAYOUTS

ROOT = Path(__file__).resolve().parents[2]
# A name of its own lets a second run of tests go on beside a sweep.
RUN = os.environ.get('WEBOPS_FAULTS_RUN', 'faults')
TARGET = '/opt/webops'
STATE = '/var/lib/webops-apache-mpm'
# Attaches strace to the waiting worker ($1: system call, $2: fault, $3: when). $4: `alone` stops guardian and caller, and has them die
# with the worker: between its death and theirs nothing may happen, as in a power cut.
INJECT = """
for i in $(seq 200); do test -s /tmp/worker.pid && break; sleep 0.05; done
read P GUARDIAN CALLER </tmp/worker.pid; rm -f /tmp/worker.pid
for i in $(seq 100); do grep -q "State:.T" /proc/$P/status && break; sleep 0.02; done
test "$4" != alone || kill -STOP $GUARDIAN $CALLER
strace -qq -o /tmp/trace -e trace=$1 -e inject=$1:$2:when=$3 -p $P &
for i in $(seq 100); do grep -q "TracerPid:.[1-9]" /proc/$P/status && break; sleep 0.02; done
kill -CONT $P; wait
test "$4" != alone || if grep -q "killed by SIGKILL" /tmp/trace; then kill -KILL $GUARDIAN $CALLER; else kill -CONT $GUARDIAN $CALLER; fi
"""


class Host:
    """One test host of the run. trees: {MPM: what the folders of the configuration hold after an undisturbed switch to it}."""

    def __init__(self, name, address, layout, strategy='stop'):
        self.name, self.address, self.layout, self.strategy = name, address, layout, strategy
        self.container = f'webops-{RUN}-{name}'
        self.trees = {}

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
        """Start a switch, or with 'recovered' what settles one; give the process that will print its result."""
        return subprocess.Popen(['docker', 'exec', '-e', f'PYTHONPATH={TARGET}', self.container, self.layout.python, '-B', f'{TARGET}/driver.py',
                                 mpm, str(wait), self.layout.php.get(mpm, ''), self.strategy], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def switch_now(self, mpm):
        out, err = self.switch(mpm).communicate(timeout=90)
        return json.loads(out) if out.strip() else {'outcome': 'none', 'msg': err[-300:]}

    def inject(self, kind, what, number, alone=False):
        """Attach to the waiting worker; tell whether the fault was met. Ends when the worker ends. alone: nobody survives it to recover."""
        self.run('bash', '-c', INJECT, 'inject', kind, what, str(number), 'alone' if alone else '')
        trace = self.run('cat', '/tmp/trace').stdout
        return 'INJECTED' in trace or 'killed by SIGKILL' in trace

    def reboot(self):
        """Cut the power: every process is killed at once, init with them, and the host boots from its disk."""
        for word in ('kill', 'start'):
            subprocess.run(['docker', word, self.container], check=True, stdout=subprocess.DEVNULL)
        self.address = subprocess.run(['docker', 'inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', self.container],
                                      check=True, stdout=subprocess.PIPE, text=True).stdout.strip()

    def lacks_inotify(self):
        """Tell whether its init cannot boot for want of what all containers of this machine share: that says nothing of the disk."""
        return 'Failed to create inotify object' in self.run('sh', '-c', 'journalctl -b --no-pager 2>/dev/null').stdout

    def serves(self):
        """Tell whether it answers, with PHP or, where the switch does without, with a refusal; never with PHP's source."""
        try:
            with urllib.request.urlopen(f'http://{self.address}/', timeout=2) as answer:
                answer.read()
            with urllib.request.urlopen(f'http://{self.address}/sapi.php', timeout=2) as answer:
                text = answer.read()
                return b'zts=' in text and b'<?' not in text
        except urllib.error.HTTPError as error:
            return error.code == 403 and bool(self.layout.php)
        except (OSError, urllib.error.URLError):
            return False

    def mpm(self):
        """The MPM that runs; None where none does."""
        text = self.run('sh', '-c', f'P=$(cat {self.layout.pid_file}) && readlink /proc/$P/exe && grep -o "mod_mpm_[a-z]*" /proc/$P/maps').stdout
        found = re.findall(r'mod_mpm_(\w+)', text) or re.findall(r'httpd[.-](\w+)', text) or (['prefork'] if text else [None])
        return found[0]

    def tree(self):
        """Every file, folder and link of the configuration: kind, mode, owner, target or contents."""
        roots = ' '.join(self.layout.roots)
        return self.run('sh', '-c', f'find {roots} -printf "%p %y %m %U %G %l\\n" | LC_ALL=C sort; '
                        f'find {roots} -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum', check=True).stdout

    def state(self):
        """What is on the host: the program, a digest of the configuration, what is unfinished, the lock, the count of our processes."""
        roots = ' '.join(self.layout.roots)
        text = self.run('sh', '-c', f'readlink /proc/$(cat {self.layout.pid_file})/exe; echo @@; find {roots} -type f -print0 | LC_ALL=C sort -z | '
                        f'xargs -0 sha256sum | sha256sum; echo @@; ls -A {STATE} {roots} | grep -E "^(journal|[.]webops.*|webops-mpm.*)$"; echo @@; '
                        f'flock -n {STATE}/lock true && echo free; echo @@; ps -eo args | grep -c "[d]river.py"').stdout
        return [part.strip() for part in text.split('@@\n')]


def wait_until(ready, seconds):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def make_hosts(count, layout='el6', strategy='stop'):
    """Give that many fresh hosts, each of which has been switched there and back and there, undisturbed: `trees` says to what."""
    layout = LAYOUTS[layout]
    names = [f'h{number}' for number in range(count)]
    remove_hosts()
    subprocess.run([ROOT / 'tests/hosts/hosts', 'up', RUN, *(f'{name}={layout.image}' for name in names)], check=True, stdout=subprocess.DEVNULL)
    inventory = yaml.safe_load((ROOT / '.cache/hosts' / RUN / 'inventory.yml').read_text())
    hosts = []
    for name in names:
        host = Host(name, inventory['all']['hosts'][name]['ansible_host'], layout, strategy)
        host.install()
        host.run('sh', '-c', layout.prepare or ':', check=True)
        for mpm in (layout.mpms[1], layout.mpms[0], layout.mpms[1]):
            answer = host.switch_now(mpm)
            if answer['outcome'] != 'switched' or host.mpm() != mpm:
                raise RuntimeError(f'{name}: an undisturbed switch does not work: {answer}')
            host.trees[mpm] = host.tree()
        hosts.append(host)
    return hosts


def remove_hosts():
    """Remove the hosts of the run."""
    subprocess.run([ROOT / 'tests/hosts/hosts', 'down', RUN], check=True, stdout=subprocess.DEVNULL)
