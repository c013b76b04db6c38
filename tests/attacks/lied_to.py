"""A controller whose managed hosts lie: all are one container, each with a lie of its own."""

import os
import re
import subprocess
import time
from pathlib import Path
from typing import Any, NamedTuple

import lies
import yaml

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / '.venv/core-2.16/bin/ansible-playbook'
SECONDS = 120
# What a host would have run on the controller.
EVIL = """
- name: Not asked for
  ansible.builtin.file: {path: %s, state: touch, mode: "0600"}
  delegate_to: localhost
  become: false
"""


class Run(NamedTuple):
    """A run of a playbook: its exit code, all that it printed, how long it took."""

    code: int
    out: str
    seconds: float


class Controller:
    """Runs playbooks. canary: a file that is there if a host had its way."""

    def __init__(self, container: str, variables: dict[str, Any], folder: Path) -> None:
        self.container, self._variables, self.folder = container, variables, folder
        self._programs: dict[str, list[str]] = {}
        self.canary, self.evil = folder / 'canary', folder / 'evil.yml'
        self.evil.write_text(EVIL % self.canary)

    def lie(self, host: str, answer: Any, module: str = '') -> None:
        """Have a host of the inventory answer so, to every module or to one of them."""
        program = lies.tell(self.container, f'{host}-{module.split(".")[-1]}', answer, module)
        self._programs.setdefault(host, []).append(program)

    def play(self, playbook: str | Path, *arguments: str, **environment: str) -> Run:
        """Return the Run of a playbook."""
        began = time.monotonic()
        environment = dict(
            os.environ,
            ANSIBLE_HOME=str(self.folder / 'home'),
            ANSIBLE_NOCOLOR='1',
            LC_ALL='C.UTF-8',
            **environment,
        )
        done = subprocess.run(
            [PROGRAM, str(playbook), '-i', self._inventory(), '-f', '10', *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors='surrogateescape',
            timeout=SECONDS,
            check=False,
            env=environment,
        )
        return Run(done.returncode, done.stdout, time.monotonic() - began)

    def _inventory(self) -> str:
        pythons = dict(
            (host, lies.first_of(self.container, host, programs))
            for host, programs in self._programs.items()
        )
        hosts = dict((host, {'ansible_python_interpreter': pythons[host]}) for host in pythons)
        path = self.folder / 'inventory.yml'
        path.write_text(
            yaml.safe_dump({'all': {'vars': self._variables, 'hosts': hosts}}, sort_keys=False)
        )
        return str(path)

    def steering(self, url: str) -> dict[str, Any]:
        """Return facts by which a host would have the controller do what it wants."""
        evil = {
            'before_tasks': str(self.evil),
            'after_tasks': str(self.evil),
            'check_urls': [url + '/evil'],
            'check_from': 'localhost',
        }
        options = dict((f'switch_mpm_{name}', value) for name, value in evil.items())
        return dict(
            options,
            __switch_mpm=evil,
            switch_mpm_plan={'leaves_service': True},
            mpm_failure='a lie',
            mpm_held_by=['a lie'],
            ansible_failed_result={'msg': 'a lie'},
            ansible_connection='local',
            ansible_host='127.0.0.1',
            ansible_python_interpreter='/bin/false',
        )


def summary(run: Run) -> list[str]:
    """Return the lines of the summary, or of the audit. Raises AssertionError without a table."""
    found = re.search(r'^(?:Switch|Audit) of the MPM\n\n(.+?\n)\n', run.out, re.S | re.M)
    assert found, f'no table was printed: {run.out[-3000:]}'
    # No other characters end a line: a host must not be able to make one.
    return found.group(1).rstrip('\n').split('\n')
