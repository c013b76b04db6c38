"""Calls of the module as an operator makes them, by the command `ansible`, and what is done to
them in the middle.
"""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from typing import Any

from cases import demand
from host import ROOT, RUN, STATE, TARGET, Host

ANSIBLE = ROOT / '.venv/core-2.16/bin/ansible'
# A switch that takes no longer than it must: what is waited for is not what is looked at.
PLAIN = 'strategy=stop rehearse=never drain_timeout=1 stop_timeout=2'
FAST = PLAIN + ' soak=0'
PATIENCE = 120
# Of this run alone: a connection that is kept to a host of an earlier run, whose address was the
# same, leads nowhere.
SOCKETS = tempfile.TemporaryDirectory(prefix='webops-')


class Call:
    """One call of webops.apache.mpm that is under way."""

    def __init__(
        self,
        host: Host,
        args: str,
        pipelining: bool = True,
        options: Sequence[str] = (),
        **settings: str,
    ) -> None:
        environment = dict(
            os.environ,
            ANSIBLE_PIPELINING=str(pipelining),
            ANSIBLE_CONFIG=str(ROOT / 'ansible.cfg'),
            ANSIBLE_NOCOLOR='1',
            ANSIBLE_HOME=str(ROOT / '.cache/ansible'),
            ANSIBLE_SSH_CONTROL_PATH_DIR=SOCKETS.name,
        )
        environment.update(settings)
        self._process = subprocess.Popen(
            [
                ANSIBLE,
                '-i',
                ROOT / '.cache/hosts' / RUN / 'inventory.yml',
                host.name,
                '-m',
                'webops.apache.mpm',
                '-a',
                args,
                *options,
            ],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def result(self) -> dict[str, Any]:
        """Wait for its end; return what Ansible says as data, with `status` (CHANGED, FAILED,
        UNREACHABLE) and the whole text as `said`.
        """
        try:
            said = self._process.communicate(timeout=PATIENCE)[0]
        except subprocess.TimeoutExpired:
            self._process.kill()
            said = 'nothing for too long: ' + self._process.communicate()[0]
        found = re.search(r'^\w+ \| (\w+)!? => (\{.*^\})', said, re.MULTILINE | re.DOTALL)
        assert found, f'Ansible says: {said[-800:]}'
        return dict(json.loads(found.group(2)), status=found.group(1), said=said)


class Cutter:
    """The program on the host that ends somebody at a moment of the transaction; ready when this
    is made.
    """

    def __init__(
        self, host: Host, when: int | str, whom: str = 'sessions', seconds: float = 0
    ) -> None:
        self._host = host
        self._process = subprocess.Popen(
            [
                'docker',
                'exec',
                host.container,
                host.layout.python,
                '-B',
                f'{TARGET}/cutter.py',
                str(when),
                whom,
                str(seconds),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        demand(self._process.stdout.readline() == 'ready\n', 'the cutter does not start')

    def struck(self, answer: dict[str, Any]) -> dict[str, Any]:
        """Return where it struck, the call being over."""
        try:
            out, err = self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            # It must not strike at what comes next.
            self._host.run('pkill', '-KILL', '-f', 'cutter[.]py')
            out, err = self._process.communicate()
        demand(out, f'the moment to strike did not come: {err} {answer["said"][-800:]}')
        where = json.loads(out)
        demand(where['came'] and where['ended'], f'nobody was ended: {where}')
        return where


def count_starts(host: Host) -> int:
    """How often httpd was started on this host so far, by its own log."""
    return int(host.run('grep', '-c', 'resuming normal operations', host.layout.log).stdout)


def results_kept(host: Host) -> set[str]:
    """The transactions whose results are kept on the host."""
    return {name for name in host.run('ls', STATE).stdout.split() if name.startswith('result-')}


def at(when: int | str) -> str:
    """A moment of the transaction, in words."""
    if isinstance(when, int):
        return f'at record {when}'
    return {
        'locked': 'before there is a journal',
        'settled': 'right after the commit',
        'starting': 'as the server starts',
    }.get(when, f'at "{when}"')


def words(where: dict[str, Any]) -> str:
    """Where the cutter really struck, in words."""
    return f'at record {where["records"]} ({where["last"]})'
