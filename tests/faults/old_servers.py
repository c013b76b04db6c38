"""Servers that are not as they should be when a switch begins: pid files that lie, slow and deaf
main processes, orphans.
"""

import http.client
import threading
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calls import Call, count_starts
from cases import Case, NamedCase, demand, demand_settled, other
from host import Host, wait_until

PID_FILE = '/var/run/httpd/httpd.pid'
SECOND = (
    'Listen 81\\nPidFile /var/run/httpd/second.pid\\nErrorLog /tmp/second.log\\nServerName '
    'second\\n'
    'LoadModule unixd_module /etc/httpd/modules/mod_unixd.so\\nUser apache\\nGroup apache\\n'
)
# Seconds between the first requests of two of them: so few end at the same moment that some are in
# the middle of one, whenever the switch comes.
REQUESTS, BETWEEN = 12, 0.4
# A page that takes its five seconds whatever signals come: usleep ends early at a signal, and a
# graceful stop of prefork sends one to each process, so no request would be under way any more.
SLOW_PAGE = '/var/www/html/five-seconds.php'
SLOW_CODE = (
    '<?php $end = microtime(true) + 5; while (microtime(true) < $end) usleep(50000); echo "php";'
)


def main_pid(host: Host) -> str:
    """Return the pid that the server's pid file names."""
    return host.run('cat', PID_FILE).stdout.strip()


def start_sleeper(host: Host) -> str:
    """Start a process that is not httpd; return its pid."""
    return host.run(
        'bash', '-c', 'setsid sleep 600 >/dev/null 2>&1 & echo $!', check=True
    ).stdout.strip()


def dead_pid(host: Host) -> str:
    """Return the pid of a process that has ended."""
    return host.run('bash', '-c', 'true & echo $!; wait', check=True).stdout.strip()


def is_alive(host: Host, pid: str) -> bool:
    """Return whether there is a process of this pid."""
    return host.run('test', '-d', f'/proc/{pid}').returncode == 0


def note_pid(host: Host, pid: str) -> None:
    """Write a pid into the server's pid file."""
    host.run('bash', '-c', f'echo {pid} >{PID_FILE}', check=True)


def demand_refused(host: Host, result: dict[str, Any], *words: str) -> str:
    """Demand a refusal whose message has these words; return the message."""
    demand(result['outcome'] == 'refused' and not result['changed'], result)
    demand(all(word in result['msg'] for word in words), f'{words} are not all in: {result["msg"]}')
    return result['msg']


def a_pid_file_that_lies(find_pid: Callable[[Host], str], *words: str) -> Case:
    """The server runs, and its pid file names something else: nothing is touched, and the
    process is named.
    """

    def case(host: Host) -> str:
        mpm, pid, before, starts = other(host), main_pid(host), host.state()[1], count_starts(host)
        lie = find_pid(host)
        note_pid(host, lie)
        said = demand_refused(host, host.switch_now(mpm), 'not_ours', f'Process {pid} ', *words)
        demand(
            is_alive(host, pid)
            and host.serves()
            and host.state()[1] == before
            and count_starts(host) == starts,
            'something was changed',
        )
        demand(main_pid(host) == lie, 'the pid file was changed')
        host.run('bash', '-c', f'pkill -x sleep; echo {pid} >{PID_FILE}')
        demand_settled(host, mpm)
        return said

    return case


def a_stopped_server_with_a_stale_pid_file(host: Host) -> None:
    """Nothing runs, and the pid in the file is nobody's: the disk is switched."""
    mpm = other(host)
    host.run('service', 'httpd', 'stop', check=True)
    note_pid(host, dead_pid(host))
    result = host.switch_now(mpm)
    demand(
        (result['outcome'], result['outage_ms']) == ('switched', 0)
        and host.run('pgrep', 'httpd').returncode == 1,
        result,
    )
    host.run('service', 'httpd', 'start', check=True)
    demand(
        host.state()[0].endswith({'worker': 'httpd.worker', 'prefork': '/httpd'}[mpm]),
        host.state()[0],
    )
    demand_settled(host, mpm)


def a_stopped_server_whose_pid_is_somebody_elses(host: Host) -> str:
    """Nothing of ours runs, and the pid in the file is another program's: refused."""
    mpm, before = other(host), host.state()[1]
    host.run('service', 'httpd', 'stop', check=True)
    sleeper = start_sleeper(host)
    note_pid(host, sleeper)
    said = demand_refused(host, host.switch_now(mpm), 'not_ours', PID_FILE)
    demand(
        is_alive(host, sleeper)
        and host.state()[1] == before
        and host.run('pgrep', 'httpd').returncode == 1,
        'something was changed',
    )
    host.run('bash', '-c', f'kill {sleeper}; rm {PID_FILE}; service httpd start', check=True)
    demand_settled(host, mpm)
    return said


def start_second(host: Host) -> str:
    """Start another httpd, with a configuration of its own; return its pid."""
    host.run(
        'bash',
        '-c',
        f'printf "{SECOND}" >/tmp/second.conf; httpd -f /tmp/second.conf; sleep 0.5',
        check=True,
    )
    return host.run('cat', '/var/run/httpd/second.pid', check=True).stdout.strip()


