"""One fresh test host that a case shapes as people have theirs, and what it may demand of it."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import by_layout
from called import CALL, CalledHost
from target import TARGET, Target, wait_until
from visitors import Visitor, Watch

HERE = Path(__file__).resolve().parent
PROGRAMS = tuple(sorted((HERE / 'on_host').glob('*.py')))
# What every host may have beside the folders of its layout, and a refusal leaves alone.
UNIT_FOLDERS = ('/etc/systemd', '/run/systemd/system', '/etc/init.d', '/etc/default')

# What a switch there and back leaves as it was; processes and their sockets are others.
AFTER_A_SWITCH = ('files', 'mounts')
# Debian's record of who enabled a module last: after a switch that is the administrator.
RECORDS = '/var/lib/apache2/module'

# Marks a case as one for these layouts: it gets a fresh `host` of each.
on = partial(by_layout.on, 'host')
EVERYWHERE = on('el6', 'el7', 'el9', 'debian12', 'suse')


class Fingerprint(NamedTuple):
    """What a refusal leaves alone.

    files: {path: [kind, mode, owner, group, content]}; servers: [[pid, start time, cmdline]] of the
    main processes of httpd; listeners: [[address:port, inode]]; mounts: what is mounted where.
    """

    files: dict[str, list[Any]]
    servers: list[list[Any]]
    listeners: list[list[str]]
    mounts: list[str]


class FieldHost(CalledHost):
    """A fresh test host. visitor: asks it for pages."""

    # As people call it, but for the time that the new server is watched.
    usual: ClassVar[dict[str, Any]] = {
        'soak': 0,
        'drain_timeout': 2,
        'stop_timeout': 2,
        'strategy': 'auto',
        'rehearse': 'auto',
    }

    def __init__(self, host: Target) -> None:
        super().__init__(host)
        self.visitor = Visitor(host)

    def prepare(self) -> None:
        """Make a fresh host ready: once."""
        self.host.install(CALL, *PROGRAMS)
        if self.layout.prepare:
            self.shell(self.layout.prepare)

    # ---- arrange

    def write(self, path: str, text: str, mode: str = '644') -> None:
        """Write a file there, with the folders that it needs. `mode`: as chmod takes it."""
        self.shell('mkdir -p "${1%/*}" && cat >"$1" && chmod "$2" "$1"', path, mode, given=text)

    def read(self, path: str) -> str:
        """Return the text of a file there. Raises RuntimeError."""
        return self.shell('cat "$1"', path)

    def restart(self, port: int = 80) -> None:
        """Restart the server by its service; it has to run afterwards. Raises RuntimeError."""
        self.shell(self.layout.restart)
        if not wait_until(lambda: self.visitor.get('/', port=port)[0] != 0, 10):
            raise RuntimeError(f'{self.host.name} does not answer after its restart')

    def drop_in(self, unit: str, text: str) -> None:
        """Give a unit of systemd a drop-in, and have systemd read it."""
        self.write(f'/etc/systemd/system/{unit}.d/field.conf', text)
        self.shell('systemctl daemon-reload')

    # ---- demand

    def fingerprint(self, *more: str) -> Fingerprint:
        """Return the Fingerprint of the host. more: paths beside those of the layout."""
        paths = (*self.layout.roots, *UNIT_FOLDERS, *more)
        program = f'{TARGET}/fingerprint.py'
        done = self.root(self.layout.python, '-B', program, *paths, check=True)
        return Fingerprint(**json.loads(done.stdout))

    def demand_refused(
        self,
        rule: str | None,
        mpm: str | None = None,
        more: Collection[str] = (),
        **options: Any,
    ) -> dict[str, Any]:
        """Switch, and demand that this rule refuses it and the host is untouched.

        Return the result. rule: None where any will do; more: paths to look at beside those of
        the layout.
        """
        before = self.fingerprint(*more)
        result = self.switch(mpm, **options).result
        after = self.fingerprint(*more)
        rules = self.refusals(result)
        assert result['outcome'] == 'refused', f'{result["outcome"]}: {result["msg"]}'
        assert rule is None or rule in rules, f'refused by {rules}: {result["msg"]}'
        demand_same(before, after)
        return result

    def refusals(self, result: dict[str, Any]) -> list[str]:
        """Return the names of the rules that refused, also where the rehearsal did."""
        found = [item['rule'] for item in result.get('findings', []) if item['level'] == 'refuse']
        return found + ([result['rule']] if 'rule' in result else [])

    def there_and_back(
        self, back: dict[str, Any] | None = None, more: Collection[str] = (), **options: Any
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Switch to the layout's other MPM and back; demand that every file is as it was.

        Return (result there, result back). back: options of the way back; by default the switch
        to the MPM of a fresh host by name. more: paths to look at beside those of the layout.
        """
        before = self.fingerprint(*more)
        there = self.demand_switched(**options)
        way_back = {'mpm': self.layout.mpms[0]} if back is None else back
        result = self.demand_switched(**way_back)
        demand_same(before, self.fingerprint(*more), only=AFTER_A_SWITCH)
        return there, result

    def demand_runs(self, mpm: str) -> None:
        """Demand that this MPM runs, and that the first page is served."""
        assert self.host.mpm() == mpm
        assert self.visitor.get('/')[0] == 200

    def watch(self) -> Watch:
        """Return a Watch of the first page that runs; its `stop` gives the longest gap."""
        found = Watch(self.host)
        found.start()
        return found


def demand_same(
    before: Fingerprint, after: Fingerprint, only: Collection[str] = Fingerprint._fields
) -> None:
    """Demand that two fingerprints are the same, and name what differs."""
    words = []
    for name in only:
        one, two = getattr(before, name), getattr(after, name)
        if name == 'files':
            if only == AFTER_A_SWITCH:
                one, two = without_records(one), without_records(two)
            words += [
                f'{path}: {one.get(path)} became {two.get(path)}'
                for path in sorted(set(one) | set(two))
                if one.get(path) != two.get(path)
            ]
        elif one != two:
            words.append(f'{name}: {one} became {two}')
    assert not words, 'the host is not as it was:\n' + '\n'.join(words)


def without_records(files: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return files without what a2enmod and a2dismod note of themselves."""
    return {path: about for path, about in files.items() if not path.startswith(RECORDS)}
