"""A test host with the collection's target code: what runs there, and what it serves."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Callable, Mapping

import yaml
from layouts import Layout

ROOT = Path(__file__).resolve().parents[2]
TARGET = '/opt/webops'
STATE = '/var/lib/webops-apache-mpm'


class Target:
    """One test host of a run."""

    def __init__(self, run: str, name: str, address: str, layout: Layout) -> None:
        self.name, self.address, self.layout = name, address, layout
        self.container = f'webops-{run}-{name}'

    def run(
        self,
        *argv: str,
        seconds: float = 120,
        check: bool = False,
        user: str = 'root',
        given: str | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command there, with `given` as its input; return what subprocess returns."""
        command = [
            'docker',
            'exec',
            *(['-i'] if given is not None else []),
            '-u',
            user,
            self.container,
            *argv,
        ]
        done = subprocess.run(
            command,
            input=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors='replace',
            timeout=seconds,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(f'{self.name}: {command}: {done.stdout[-500:]} {done.stderr}')
        return done

    def install(self, *programs: Path) -> None:
        """Put the collection's target code there, and programs of the tests beside it."""
        with tempfile.TemporaryDirectory() as folder:
            base = Path(folder) / 'ansible_collections/webops/apache/plugins'
            shutil.copytree(ROOT / 'plugins/module_utils', base / 'module_utils')
            for package in (base / 'module_utils', base, *list(base.parents)[:3]):
                (package / '__init__.py').touch()
            for program in programs:
                shutil.copy(program, folder)
            # Other users run programs there.
            Path(folder).chmod(0o755)
            # One call, as each takes some 100 ms.
            self.run('mkdir', '-p', TARGET, check=True)
            self.copy(f'{folder}/.', TARGET)

    def copy(self, source: Path | str, target: str) -> None:
        """Copy a file or folder of this machine there."""
        docker('cp', str(source), f'{self.container}:{target}')

    def serves(self) -> bool:
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

    def mpm(self) -> str | None:
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


def docker(*argv: str) -> None:
    """Run docker, silently. Raises CalledProcessError."""
    subprocess.run(['docker', *argv], check=True, stdout=subprocess.DEVNULL)


def wait_until(ready: Callable[[], bool], seconds: float) -> bool:
    """Ask every 0.1 s until it is so; return whether it was within so many seconds."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def start_hosts(run: str, images: Mapping[str, str]) -> dict[str, str]:
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


def remove_hosts(run: str) -> None:
    """Remove the hosts of a run."""
    subprocess.run([ROOT / 'tests/hosts/hosts', 'down', run], check=True, stdout=subprocess.DEVNULL)