def a_crashed_server_whose_pid_is_another_httpds(host: Host) -> str:
    """Ours is gone, and its pid was given to a second httpd: that one must not be taken for
    ours.
    """
    mpm, before = other(host), host.state()[1]
    host.run('bash', '-c', 'pkill -KILL httpd; sleep 0.3')
    second = start_second(host)
    note_pid(host, second)
    result = host.switch_now(mpm)
    try:
        said = demand_refused(host, result, 'not_ours')
        demand(is_alive(host, second) and host.state()[1] == before, 'something was changed')
    finally:
        host.run(
            'bash',
            '-c',
            f'pkill -KILL httpd; sleep 0.3; rm -f {PID_FILE}; service httpd start',
            check=True,
        )
    demand_settled(host, mpm)
    return said


def children_that_keep_the_port(host: Host) -> str:
    """The main process was killed: its children serve on, belong to nobody, and keep the port."""
    mpm, before, starts = other(host), host.state()[1], count_starts(host)
    host.run('kill', '-KILL', main_pid(host), check=True)
    time.sleep(0.5)
    said = demand_refused(host, host.switch_now(mpm), 'not_ours', 'Port 80')
    demand(
        host.serves() and host.state()[1] == before and count_starts(host) == starts,
        'something was changed',
    )
    host.run('bash', '-c', 'pkill -KILL httpd; sleep 0.3; service httpd start', check=True)
    demand_settled(host, mpm)
    return said


def a_main_process_that_is_deaf(host: Host) -> str:
    """It takes no signal but KILL."""
    mpm, pid = other(host), main_pid(host)
    host.run('kill', '-STOP', pid, check=True)
    result = host.switch_now(mpm)
    demand(result['outcome'] == 'switched' and not is_alive(host, pid), result)
    # Two seconds each for the graceful stop and for TERM.
    demand(result['outage_ms'] < 6000, result['outage_ms'])
    demand_settled(host, mpm)
    return f'{result["outage_ms"]} ms'


class SlowClients:
    """Requests of five seconds each, one after the other, some of which are under way at any
    moment.
    """

    def __init__(self, host: Host) -> None:
        # torn: seconds after which an answer was torn, and by what.
        self.torn: list[tuple[float, str]] = []
        self.whole, self._over = 0, threading.Event()
        host.run('bash', '-c', f"echo '{SLOW_CODE}' > {SLOW_PAGE}", check=True)
        self._url = f'http://{host.address}/{Path(SLOW_PAGE).name}'
        self._threads = [
            threading.Thread(target=self._ask, args=(number * BETWEEN,))
            for number in range(REQUESTS)
        ]
        for thread in self._threads:
            thread.start()

    def _ask(self, delay: float) -> None:
        time.sleep(delay)
        while not self._over.is_set():
            began = time.monotonic()
            try:
                with urllib.request.urlopen(self._url, timeout=20) as answer:
                    self.whole += b'php' in answer.read()
            except (OSError, http.client.HTTPException) as e:
                seconds = time.monotonic() - began
                # Nobody promised anything to those who come as the ports are closed: they are
                # refused, or reset at once.
                self.torn += [(round(seconds, 2), str(e))] if seconds > 0.2 else []
                time.sleep(0.05)

    def leave(self) -> None:
        """Ask no more, and wait for the requests under way."""
        self._over.set()
        for thread in self._threads:
            thread.join()


def slow_requests(drain_timeout: int, stop_timeout: int) -> Case:
    """Given the time they end whole; or else they are ended, and nobody waits longer than was
    said.
    """

    def case(host: Host) -> str:
        mpm, clients = other(host), SlowClients(host)
        time.sleep(REQUESTS * BETWEEN)
        answer = Call(
            host, f'name={mpm} drain_timeout={drain_timeout} stop_timeout={stop_timeout} soak=0'
        ).result()
        serves = wait_until(host.serves, 10)
        clients.leave()
        what = (
            f'to {mpm}: {clients.whole} whole, {len(clients.torn)} torn, outage '
            f'{answer.get("outage_ms")} ms'
        )
        demand(
            serves and answer.get('outcome') == 'switched',
            f'{what}; serves: {serves}; {answer["said"][-800:]}',
        )
        demand(answer['outage_ms'] < (drain_timeout + stop_timeout) * 1000 + 1500, what)
        if drain_timeout > 5:
            # The next server does not wait for them.
            demand(
                clients.whole >= REQUESTS and not clients.torn and answer['outage_ms'] < 2500,
                f'{what}: {clients.torn}',
            )
        else:
            demand(clients.torn, f'no request was under way: {what}')
        demand_settled(host, mpm)
        return what

    return case


CASES: list[NamedCase] = [
    ('a stale pid file', a_pid_file_that_lies(dead_pid, 'stale')),
    (
        'a pid file that names another program',
        a_pid_file_that_lies(start_sleeper, 'names a process that is not httpd'),
    ),
    ('a stopped server with a stale pid file', a_stopped_server_with_a_stale_pid_file),
    ("a stopped server whose pid is somebody else's", a_stopped_server_whose_pid_is_somebody_elses),
    ("a crashed server whose pid is another httpd's", a_crashed_server_whose_pid_is_another_httpds),
    ('orphans that keep the port', children_that_keep_the_port),
    ('a main process that is deaf to all but KILL', a_main_process_that_is_deaf),
] + [
    (
        f'requests of 5 s, {drain} s to drain, {stop} s to end, {turn} time',
        slow_requests(drain, stop),
    )
    for drain, stop in ((8, 3), (1, 1))
    for turn in ('first', 'second')
]
