"""What else may come between: other operators, other people's reloads, a lost connection.

On a real host; prints a line a case. --short: half of the kills, each kind of process and each
moment among them.
"""

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Collection
from typing import Any

import old_servers
from calls import FAST, PLAIN, Call, Cutter, at, count_starts, words
from cases import Case, NamedCase, demand, demand_settled, other, run_cases
from host import STATE, TARGET, Host, make_hosts, remove_hosts, wait_until

# Who is killed, and at which records of the journal.
KILLED = (
    ('module', 'the module is killed'),
    ('guardian', 'the guardian is killed'),
    ('both', 'guardian and worker are killed'),
    ('all', 'guardian, worker and module are killed'),
)
KILLED_AT: tuple[int | str, ...] = (1, 'begin stage', 'begin stop', 'begin start')
# 20 to 120 reloads, a line for each, until a file says that the switch is over.
FEWEST_RELOADS, ENOUGH_RELOADS = 20, '/tmp/enough-reloads'
RELOADS = (
    f'for i in $(seq 120); do [ "$i" -le {FEWEST_RELOADS} ] || [ ! -e {ENOUGH_RELOADS} ] || break; '
    '{ apachectl graceful; service httpd reload; } >/dev/null; echo "$i"; sleep 0.03; done'
)


def answers(*processes: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """Wait for switches that were started; return their results."""
    return [json.loads(process.communicate(timeout=90)[0]) for process in processes]


def two_operators_with_one_wish(host: Host) -> None:
    """Both ask for the same: one switch is done, and both get its result."""
    mpm = other(host)
    first = host.switch(mpm, 'slow')
    wait_until(lambda: host.run('test', '-e', f'{STATE}/journal').returncode == 0, 10)
    results = answers(first, host.switch(mpm, 'slow'))
    demand([result['outcome'] for result in results] == ['switched', 'switched'], results)
    demand(results[0]['outage_ms'] == results[1]['outage_ms'], 'these were two switches')
    demand_settled(host, mpm)


def two_operators_with_two_wishes(host: Host) -> None:
    """The second one is told that a switch is under way."""
    mpm = other(host)
    first = host.switch(mpm, 'slow')
    wait_until(lambda: host.run('test', '-e', f'{STATE}/journal').returncode == 0, 10)
    results = answers(first, host.switch('event'))
    demand(results[0]['outcome'] == 'switched' and results[1]['outcome'] == 'error', results)
    demand('under way' in results[1]['msg'], results[1])
    demand_settled(host, mpm)


def reloads_of_others_in_every_gap(host: Host) -> None:
    """Somebody reloads the server all the time: it serves in the end all the same."""
    mpm = other(host)
    hammer = subprocess.Popen(
        ['docker', 'exec', host.container, 'bash', '-c', RELOADS],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    (result,) = answers(host.switch(mpm))
    # The next case must not meet a server that one of these has started.
    host.run('touch', ENOUGH_RELOADS, check=True)
    reloads = len(hammer.communicate(timeout=60)[0].splitlines())
    host.run('rm', ENOUGH_RELOADS, check=True)
    demand(reloads >= FEWEST_RELOADS, f'only {reloads} reloads')
    demand(result['outcome'] in ('switched', 'rolled_back', 'refused'), result)
    demand_settled(host, mpm)


def a_kill(whom: str, when: int | str) -> Case:
    """Kill processes of ours at a record of the journal, while Ansible waits for the module."""

    def case(host: Host) -> str:
        mpm, before, starts = other(host), host.state()[0], count_starts(host)
        cutter = Cutter(host, when, whom)
        answer = Call(host, f'name={mpm} {FAST}').result()
        where = cutter.struck(answer)
        if whom == 'both':
            # The module is left, and takes back what it finds; it was asked for a switch, so this
            # is no success.
            demand(
                (answer['status'], answer.get('outcome'), answer['changed'])
                == ('FAILED', 'recovered', False),
                answer['said'][-800:],
            )
            demand(host.state()[0] == before, f'{host.state()[0]} runs')
        else:
            demand(
                (answer['status'], answer.get('outcome')) == ('CHANGED', 'switched'),
                answer['said'][-800:],
            )
        demand_settled(host, mpm)
        demand(
            whom not in ('module', 'guardian') or count_starts(host) == starts + 1,
            f'httpd was started {count_starts(host) - starts} times',
        )
        return words(where)

    return case


def a_server_that_is_killed(when: int | str, outcomes: Collection[str]) -> Case:
    """Somebody kills httpd's main process at a record of the journal."""

    def case(host: Host) -> str:
        mpm = other(host)
        cutter = Cutter(host, when, 'server')
        answer = Call(host, f'name={mpm} {PLAIN} soak=1').result()
        where = cutter.struck(answer)
        demand(answer.get('outcome') in outcomes, answer['said'][-1500:])
        demand_settled(host, mpm)
        return f'{words(where)}: {answer["outcome"]}'

    return case


def a_port_that_is_taken_in_between(host: Host) -> None:
    """Neither the new nor the old server can start: that is said, the journal stays, and the
    next call settles it.
    """
    mpm = other(host)
    thief = (
        'import socket, time\nend = time.time() + 60\nwhile time.time() < end:\n    s = '
        'socket.socket()\n'
        '    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n    try:\n        '
        's.bind(("0.0.0.0", 80)); s.listen(1); time.sleep(60)\n'
        '    except socket.error:\n        time.sleep(0.002)\n'
    )
    taker = subprocess.Popen(
        ['docker', 'exec', host.container, 'python2.7', '-c', thief],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(0.5)
    (result,) = answers(host.switch(mpm))
    host.run('pkill', '-f', 'import socket')
    taker.wait(timeout=30)
    demand(
        result['outcome'] == 'rollback_failed' and '(98)Address already in use' in result['msg'],
        result,
    )
    demand('journal' in host.state()[2].split(), 'the journal is gone')
    demand(host.switch_now(mpm)['outcome'] == 'switched', 'the next call does not settle it')
    demand_settled(host, mpm)


def a_service_that_is_stopped_and_off(host: Host) -> None:
    """A server that did not run is switched on the disk, and is not started."""
    mpm = other(host)
    host.run('bash', '-c', 'service httpd stop; chkconfig httpd off', check=True)
    result, again = host.switch_now(mpm), host.switch_now(mpm)
    demand(
        (result['outcome'], again['outcome'], result['outage_ms']) == ('switched', 'unchanged', 0),
        f'{result}, {again}',
    )
    demand(host.run('pgrep', 'httpd').returncode == 1, 'it was started')
    demand('3:off' in host.run('chkconfig', '--list', 'httpd').stdout, 'it was turned on')
    host.run('bash', '-c', 'chkconfig httpd on; service httpd start', check=True)
    demand(
        host.state()[0].endswith({'worker': 'httpd.worker', 'prefork': '/httpd'}[mpm]),
        host.state()[0],
    )
    demand_settled(host, mpm)


def a_power_cut_after_each_step(host: Host) -> None:
    """Whatever was done when the power went, what is on the disk boots, with one MPM or the
    other and with PHP.
    """
    for number in range(20):
        mpm = 'event' if host.state()[0].endswith('/httpd') else 'prefork'
        host.switch(mpm, f'cut:{number}').communicate(timeout=60)
        # Its caller does not wait for what it has started.
        demand(wait_until(lambda: host.state()[4] == '0', 30), 'the switch does not end')
        unfinished = 'journal' in host.state()[2].split()
        # The reboot: no process and no pid file survives it, and the service starts as it does at
        # any boot.
        host.run(
            'bash',
            '-c',
            'for i in $(seq 100); do pkill -KILL httpd || break; sleep 0.05; done; sleep 0.1; '
            '/etc/rc.d/rc.sysinit; service httpd start',
            check=True,
        )
        demand(
            wait_until(host.serves, 10), f'after step {number}: what is on the disk does not boot'
        )
        demand_settled(host, mpm)
        if not unfinished:
            demand(number > 6, f'only {number} steps were cut')
            return


def a_server_that_did_not_come_back(host: Host) -> None:
    """Cut off before the stop, and the service is not started at boot: who recovers has the
    server up again.
    """
    mpm, before = other(host), host.state()[0]
    for number in range(4):
        host.switch(mpm, f'cut:{number}').communicate(timeout=60)
        demand(wait_until(lambda: host.state()[4] == '0', 30), 'the switch does not end')
        host.run('service', 'httpd', 'stop')
        answer = json.loads(host.switch('recovered').communicate(timeout=90)[0])
        demand(
            answer['outcome'] == 'recovered' and host.serves() and host.state()[0] == before,
            f'after step {number}: {answer}',
        )
    demand_settled(host, mpm)


def _ends_one_of(pids: Collection[str], line: str) -> bool:
    ended = re.search(r'\bkill\((\d+), SIGKILL\)', line)
    return ended is not None and ended.group(1) in pids


# What would be a change if it were not of a file without a name: of programs' output, of the
# configuration that is tried (Python 2 tries the folder first), in memory, or of the locks and
# terminals of rpm and sh.
NO_CHANGE = re.compile(
    r' = -1 |/dev/null|"/tmp/\w+"|/tmp/\w+>|/tmp/#\d+|/memfd:|/var/lib/rpm|/dev/tty|exit_group'
    r'|\+\+\+|---'
)
READS_ONLY = re.compile(r'\bopen(at)?\((?!.*O_(WRONLY|RDWR|CREAT|TRUNC|APPEND))')


def check_mode_writes_nothing(host: Host) -> None:
    """By strace: no system call of a run in check mode changes anything."""
    mpm = 'worker' if host.state()[0].endswith('event') else 'event'
    code = (
        'import sys; sys.path.insert(0, %r); sys.argv = ["x"]; '
        'from ansible_collections.webops.apache.plugins.module_utils import _switch; '
        'from ansible_collections.webops.apache.plugins.module_utils._model import Wanted; '
        'from ansible_collections.webops.apache.plugins.module_utils._system.command import '
        'run_command; '
        'print(_switch.switch(run_command, Wanted(%r, None, {}, [], 5, 5, 0, ()), '
        'check=True)["outcome"])' % (TARGET, mpm)
    )
    calls = (
        'openat,open,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,'
        'link,linkat,symlink,symlinkat,chmod,fchmod,fchmodat,'
        'chown,fchown,fchownat,lchown,truncate,ftruncate,setxattr,lsetxattr,fsetxattr,kill'
    )
    trace = f'strace -f -qq -y -o /tmp/check.trace -e trace={calls} python2.7 -B -c'
    done = host.run(*trace.split(), code)
    demand(done.stdout.strip() == 'planned', done.stdout + done.stderr[-300:])
    lines = host.run('cat', '/tmp/check.trace').stdout.splitlines()
    own = set(line.split()[0] for line in lines)
    wrote = [
        line
        for line in lines
        if not NO_CHANGE.search(line)
        and not READS_ONLY.search(line)
        # A child that reads is ended by the process that started it.
        and not _ends_one_of(own, line)
    ]
    demand(len(lines) > 50 and wrote == [], wrote[:10])


def main() -> int:
    """Try the cases on one host; return 0 if all passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--short', action='store_true', help='half of the kills')
    args = parser.parse_args()
    cases: list[NamedCase] = [
        ('two operators with one wish: one switch, two true answers', two_operators_with_one_wish),
        ('two operators with two wishes: the second is told', two_operators_with_two_wishes),
        ('reloads of others in every gap', reloads_of_others_in_every_gap),
        ('a port that is taken in between', a_port_that_is_taken_in_between),
        ('a service that is stopped and off', a_service_that_is_stopped_and_off),
        ('a power cut after each step', a_power_cut_after_each_step),
        ('a server that does not come back after a cut', a_server_that_did_not_come_back),
        ('check mode writes nothing', check_mode_writes_nothing),
    ]
    kills: list[NamedCase] = [
        (f'{name} {at(when)}', a_kill(whom, when))
        for turn, (whom, name) in enumerate(KILLED)
        for number, when in enumerate(KILLED_AT)
        if not args.short or (turn + number) % 2 == 0
    ]
    cases += kills
    cases += [
        (f'httpd is killed {at(when)}', a_server_that_is_killed(when, outcomes))
        for when, outcomes in (
            ('done observe', ('switched', 'rolled_back')),
            ('done recheck', ('switched', 'rolled_back')),
            ('done start', ('rolled_back',)),
        )
    ]
    # Its php.conf has to be changed as well, so that more than one file is swapped.
    (host,) = make_hosts(1, 'el6-el5php')
    cases += old_servers.CASES
    failed = run_cases(host, cases)
    remove_hosts()
    print(f'{len(cases) - failed} passed, {failed} failed')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
