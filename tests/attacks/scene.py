"""One test host with its people, and what must hold after they have attacked."""

import json
from collections import namedtuple
from pathlib import Path

import pytest
from people import Page, Person, Visitor, Watch
from target import STATE, TARGET, wait_until

HERE = Path(__file__).resolve().parent
PROGRAMS = tuple(sorted((HERE / 'on_host').iterdir()))
# On a quiet host an audit takes a second and 40 MiB, and a switch takes three seconds.
# The rest is for a busy machine.
AUDIT_SECONDS, SWITCH_SECONDS, MOST_KIB = 25, 60, 200 * 1024
# For so many seconds nobody may be served: a switch by `stop`, and its way back, restart httpd.
LONGEST_GAP = 8

# result: what the module returns, or None where it was killed; on_host/call.py has the others.
Answer = namedtuple('Answer', 'result seconds peak_kib private_kib ended said')


# Python 2 and SysV init, Python 3 and systemd: on these an attack is tried in a short run.
SHORT = ('el6', 'debian12')


def on(*layouts, short=SHORT):
    """Mark a test as one for these layouts: it gets the `scene` of each.

    short: those of them that a short run takes; where none is among them, it takes all.
    """
    long = set(layouts) - set(short) if set(layouts) & set(short) else set()
    params = [pytest.param(name, marks=[pytest.mark.long] * (name in long)) for name in layouts]
    return pytest.mark.parametrize('scene', params, indirect=True)


EVERYWHERE = on('el6', 'el7', 'el9', 'debian12', 'suse')


class Scene:
    """A test host and its people.

    mallory: a local user; owner: of the site on port 8080; page: what that site runs as the
    web server's user; visitor: sends requests.
    """

    def __init__(self, host):
        self.host, self.layout = host, host.layout
        self.mallory = Person(host, 'mallory', '/home/mallory')
        self.owner = Person(host, 'owner', '/home/owner')
        self.visitor = Visitor(host)
        self.page = Page(self.owner, self.visitor)
        self.longest_gap = LONGEST_GAP
        self._watch = None

    # ---- the host of a test

    def prepare(self):
        """Make a fresh host ready: once."""
        layout = self.layout
        self.host.install(*PROGRAMS)
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

    def restore(self):
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

    def begin(self):
        """From now on the server is watched, and files that change are looked at in the end."""
        self.root('touch', '/root/pristine/began', check=True)
        self._watch = Watch(self.host)
        self._watch.start()

    def end(self):
        """Demand what must hold after every attack."""
        # The attackers still run: a server that only serves once they are gone does not serve.
        serves = wait_until(self.host.serves, 10)
        gap = self._watch.stop()
        harm = self.harm()
        words = self.mallory.stop() + self.owner.stop() + self.page.stop()
        assert not harm, f'{harm}\n{words}'
        assert serves, 'the server does not serve'
        assert gap <= self.longest_gap, f'nobody was served for {gap:.1f} s'

    def leave(self):
        """Watch the server no longer, and demand nothing."""
        self._watch.stop()

    def harm(self):
        """Return what was done that must not be, in words; '' for nothing."""
        return self.root('bash', f'{TARGET}/look.sh', self.layout.user, check=True).stdout

    # ---- what is done there

    def root(self, *argv, **options):
        """Run a command as root; return what subprocess gives."""
        return self.host.run(*argv, **options)

    def shell(self, text, *words, **options):
        """Run shell commands as root, with words as $1 and so on. Raises RuntimeError."""
        return self.root('bash', '-c', text, 'root', *words, check=True, **options).stdout

    def add_to_site(self, text):
        """Have root add to the configuration of the owner's site, and restart the server."""
        site = f'{self.layout.sites}/zz-owner.conf'
        self.shell(f'cat >>$1 && {self.layout.restart}', site, given=text)

    def audit(self, seconds=AUDIT_SECONDS, kib=MOST_KIB):
        """Audit the host; return the Answer. It must end in this time and memory."""
        return self._call('audit', {}, seconds, kib)

    def switch(self, mpm=None, seconds=SWITCH_SECONDS, kib=MOST_KIB, **options):
        """Switch to `mpm`, or to the layout's other one; return the Answer.

        options: of the module. By default the switch takes no longer than it must.
        """
        return self._call('switch', self._wish(mpm, options), seconds, kib)

    def demand_switched(self, **options):
        """Switch as `switch` does, and demand that it succeeds; return the result."""
        result = self.switch(**options).result
        assert result['outcome'] == 'switched', result['msg']
        return result

    def rehearse(self, seconds=SWITCH_SECONDS, kib=MOST_KIB):
        """Rehearse the switch to the layout's other MPM, and do no more; return the Answer."""
        return self._call('rehearse', self._wish(None, {'rehearse': 'required'}), seconds, kib)

    def _wish(self, mpm, options):
        mpm = mpm or self.layout.mpms[1]
        given = {
            'name': mpm,
            'php': self.layout.php.get(mpm),
            'soak': 0,
            'drain_timeout': 2,
            'stop_timeout': 2,
            'strategy': 'stop',
            'rehearse': 'never',
        }
        return dict(given, **options)

    def recover(self, seconds=SWITCH_SECONDS, kib=MOST_KIB):
        return self._call('recover', {}, seconds, kib)

    def _call(self, what, options, seconds, kib):
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
        return answer

    def settled(self):
        """Demand that nothing is unfinished: no journal, and the lock is free."""
        left = self.root(
            'sh',
            '-c',
            f'test ! -e {STATE}/journal && (test ! -e {STATE}/lock || flock -n {STATE}/lock true)',
        )
        assert left.returncode == 0, 'a switch is unfinished'
