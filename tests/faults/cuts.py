"""Lost connections: the ssh session of a call is ended at each record of the journal, and the
call must still tell what became of it.

cuts.py [--short] [--only PATTERN]   Prints a line a case, with the record at which the cut really
landed: the switch runs on while the session dies.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import logins
from calls import FAST, PLAIN, Call, Cutter, at, count_starts, results_kept, words
from cases import Case, NamedCase, demand, demand_settled, other, run_cases
from host import STATE, Host, make_hosts, remove_hosts, wait_until

USER = 'deploy'
BY_SUDO = ('-e', f'ansible_user={USER}', '--become')
# Debian's tools lie where no user of a RHEL host would find them, and its /etc/init.d is a link
# here.
GET_SUDO = (
    'command -v sudo >/dev/null || { export PATH=$PATH:/opt/debian/bin; cd /tmp; apt="apt-get -qq '
    '-o Dir::Bin::apt-key=/opt/debian/bin/apt-key"; '
    '$apt update && $apt download sudo && dpkg-deb --fsys-tarfile sudo_*.deb | '
    'tar -x -C / ./usr ./etc/sudoers ./etc/sudoers.d ./etc/pam.d && chmod 440 /etc/sudoers; }'
)
ADD_USER = (
    f'id {USER} 2>/dev/null || useradd -m -s /bin/bash -p "*" {USER}; '
    f'cp -r /root/.ssh /home/{USER}/; chown -R {USER}: /home/{USER}/.ssh'
)
# A client that notices that nobody answers any more.
WATCHFUL = (
    '-C -o ControlMaster=auto -o ControlPersist=60s -o ServerAliveInterval=1 -o '
    'ServerAliveCountMax=2'
)


def demand_one_switch(
    host: Host, answer: dict[str, Any], mpm: str, before: tuple[int, set[str]]
) -> None:
    """The call tells of a switch, and the host has done just one."""
    demand(
        (answer['status'], answer.get('outcome')) == ('CHANGED', 'switched')
        and 'UNREACHABLE' not in answer['said'],
        answer['said'][-1500:],
    )
    demand(
        answer['mpm'] == mpm
        and host.state()[0].endswith({'prefork': '/httpd', 'worker': 'httpd.worker'}[mpm]),
        host.state()[0],
    )
    demand_settled(host, mpm)
    demand(
        count_starts(host) == before[0] + 1,
        f'httpd was started {count_starts(host) - before[0]} times',
    )
    demand(len(results_kept(host) - before[1]) == 1, f'{results_kept(host) - before[1]}')


def cut(
    host: Host,
    when: int | str,
    pipelining: bool = True,
    wish: str = '',
    whom: str = 'sessions',
    seconds: float = 0,
    options: Sequence[str] = (),
    **settings: str,
) -> tuple[str, dict[str, Any]]:
    """Cut the connection of one switch; return where that was."""
    mpm, before = other(host), (count_starts(host), results_kept(host))
    cutter = Cutter(host, when, whom, seconds)
    answer = Call(host, f'{wish or "name=" + mpm} {FAST}', pipelining, options, **settings).result()
    where = cutter.struck(answer)
    demand_one_switch(host, answer, mpm, before)
    return words(where), answer


def a_cut(*args: Any, **options: Any) -> Case:
    """Return the case of `cut` with these arguments."""
    return lambda host: cut(host, *args, **options)[0]


def a_cut_by_sudo(settings: Sequence[str], when: int | str, pipelining: bool) -> Case:
    """The user has to become root by sudo, which has these settings."""

    def case(host: Host) -> str:
        host.run('bash', '-c', f'{GET_SUDO}; {ADD_USER}', check=True)
        lines = (
            ''.join(f'Defaults {word}\\n' for word in settings)
            + f'{USER} ALL=(ALL) NOPASSWD: ALL\\n'
        )
        host.run(
            'bash',
            '-c',
            f'printf "{lines}" >/etc/sudoers.d/{USER}; chmod 440 /etc/sudoers.d/{USER}; visudo -c',
            check=True,
        )
        return cut(host, when, pipelining, options=BY_SUDO)[0]

    return case


def a_cut_where_ssh_may_retry(when: int | str, pipelining: bool) -> Case:
    """The user lets the connection plugin try again by itself, which would hide that the module
    ran.
    """

    def case(host: Host) -> str:
        where, answer = cut(host, when, pipelining, options=('-vvv',), ANSIBLE_SSH_RETRIES='3')
        demand(
            'ssh_retry: attempt' not in answer['said'],
            'the connection plugin tried again by itself',
        )
        return where

    return case


def a_connection_that_goes_silent(host: Host) -> str:
    """Nobody closes it: the client gives it up by itself.

    A connection that is kept open would have been made without that.
    """
    with tempfile.TemporaryDirectory(prefix='webops-') as sockets:
        where = cut(
            host,
            'begin stop',
            whom='stalled',
            ANSIBLE_SSH_ARGS=WATCHFUL,
            ANSIBLE_SSH_CONTROL_PATH_DIR=sockets,
        )[0]
        host.run('pkill', '-KILL', '-r', 'T', '-x', 'sshd')
        return where


def leave_unfinished(host: Host, mpm: str) -> None:
    """Leave a host whose switch was killed with everything of ours: the server is down, and the
    new files are there.
    """
    host.switch(mpm, 'cut:5').communicate(timeout=60)
    demand(wait_until(lambda: host.state()[4] == '0', 30), 'the switch does not end')
    demand(
        host.state()[2].startswith('.webops') or 'journal' in host.state()[2].split(),
        'nothing is unfinished',
    )


def a_cut_recovery(when: int | str, pipelining: bool) -> Case:
    """The connection of a recovery is cut: it is done once, and told of."""

    def case(host: Host) -> str:
        mpm, starts = other(host), count_starts(host)
        leave_unfinished(host, mpm)
        cutter = Cutter(host, when)
        answer = Call(host, 'state=recovered', pipelining).result()
        where = cutter.struck(answer)
        demand(wait_until(host.serves, 10), 'the host does not serve')
        demand(
            (answer['status'], answer.get('outcome')) == ('CHANGED', 'recovered'),
            answer['said'][-800:],
        )
        demand(
            count_starts(host) == starts + 1,
            f'httpd was started {count_starts(host) - starts} times',
        )
        demand_settled(host, mpm)
        return words(where)

    return case


def a_cut_switch_that_recovers_first(host: Host) -> str:
    """A switch that settles an earlier one first is cut as the server starts."""
    mpm = other(host)
    leave_unfinished(host, mpm)
    cutter = Cutter(host, 'starting')
    answer = Call(host, f'name={mpm} {FAST}').result()
    where = cutter.struck(answer)
    demand(
        answer.get('outcome') == 'switched' and 'UNREACHABLE' not in answer['said'],
        answer['said'][-800:],
    )
    demand_settled(host, mpm)
    return words(where)


def a_task_that_times_out(host: Host) -> str:
    """Ansible gives the task up; the host goes on, and who asks for the same again gets the
    result of the switch that is under way.
    """
    mpm, before = other(host), (count_starts(host), results_kept(host))
    wish = f'name={mpm} {PLAIN} soak=9'
    first = Call(host, wish, options=('--task-timeout', '6')).result()
    demand(first['status'] == 'FAILED' and 'time frame' in first['msg'], first['said'][-800:])
    under_way = json.loads(host.run('cat', f'{STATE}/current').stdout)['transaction']
    demand('journal' in host.state()[2].split(), 'the switch is over already')
    second = Call(host, wish).result()
    demand(second.get('attached') is True, second['said'][-800:])
    demand(
        results_kept(host) - before[1] == {f'result-{under_way}'},
        'this was not the switch that was under way',
    )
    demand_one_switch(host, second, mpm, before)
    return ''


def a_task_that_times_out_and_nobody_asks_again(host: Host) -> None:
    """Ansible gives the task up; the host finishes the switch by itself."""
    mpm, starts = other(host), count_starts(host)
    first = Call(host, f'name={mpm} {PLAIN} soak=7', options=('--task-timeout', '5')).result()
    demand(
        first['status'] == 'FAILED' and 'journal' in host.state()[2].split(), first['said'][-800:]
    )
    demand(
        wait_until(lambda: host.state()[2] == '' and host.state()[3] == 'free', 20),
        f'not finished by itself: {host.state()}',
    )
    demand(
        host.switch_now(mpm)['outcome'] == 'unchanged' and count_starts(host) == starts + 1,
        'it did not finish the switch',
    )
    demand_settled(host, mpm)


def plain_cuts(points: Iterable[int | str], pipelining: bool) -> list[NamedCase]:
    """Return a case for each of these moments."""
    how = 'with' if pipelining else 'without'
    return [(f'cut {at(when)}, {how} pipelining', a_cut(when, pipelining)) for when in points]


def short_cases() -> tuple[list[NamedCase], list[NamedCase]]:
    """Two lists of cases, for two hosts."""
    more = [
        ('state=recovered is cut', a_cut_recovery('starting', True)),
        ('state=rolled_back is cut', a_cut('begin stop', wish='state=rolled_back')),
    ]
    retried = [
        (
            'cut without pipelining, where ssh may try again',
            a_cut_where_ssh_may_retry('done stop', False),
        )
    ]
    return plain_cuts(['locked', 'begin stop'], True) + more, plain_cuts(
        ['done swap', 'settled'], False
    ) + retried


def all_cases(records: int) -> tuple[list[NamedCase], list[NamedCase]]:
    """The same, for a journal of so many records."""
    points = ['locked'] + list(range(1, records + 1)) + ['settled']
    with_pipes = [
        ('cut again and again for 4 s', a_cut('begin stage', seconds=4)),
        ('a connection that goes silent', a_connection_that_goes_silent),
    ]
    with_pipes += [
        (f'state=recovered is cut {at(when)}', a_cut_recovery(when, True))
        for when in ('locked', 'starting', 'settled')
    ]
    with_pipes += [
        (f'cut {at(when)}, where ssh may try again', a_cut_where_ssh_may_retry(when, True))
        for when in ('locked', 'begin stop')
    ]
    with_pipes += [
        (f'state=rolled_back is cut {at(when)}', a_cut(when, wish='state=rolled_back'))
        for when in ('locked', 'begin stop', 'settled')
    ]
    with_pipes += [('a task that times out, and is asked for again', a_task_that_times_out)]
    return plain_cuts(points, True) + with_pipes, plain_cuts(points, False) + without_pipes()


def without_pipes() -> list[NamedCase]:
    """Return the cases that need no pipelining, or settings of sudo."""
    without = [
        (
            f'by sudo ({", ".join(settings) or "nothing special"}, '
            f'{"with" if pipelining else "without"} pipelining) and cut {at(when)}',
            a_cut_by_sudo(settings, when, pipelining),
        )
        for settings, pipelining in (
            ((), True),
            ((), False),
            (('use_pty',), True),
            (('use_pty',), False),
            (('requiretty',), False),
        )
        for when in ('locked', 'done stop')
    ]
    without += [
        (
            'cut without pipelining, where ssh may try again',
            a_cut_where_ssh_may_retry('done stop', False),
        ),
        ('state=recovered is cut without pipelining', a_cut_recovery('starting', False)),
        ('a switch that recovers first is cut', a_cut_switch_that_recovers_first),
        (
            'a task that times out, and nobody asks again',
            a_task_that_times_out_and_nobody_asks_again,
        ),
    ]
    return without


def main() -> int:
    """Try the cases on two hosts at a time; return 0 if all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--short', action='store_true', help='a few of the cuts')
    parser.add_argument(
        '--only', metavar='PATTERN', default='', help='only cases whose names match'
    )
    args = parser.parse_args()
    hosts = make_hosts(2)
    records = len(hosts[0].run('cat', f'{STATE}/journal-committed').stdout.splitlines())
    lists = [
        [case for case in cases if re.search(args.only, case[0])]
        for cases in (short_cases() if args.short else all_cases(records))
    ]
    with ThreadPoolExecutor(2) as pool:
        failed = sum(pool.map(run_cases, hosts, lists))
    if not args.short:
        # Where systemd runs, which is not where all the others are tried.
        lists.append([case for case in logins.CASES if re.search(args.only, case[0])])
        failed += sum(run_cases(host, lists[-1]) for host in make_hosts(1, 'debian12'))
    remove_hosts()
    print(f'{sum(map(len, lists)) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
