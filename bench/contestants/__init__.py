"""Who takes part: each switches the MPM of a host in a way of its own, and says how that went."""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from bench import collection
from bench.host import BIN, ROOT, Host

HERE = Path(__file__).resolve().parent
SECONDS = 300


class Move(NamedTuple):
    """One switch.

    began, ended: seconds of the clock on the wall. outage_ms: as the contestant itself counted it,
    or None.
    """

    began: float
    ended: float
    ok: bool
    words: str
    outage_ms: int | None


OUTAGE = re.compile(r'^outage_ms=(\d+)$', re.M)


class Unavailable(Exception):
    """This contestant cannot take part on this host; says why."""


class Contestant(Protocol):
    """Who takes part.

    switches: whether this one switches anything.
    """

    switches: bool

    def move(self, host: Host, mpm: str) -> Move:
        """Return the Move of this host to an MPM. Raises Unavailable."""


class Nothing:
    """Switches nothing: what goes wrong here is the noise of the bench."""

    switches = False

    def move(self, host: Host, mpm: str) -> Move:
        """Return the Move of this host to an MPM."""
        began = time.time()
        time.sleep(1)
        return Move(began, time.time(), True, '', None)


class Shell:
    """A script that runs on the host."""

    switches = True

    def __init__(self, name: str) -> None:
        self._text = (HERE / f'{name}.sh').read_text()

    def move(self, host: Host, mpm: str) -> Move:
        """Return the Move of this host to an MPM."""
        began = time.time()
        code, output = host.script(self._text, mpm, seconds=SECONDS)
        outage = OUTAGE.search(output)
        return Move(
            began,
            time.time(),
            code == 0,
            output[-500:] if code else '',
            int(outage.group(1)) if outage else None,
        )


def ansible(*argv: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a command of Ansible; return (exit code, output)."""
    try:
        done = subprocess.run(
            [str(BIN / argv[0]), *argv[1:]],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            timeout=SECONDS,
            env=dict(environment or os.environ, ANSIBLE_NOCOLOR='1'),
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 1, f'{argv[0]} did not end within {SECONDS} s'
    return done.returncode, done.stdout + (done.stderr if done.returncode else '')


class Module:
    """This collection's module, with one of its strategies."""

    switches = True

    def __init__(self, strategy: str) -> None:
        self._strategy = strategy

    def move(self, host: Host, mpm: str) -> Move:
        """Return the Move of this host to an MPM."""
        began = time.time()
        wanted = json.dumps({'name': mpm, 'strategy': self._strategy})
        _code, output = ansible(
            'ansible', '-i', str(host.inventory), host.name, '-m', 'webops.apache.mpm', '-a', wanted
        )
        ended = time.time()
        try:
            # An object after `name | CHANGED =>`; warnings may come before and after.
            result, _end = json.JSONDecoder().raw_decode(output[output.index('=> {') + 3 :])
        except ValueError:
            return Move(began, ended, False, output[-500:], None)
        if any(finding['rule'] == 'strategy_unavailable' for finding in result.get('findings', [])):
            raise Unavailable(result.get('msg', ''))
        words = (
            f'{result.get("strategy", {}).get("used")}'
            if result.get('outcome') == 'switched'
            else str(result.get('msg'))[:500]
        )
        return Move(
            began, ended, result.get('outcome') == 'switched', words, result.get('outage_ms')
        )


class A2enmod:
    """A playbook of tasks for one MPM off, the other on, and a restart: with the module for
    that, or with the commands beneath it.
    """

    switches = True

    def __init__(self, with_module: bool) -> None:
        self._with_module = with_module

    def _tasks(self, mpm: str) -> list[dict[str, Any]]:
        off = 'prefork' if mpm != 'prefork' else 'event'
        if self._with_module:
            name = 'community.general.apache2_module'
            tasks: list[dict[str, Any]] = [
                {name: {'name': f'mpm_{off}', 'state': 'absent', 'ignore_configcheck': True}},
                {name: {'name': f'mpm_{mpm}', 'state': 'present', 'ignore_configcheck': True}},
            ]
        else:
            tasks = [
                {'ansible.builtin.command': f'a2dismod -q -f mpm_{off}'},
                {'ansible.builtin.command': f'a2enmod -q mpm_{mpm}'},
            ]
        return [*tasks, {'ansible.builtin.systemd': {'name': 'apache2', 'state': 'restarted'}}]

    def _environment(self) -> dict[str, str] | None:
        try:
            return collection.install() if self._with_module else None
        except OSError as error:
            raise Unavailable(
                f'the collection community.general is not available ({error}); a2enmod-playbook '
                f'has the commands that it runs'
            ) from error

    def move(self, host: Host, mpm: str) -> Move:
        """Return the Move of this host to an MPM."""
        if not host.debian:
            raise Unavailable('there is no a2enmod on this host')
        environment = self._environment()
        with tempfile.NamedTemporaryFile('w', suffix='.json') as book:
            json.dump(
                [{'hosts': host.name, 'gather_facts': False, 'tasks': self._tasks(mpm)}], book
            )
            book.flush()
            began = time.time()
            code, output = ansible(
                'ansible-playbook', '-i', str(host.inventory), book.name, environment=environment
            )
        return Move(began, time.time(), code == 0, output[-500:] if code else '', None)


CONTESTANTS: dict[str, Contestant] = {
    'nothing': Nothing(),
    'ours-auto': Module('auto'),
    'ours-overlap': Module('overlap'),
    'ours-hold': Module('hold'),
    'ours-stop': Module('stop'),
    'raw-stop-wait-start': Shell('raw-stop-wait-start'),
    'systemctl-restart': Shell('systemctl-restart'),
    'stop-start': Shell('stop-start'),
    'blog-shell': Shell('blog-shell'),
    'apache2_module': A2enmod(True),
    'a2enmod-playbook': A2enmod(False),
}
