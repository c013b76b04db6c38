"""A controller of one ansible-core, in a container that sees this checkout."""

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
# Nothing of this machine's settings: the checkout's ansible.cfg counts, and each core's defaults.
ENVIRONMENT = {
    'LC_ALL': 'C.UTF-8',
    'HOME': '/tmp',
    'ANSIBLE_NOCOLOR': '1',
    'ANSIBLE_FORCE_COLOR': '0',
}
SECONDS = 180


class Run(NamedTuple):
    """A run of a playbook: its exit code, and all that it printed."""

    code: int
    out: str


class Line(NamedTuple):
    """A line of the summary. outage: 'N ms' where it was measured, or a dash."""

    host: str
    before: str
    after: str
    outcome: str
    strategy: str
    outage: str
    why: str


class Controller:
    """Run playbooks with one series of ansible-core."""

    def __init__(self, series: str, image: str, inventory: Path) -> None:
        self.series, self.image, self.inventory = series, image, inventory
        self.packages = ROOT / '.cache' / 'controllers' / series / 'packages'

    @property
    def folder(self) -> Path:
        """The folder where playbooks may write."""
        return self.inventory.parent

    @property
    def number(self) -> tuple[int, ...]:
        """The series as numbers: (2, 12)."""
        return tuple(int(part) for part in self.series.split('.'))

    def play(self, playbook: str, *arguments: str, **environment: str) -> Run:
        """Return the Run of a playbook, named from the root of the checkout."""
        settings = dict(ENVIRONMENT, PYTHONPATH=str(self.packages), **environment)
        argv = [
            'docker',
            'run',
            '--rm',
            '--network',
            'host',
            '--entrypoint',
            'python3',
            '--volume',
            f'{ROOT}:{ROOT}:ro',
            '--volume',
            f'{self.folder}:{self.folder}',
            '--workdir',
            str(ROOT),
        ]
        for name, value in settings.items():
            argv += ['--env', f'{name}={value}']
        argv += [
            f'webops-apache/{self.image}',
            '-B',
            f'{self.packages}/bin/ansible-playbook',
            playbook,
            '-i',
            str(self.inventory),
            '-f',
            '10',
            *arguments,
        ]
        done = subprocess.run(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        return Run(done.returncode, done.stdout)


def shown(run: Run, title: str) -> list[str]:
    """Return the lines of the table with this title. Raises AssertionError where there is none."""
    found = re.search(r'^%s\n\n(.+?\n)\n' % re.escape(title), run.out, re.S | re.M)
    assert found, f'no table {title} was printed: {run.out[-3000:]}'
    return found.group(1).splitlines()


def summary(run: Run) -> tuple[list[Line], str]:
    """Return ([Line], the count below them) of a switch."""
    lines = shown(run, 'Switch of the MPM')
    starts = [found.start() for found in re.finditer(r'\S+', lines[0])]
    columns = list(zip(starts, starts[1:] + [None]))
    cells = [[line[start:end].strip() for start, end in columns] for line in lines[1:-1]]
    return [Line(*row)._replace(outage=re.sub(r'^\d+', 'N', row[5])) for row in cells], lines[-1]
