"""One test host with its people, and what must hold after they have attacked."""

from functools import partial
from pathlib import Path

import by_layout
from called import CALL, CalledHost
from people import Page, Person
from target import TARGET, Target, wait_until
from visitors import Visitor, Watch

HERE = Path(__file__).resolve().parent
PROGRAMS = tuple(sorted((HERE / 'on_host').iterdir()))
# For so many seconds nobody may be served: a switch by `stop`, and its way back, restart httpd.
LONGEST_GAP = 8

# Marks a test as one for these layouts: it gets the `scene` of each.
on = partial(by_layout.on, 'scene')
EVERYWHERE = on('el6', 'el7', 'el9', 'debian12', 'suse')


class Scene(CalledHost):
    """A test host and its people.

    mallory: a local user; owner: of the site on port 8080; page: what that site runs as the
    web server's user; visitor: sends requests.
    """

    def __init__(self, host: Target) -> None:
        super().__init__(host)
        self.mallory = Person(host, 'mallory', '/home/mallory')
        self.owner = Person(host, 'owner', '/home/owner')
        self.visitor = Visitor(host)
        self.page = Page(self.owner, self.visitor)
        self.longest_gap = LONGEST_GAP
        self._watch: Watch | None = None

    # ---- the host of a test

    def prepare(self) -> None:
        """Make a fresh host ready: once."""
        layout = self.layout
        self.host.install(CALL, *PROGRAMS)
        self.root(
            'bash',
            f'{TARGET}/prepare.sh',
            layout.user,
            layout.sites,
            layout.python,
            layout.cgi,
            *layout.roots,
            check=True,
        )
        self.restore()

    def restore(self) -> None:
        """Put everything back as it was on the fresh host. Raises RuntimeError."""
        for who in (self.mallory, self.owner, self.page):
            who.stop()
        words = self.root(
            'bash',
            f'{TARGET}/restore.sh',
            self.layout.user,
            self.layout.restart,
            *self.layout.roots,
        )
        if not wait_until(self.host.serves, 15) or self.host.mpm() != self.layout.mpms[0]:
            raise RuntimeError(
                f'{self.host.name} cannot be put back: {words.stdout[-500:]} {words.stderr[-500:]}'
            )

    def begin(self) -> None:
        """From now on the server is watched, and files that change are looked at in the end."""
        self.root('touch', '/root/pristine/began', check=True)
        self._watch = Watch(self.host)
        self._watch.start()

    def end(self) -> None:
        """Demand what must hold after every attack."""
        # The attackers still run: a server that only serves once they are gone does not serve.
        serves = wait_until(self.host.serves, 10)
        gap = self.leave()
        harm = self.harm()
        words = self.mallory.stop() + self.owner.stop() + self.page.stop()
        assert not harm, f'{harm}\n{words}'
        assert serves, 'the server does not serve'
        assert gap <= self.longest_gap, f'nobody was served for {gap:.1f} s'

    def leave(self) -> float:
        """Watch the server no longer; return the longest time in seconds for which no page came."""
        assert self._watch is not None, 'begin() comes first'
        return self._watch.stop()

    def harm(self) -> str:
        """Return what was done that must not be, in words; '' for nothing."""
        return self.root('bash', f'{TARGET}/look.sh', self.layout.user, check=True).stdout

    # ---- what is done there

    def add_to_site(self, text: str) -> None:
        """Have root add to the configuration of the owner's site, and restart the server."""
        site = f'{self.layout.sites}/zz-owner.conf'
        self.shell(f'cat >>$1 && {self.layout.restart}', site, given=text)
