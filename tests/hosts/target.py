"""A test host with the collection's target code: what runs there, and what it serves."""

import re
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
TARGET = '/opt/webops'
STATE = '/var/lib/webops-apache-mpm'


class Target:
    """One test host of a run."""

    def __init__(self, run, name, address, layout):
        self.name, self.address, self.layout = name, address, layout
        self.container = f'webops-{run}-{name}'

    def run(self, *argv, seconds=120, check=False, user='root', given=None):
        """Run a command there, with `given` as its input; return what subprocess returns."""
        argv = [
            'docker',
            'exec',
            *(['-i'] if given is not None else []),
            '-u',
            user,
            self.container,
            *argv,
        ]
        done = subprocess.run(
            argv,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors='replace',
            timeout=seconds,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(f'{self.name}: {argv}: {done.stdout[-500:]} {done.stderr}')
        return done

    def install(self, *programs):
        """Put the collection's target code there, and programs of the tests beside it."""
        base = f'{TARGET}/ansible_collections/webops/apache'
        self.run('mkdir', '-p', f'{base}/plugins', check=True)
        for folder in ('', '/webops', '/webops/apache', '/webops/apache/plugins'):
            self.run('touch', f'{TARGET}/ansible_collections{folder}/__init__.py', check=True)
        self.copy(ROOT / 'plugins/module_utils', f'{base}/plugins/')
        self.run('touch', f'{base}/plugins/module_utils/__init__.py', check=True)
        for program in programs:
            self.copy(program, f'{TARGET}/{program.name}')

    def copy(self, source, target):
        """Copy a file or folder of this machine there."""
        docker('cp', str(source), f'{self.container}:{target}')

    def serves(self):
        """Return whether it answers with PHP, or with a refusal where the switch does without.

        PHP's source is no such answer.
        """
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
        text = self.run(
            'sh',
            '-c',
            'cd /proc/$(cat $0) && readlink exe && grep -o "mod_mpm_[a-z]*" maps',
            self.layout.pid_file,
        ).stdout
        found = (
            re.findall(r'mod_mpm_(\w+)', text)
            or re.findall(r'httpd[.-](\w+)', text)
            or (['prefork'] if text else [None])
        )
        return found[0]


def docker(*argv):
    """Run docker, silently. Raises CalledProcessError."""
    subprocess.run(['docker', *argv], check=True, stdout=subprocess.DEVNULL)


def wait_until(ready, seconds):
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def start_hosts(run, images):
    """Start the hosts {name: image} of a run; return {name: address}."""
    subprocess.run(
        [
            ROOT / 'tests/hosts/hosts',
            'up',
            run,
            *(f'{name}={image}' for name, image in images.items()),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    inventory = yaml.safe_load((ROOT / '.cache/hosts' / run / 'inventory.yml').read_text())
    return {name: inventory['all']['hosts'][name]['ansible_host'] for name in images}


def remove_hosts(run):
    """Remove the hosts of a run."""
    subprocess.run([ROOT / 'tests/hosts/hosts', 'down', run], check=True, stdout=subprocess.DEVNULL)
