"""What a test wants to know of a server, asked of the host itself: the process table and the
pages, not exit codes.
"""

import re

from testinfra.host import Host

PID_FILE = '/var/run/httpd/httpd.pid'


def main_pid(host: Host) -> int:
    """Return the pid of the main process that the service knows.

    The init script comes back before a server that it starts has written it.
    """
    wait = f'for _ in $(seq 50); do [ -s {PID_FILE} ] && break; sleep 0.1; done; cat {PID_FILE}'
    return int(host.check_output(wait))


def running_program(host: Host) -> str:
    """Return the program that the main process runs."""
    return host.check_output(f'readlink /proc/{main_pid(host)}/exe')


def modules(host: Host) -> list[str]:
    """Return the PHP modules that the main process has loaded."""
    return sorted(
        set(
            re.findall(
                r'/(lib[^/]*php[^/]*\.so)', host.check_output(f'cat /proc/{main_pid(host)}/maps')
            )
        )
    )


def worker_threads(host: Host) -> int:
    """Return the number of threads of the busiest child."""
    counts = host.check_output(f'ps -o nlwp= --ppid {main_pid(host)}').split()
    return max(int(count) for count in counts)


def page(host: Host, path: str) -> tuple[int, str]:
    """Return (status, body) of a page."""
    answer = host.check_output(
        f"curl --silent --max-time 10 --write-out '\\n%{{http_code}}' http://127.0.0.1{path}"
    )
    body, _newline, status = answer.rpartition('\n')
    return int(status), body


def differences(host: Host) -> list[str]:
    """Return the lines that differ from the start, as diff prints them without context; the mode
    or owner of a file too.
    """
    text = host.run(
        'cd /root/etc && for f in $(find . -type f); do diff --unified=0 $f /etc/$f; '
        'test "$(stat -c \'%a %u %g\' $f)" = "$(stat -c \'%a %u %g\' /etc/$f)" || echo "+mode of '
        '$f"; done'
    ).stdout
    return [line for line in text.splitlines() if re.match(r'^[+-](?![+-])', line)]


def files_added(host: Host) -> str:
    """Return the names of files that were not there at the start."""
    return host.check_output(
        'cd /root/etc && diff --recursive --brief . /etc | grep "^Only in '
        '/etc/\\(sysconfig\\|httpd/conf\\)" || true'
    )


def leftovers(host: Host) -> str:
    """Return what a switch may leave behind by mistake: its page for PHP, temporary files."""
    return host.check_output("find /var/www /etc/httpd /etc/sysconfig -name '*webops*'")
