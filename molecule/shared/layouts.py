"""What a test wants to know of a server on any layout, asked of /proc and of the pages."""

import re
from typing import Any

from testinfra.host import Host

PID_FILES = ('/run/httpd/httpd.pid', '/var/run/apache2/apache2.pid', '/run/httpd.pid')


def main_pid(host: Host) -> int:
    """Return the pid of the main process; the variable `pid_file` says where that of a server
    lies that is not the usual one.

    A start may return a moment before the server has written it.
    """
    paths = [wishes(host)['pid_file']] if 'pid_file' in wishes(host) else PID_FILES
    return int(
        host.check_output(
            f'for _ in $(seq 50); do for file in {" ".join(paths)}; do '
            '[ -s $file ] && cat $file && exit; done; sleep 0.1; done; exit 1'
        )
    )


def bystanders(host: Host) -> str:
    """Return a line for each server that a switch of another one may not touch: pid file, pid,
    when it began.
    """
    return host.check_output(
        'for file in /run/httpd/httpd.pid /run/httpd/instance-green.pid; do [ ! -f $file ] || '
        'echo "$file $(cat $file) $(cut -d" " -f22 /proc/$(cat $file)/stat)"; done'
    )


def running_mpm(host: Host) -> str:
    """Return the MPM that runs: loaded as a module, or linked into the program."""
    pid = main_pid(host)
    loaded = set(re.findall(r'/mod_mpm_(\w+)\.so', host.check_output(f'cat /proc/{pid}/maps')))
    linked = re.findall(
        r'[-.](prefork|worker|event)$', host.check_output(f'readlink /proc/{pid}/exe')
    )
    assert len(loaded) + len(linked) == 1
    return (list(loaded) + linked)[0]


def page(host: Host, path: str) -> tuple[int, str]:
    """Return (status, body) of a page."""
    port = wishes(host).get('port', 80)
    answer = host.check_output(
        f"curl --silent --max-time 10 --write-out '\\n%{{http_code}}' http://127.0.0.1:{port}{path}"
    )
    body, _newline, status = answer.rpartition('\n')
    return int(status), body


def wishes(host: Host) -> dict[str, Any]:
    """Return the variables of the host: what was asked for."""
    return host.ansible.get_variables()
