"""What the tests of interruptions have in common: what is demanded of a host in the end, and a
line for each case.
"""

import sys
import time
import traceback
from collections.abc import Callable, Iterable

from host import STATE, Host, wait_until

# A case takes a host, and returns what is said of it behind its name.
Case = Callable[[Host], str | None]
NamedCase = tuple[str, Case]
SETTLED = ('switched', 'unchanged')


def demand(condition: object, what: object) -> None:
    """Raise AssertionError with `what` where the condition does not hold."""
    if not condition:
        raise AssertionError(what)


def other(host: Host) -> str:
    """The one of the layout's two MPMs that the host does not run."""
    first, second = host.layout.mpms
    return first if host.mpm() == second else second


def demand_settled(host: Host, mpm: str) -> None:
    """The host serves, nothing is unfinished, and two more runs end as they must."""
    demand(wait_until(host.serves, 10), 'the host does not serve')
    demand(wait_until(lambda: host.state()[3] == 'free', 10), 'the lock is held')
    second, third = host.switch_now(mpm), host.switch_now(mpm)
    demand(second['outcome'] in SETTLED and third['outcome'] == 'unchanged', f'{second}, {third}')
    demand(host.state()[2] == '', f'left behind: {host.state()[2]}')


def heal(host: Host) -> None:
    """After a case that failed: let the next one have a host that serves and on which nothing is
    left.
    """
    host.run(
        'bash',
        '-c',
        'pkill -KILL -f "[d]river.py|[c]utter.py|[A]nsiballZ"; pkill -KILL httpd; sleep 0.5; rm -f '
        '/var/run/httpd/httpd.pid '
        f'{STATE}/journal {STATE}/.webops* /etc/sysconfig/.*.webops* /var/www/html/.webops* '
        f'/var/www/html/webops-mpm*; service httpd start',
    )


def run_cases(host: Host, cases: Iterable[NamedCase]) -> int:
    """Run (name, function of the host) one after the other, and print a line each; return how many
    failed.

    What a case returns is said behind its name.
    """
    failed = 0
    for name, case in cases:
        began = time.monotonic()
        try:
            word, more = 'ok    ', case(host)
        except Exception:
            failed += 1
            word, more = 'FAILED', '\n' + traceback.format_exc()
            heal(host)
        # One write: hosts in other threads print, too.
        sys.stdout.write(
            f'  {word}  {time.monotonic() - began:5.1f} s  '
            f'{name}{": " if more else ""}{more or ""}\n'
        )
        sys.stdout.flush()
    return failed
