"""A test host to bench on: reached by ssh, as any machine."""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / 'bench'
BIN = ROOT / '.venv/core-2.16/bin'
STATE = ROOT / '.cache/hosts'
COMMON = BENCH / 'contestants/common.sh'
SSH = (
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    '-o',
    'LogLevel=ERROR',
    '-o',
    'ControlMaster=auto',
    '-o',
    'ControlPersist=60',
)


class BenchError(Exception):
    """The bench itself could not go on."""


def make_hosts(run: str, images: Mapping[str, str]) -> dict[str, Host]:
    """Start hosts {name: image} of a run; return {name: Host}."""
    wanted = [f'{name}={image}' for name, image in images.items()]
    up = subprocess.run(
        [str(ROOT / 'tests/hosts/hosts'), 'up', run, *wanted],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if up.returncode:
        raise BenchError(f'no hosts to bench on: {up.stderr.strip()}')
    listing = subprocess.run(
        [str(BIN / 'ansible-inventory'), '-i', str(STATE / run / 'inventory.yml'), '--list'],
        check=True,
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    variables = json.loads(listing.stdout)['_meta']['hostvars']
    return {
        name: Host(run, name, image, variables[name]['ansible_host'])
        for name, image in images.items()
    }


def remove_hosts(run: str) -> None:
    """Remove the hosts of a run."""
    subprocess.run(
        [str(ROOT / 'tests/hosts/hosts'), 'down', run], check=True, stdout=subprocess.DEVNULL
    )


class Host:
    """A test host to bench on."""

    def __init__(self, run: str, name: str, image: str, address: str) -> None:
        self.run, self.name, self.image, self.address = run, name, image, address
        self.debian = image.startswith('debian')
        self.inventory = STATE / run / 'inventory.yml'
        # The other MPM of a switch there and back. What RHEL 6 has of event serves PHP sources.
        self.other = 'event' if self.debian else 'worker'

    def ssh(self, command: str, given: bytes = b'', seconds: float = 120) -> tuple[int, str]:
        """Run a shell command there, with `given` as its input; return (exit code, output)."""
        argv = [
            'ssh',
            '-i',
            str(STATE / self.run / 'id_ed25519'),
            *SSH,
            '-o',
            f'ControlPath=/tmp/webops-{self.run}-%h',
            f'root@{self.address}',
            command,
        ]
        try:
            done = subprocess.run(
                argv,
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return 1, f'{self.name}: no end within {seconds} s: {command}'
        return done.returncode, done.stdout.decode('utf-8', 'replace').strip()

    def script(self, text: str, *words: str, seconds: float = 120) -> tuple[int, str]:
        """Run a script there after the common functions; return (exit code, output)."""
        # Read first, run then: what the script starts must not eat the rest of it.
        return self.ssh(
            ' '.join(['text=$(cat); bash -c "$text" bench', *words, '</dev/null']),
            COMMON.read_bytes() + text.encode(),
            seconds,
        )

    def must(self, text: str, *words: str, seconds: float = 120) -> str:
        """Run a script and return what it prints. Raises BenchError where it fails."""
        code, output = self.script(text, *words, seconds=seconds)
        if code:
            raise BenchError(
                f'{self.name} ({self.image}): {text.strip().splitlines()[0]} {" ".join(words)}: '
                f'exit code {code}: {output[-800:]}'
            )
        return output

    def prepare(self, workers: int) -> None:
        """Put the pages there that the load asks for, and size the server."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode='w') as archive:
            archive.add(BENCH / 'fixture', arcname='.')
        for command in (
            'rm -rf /opt/bench-fixture && mkdir -p /opt/bench-fixture && tar -x -C '
            '/opt/bench-fixture --no-same-owner',
            f'bash /opt/bench-fixture/prepare /opt/bench-fixture {workers}',
        ):
            code, output = self.ssh(command, packed.getvalue())
            if code:
                raise BenchError(f'{self.name} ({self.image}): {command}: {output[-800:]}')

    def restore(self, mpm: str) -> None:
        """Have the host as it was, with this MPM."""
        self.must('restore "$1"', mpm, seconds=200)

    def settled(self, mpm: str, sign: str = 'serves', seconds: int = 60) -> tuple[bool, str]:
        """Wait until one server runs this MPM and serves, or is listening; return (whether it came
        to that, what runs).
        """
        code, output = self.script(
            'settled "$1" "$2" "$3"', mpm, str(seconds), sign, seconds=seconds + 60
        )
        return code == 0, output.splitlines()[-1] if output else 'nothing'
