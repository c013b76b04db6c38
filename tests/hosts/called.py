"""A test host on which the collection is called, bounded and measured."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from target import STATE, TARGET, Target

CALL = Path(__file__).resolve().parent / 'on_host/call.py'
# On a quiet host an audit takes a second and 40 MiB, and a switch takes three seconds.
# The rest is for a busy machine.
AUDIT_SECONDS, SWITCH_SECONDS, MOST_KIB = 25, 60, 200 * 1024


class Answer(NamedTuple):
    """What a call on the host came to.

    result: what the module returns, or None where it was killed; on_host/call.py has the others.
    """

    result: Any
    seconds: float
    peak_kib: int
    private_kib: int
    ended: str
    said: str


class CalledHost:
    """A test host: commands of root there, and the collection's own calls."""

    # What a switch is asked for where a test says nothing else: it takes no longer than it must.
    usual: ClassVar[dict[str, Any]] = {
        'soak': 0,
        'drain_timeout': 2,
        'stop_timeout': 2,
        'strategy': 'stop',
        'rehearse': 'never',
    }

    def __init__(self, host: Target) -> None:
        self.host, self.layout = host, host.layout

    def root(self, *argv: str, **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a command as root; return what subprocess gives."""
        return self.host.run(*argv, **options)

    def shell(self, text: str, *words: str, **options: Any) -> str:
        """Run shell commands as root, with words as $1 and so on. Raises RuntimeError."""
        return self.root('bash', '-c', text, 'root', *words, check=True, **options).stdout

    def audit(self, seconds: float = AUDIT_SECONDS, kib: int = MOST_KIB) -> Answer:
        """Audit the host; return the Answer. It must end in this time and memory."""
        return self._call('audit', {}, seconds, kib)

    def switch(
        self,
        mpm: str | None = None,
        seconds: float = SWITCH_SECONDS,
        kib: int = MOST_KIB,
        **options: Any,
    ) -> Answer:
        """Switch to `mpm`, or to the layout's other one; return the Answer.

        options: of the module, beside and above the usual ones.
        """
        return self._call('switch', self._wish(mpm, options), seconds, kib)

    def demand_switched(self, **options: Any) -> dict[str, Any]:
        """Switch as `switch` does, and demand that it succeeds; return the result."""
        result = self.switch(**options).result
        assert result['outcome'] == 'switched', result['msg']
        return result

    def rehearse(self, seconds: float = SWITCH_SECONDS, kib: int = MOST_KIB) -> Answer:
        """Rehearse the switch to the layout's other MPM, and do no more; return the Answer."""
        return self._call('rehearse', self._wish(None, {'rehearse': 'required'}), seconds, kib)

    def _wish(self, mpm: str | None, options: dict[str, Any]) -> dict[str, Any]:
        mpm = mpm or self.layout.mpms[1]
        return {**self.usual, 'name': mpm, 'php': self.layout.php.get(mpm), **options}

    def recover(self, seconds: float = SWITCH_SECONDS, kib: int = MOST_KIB) -> Answer:
        """Settle what a switch left; return the Answer."""
        return self._call('recover', {}, seconds, kib)

    def _call(self, what: str, options: dict[str, Any], seconds: float, kib: int) -> Answer:
        asked = json.dumps({'what': what, 'options': options, 'seconds': seconds, 'kib': kib})
        done = self.root(
            'env',
            f'PYTHONPATH={TARGET}',
            self.layout.python,
            '-B',
            f'{TARGET}/call.py',
            asked,
            seconds=seconds + 60,
        )
        assert done.returncode == 0, f'{what} could not be called: {done.stderr[-1500:]}'
        answer = Answer(**json.loads(done.stdout.splitlines()[-1]))
        assert answer.ended == 'itself', (
            f'{what} was killed ({answer.ended}): {answer.seconds:.0f} s, {answer.peak_kib} KiB'
        )
        assert answer.result is not None, f'{what} ends in a traceback: {answer.said}'
        assert answer.peak_kib, f'the memory of {what} was not measured'
        return answer

    def settled(self) -> None:
        """Demand that nothing is unfinished: no journal, and the lock is free."""
        left = self.root(
            'sh',
            '-c',
            f'test ! -e {STATE}/journal && (test ! -e {STATE}/lock || flock -n {STATE}/lock true)',
        )
        assert left.returncode == 0, 'a switch is unfinished'
